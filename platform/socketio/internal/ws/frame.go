package ws

import "encoding/binary"

// Opcodes of RFC 6455.
const (
	OpContinuation = 0x0
	OpText         = 0x1
	OpBinary       = 0x2
	OpClose        = 0x8
	OpPing         = 0x9
	OpPong         = 0xA
)

// Close codes of RFC 6455.
const (
	CloseNormal      = 1000
	CloseGoingAway   = 1001
	CloseProtocol    = 1002
	CloseInvalidData = 1007
	ClosePolicy      = 1008
	CloseTooLarge    = 1009
	CloseTryLater    = 1013

	CloseNoStatus = 1005 // represents a close frame without a code; never sent
)

// MaxHeader is the length of the longest header that a server sends.
const MaxHeader = 10

// CloseFrame returns a close frame with a code.
func CloseFrame(code int) []byte {
	return binary.BigEndian.AppendUint16(AppendHeader(nil, OpClose, 2), uint16(code))
}

// AppendHeader appends the header of an unmasked final frame with n bytes of
// payload.
func AppendHeader(out []byte, op byte, n int) []byte {
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
