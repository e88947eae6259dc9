package files_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/storage/s3"
)

func openBucket(t *testing.T, server *testenv.S3Server, spool string) *s3.Storage {
	t.Helper()
	bucket, err := s3.New(t.Context(), s3.Options{
		Bucket: server.Bucket, Region: server.Region, Endpoint: server.Endpoint, SpoolDir: spool,
		AccessKeyID: server.AccessKeyID, SecretAccessKey: server.SecretAccessKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	return bucket
}

// TestAnUploadTakesNoMemoryOfItsSize: 50 MB pass in pieces, into either storage.
func TestAnUploadTakesNoMemoryOfItsSize(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	for name, in := range map[string]storage.Storage{"directory": w.Deps.Objects.Storage, "bucket": openBucket(t, testenv.S3(t), t.TempDir())} {
		files.SetStorage(w.Files.Service, in)
		const size = 50_000_000
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := w.Files.Upload(t.Context(), w.Owner, files.Upload{
			Owner: files.Owner{Kind: files.OfList, ID: list}, Name: name, Size: size, Body: io.LimitReader(zeros{}, size),
		})
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; err != nil || grown > size/10 {
			t.Errorf("%s: %d bytes were allocated, error %v", name, grown, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestFilesInABucket: uploads go to the bucket, downloads come from it through the
// server or by a link, for the same people, and what is deleted is gone from it.
func TestFilesInABucket(t *testing.T) {
	server3 := testenv.S3(t)
	bucket := openBucket(t, server3, t.TempDir())
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	account := files.SetStorage(w.Files.Service, bucket)
	png, err := os.ReadFile("testdata/dot.png")
	if err != nil {
		t.Fatal(err)
	}
	long := bytes.Repeat([]byte("0123456789"), 50_000)
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{
		Name: "c", Files: map[string][]byte{"dot": png, `ä "long".html`: long},
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(server3.Objects(t)); n != 2 {
		t.Fatalf("%d objects", n)
	}
	of, err := w.Files.Of(t.Context(), files.OfCard, []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	web := server(t, w, w.Files)
	links := map[string]string{}
	for _, f := range of[id] {
		links[f.Name] = web.URL + strings.TrimPrefix(f.URL, boardtest.PublicURL)
	}
	page, text := links["dot"], links[`ä "long".html`]

	// By a link: the client follows it.
	res, body := get(t, text, "reader", "")
	if from := res.Request.URL; "http://"+from.Host != server3.Endpoint || body != string(long) || from.Query().Get("X-Amz-Expires") != "60" {
		t.Errorf("%d bytes from %s", len(body), from)
	}
	h := res.Header
	if h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; ") || h.Get("Cache-Control") != "private, no-store" {
		t.Errorf("from the bucket: %v", h)
	}
	if res, body := get(t, page, "reader", ""); res.Request.URL.String() != page || body != string(png) || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("a picture comes from %s, %d bytes", res.Request.URL, len(body))
	}
	// Through the server.
	files.SetStorage(w.Files.Service, struct{ storage.Storage }{bucket})
	if res, body := get(t, text, "reader", "bytes=400000-400004"); res.StatusCode != http.StatusPartialContent || body != "01234" || res.Request.URL.String() != text {
		t.Errorf("a range: %d %q", res.StatusCode, body)
	}
	if res, body := get(t, text, "owner", ""); res.StatusCode != http.StatusOK || body != string(long) {
		t.Errorf("%d, %d bytes", res.StatusCode, len(body))
	}
	for _, who := range []string{"stranger", ""} {
		for _, s := range []storage.Storage{bucket, struct{ storage.Storage }{bucket}} {
			files.SetStorage(w.Files.Service, s)
			if res, _ := get(t, text, who, ""); res.StatusCode != http.StatusNotFound || res.Request.URL.String() != text {
				t.Errorf("%q: %d from %s", who, res.StatusCode, res.Request.URL)
			}
		}
	}
	if _, err := w.Cards.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), id, cards.Edit{Name: "c", Files: files.Changes{Removed: []string{"dot"}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := account.DeleteDue(t.Context()); n != 3 || err != nil { // with the keys of its thumbnail and its cover
		t.Errorf("%d deleted, error %v", n, err)
	}
	if n := len(server3.Objects(t)); n != 1 {
		t.Errorf("%d objects are left", n)
	}
}
