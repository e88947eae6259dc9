package socketio

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
)

// Packet types of Engine.IO, as they stand on the wire.
const (
	engineOpen    = '0'
	engineClose   = '1'
	enginePing    = '2'
	enginePong    = '3'
	engineMessage = '4'
	engineUpgrade = '5'
	engineNoop    = '6'
)

// Packet types of Socket.IO.
const (
	packetConnect      = '0'
	packetDisconnect   = '1'
	packetEvent        = '2'
	packetAck          = '3'
	packetConnectError = '4' // ERROR in protocol 4
	packetBinaryEvent  = '5'
	packetBinaryAck    = '6'
)

// noAck stands for a packet without acknowledgement id.
const noAck = -1

// message is one outgoing packet, encoded once and shared by all receivers. It
// is not changed after it was made.
type message struct {
	frame   []byte   // the text part as a WebSocket frame
	payload []byte   // the text part as an Engine.IO packet; the end of frame
	bins    [][]byte // attachments, without framing
	at      int64    // when it was emitted; see now
	event   bool     // an event, for the metrics

	binFrames [2]lazyBytes // frame followed by the attachments, by Engine.IO 3 and 4
	deflated  lazyBytes    // the compressed frame
}

type lazyBytes struct {
	once sync.Once
	b    []byte
}

// frameHeadroom is the longest header of a WebSocket frame from a server.
const frameHeadroom = 10

// size is what the message counts in a queue.
func (m *message) size() int {
	n := len(m.payload)
	for _, b := range m.bins {
		n += len(b)
	}
	return n
}

// wire is the message as WebSocket frames for a generation of Engine.IO.
func (m *message) wire(eio uint8) []byte {
	if len(m.bins) == 0 {
		return m.frame
	}
	l := &m.binFrames[eio-3]
	l.once.Do(func() {
		out := bytes.Clone(m.frame)
		for _, bin := range m.bins {
			out = appendBinaryFrame(out, eio, bin)
		}
		l.b = out
	})
	return l.b
}

// wireDeflated is wire for a client that negotiated permessage-deflate. Small
// messages and attachments, which are compressed already as a rule, go as
// they are.
func (m *message) wireDeflated(eio uint8) []byte {
	if len(m.bins) > 0 || len(m.payload) < deflateThreshold {
		return m.wire(eio)
	}
	m.deflated.once.Do(func() { m.deflated.b = deflateFrame(m.payload) })
	return m.deflated.b
}

// wireBase64 is wire for a client whose WebSocket takes text only. Such clients
// are rare, so the bytes are not kept.
func (m *message) wireBase64(eio uint8) []byte {
	out := bytes.Clone(m.frame)
	for _, bin := range m.bins {
		n := base64.StdEncoding.EncodedLen(len(bin)) + 5 - int(eio) // EIO 3: "b4", EIO 4: "b"
		out = append(appendFrameHeader(out, opText, n), 'b')
		if eio == 3 {
			out = append(out, engineMessage)
		}
		out = base64.StdEncoding.AppendEncode(out, bin)
	}
	return out
}

// decodeBase64 reads an attachment that came as text: what follows the "b".
func decodeBase64(eio uint8, text []byte) ([]byte, error) {
	if eio == 3 {
		if len(text) == 0 || text[0] != engineMessage {
			return nil, errProtocol
		}
		text = text[1:]
	}
	bin, err := base64.StdEncoding.AppendDecode([]byte{}, text)
	if err != nil {
		return nil, errProtocol
	}
	return bin, nil
}

func appendBinaryFrame(out []byte, eio uint8, bin []byte) []byte {
	if eio == 3 {
		out = appendFrameHeader(out, opBinary, len(bin)+1)
		out = append(out, engineMessage-'0')
	} else {
		out = appendFrameHeader(out, opBinary, len(bin))
	}
	return append(out, bin...)
}

func appendFrameHeader(out []byte, op byte, n int) []byte {
	out = append(out, 0x80|op)
	switch {
	case n < 126:
		return append(out, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(out, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(out, 127), uint64(n))
	}
}

// newMessage wraps an Engine.IO packet that was built after frameHeadroom
// bytes of room for the frame's header.
func newMessage(buf []byte, bins [][]byte) *message {
	payload := buf[frameHeadroom:]
	var header [frameHeadroom]byte
	h := appendFrameHeader(header[:0], opText, len(payload))
	frame := buf[frameHeadroom-len(h):]
	copy(frame, h)
	return &message{frame: frame, payload: payload, bins: bins, at: now()}
}

func newBuffer(n int) []byte { return make([]byte, frameHeadroom, frameHeadroom+n) }

// engineMessageOf makes a packet of Engine.IO itself.
func engineMessageOf(packet string) *message {
	return newMessage(append(newBuffer(len(packet)), packet...), nil)
}

// appendHead writes what precedes the data of a Socket.IO packet.
func appendHead(buf []byte, kind byte, attachments int, ns string, ack int64) []byte {
	buf = append(buf, engineMessage, kind)
	if kind == packetBinaryEvent || kind == packetBinaryAck {
		buf = append(strconv.AppendInt(buf, int64(attachments), 10), '-')
	}
	if ns != "/" {
		buf = append(append(buf, ns...), ',')
	}
	if ack != noAck {
		buf = strconv.AppendInt(buf, ack, 10)
	}
	return buf
}

// controlMessage makes a CONNECT, DISCONNECT or CONNECT_ERROR packet; data is
// JSON, or empty.
func controlMessage(kind byte, ns string, data []byte) *message {
	buf := appendHead(newBuffer(len(ns)+len(data)+3), kind, 0, ns, noAck)
	if len(data) == 0 && ns != "/" {
		buf = buf[:len(buf)-1] // the comma only separates
	}
	return newMessage(append(buf, data...), nil)
}

// encodedArgs are arguments in JSON, with placeholders for the attachments.
type encodedArgs struct {
	args []json.RawMessage
	bins [][]byte
	size int
}

func encodeArgs(args []any) (encodedArgs, error) {
	e := encodedArgs{args: make([]json.RawMessage, 0, len(args))}
	for i, arg := range args {
		raw, err := e.encode(arg)
		if err != nil {
			return e, fmt.Errorf("socketio: argument %d: %w", i+1, err)
		}
		e.args = append(e.args, raw)
		e.size += len(raw) + 1
	}
	return e, nil
}

// clientAttachments is how many attachments of one packet the newest JavaScript
// clients take (socket.io-parser 4.2.6); one with more ends their connection.
const clientAttachments = 10

// checkAttachments warns the program, once for every event, that it emits more
// attachments than the newest clients take.
func (srv *Server) checkAttachments(ns *Namespace, event string, e encodedArgs) {
	if len(e.bins) <= clientAttachments {
		return
	}
	if event == "" {
		event = "acknowledgement"
	}
	if _, warned := srv.warned.LoadOrStore(ns.name+" "+event, true); !warned {
		srv.opt.Logger.Warn("event has more attachments than the newest clients take",
			"namespace", ns.name, "event", event, "attachments", len(e.bins), "limit", clientAttachments)
	}
}

func (e *encodedArgs) encode(arg any) (json.RawMessage, error) {
	switch v := arg.(type) {
	case json.RawMessage:
		if !json.Valid(v) {
			return nil, errors.New("json.RawMessage is not JSON")
		}
		return v, nil
	case Binary:
		e.bins = append(e.bins, v)
		return appendPlaceholder(nil, len(e.bins)-1), nil
	case ID:
		return strconv.AppendInt(nil, int64(v), 10), nil
	case int:
		return strconv.AppendInt(nil, int64(v), 10), nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(arg); err != nil {
		return nil, err
	}
	text := buf.Bytes()
	raw, bins, err := extractBinary(text[:len(text)-1], e.bins)
	e.bins = bins
	return raw, err
}

// eventMessage makes an EVENT or BINARY_EVENT packet. A non-empty offset is
// appended as the last argument, as connection state recovery wants it.
func eventMessage(ns, event string, ack int64, e encodedArgs, offset string) *message {
	kind := byte(packetEvent)
	if len(e.bins) > 0 {
		kind = packetBinaryEvent
	}
	buf := newBuffer(len(ns) + len(event) + len(offset) + e.size + 32)
	buf = appendHead(buf, kind, len(e.bins), ns, ack)
	buf = append(buf, '[')
	buf = appendString(buf, event)
	for _, arg := range e.args {
		buf = append(append(buf, ','), arg...)
	}
	if offset != "" {
		buf = appendString(append(buf, ','), offset)
	}
	m := newMessage(append(buf, ']'), e.bins)
	m.event = true
	return m
}

func ackMessage(ns string, ack int64, e encodedArgs) *message {
	kind := byte(packetAck)
	if len(e.bins) > 0 {
		kind = packetBinaryAck
	}
	buf := appendHead(newBuffer(len(ns)+e.size+32), kind, len(e.bins), ns, ack)
	buf = append(buf, '[')
	for i, arg := range e.args {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, arg...)
	}
	return newMessage(append(buf, ']'), e.bins)
}

// appendString writes a string as JSON.
func appendString(buf []byte, s string) []byte {
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
