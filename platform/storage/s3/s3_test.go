package s3_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/storage/s3"
	"taskstack.org/platform/storage/storagetest"
)

// open returns the storage on a server, reached at endpoint.
func open(t *testing.T, server *testenv.S3Server, endpoint string, change ...func(*s3.Options)) *s3.Storage {
	t.Helper()
	o := s3.Options{
		Bucket: server.Bucket, Region: server.Region, Endpoint: endpoint, SpoolDir: t.TempDir(),
		AccessKeyID: server.AccessKeyID, SecretAccessKey: server.SecretAccessKey, Silence: 20 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	s, err := s3.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStorage(t *testing.T) {
	server := testenv.S3(t)
	storagetest.Run(t, func(t *testing.T) storage.Storage {
		s := open(t, server, server.Endpoint)
		// What the test before has left.
		if err := s.List(t.Context(), "", func(i storage.Info) error { return s.Delete(t.Context(), i.Key) }); err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// large is more than is kept in memory.
var large = bytes.Repeat([]byte("0123456789abcdef"), 20_000) // Content of tests.

func putLarge(t *testing.T, s *s3.Storage) (key string) {
	t.Helper()
	key = storage.NewKey()
	// Not a Seeker, as the body of a request is none.
	if err := s.Put(t.Context(), key, io.MultiReader(bytes.NewReader(large)), int64(len(large)), "text/plain"); err != nil {
		t.Fatal(err)
	}
	return key
}

// TestRanges: a range of a large object, several, and the rest of it.
func TestRanges(t *testing.T) {
	server := testenv.S3(t)
	s := open(t, server, server.Endpoint)
	o, err := s.Open(t.Context(), putLarge(t, s))
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []int{0, 5, len(large) - 3, 100_000, 99_999} {
		if at, err := o.Seek(int64(from), io.SeekStart); err != nil || at != int64(from) {
			t.Fatalf("seek %d: %d, %v", from, at, err)
		}
		part := make([]byte, 3)
		if _, err := io.ReadFull(o, part); err != nil || !bytes.Equal(part, large[from:from+3]) {
			t.Errorf("from %d: %q, %v", from, part, err)
		}
	}
	if rest, err := io.ReadAll(o); err != nil || !bytes.Equal(rest, large[99_999+3:]) {
		t.Errorf("%d bytes of the rest, %v", len(rest), err)
	}
	if _, err := o.Seek(-1, io.SeekStart); err == nil {
		t.Error("seek before the start")
	}
	if at, err := o.Seek(0, io.SeekEnd); err != nil || at != int64(len(large)) {
		t.Errorf("end: %d, %v", at, err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

// TestReplacedWhileRead: what is read on after a seek is never of another object.
func TestReplacedWhileRead(t *testing.T) {
	server := testenv.S3(t)
	s := open(t, server, server.Endpoint)
	key := putLarge(t, s)
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Repeat([]byte("x"), len(large))
	if err := s.Put(t.Context(), key, bytes.NewReader(other), int64(len(other)), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Seek(200_000, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if n, err := o.Read(make([]byte, 10)); err == nil {
		t.Errorf("%d bytes of the new object", n)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

// TestPrivate: nothing is readable without a signature, by a changed link, or by
// one of another key.
func TestPrivate(t *testing.T) {
	server := testenv.S3(t)
	s := open(t, server, server.Endpoint)
	key, other := putLarge(t, s), putLarge(t, s)
	link, err := s.Link(t.Context(), key, "image/png", `attachment; filename="a b.png"`, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	r := get(t, link)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/png" ||
		r.Header.Get("Content-Disposition") != `attachment; filename="a b.png"` || r.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	for what, address := range map[string]string{
		"no signature":   server.Endpoint + "/" + server.Bucket + "/" + key,
		"another key":    strings.ReplaceAll(link, key, other),
		"another header": strings.Replace(link, "image%2Fpng", "text%2Fhtml", 1),
		"longer":         strings.Replace(link, "X-Amz-Expires=60", "X-Amz-Expires=6000", 1),
	} {
		if r := get(t, address); r.StatusCode != http.StatusForbidden || address == link {
			t.Errorf("%s: %d", what, r.StatusCode)
		}
	}
	wrong := open(t, server, server.Endpoint, func(o *s3.Options) { o.SecretAccessKey = "wrong" })
	if err := wrong.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("a wrong secret: %v", err)
	}
	none := open(t, server, server.Endpoint, func(o *s3.Options) { o.Bucket = "missing" })
	if err := none.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("no bucket: %v", err)
	}
}

func get(t *testing.T, address string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Fatal(err)
	}
	if err := r.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestUploadsLeaveNothing: neither in the bucket nor in the spool folder, when what
// a client sends is too short, too long or ends.
func TestUploadsLeaveNothing(t *testing.T) {
	server := testenv.S3(t)
	spool := t.TempDir()
	s := open(t, server, server.Endpoint, func(o *s3.Options) { o.SpoolDir = spool })
	size := int64(len(large))
	broken := errors.New("connection lost")
	for what, test := range map[string]struct {
		body io.Reader
		want error
	}{
		"short": {io.MultiReader(bytes.NewReader(large[1:])), storage.ErrSize},
		"long":  {io.MultiReader(bytes.NewReader(large), strings.NewReader("x")), storage.ErrSize},
		"cut":   {io.MultiReader(bytes.NewReader(large[:100_000]), failing{broken}), broken},
	} {
		if err := s.Put(t.Context(), storage.NewKey(), test.body, size, ""); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if left := server.Objects(t); len(left) != 0 {
		t.Errorf("in the bucket: %v", left)
	}
	wantEmptyFolder(t, spool)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
