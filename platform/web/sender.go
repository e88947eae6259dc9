package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// sendChunk is how much of a response the client must receive within the timeout.
const sendChunk = 32 << 10

// sender sends an answer in pieces, each with a deadline, so that a client
// that does not read is cut. What a heavy page writes is kept until the handler
// has returned: then the line's speed costs the bytes of the page, and no longer
// everything it was made of.
type sender struct {
	http.ResponseWriter
	rc      *http.ResponseController
	body    io.Reader // of the request
	timeout time.Duration
	keep    bool
	kept    []byte
	// held is called with how many bytes are kept, more or (negative) less.
	held func(n int)
	err  error
}

type senderKey struct{}

// newSender returns the writer to answer with, and the request that knows it.
func newSender(w http.ResponseWriter, r *http.Request, timeout time.Duration) (*sender, *http.Request) {
	s := &sender{ResponseWriter: w, rc: http.NewResponseController(w), body: r.Body, timeout: timeout}
	return s, r.WithContext(context.WithValue(r.Context(), senderKey{}, s))
}

// hold makes the sender of a request keep what is written until the end; held
// gets how much.
func hold(ctx context.Context, held func(n int)) {
	if s, ok := ctx.Value(senderKey{}).(*sender); ok {
		s.keep, s.held = true, held
	}
}

func (s *sender) Write(p []byte) (int, error) {
	if s.keep && isPage(s.Header().Get("Content-Type")) {
		s.kept = append(s.kept, p...)
		s.held(len(p))
		return len(p), nil
	}
	return s.send(p)
}

func (s *sender) send(p []byte) (sent int, err error) {
	for len(p) > 0 && s.err == nil {
		chunk := p[:min(len(p), sendChunk)]
		s.extend()
		var n int
		n, err = s.ResponseWriter.Write(chunk)
		sent += n
		if errors.Is(err, http.ErrBodyNotAllowed) || errors.Is(err, http.ErrContentLength) {
			return sent, err // our own mistake
		}
		if err != nil {
			s.err = &disconnectedError{err}
		}
		p = p[n:]
	}
	return sent, s.err
}

// isPage reports whether an answer is a page or its data, which are as large as
// the memory they were made in; files are read as they are sent.
func isPage(contentType string) bool {
	return strings.HasPrefix(contentType, "text/html") || strings.HasPrefix(contentType, "application/json")
}

func (s *sender) extend() {
	timeout := s.timeout
	if b, ok := s.body.(*body); ok && b.err == nil {
		timeout += b.timeout // net/http first waits for what no handler has read
	}
	_ = s.rc.SetWriteDeadline(time.Now().Add(timeout)) // a recorder in a test has none
}

// finish sends what was kept. net/http sends the rest of the answer within the
// last deadline.
func (s *sender) finish() {
	kept := s.kept
	s.keep, s.kept = false, nil
	if len(kept) > 0 {
		_, _ = s.send(kept) // the client may have left
		s.held(-len(kept))
	}
	s.extend()
}

// discard forgets what was kept.
func (s *sender) discard() {
	if len(s.kept) > 0 {
		s.held(-len(s.kept))
	}
	s.keep, s.kept = false, nil
}

// Flush sends what is buffered, for answers that are written bit by bit.
func (s *sender) Flush() {
	if s.keep {
		return
	}
	s.extend()
	_ = s.rc.Flush()
}

// Unwrap gives http.ResponseController the server's own writer.
func (s *sender) Unwrap() http.ResponseWriter { return s.ResponseWriter }
