package parser

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// EncodePayload encodes the body of the response to a poll; binary reports
// whether its content type is binary.
func EncodePayload(eio uint8, b64 bool, batch []*Message) (body []byte, binary bool) {
	if eio == 3 && !b64 && HasAttachments(batch) {
		return encodeBinaryPayload3(batch), true
	}
	var out []byte
	for _, m := range batch {
		out = appendPolled(out, eio, m.Payload)
		for _, bin := range m.Attachments {
			out = appendPolledBinary(out, eio, bin)
		}
	}
	return out, false
}

// HasAttachments reports whether any message of a batch has attachments.
func HasAttachments(batch []*Message) bool {
	return slices.ContainsFunc(batch, func(m *Message) bool { return len(m.Attachments) > 0 })
}

func appendPolled(out []byte, eio uint8, packet []byte) []byte {
	if eio == 4 {
		if len(out) > 0 {
			out = append(out, 0x1e)
		}
		return append(out, packet...)
	}
	packet, n := packet3(packet)
	out = append(strconv.AppendInt(out, int64(n), 10), ':')
	return append(out, packet...)
}

func appendPolledBinary(out []byte, eio uint8, bin []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(bin))
	if eio == 4 {
		out = append(out, 0x1e, 'b')
	} else {
		out = append(strconv.AppendInt(out, int64(n+2), 10), ":b4"...)
	}
	return base64.StdEncoding.AppendEncode(out, bin)
}

func encodeBinaryPayload3(batch []*Message) []byte {
	var out []byte
	for _, m := range batch {
		out = appendBinaryHead3(out, 0, len(m.Payload))
		out = append(out, m.Payload...)
		for _, bin := range m.Attachments {
			out = append(appendBinaryHead3(out, 1, len(bin)+1), TypeMessage-'0')
			out = append(out, bin...)
		}
	}
	return out
}

func appendBinaryHead3(out []byte, kind byte, n int) []byte {
	out = append(out, kind)
	for _, digit := range strconv.Itoa(n) {
		out = append(out, byte(digit-'0'))
	}
	return append(out, 0xff)
}

// packet3 is a packet as polling in Engine.IO 3 encodes it, with its length. Clients
// 1.x encode and decode polled text as UTF-8 once more than clients 2.x, and
// count lengths differently; of ASCII both agree, so everything else in
// the JSON is escaped. A namespace cannot be; see DoubleNamespaces.
func packet3(packet []byte) ([]byte, int) {
	head := packet[:headLength(packet)]
	data := asciiJSON(packet[len(head):])
	if IsASCII(head) && len(head)+len(data) == len(packet) {
		return packet, len(packet)
	}
	n := len(data)
	for _, r := range string(head) {
		n += max(utf16.RuneLen(r), 1)
	}
	return append(head[:len(head):len(head)], data...), n
}

// DoubleNamespaces encodes namespaces that are not ASCII as UTF-8 once more, for
// a client 1.x. The server recognises one by such a namespace in its requests.
func DoubleNamespaces(batch []*Message) []*Message {
	out := slices.Clone(batch)
	for i, m := range out {
		head := m.Payload[:headLength(m.Payload)]
		if IsASCII(head) {
			continue
		}
		var twice []byte
		for _, b := range head {
			twice = utf8.AppendRune(twice, rune(b))
		}
		out[i] = &Message{Payload: append(twice, m.Payload[len(head):]...), Attachments: m.Attachments, At: m.At, IsEvent: m.IsEvent}
	}
	return out
}

// headLength is the length of what precedes the acknowledgement id and the data
// in an Engine.IO packet of this server: types, attachments and namespace.
func headLength(packet []byte) int {
	if len(packet) < 2 || packet[0] != TypeMessage {
		return 0
	}
	i := 2
	for i < len(packet) && packet[i] >= '0' && packet[i] <= '9' {
		i++
	}
	if i < len(packet) && packet[i] == '-' {
		i++
	}
	if i == len(packet) || packet[i] != '/' {
		return i
	}
	if end := bytes.IndexByte(packet[i:], ','); end >= 0 {
		return i + end + 1
	}
	return len(packet)
}

// asciiJSON escapes what is not ASCII.
func asciiJSON(packet []byte) []byte {
	i := 0
	for i < len(packet) && packet[i] < 0x80 {
		i++
	}
	if i == len(packet) {
		return packet
	}
	out := append(make([]byte, 0, len(packet)*2), packet[:i]...)
	for _, r := range string(packet[i:]) {
		switch {
		case r < 0x80:
			out = append(out, byte(r))
		case r < 0x10000:
			out = appendEscape(out, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, hi), lo)
		}
	}
	return out
}

func appendEscape(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// DecodePayload4 splits a payload of Engine.IO 4.
func DecodePayload4(body []byte, text, binary func(p []byte) error) error {
	for part := range bytes.SplitSeq(body, []byte{0x1e}) {
		if len(part) > 0 && part[0] == 'b' {
			bin, err := DecodeBase64(4, part[1:])
			if err != nil {
				return err
			}
			if err := binary(bin); err != nil {
				return err
			}
			continue
		}
		if !utf8.Valid(part) {
			return ErrProtocol
		}
		if err := text(part); err != nil {
			return err
		}
	}
	return nil
}

// DecodePayload3 splits a textual payload of Engine.IO 3, whose lengths count
// UTF-16 code units.
func DecodePayload3(body []byte, text, binary func(p []byte) error) error {
	if len(body) == 0 || !utf8.Valid(body) {
		return ErrProtocol
	}
	for len(body) > 0 {
		n, rest, ok := leadingNumber(body)
		if !ok || n < 0 || len(rest) == 0 || rest[0] != ':' {
			return ErrProtocol
		}
		part, after, ok := cutUTF16(rest[1:], n)
		if !ok || len(part) == 0 {
			return ErrProtocol
		}
		body = after
		if part[0] != 'b' {
			if err := text(part); err != nil {
				return err
			}
			continue
		}
		bin, err := DecodeBase64(3, part[1:])
		if err != nil {
			return err
		}
		if err := binary(bin); err != nil {
			return err
		}
	}
	return nil
}

// cutUTF16 cuts n UTF-16 code units off valid UTF-8.
func cutUTF16(b []byte, n int64) (part, rest []byte, ok bool) {
	i := 0
	for n > 0 {
		if i == len(b) {
			return nil, nil, false
		}
		if b[i] < utf8.RuneSelf {
			i, n = i+1, n-1
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		i, n = i+size, n-int64(utf16.RuneLen(r))
	}
	return b[:i], b[i:], n == 0
}

// DecodeBinaryPayload3 splits a binary payload of Engine.IO 3. The attachments
// refer to body.
func DecodeBinaryPayload3(body []byte, text, binary func(p []byte) error) error {
	if len(body) == 0 {
		return ErrProtocol
	}
	for len(body) > 0 {
		kind := body[0]
		n, i := 0, 1
		for ; i < len(body) && body[i] != 0xff; i++ {
			if body[i] > 9 || i > 10 {
				return ErrProtocol
			}
			n = n*10 + int(body[i])
		}
		if i >= len(body)-1 || i == 1 || n == 0 || n > len(body)-i-1 {
			return ErrProtocol
		}
		part := body[i+1 : i+1+n]
		body = body[i+1+n:]
		var err error
		switch {
		case kind == 0 && utf8.Valid(part):
			err = text(part)
		case kind == 1 && part[0] == TypeMessage-'0':
			err = binary(part[1:]) // keeps the body
		default:
			err = ErrProtocol
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// IsASCII reports whether p has ASCII characters only.
func IsASCII(p []byte) bool {
	for _, b := range p {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
