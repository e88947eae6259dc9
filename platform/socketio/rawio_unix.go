//go:build unix

package socketio

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// rawConnOf gives access to the descriptor of a connection that can be written
// without blocking; nil if it is not a plain TCP or Unix socket.
func rawConnOf(nc net.Conn) syscall.RawConn {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
	default:
		return nil
	}
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// rawWriter writes to a descriptor without waiting. Its callback is bound once,
// so that a write allocates nothing.
type rawWriter struct {
	buf []byte
	n   int
	err error
	f   func(fd uintptr) bool
}

func (w *rawWriter) init() { w.f = w.step }

func (w *rawWriter) step(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.buf)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			w.n = 0
		case err != nil:
			w.err = err
		default:
			w.n = n
		}
		return true
	}
}

// write gives what the socket did not take.
func (w *rawWriter) write(raw syscall.RawConn, buf []byte) ([]byte, error) {
	w.buf, w.n, w.err = buf, 0, nil
	err := raw.Write(w.f)
	w.buf = nil
	if err == nil {
		err = w.err
	}
	return buf[w.n:], err
}

// rawReader reads from a descriptor into a buffer that it takes only once
// there is something to read, so that an idle connection holds none.
type rawReader struct {
	raw  syscall.RawConn
	pool *bufferPool
	buf  *[]byte
	n    int
	err  error
	f    func(fd uintptr) bool
}

func newRawReader(raw syscall.RawConn, pool *bufferPool) *rawReader {
	r := &rawReader{raw: raw, pool: pool}
	r.f = r.step
	return r
}

func (r *rawReader) step(fd uintptr) bool {
	r.buf = r.pool.get()
	for {
		n, err := syscall.Read(int(fd), *r.buf)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			r.pool.put(r.buf)
			r.buf = nil
			return false
		case err != nil:
			r.err = err
		case n == 0:
			r.err = io.EOF
		default:
			r.n = n
		}
		return true
	}
}

// read waits for data. The caller gives the buffer back with release.
func (r *rawReader) read() ([]byte, error) {
	r.n, r.err = 0, nil
	if err := r.raw.Read(r.f); err != nil {
		return nil, err
	}
	if r.err != nil {
		r.release()
		return nil, r.err
	}
	return (*r.buf)[:r.n], nil
}

func (r *rawReader) release() {
	if r.buf != nil {
		r.pool.put(r.buf)
		r.buf = nil
	}
}
