package parser

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// ErrProtocol is wrapped by the error of everything that a client must not send;
// its connection is closed.
var ErrProtocol = errors.New("socketio: protocol violated")

// ErrTooLarge is the error of a packet above a limit of its size.
var ErrTooLarge = errors.New("socketio: packet too large")

// Limits bound what a packet may contain.
type Limits struct {
	MaxAttachments int
	MaxConnect     int // bytes of a packet that is no event and no acknowledgement
	MaxDepth       int // nesting of arrays and objects
	MaxValues      int // values in the JSON
}

// Packet is a received Socket.IO packet.
type Packet struct {
	Kind      byte // a binary kind is replaced by its plain one
	Namespace string
	Query     string // what followed a '?' in the namespace
	Ack       int64  // NoAck if there is none
	Data      json.RawMessage
	// Elements are those of Data if it is an array, once it is validated.
	Elements    []json.RawMessage
	Missing     int // number of attachments
	Arrived     int // number of attachments received so far
	Attachments [][]byte
	Size        int    // bytes of the packet and of the attachments received so far
	Event       string // name of an event
	Refused     error  // why it is discarded: data and attachments are not kept
}

const (
	maxNamespaceLength = 255
	maxAckID           = 1<<53 - 1 // the largest integer of JavaScript
	maxEventName       = 255
)

// Parse parses the text of a Socket.IO packet. The result refers to text. JSON
// is validated completely, for syntax and limits, so that later stages never
// see a malformed document. Errors: ErrProtocol, ErrTooLarge.
func Parse(text []byte, l Limits) (Packet, error) {
	p, err := ParseHead(text, l)
	if err == nil {
		err = p.CheckData(l)
	}
	return p, err
}

// ParseHead parses what precedes a packet's data, and the name of an event. Text
// may be only the beginning of a packet; Data is what remains of it.
func ParseHead(text []byte, l Limits) (Packet, error) {
	p := Packet{Namespace: "/", Ack: NoAck, Size: len(text)}
	if len(text) == 0 || text[0] < KindConnect || text[0] > KindBinaryAck {
		return p, ErrProtocol
	}
	p.Kind, text = text[0], text[1:]
	text, ok := p.parseAttachments(text, l)
	if !ok {
		return p, ErrProtocol
	}
	if text, ok = p.parseNamespace(text); !ok {
		return p, ErrProtocol
	}
	if text, ok = p.parseAck(text); !ok {
		return p, ErrProtocol
	}
	if len(text) > 0 {
		p.Data = text
	}
	if !p.fits() {
		return p, ErrProtocol
	}
	if p.Kind == KindEvent {
		if p.Event, ok = leadingName(p.Data); !ok {
			return p, ErrProtocol
		}
	}
	return p, nil
}

// CheckData validates the data after the head.
func (p *Packet) CheckData(l Limits) error {
	if p.Kind != KindEvent && p.Kind != KindAck && p.Size > l.MaxConnect {
		return ErrTooLarge
	}
	if len(p.Data) == 0 {
		return nil
	}
	elements, ok := scan(p.Data, l)
	if !ok {
		return ErrProtocol
	}
	p.Elements = elements
	return nil
}

// leadingName reads the name of an event, which is the first element of an
// array, whether or not the array is complete.
func leadingName(data []byte) (string, bool) {
	data = bytes.TrimLeft(bytes.TrimLeft(data, " \t\r\n")[1:], " \t\r\n") // fits has checked the bracket
	if len(data) == 0 {
		return "", false
	}
	end := 0
	if data[0] == '"' {
		for end = 1; end < len(data) && data[end] != '"'; end++ {
			if data[end] == '\\' {
				end++
			}
		}
		end++
	} else {
		for end < len(data) && bytes.IndexByte([]byte(",] \t\r\n"), data[end]) < 0 {
			end++
		}
	}
	if end == 0 || end > len(data) || end > 6*maxEventName+2 {
		return "", false
	}
	name, ok := eventName(data[:end])
	return name, ok && len(name) <= maxEventName && !reserved(name)
}

// parseAttachments reads "<count>-" of the binary kinds.
func (p *Packet) parseAttachments(text []byte, l Limits) ([]byte, bool) {
	switch p.Kind {
	case KindBinaryEvent:
		p.Kind = KindEvent
	case KindBinaryAck:
		p.Kind = KindAck
	default:
		return text, true
	}
	n, rest, ok := leadingNumber(text)
	if !ok || n < 0 || n > int64(l.MaxAttachments) || len(rest) == 0 || rest[0] != '-' {
		return nil, false
	}
	p.Missing = int(n)
	return rest[1:], true
}

func (p *Packet) parseNamespace(text []byte) ([]byte, bool) {
	if len(text) == 0 || text[0] != '/' {
		return text, true
	}
	name, rest, _ := bytes.Cut(text, []byte{','})
	if len(name) > maxNamespaceLength+2048 {
		return nil, false
	}
	ns, query, _ := strings.Cut(string(name), "?")
	if len(ns) > maxNamespaceLength {
		return nil, false
	}
	p.Namespace, p.Query = ns, query
	return rest, true
}

func (p *Packet) parseAck(text []byte) ([]byte, bool) {
	n, rest, ok := leadingNumber(text)
	if !ok {
		return nil, false
	}
	// In CONNECT and the like a number would be data, which none of them has.
	p.Ack = n
	return rest, true
}

// leadingNumber reads decimal digits; without any it gives NoAck.
func leadingNumber(text []byte) (int64, []byte, bool) {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	if i == 0 {
		return NoAck, text, true
	}
	n, err := strconv.ParseInt(string(text[:min(i, 20)]), 10, 64)
	return n, text[i:], err == nil && n <= maxAckID
}

// fits checks the data against the packet's kind.
func (p *Packet) fits() bool {
	first := byte(0)
	if trimmed := bytes.TrimLeft(p.Data, " \t\r\n"); len(trimmed) > 0 {
		first = trimmed[0]
	}
	switch p.Kind {
	case KindConnect:
		return p.Ack == NoAck && (first == 0 || first == '{')
	case KindDisconnect:
		return p.Ack == NoAck && first == 0
	case KindEvent:
		return first == '['
	case KindAck:
		return first == '[' && p.Ack != NoAck
	default: // CONNECT_ERROR comes from servers only
		return false
	}
}

func eventName(raw json.RawMessage) (string, bool) {
	switch c := raw[0]; {
	case c == '"' && bytes.IndexByte(raw, '\\') < 0:
		return string(raw[1 : len(raw)-1]), true
	case c == '"':
		var name string
		err := json.Unmarshal(raw, &name)
		return name, err == nil
	case c == '-' || (c >= '0' && c <= '9'):
		// Clients of protocol 5 may name an event by a number; no handler can
		// have such a name, so it is an unknown event and no violation.
		return string(raw), true
	default:
		return "", false
	}
}

// reserved names have a meaning of their own in the JavaScript implementations,
// whose servers close a connection that sends one.
func reserved(name string) bool {
	switch name {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	default:
		return false
	}
}
