package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/s2"
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
	kept    keptPage
	err     error
}

// keptPage is an answer that is complete before its first byte is sent. A page
// for a client that takes no compression is kept compressed all the same: a
// board of 500 cards is 0.95 MB, and a tenth of that as kept.
type keptPage struct {
	bytes bytes.Buffer
	// compress writes into bytes; nil if the page arrives compressed.
	compress *s2.Writer
	// held is called with how many bytes are kept, more or (negative) less.
	held    func(n int)
	counted int
}

// keptBlock is how much of a page is decompressed at a time.
const keptBlock = 64 << 10

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
		s.keep, s.kept.held = true, held
	}
}

func (s *sender) Write(p []byte) (int, error) {
	if s.keep && isPage(s.Header().Get("Content-Type")) {
		return s.kept.write(p, s.Header().Get("Content-Encoding") != "")
	}
	return s.send(p)
}

func (k *keptPage) write(p []byte, compressed bool) (n int, err error) {
	if k.compress == nil && !compressed {
		k.compress = s2.NewWriter(&k.bytes, s2.WriterConcurrency(1), s2.WriterBlockSize(keptBlock))
	}
	if k.compress != nil {
		n, err = k.compress.Write(p)
	} else {
		n, err = k.bytes.Write(p)
	}
	k.count(k.bytes.Len())
	return n, err
}

// reader reads what was written.
func (k *keptPage) reader() (io.Reader, error) {
	if k.compress == nil {
		return &k.bytes, nil
	}
	err := k.compress.Close()
	k.compress = nil
	k.count(k.bytes.Len())
	return s2.NewReader(&k.bytes, s2.ReaderMaxBlockSize(keptBlock), s2.ReaderAllocBlock(keptBlock)), err
}

// count says how many bytes are kept.
func (k *keptPage) count(n int) {
	if n != k.counted {
		k.held(n - k.counted)
		k.counted = n
	}
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
	if s.keep {
		s.keep = false
		if page, err := s.kept.reader(); err == nil {
			_, _ = io.CopyBuffer(writerFunc(s.send), page, make([]byte, sendChunk)) // the client may have left
		}
		s.discard()
	}
	s.extend()
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// discard forgets what was kept.
func (s *sender) discard() {
	if s.kept.held != nil {
		s.kept.count(0)
	}
	s.keep, s.kept = false, keptPage{}
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
