package assets_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"taskstack.org/platform/assets"
)

// memoryBucket is a bucket in memory that fails after some writes and deletions.
type memoryBucket struct {
	objects map[string]assets.Object
	left    int
}

var errAway = errors.New("the bucket is away")

func (b *memoryBucket) take() error {
	if b.left == 0 {
		return errAway
	}
	b.left--
	return nil
}

func (b *memoryBucket) Names(context.Context) (map[string]bool, error) {
	names := map[string]bool{}
	for name := range b.objects {
		names[name] = true
	}
	return names, nil
}

func (b *memoryBucket) Read(_ context.Context, name string) ([]byte, bool, error) {
	o, ok := b.objects[name]
	return o.Data, ok, nil
}

func (b *memoryBucket) Write(_ context.Context, o assets.Object) error {
	if err := b.take(); err != nil {
		return err
	}
	b.objects[o.Name] = o
	return nil
}

func (b *memoryBucket) Delete(_ context.Context, name string) error {
	if err := b.take(); err != nil {
		return err
	}
	delete(b.objects, name)
	return nil
}

// releaseOf is a bundle whose script has a hash of its own.
func releaseOf(t *testing.T, hash string) *assets.Assets {
	t.Helper()
	files := bundle()
	files["dist/js/app."+hash+".js"] = &fstest.MapFile{Data: []byte(hash)}
	a, err := assets.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// scripts are the scripts in the bucket that only one release has.
func (b *memoryBucket) scripts() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(b.objects)) {
		if hash, ok := strings.CutPrefix(name, "js/app."); ok {
			all = append(all, strings.TrimSuffix(hash, ".js"))
		}
	}
	return strings.Join(all, " ")
}

func TestPublish(t *testing.T) {
	b := &memoryBucket{objects: map[string]assets.Object{"notes.txt": {}}, left: -1}
	for _, c := range []struct {
		release, scripts       string
		written, kept, deleted int
	}{
		{"A", "A", 5, 0, 0},
		{"A", "A", 0, 5, 0},
		{"B", "A B", 1, 4, 0},
		{"C", "B C", 1, 4, 1},
		{"B", "B C", 0, 5, 0}, // back to the one before
		{"D", "B D", 1, 4, 1},
	} {
		p, err := releaseOf(t, c.release).Publish(t.Context(), b, c.release, time.Now())
		if err != nil || (p != assets.Published{Written: c.written, Kept: c.kept, Deleted: c.deleted}) || b.scripts() != c.scripts {
			t.Errorf("release %s: %+v, %v; the bucket has %q, want %q", c.release, p, err, b.scripts(), c.scripts)
		}
	}
	if _, ok := b.objects["notes.txt"]; !ok {
		t.Error("another's object is gone")
	}
	css := b.objects["css/app.AAAA.css"]
	if css.Encoding != "gzip" || string(css.Data) != "gzip" || css.ContentType != "text/css; charset=utf-8" || css.CacheControl != "public, max-age=31536000, immutable" {
		t.Errorf("the styles are %+v", css)
	}
	if script := b.objects["js/chunk.CCCC.js"]; script.Encoding != "" || string(script.Data) != "export {}" {
		t.Errorf("a script without a compressed form is %+v", script)
	}
	for _, name := range []string{"img/group.png", "default_avatar/a1x.png"} {
		if _, ok := b.objects[name]; ok {
			t.Errorf("%s has no hash and is published", name)
		}
	}
}

// TestPublishIsCutOff: wherever a run ends, no file of the last two releases is
// missing, and the next run completes it.
func TestPublishIsCutOff(t *testing.T) {
	for after := range 8 {
		b := &memoryBucket{objects: map[string]assets.Object{}, left: -1}
		for _, r := range []string{"A", "B"} {
			if _, err := releaseOf(t, r).Publish(t.Context(), b, r, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		b.left = after
		_, err := releaseOf(t, "C").Publish(t.Context(), b, "C", time.Now())
		if cut := err != nil; cut && !strings.Contains(b.scripts(), "B") || !cut && b.scripts() != "B C" {
			t.Errorf("cut off after %d steps (%v), the bucket has %q", after, err, b.scripts())
		}
		b.left = -1
		if _, err := releaseOf(t, "C").Publish(t.Context(), b, "C", time.Now()); err != nil || b.scripts() != "B C" {
			t.Errorf("cut off after %d steps and run again: %q, %v", after, b.scripts(), err)
		}
	}
}

func TestCDN(t *testing.T) {
	own, remote := open(t), open(t, assets.BaseURL("https://cdn.example.org/x"))
	for _, c := range []struct {
		a                         *assets.Assets
		base, fallback, integrity string
	}{
		{own, "", "", ""},
		{remote, "https://cdn.example.org/x/", "/static/js/fallback.DDDD.js", "sha384-8U9HYzsHbf55cFZyiWIE29+QPYQ9WO+U5uT/ViFw0TOwM2Fbbb74ZegzRV/nvwrD"},
	} {
		base, fallback := c.a.CDN()
		url, err := c.a.URL("css/app.css")
		if err != nil || base != c.base || fallback != c.fallback {
			t.Errorf("base %q, fallback %q, %v", base, fallback, err)
		}
		if got := c.a.Integrity(url); got != c.integrity {
			t.Errorf("the integrity of %s is %q, want %q", url, got, c.integrity)
		}
		if got := c.a.Integrity("https://cdn.example.org/x/none.css"); got != "" {
			t.Errorf("a file that is not there has the integrity %q", got)
		}
	}
}
