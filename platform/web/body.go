package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// bodyRate is how fast a body has to arrive at least, in bytes per second over
// all of it, after the timeout for its first byte.
const bodyRate = 4 << 10

// disconnectedError is a failure of the connection to the client: it has
// disconnected, or is too slow. That is no error of the server.
type disconnectedError struct{ cause error }

func (e *disconnectedError) Error() string { return "client gone: " + e.cause.Error() }
func (e *disconnectedError) Unwrap() error { return e.cause }

// body is the body of a request, which must not be larger than its limit and
// must keep arriving. Unlike http.MaxBytesReader it works below writers that
// wrap the server's own.
type body struct {
	io.ReadCloser
	w     http.ResponseWriter
	rc    *http.ResponseController
	limit int64 // may be lowered before the first read
	read  int64
	start time.Time
	// timeout is how long the client may send nothing.
	timeout time.Duration
	err     error
}

// newBody takes over the body of a request that net/http has just made. The deadline also ends net/http's own
// reading of a body that no handler wants.
func newBody(w http.ResponseWriter, r *http.Request, limit int64, timeout time.Duration) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	b := &body{ReadCloser: r.Body, w: w, rc: http.NewResponseController(w), limit: limit, start: time.Now(), timeout: timeout}
	b.extend()
	r.Body = b
}

// extend moves the deadline by what has arrived.
func (b *body) extend() {
	deadline := b.start.Add(b.timeout + time.Duration(b.read)*time.Second/bodyRate)
	_ = b.rc.SetReadDeadline(deadline) // a recorder in a test has none
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	// One byte more than allowed shows that there is more.
	if left := b.limit - b.read + 1; int64(len(p)) > left {
		p = p[:left]
	}
	b.extend()
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	switch {
	case b.read > b.limit:
		b.w.Header().Set("Connection", "close")
		n, err = n-1, &http.MaxBytesError{Limit: b.limit}
	case errors.Is(err, io.EOF):
		// From here on net/http watches whether the client leaves.
		_ = b.rc.SetReadDeadline(time.Time{})
	case err != nil:
		b.w.Header().Set("Connection", "close")
		err = &disconnectedError{err}
	}
	b.err = err
	return n, err
}

// isSlow reports whether an error means that a client took too long.
func isSlow(err error) bool {
	var gone *disconnectedError
	return errors.As(err, &gone) && errors.Is(gone.cause, os.ErrDeadlineExceeded)
}
