package parser

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"sync"

	"taskstack.org/platform/socketio/internal/ws"
)

// Packet types of Engine.IO, as bytes of the wire format.
const (
	TypeOpen    = '0'
	TypeClose   = '1'
	TypePing    = '2'
	TypePong    = '3'
	TypeMessage = '4'
	TypeUpgrade = '5'
	TypeNoop    = '6'
)

// Packet types of Socket.IO.
const (
	KindConnect      = '0'
	KindDisconnect   = '1'
	KindEvent        = '2'
	KindAck          = '3'
	KindConnectError = '4' // ERROR in protocol 4
	KindBinaryEvent  = '5'
	KindBinaryAck    = '6'
)

// NoAck is the acknowledgement id of a packet that has none.
const NoAck = -1

// Message is an outgoing packet, encoded once and shared by all receivers. It
// is immutable.
type Message struct {
	Frame       []byte   // the text part as a WebSocket frame
	Payload     []byte   // the text part as an Engine.IO packet; the end of Frame
	Attachments [][]byte // without framing
	At          int64    // when an event was emitted, by the server's monotonic clock
	IsEvent     bool     // an event, for the metrics

	binFrames [2]lazyBytes // frame followed by the attachments, by Engine.IO 3 and 4
	deflated  lazyBytes    // the compressed frame
}

type lazyBytes struct {
	once sync.Once
	b    []byte
}

// Size returns what the message counts in a queue, in bytes.
func (m *Message) Size() int {
	n := len(m.Payload)
	for _, b := range m.Attachments {
		n += len(b)
	}
	return n
}

// Encoding is what the bytes of a message on a WebSocket depend on.
type Encoding struct {
	EIO     uint8 // generation of Engine.IO: 3 or 4
	Deflate bool  // permessage-deflate was negotiated
	Base64  bool  // attachments are sent as text
}

// Bytes returns the message as WebSocket frames. The caller must not change them.
func (m *Message) Bytes(kind Encoding) []byte {
	switch {
	case kind.Base64 && len(m.Attachments) > 0:
		return m.wireBase64(kind.EIO)
	case kind.Deflate:
		return m.wireDeflated(kind.EIO)
	default:
		return m.wire(kind.EIO)
	}
}

// wire returns the message as WebSocket frames for a generation of Engine.IO.
func (m *Message) wire(eio uint8) []byte {
	if len(m.Attachments) == 0 {
		return m.Frame
	}
	l := &m.binFrames[eio-3]
	l.once.Do(func() {
		out := bytes.Clone(m.Frame)
		for _, bin := range m.Attachments {
			out = appendBinaryFrame(out, eio, bin)
		}
		l.b = out
	})
	return l.b
}

// deflateThreshold is the size below which messages go uncompressed.
const deflateThreshold = 1024

// wireDeflated is wire for a client that negotiated permessage-deflate. Small
// messages, and attachments, which are usually compressed already, are sent
// uncompressed.
func (m *Message) wireDeflated(eio uint8) []byte {
	if len(m.Attachments) > 0 || len(m.Payload) < deflateThreshold {
		return m.wire(eio)
	}
	m.deflated.once.Do(func() { m.deflated.b = ws.DeflatedText(m.Payload) })
	return m.deflated.b
}

// wireBase64 is wire for a client whose WebSocket accepts text only. Such
// clients are rare, so the bytes are not cached.
func (m *Message) wireBase64(eio uint8) []byte {
	out := bytes.Clone(m.Frame)
	for _, bin := range m.Attachments {
		n := base64.StdEncoding.EncodedLen(len(bin)) + 5 - int(eio) // EIO 3: "b4", EIO 4: "b"
		out = append(ws.AppendHeader(out, ws.OpText, n), 'b')
		if eio == 3 {
			out = append(out, TypeMessage)
		}
		out = base64.StdEncoding.AppendEncode(out, bin)
	}
	return out
}

// DecodeBase64 decodes an attachment that was sent as text: what follows the "b".
func DecodeBase64(eio uint8, text []byte) ([]byte, error) {
	if eio == 3 {
		if len(text) == 0 || text[0] != TypeMessage {
			return nil, ErrProtocol
		}
		text = text[1:]
	}
	bin, err := base64.StdEncoding.AppendDecode([]byte{}, text)
	if err != nil {
		return nil, ErrProtocol
	}
	return bin, nil
}

func appendBinaryFrame(out []byte, eio uint8, bin []byte) []byte {
	if eio == 3 {
		out = ws.AppendHeader(out, ws.OpBinary, len(bin)+1)
		out = append(out, TypeMessage-'0')
	} else {
		out = ws.AppendHeader(out, ws.OpBinary, len(bin))
	}
	return append(out, bin...)
}

// newMessage wraps an Engine.IO packet that was built after ws.MaxHeader
// bytes of room for the frame's header.
func newMessage(buf []byte, bins [][]byte) *Message {
	payload := buf[ws.MaxHeader:]
	var header [ws.MaxHeader]byte
	h := ws.AppendHeader(header[:0], ws.OpText, len(payload))
	frame := buf[ws.MaxHeader-len(h):]
	copy(frame, h)
	return &Message{Frame: frame, Payload: payload, Attachments: bins}
}

func newBuffer(n int) []byte { return make([]byte, ws.MaxHeader, ws.MaxHeader+n) }

// EnginePacket encodes a packet of Engine.IO, given with its type.
func EnginePacket(packet string) *Message {
	return newMessage(append(newBuffer(len(packet)), packet...), nil)
}

// appendHead writes what precedes the data of a Socket.IO packet.
func appendHead(buf []byte, kind byte, attachments int, ns string, ack int64) []byte {
	buf = append(buf, TypeMessage, kind)
	if kind == KindBinaryEvent || kind == KindBinaryAck {
		buf = append(strconv.AppendInt(buf, int64(attachments), 10), '-')
	}
	if ns != "/" {
		buf = append(append(buf, ns...), ',')
	}
	if ack != NoAck {
		buf = strconv.AppendInt(buf, ack, 10)
	}
	return buf
}

// ControlPacket encodes a CONNECT, DISCONNECT or CONNECT_ERROR packet; data is
// JSON, or empty.
func ControlPacket(kind byte, ns string, data []byte) *Message {
	buf := appendHead(newBuffer(len(ns)+len(data)+3), kind, 0, ns, NoAck)
	if len(data) == 0 && ns != "/" {
		buf = buf[:len(buf)-1] // the comma only separates
	}
	return newMessage(append(buf, data...), nil)
}

// Args are arguments in JSON, with placeholders for the attachments.
type Args struct {
	JSON        []json.RawMessage
	Attachments [][]byte
}

func (a Args) size() int {
	n := 0
	for _, arg := range a.JSON {
		n += len(arg) + 1
	}
	return n
}

// EventPacket encodes an EVENT or BINARY_EVENT packet that is emitted at the
// time at. A non-empty offset is appended as the last argument, as connection
// state recovery requires.
func EventPacket(ns, event string, ack int64, e Args, offset string, at int64) *Message {
	kind := byte(KindEvent)
	if len(e.Attachments) > 0 {
		kind = KindBinaryEvent
	}
	buf := newBuffer(len(ns) + len(event) + len(offset) + e.size() + 32)
	buf = appendHead(buf, kind, len(e.Attachments), ns, ack)
	buf = append(buf, '[')
	buf = AppendString(buf, event)
	for _, arg := range e.JSON {
		buf = append(append(buf, ','), arg...)
	}
	if offset != "" {
		buf = AppendString(append(buf, ','), offset)
	}
	m := newMessage(append(buf, ']'), e.Attachments)
	m.IsEvent, m.At = true, at
	return m
}

// AckPacket encodes an ACK or BINARY_ACK packet.
func AckPacket(ns string, ack int64, e Args) *Message {
	kind := byte(KindAck)
	if len(e.Attachments) > 0 {
		kind = KindBinaryAck
	}
	buf := appendHead(newBuffer(len(ns)+e.size()+32), kind, len(e.Attachments), ns, ack)
	buf = append(buf, '[')
	for i, arg := range e.JSON {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, arg...)
	}
	return newMessage(append(buf, ']'), e.Attachments)
}

// AppendString appends a string as JSON.
func AppendString(buf []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			b, err := json.Marshal(s)
			if err != nil { // a string always has a JSON form
				return append(buf, `""`...)
			}
			return append(buf, b...)
		}
	}
	buf = append(buf, '"')
	buf = append(buf, s...)
	return append(buf, '"')
}
