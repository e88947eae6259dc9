// Package ws reads and writes the frames of RFC 6455, with permessage-deflate of
// RFC 7692, and computes the answer to a WebSocket handshake. It opens no
// connection: a Reader is fed with the bytes that arrive.
package ws
