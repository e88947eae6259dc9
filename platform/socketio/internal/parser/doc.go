// Package parser encodes and decodes the packets of Engine.IO 3 and 4, those of
// Socket.IO 4 and 5 inside them, and the payloads of HTTP long polling. It holds
// no state and opens no connection.
package parser
