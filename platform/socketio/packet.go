package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// errProtocol is wrapped by everything that a client must not send; its
// connection is closed.
var errProtocol = errors.New("socketio: protocol violated")

// packet is a received Socket.IO packet.
type packet struct {
	kind        byte // binary kinds are turned into their plain ones
	ns          string
	query       string // what followed a '?' in the namespace
	ack         int64  // noAck if there is none
	data        json.RawMessage
	missing     int // number of attachments
	arrived     int // number of them that have come
	attachments [][]byte
	size        int
	event       string // its name
	refused     error  // why it is dropped: data and attachments are not kept
}

const (
	maxNamespaceLength = 255
	maxAckID           = 1<<53 - 1 // what a client can count to
	maxEventName       = 255
)

// parsePacket reads the text of a Socket.IO packet. The result keeps parts of
// text. JSON is checked completely, for syntax and shape, so that nothing
// behind this point meets a malformed document.
func parsePacket(text []byte, l *Limits) (packet, error) {
	p, err := parseHead(text, l)
	if err == nil {
		err = p.parseData(l)
	}
	return p, err
}

// parseHead reads what precedes a packet's data, and the name of an event. It
// serves as well for the beginning of a packet; data is what remains of text.
func parseHead(text []byte, l *Limits) (packet, error) {
	p := packet{ns: "/", ack: noAck, size: len(text)}
	if len(text) == 0 || text[0] < packetConnect || text[0] > packetBinaryAck {
		return p, errProtocol
	}
	p.kind, text = text[0], text[1:]
	text, ok := p.parseAttachments(text, l)
	if !ok {
		return p, errProtocol
	}
	if text, ok = p.parseNamespace(text); !ok {
		return p, errProtocol
	}
	if text, ok = p.parseAck(text); !ok {
		return p, errProtocol
	}
	if len(text) > 0 {
		p.data = text
	}
	if !p.fits() {
		return p, errProtocol
	}
	if p.kind == packetEvent {
		if p.event, ok = leadingName(p.data); !ok {
			return p, errProtocol
		}
	}
	return p, nil
}

// parseData checks the data behind the head.
func (p *packet) parseData(l *Limits) error {
	if p.kind != packetEvent && p.kind != packetAck && p.size > l.MaxConnect {
		return errTooLarge
	}
	if len(p.data) == 0 {
		return nil
	}
	if deepest, values := extent(p.data); deepest > l.MaxDepth || values > l.MaxValues {
		return errProtocol
	}
	if !json.Valid(p.data) {
		return errProtocol
	}
	return nil
}

// leadingName reads the name of an event, which is the first element of an
// array, whether or not the array is complete.
func leadingName(data []byte) (string, bool) {
	data = bytes.TrimLeft(bytes.TrimLeft(data, " \t\r\n")[1:], " \t\r\n") // fits has seen the bracket
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
func (p *packet) parseAttachments(text []byte, l *Limits) ([]byte, bool) {
	switch p.kind {
	case packetBinaryEvent:
		p.kind = packetEvent
	case packetBinaryAck:
		p.kind = packetAck
	default:
		return text, true
	}
	n, rest, ok := leadingNumber(text)
	if !ok || n < 0 || n > int64(l.MaxAttachments) || len(rest) == 0 || rest[0] != '-' {
		return nil, false
	}
	p.missing = int(n)
	return rest[1:], true
}

func (p *packet) parseNamespace(text []byte) ([]byte, bool) {
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
	p.ns, p.query = ns, query
	return rest, true
}

func (p *packet) parseAck(text []byte) ([]byte, bool) {
	n, rest, ok := leadingNumber(text)
	if !ok {
		return nil, false
	}
	// In CONNECT and the like a number would be data, which none of them has.
	p.ack = n
	return rest, true
}

// leadingNumber reads decimal digits; without any it gives noAck.
func leadingNumber(text []byte) (int64, []byte, bool) {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	if i == 0 {
		return noAck, text, true
	}
	n, err := strconv.ParseInt(string(text[:min(i, 20)]), 10, 64)
	return n, text[i:], err == nil && n <= maxAckID
}

// fits checks the data against the packet's kind.
func (p *packet) fits() bool {
	first := byte(0)
	if trimmed := bytes.TrimLeft(p.data, " \t\r\n"); len(trimmed) > 0 {
		first = trimmed[0]
	}
	switch p.kind {
	case packetConnect:
		return p.ack == noAck && (first == 0 || first == '{')
	case packetDisconnect:
		return p.ack == noAck && first == 0
	case packetEvent:
		return first == '['
	case packetAck:
		return first == '[' && p.ack != noAck
	default: // CONNECT_ERROR comes from servers only
		return false
	}
}

// extent is the deepest nesting of arrays and objects in a JSON document, and
// the number of its values, counted by commas and opening brackets. It is meant
// to run before the document is parsed, and so does not trust it.
func extent(text []byte) (deepest, values int) {
	level, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString:
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
		case c == '"':
			inString = true
		case c == '[' || c == '{':
			level++
			values++
			deepest = max(deepest, level)
		case c == ',':
			values++
		case c == ']' || c == '}':
			level--
		}
	}
	return deepest, values
}

// elements splits a JSON array that parsePacket has found valid. It is on the
// way of every event, where encoding/json would cost more than the rest.
func elements(array []byte) ([]json.RawMessage, error) {
	array = bytes.Trim(array, " \t\r\n")
	if len(array) < 2 || array[0] != '[' {
		return nil, errProtocol
	}
	array = array[1 : len(array)-1]
	var out []json.RawMessage
	level, start, inString := 0, 0, false
	for i := 0; i < len(array); i++ {
		switch c := array[i]; {
		case inString:
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
		case c == '"':
			inString = true
		case c == '[' || c == '{':
			level++
		case c == ']' || c == '}':
			level--
		case c == ',' && level == 0:
			out = append(out, bytes.Trim(array[start:i], " \t\r\n"))
			start = i + 1
		}
	}
	if last := bytes.Trim(array[start:], " \t\r\n"); len(last) > 0 {
		out = append(out, last)
	}
	return out, nil
}

// eventOf turns a complete EVENT packet into an Event.
func eventOf(p *packet) (Event, error) {
	ev := Event{Name: p.event, Attachments: p.attachments, WantsAck: p.ack != noAck, Size: p.size, Refused: p.refused}
	if p.refused != nil {
		ev.Size = 0
		return ev, nil //nolint:nilerr // the event carries its refusal
	}
	args, err := elements(p.data)
	if err != nil || len(args) == 0 {
		return Event{}, errProtocol
	}
	ev.Args = args[1:]
	return ev, nil
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
