package assets_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"taskstack.org/platform/assets"
)

func bundle() fstest.MapFS {
	return fstest.MapFS{
		"dist/manifest.json":          {Data: []byte(`{"files":{"css/app.css":"css/app.AAAA.css","img/group.png":"img/group.BBBB.png","js/fallback.js":"js/fallback.DDDD.js"}}`)},
		"dist/README.md":              {Data: []byte("about")},
		"dist/.gitignore":             {Data: []byte("*")},
		"dist/css/app.AAAA.css":       {Data: []byte("body{color:red}")},
		"dist/css/app.AAAA.css.br":    {Data: []byte("brotli")},
		"dist/css/app.AAAA.css.gz":    {Data: []byte("gzip")},
		"dist/js/chunk.CCCC.js":       {Data: []byte("export {}")},
		"dist/js/fallback.DDDD.js":    {Data: []byte("fallback")},
		"dist/img/group.BBBB.png":     {Data: []byte("png")},
		"dist/img/group.png":          {Data: []byte("png")},
		"dist/default_avatar/a1x.png": {Data: []byte("a")},
	}
}

func open(t *testing.T, options ...assets.Option) *assets.Assets {
	t.Helper()
	a, err := assets.New(bundle(), options...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ base, want string }{
		{"", "/static/css/app.AAAA.css"},
		{"https://cdn.example.org/x/", "https://cdn.example.org/x/css/app.AAAA.css"},
	} {
		got, err := open(t, assets.BaseURL(c.base)).URL("css/app.css")
		if err != nil || got != c.want {
			t.Errorf("base %q: got %q, %v", c.base, got, err)
		}
	}
	if _, err := open(t).URL("css/none.css"); err == nil {
		t.Error("an unknown name must be an error")
	}
}

func TestNewWithoutBundle(t *testing.T) {
	_, err := assets.New(fstest.MapFS{"dist/README.md": {Data: []byte("about")}})
	if !errors.Is(err, assets.ErrNotBundled) || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("got %v", err)
	}
	half := bundle()
	delete(half, "dist/css/app.AAAA.css")
	if _, err := assets.New(half); err == nil {
		t.Error("a manifest that names a missing file must be an error")
	}
	broken := bundle()
	broken["dist/manifest.json"] = &fstest.MapFile{Data: []byte("{")}
	if _, err := assets.New(broken); err == nil {
		t.Error("a broken manifest must be an error")
	}
}

func TestHandler(t *testing.T) {
	h := open(t).Handler()
	forever, day := "public, max-age=31536000, immutable", "public, max-age=86400"
	for _, c := range []struct {
		name, method, path, accept      string
		status                          int
		body, encoding, caching, medium string
	}{
		{"brotli first", "GET", "/static/css/app.AAAA.css", "gzip, deflate, br", 200, "brotli", "br", forever, "text/css; charset=utf-8"},
		{"gzip", "GET", "/static/css/app.AAAA.css", "gzip", 200, "gzip", "gzip", forever, "text/css; charset=utf-8"},
		{"brotli refused", "GET", "/static/css/app.AAAA.css", "br;q=0, gzip;q=0.5", 200, "gzip", "gzip", forever, "text/css; charset=utf-8"},
		{"anything", "GET", "/static/css/app.AAAA.css", "*", 200, "brotli", "br", forever, "text/css; charset=utf-8"},
		{"nothing", "GET", "/static/css/app.AAAA.css", "identity, *; q=0", 200, "body{color:red}", "", forever, "text/css; charset=utf-8"},
		{"no header", "GET", "/static/css/app.AAAA.css", "", 200, "body{color:red}", "", forever, "text/css; charset=utf-8"},
		{"head", "HEAD", "/static/css/app.AAAA.css", "br", 200, "", "br", forever, "text/css; charset=utf-8"},
		{"chunk", "GET", "/static/js/chunk.CCCC.js", "br", 200, "export {}", "", forever, "text/javascript; charset=utf-8"},
		{"contract name", "GET", "/static/img/group.png", "br", 200, "png", "", day, "image/png"},
		{"hashed picture", "GET", "/static/img/group.BBBB.png", "", 200, "png", "", forever, "image/png"},
		{"avatar", "GET", "/static/default_avatar/a1x.png", "", 200, "a", "", day, "image/png"},
		{"unknown", "GET", "/static/none.js", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"folder", "GET", "/static/css/", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"root", "GET", "/static/", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"manifest", "GET", "/static/manifest.json", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"readme", "GET", "/static/README.md", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"compressed form by name", "GET", "/static/css/app.AAAA.css.br", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"traversal", "GET", "/static/../static/css/app.AAAA.css", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"elsewhere", "GET", "/css/app.AAAA.css", "", 404, "no such file\n", "", "no-store", "text/plain; charset=utf-8"},
		{"post", "POST", "/static/css/app.AAAA.css", "", 405, "method not allowed\n", "", "", "text/plain; charset=utf-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil)
			if c.accept != "" {
				r.Header.Set("Accept-Encoding", c.accept)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Header()
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("got %d %q", w.Code, w.Body)
			}
			if got.Get("Content-Encoding") != c.encoding || got.Get("Cache-Control") != c.caching || got.Get("Content-Type") != c.medium {
				t.Errorf("headers %v", got)
			}
		})
	}
}

func TestHandlerNotModified(t *testing.T) {
	h := open(t).Handler()
	etags := map[string]bool{}
	for _, encoding := range []string{"br", "gzip", "identity"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/static/css/app.AAAA.css", nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		etag := w.Header().Get("ETag")
		etags[etag] = true
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary is %q", encoding, w.Header().Get("Vary"))
		}
		r.Header.Set("If-None-Match", `"other", W/`+etag)
		w = httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s: got %d with %d bytes", encoding, w.Code, w.Body.Len())
		}
	}
	if len(etags) != 3 {
		t.Errorf("each encoding needs its own ETag, got %v", etags)
	}
}
