//go:build !unix

package socketio

import (
	"errors"
	"net"
	"syscall"
)

// Without Unix descriptors everything takes the way of wrapped connections:
// a drain goroutine writes, and reading keeps a buffer.

var errNoRaw = errors.New("socketio: no raw access")

func rawConnOf(net.Conn) syscall.RawConn { return nil }

type rawWriter struct{}

func (*rawWriter) init() {}

func (*rawWriter) write(_ syscall.RawConn, buf []byte) ([]byte, error) { return buf, errNoRaw }

type rawReader struct{}

func newRawReader(syscall.RawConn, *bufferPool) *rawReader { return &rawReader{} }

func (*rawReader) read() ([]byte, error) { return nil, errNoRaw }

func (*rawReader) release() {}
