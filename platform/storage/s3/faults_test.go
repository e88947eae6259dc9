package s3_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/storage/s3"
)

// faulty stands between the storage and a real server, and answers the first
// requests by fault.
type faulty struct {
	*httptest.Server
	requests atomic.Int32
}

func newFaulty(t *testing.T, server *testenv.S3Server, times int32, fault func(w http.ResponseWriter, r *http.Request, real http.Handler)) *faulty {
	t.Helper()
	target, err := url.Parse(server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	// The signature holds the host that the client asked for.
	real := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	f := &faulty{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.requests.Add(1) <= times {
			fault(w, r, real)
			return
		}
		real.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func unavailable(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, `<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`)
}

// cutOff ends the connection in the middle of the request.
func cutOff(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, _ = io.CopyN(io.Discard, r.Body, 1000)
	panic(http.ErrAbortHandler) //nolint:forbidigo // net/http cuts the connection by it
}

// silent takes the request and says nothing until the client has gone.
func silent(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// TestFaultsThatPass: a server that refuses, a connection that is cut, and one that
// stands still cost another try each, and the object is whole.
func TestFaultsThatPass(t *testing.T) {
	server := testenv.S3(t)
	for name, fault := range map[string]func(http.ResponseWriter, *http.Request, http.Handler){
		"busy": unavailable, "cut": cutOff, "silent": silent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := newFaulty(t, server, 1, fault)
			s := open(t, server, proxy.URL, func(o *s3.Options) { o.Silence = 3 * time.Second })
			key := putLarge(t, s)
			o, err := s.Open(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, large) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFaultsThatStay: they become an error after a bounded number of tries, and
// leave neither object nor file.
func TestFaultsThatStay(t *testing.T) {
	server := testenv.S3(t)
	proxy := newFaulty(t, server, 1_000_000, unavailable)
	spool := t.TempDir()
	s := open(t, server, proxy.URL, func(o *s3.Options) { o.SpoolDir = spool })
	if err := s.Put(t.Context(), storage.NewKey(), io.MultiReader(bytes.NewReader(large)), int64(len(large)), ""); err == nil {
		t.Error("stored")
	}
	if n := proxy.requests.Load(); n != 4 {
		t.Errorf("%d tries, want 4", n)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("Check says that files can be stored")
	}
	if left := server.Objects(t); len(left) != 0 {
		t.Errorf("in the bucket: %v", left)
	}
	wantEmptyFolder(t, spool)
}

// TestResponseCutInTheMiddle: half an object is an error, never the whole of it.
func TestResponseCutInTheMiddle(t *testing.T) {
	server := testenv.S3(t)
	direct := open(t, server, server.Endpoint)
	key := putLarge(t, direct)
	proxy := newFaulty(t, server, 1, func(w http.ResponseWriter, r *http.Request, real http.Handler) {
		real.ServeHTTP(&cutWriter{ResponseWriter: w, left: 100_000}, r)
	})
	s := open(t, server, proxy.URL)
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(o); err == nil {
		t.Errorf("%d of %d bytes are taken for all", len(got), len(large))
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

// cutWriter ends the connection after some bytes.
type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	if w.left < len(p) {
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http cuts the connection by it
	}
	w.left -= len(p)
	return w.ResponseWriter.Write(p)
}

// TestACancelledUploadEnds: a request that is given up does not wait for the server.
func TestACancelledUploadEnds(t *testing.T) {
	server := testenv.S3(t)
	arrived := make(chan struct{}, 1)
	proxy := newFaulty(t, server, 1_000_000, func(w http.ResponseWriter, r *http.Request, real http.Handler) {
		arrived <- struct{}{}
		silent(w, r, real)
	})
	s := open(t, server, proxy.URL, func(o *s3.Options) { o.Silence = 10 * time.Minute })
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if err := s.Put(ctx, storage.NewKey(), bytes.NewReader(large), int64(len(large)), ""); err == nil {
		t.Error("stored")
	}
}

func wantEmptyFolder(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 0 {
		t.Errorf("in %s: %v", dir, left)
	}
}
