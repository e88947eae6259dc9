package ws

import (
	"encoding/binary"
	"unicode/utf8"
)

// Error is a violation of RFC 6455 by the client.
type Error struct {
	Code int // the close code that answers it
	text string
}

func (e *Error) Error() string { return "websocket: " + e.text }

// The violations.
var (
	ErrMasked    = &Error{CloseProtocol, "frame not masked"}
	ErrReserved  = &Error{CloseProtocol, "reserved bits or opcode"}
	ErrControl   = &Error{CloseProtocol, "bad control frame"}
	ErrFragments = &Error{CloseProtocol, "fragments out of order"}
	ErrLength    = &Error{CloseProtocol, "length not minimal"}
	ErrTooLarge  = &Error{CloseTooLarge, "message too large"}
	ErrUTF8      = &Error{CloseInvalidData, "text is not UTF-8"}
	ErrDeflate   = &Error{CloseInvalidData, "compressed data broken"}
)

// Reader parses the bytes of a connection as they arrive and emits messages. It
// holds memory only while a message is incomplete, and never more than has
// arrived (rounded up), whatever length a frame announces.
type Reader struct {
	Limit   int  // maximum size of a message in bytes
	Deflate bool // permessage-deflate was negotiated

	// OnFrame, if set, is called for every frame before its payload is read.
	OnFrame func() error
	// Peek, if set, is called before a message is read, without text, and once
	// more when its text has become longer than Head. It returns how large the
	// message may get, and whether its payload is discarded.
	Peek func(op byte, text []byte) (limit int, drop bool, err error)
	Head int

	header  [14]byte
	have    uint8 // bytes of header
	inFrame bool
	op      byte
	fin     bool
	key     [4]byte
	keyPos  uint8
	remains int64 // bytes of the frame that have not arrived

	message    []byte // received so far
	messageOp  byte   // 0 between messages
	compressed bool
	most       int  // maximum size of this message
	size       int  // size so far, kept or discarded
	peeked     bool // Peek has seen its text
	drop       bool // its payload is discarded
	owned      bool // see Owned
	control    []byte
}

// Buffered returns the memory held by an incomplete message in bytes.
func (r *Reader) Buffered() int { return cap(r.message) }

// Incomplete reports whether a message or frame has begun and not ended.
func (r *Reader) Incomplete() bool { return r.inFrame || r.have > 0 || r.messageOp != 0 }

// Size returns the size in bytes of the message that is being read or passed,
// before decompression, whether it is kept or discarded.
func (r *Reader) Size() int { return r.size }

// Owned reports whether the callback for messages may keep the payload that it
// is passed.
func (r *Reader) Owned() bool { return r.owned }

// Feed consumes data, which it modifies, and calls message for every complete
// text or binary message and control for every complete control frame. A
// payload is valid during the call only, unless Owned reports otherwise.
// Errors: *Error for a violation of the protocol, and those of the callbacks.
func (r *Reader) Feed(data []byte, message func(op byte, p []byte) error, control func(op byte, p []byte) error) error {
	for len(data) > 0 || (r.inFrame && r.remains == 0) {
		if !r.inFrame {
			n, err := r.readHeader(data)
			if err != nil {
				return err
			}
			data = data[n:]
			if !r.inFrame {
				return nil
			}
		}
		n := int(min(r.remains, int64(len(data))))
		part := data[:n]
		data = data[n:]
		r.unmask(part)
		r.remains -= int64(n)
		if err := r.payload(part, message, control); err != nil {
			return err
		}
	}
	return nil
}

// readHeader consumes header bytes and says how many.
func (r *Reader) readHeader(data []byte) (int, error) {
	used := 0
	for {
		if r.have >= 2 && r.header[1]&0x80 == 0 {
			return used, ErrMasked
		}
		need := r.headerLength()
		if int(r.have) >= need && need > 2 {
			return used, r.begin()
		}
		if used == len(data) {
			return used, nil
		}
		n := copy(r.header[r.have:max(need, 2)], data[used:])
		r.have += uint8(n)
		used += n
	}
}

// headerLength is the header's length as far as it is known.
func (r *Reader) headerLength() int {
	if r.have < 2 {
		return 2
	}
	switch r.header[1] & 0x7f {
	case 126:
		return 8
	case 127:
		return 14
	default:
		return 6
	}
}

// begin checks a complete header and starts its frame.
func (r *Reader) begin() error {
	h := r.header[:]
	r.have = 0
	r.fin, r.op = h[0]&0x80 != 0, h[0]&0x0f
	rsv := h[0] & 0x70
	length := uint64(h[1] & 0x7f)
	key := h[2:6]
	switch length {
	case 126:
		length, key = uint64(binary.BigEndian.Uint16(h[2:])), h[4:8]
		if length < 126 {
			return ErrLength
		}
	case 127:
		length, key = binary.BigEndian.Uint64(h[2:]), h[10:14]
		if length < 1<<16 || length>>63 != 0 {
			return ErrLength
		}
	}
	if r.OnFrame != nil {
		if err := r.OnFrame(); err != nil {
			return err
		}
	}
	if err := r.check(rsv, length); err != nil {
		return err
	}
	copy(r.key[:], key)
	r.keyPos, r.remains, r.inFrame = 0, int64(length), true
	return nil
}

func (r *Reader) check(rsv byte, length uint64) error {
	switch r.op {
	case OpText, OpBinary:
		if rsv&0x30 != 0 || (rsv != 0 && !r.Deflate) {
			return ErrReserved
		}
		if r.messageOp != 0 {
			return ErrFragments
		}
		r.compressed = rsv != 0
		r.most, r.size, r.peeked, r.drop = r.Limit, 0, false, false
		if r.Peek != nil {
			var err error
			if r.most, r.drop, err = r.Peek(r.op, nil); err != nil {
				return err
			}
		}
	case OpContinuation:
		if rsv != 0 {
			return ErrReserved
		}
		if r.messageOp == 0 {
			return ErrFragments
		}
	case OpClose, OpPing, OpPong:
		if rsv != 0 || !r.fin || length > 125 {
			return ErrControl
		}
		return nil
	default:
		return ErrReserved
	}
	if length > uint64(r.most) || r.size+int(length) > r.most {
		return ErrTooLarge
	}
	return nil
}

func (r *Reader) unmask(p []byte) {
	pos := r.keyPos
	r.keyPos = (pos + uint8(len(p)&3)) & 3
	for len(p) > 0 && pos != 0 {
		p[0] ^= r.key[pos]
		pos = (pos + 1) & 3
		p = p[1:]
	}
	k := uint64(binary.LittleEndian.Uint32(r.key[:]))
	k |= k << 32
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^k)
		p = p[8:]
	}
	for i := range p {
		p[i] ^= r.key[i&3]
	}
}

// payload takes a part of a frame's data, maybe all of it.
func (r *Reader) payload(part []byte, message, control func(op byte, p []byte) error) error {
	done := r.remains == 0
	if done {
		r.inFrame = false
	}
	if r.op >= OpClose {
		if !done || len(r.control) > 0 {
			r.control = append(r.control, part...)
			part = r.control
		}
		if !done {
			return nil
		}
		r.control = nil
		return control(r.op, part)
	}
	r.size += len(part)
	if r.op != OpContinuation && r.messageOp == 0 {
		if done && r.fin {
			return r.complete(r.op, part, message)
		}
		r.messageOp = r.op
	}
	if err := r.collect(part); err != nil {
		return err
	}
	if !done || !r.fin {
		return nil
	}
	op, whole := r.messageOp, r.message
	r.messageOp, r.message = 0, nil
	r.owned = true
	defer func() { r.owned = false }()
	return r.complete(op, whole, message)
}

// collect keeps a part of a message, unless it is dropped.
func (r *Reader) collect(part []byte) error {
	if r.drop {
		return nil
	}
	r.message = append(r.message, part...)
	if r.messageOp != OpText || r.peeked || r.compressed || r.Peek == nil || len(r.message) <= r.Head {
		return nil
	}
	r.peeked = true
	var err error
	if r.most, r.drop, err = r.Peek(OpText, r.message); err != nil {
		return err
	}
	r.most++ // the type of the packet
	if r.size+int(r.remains) > r.most {
		return ErrTooLarge
	}
	if r.drop {
		r.message = nil
	}
	return nil
}

func (r *Reader) complete(op byte, p []byte, message func(op byte, p []byte) error) error {
	if r.compressed && !r.drop {
		var err error
		if p, err = inflate(p, r.most); err != nil {
			return err
		}
		r.owned = true
		defer func() { r.owned = false }()
	}
	if op == OpText && !utf8.Valid(p) {
		return ErrUTF8
	}
	return message(op, p)
}
