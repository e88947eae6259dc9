package s3_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/assets"
	"taskstack.org/platform/storage/s3"
)

// TestPublishIntoABucket publishes a bundle twice into a real bucket: types, encoding and
// caching are stored with each object.
func TestPublishIntoABucket(t *testing.T) {
	server := testenv.S3(t)
	bucket, err := s3.NewPublic(t.Context(), s3.Options{
		Bucket: server.Bucket, Region: server.Region, Endpoint: server.Endpoint, AccessKeyID: server.AccessKeyID, SecretAccessKey: server.SecretAccessKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := assets.New(fstest.MapFS{
		"dist/manifest.json":       {Data: []byte(`{"files":{"css/app.css":"css/app.AAAA.css"}}`)},
		"dist/css/app.AAAA.css":    {Data: []byte("body{color:red}")},
		"dist/css/app.AAAA.css.gz": {Data: []byte("gzip")},
		"dist/js/chunk.CCCC.js":    {Data: []byte("export {}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []assets.Published{{Written: 2}, {Kept: 2}} {
		if got, err := bundle.Publish(t.Context(), bucket, "1", time.Now()); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	if data, ok, err := bucket.Read(t.Context(), "js/chunk.CCCC.js"); err != nil || !ok || string(data) != "export {}" {
		t.Errorf("read %q, %v, %v", data, ok, err)
	}
	if _, ok, err := bucket.Read(t.Context(), "js/none.js"); err != nil || ok {
		t.Errorf("an object that is not there: %v, %v", ok, err)
	}
	head, err := s3.HeadOf(t.Context(), bucket, "css/app.AAAA.css")
	if err != nil || head != "text/css; charset=utf-8 gzip public, max-age=31536000, immutable" {
		t.Errorf("headers %q, %v", head, err)
	}
	if err := bucket.Delete(t.Context(), "js/chunk.CCCC.js"); err != nil {
		t.Fatal(err)
	}
	if left := strings.Join(server.Objects(t), " "); strings.Contains(left, filepath.Join("js", "chunk.CCCC.js")) || !strings.Contains(left, "releases.json") {
		t.Errorf("the bucket has %s", left)
	}
}
