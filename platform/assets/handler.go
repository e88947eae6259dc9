package assets

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// foreverCaching is for names that change with their content.
	foreverCaching = "public, max-age=31536000, immutable"
	// shortCaching is for names that are the contract's.
	shortCaching = "public, max-age=86400"
)

// Handler serves the bundle below Root to GET and HEAD. It lists no folders.
func (a *Assets) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name, below := strings.CutPrefix(r.URL.Path, Root)
		f := a.files[name]
		if !below || f == nil {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		f.serve(w, r)
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	// Everything here is public; a delivery network in front may serve it to
	// our pages, whose fonts and modules then need this.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", shortCaching)
	if f.immutable {
		h.Set("Cache-Control", foreverCaching)
	}
	if f.isPart() {
		DropPageHeaders(h)
	}
	encoding, b := f.choose(r.Header.Values("Accept-Encoding"))
	h.Set("ETag", b.etag)
	if (f.brotli.data != nil || f.gzip.data != nil) && !slices.Contains(h.Values("Vary"), "Accept-Encoding") {
		h.Add("Vary", "Accept-Encoding")
	}
	if encoding == "" {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.data))
		return
	}
	serveEncoded(w, r, encoding, b)
}

// isPart reports whether the file is only ever part of a page: a browser shows
// neither scripts nor styles nor fonts as documents that could do something.
func (f *file) isPart() bool {
	for _, kind := range []string{"text/javascript", "text/css", "font/"} {
		if strings.HasPrefix(f.contentType, kind) {
			return true
		}
	}
	return false
}

// DropPageHeaders removes what means something for documents only; a page of
// two dozen scripts would carry ten kilobytes of it.
func DropPageHeaders(h http.Header) {
	for _, name := range []string{"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy"} {
		h.Del(name)
	}
}

// serveEncoded sends a compressed body whole: a range of it is of no use.
func serveEncoded(w http.ResponseWriter, r *http.Request, encoding string, b body) {
	if matches(r.Header.Get("If-None-Match"), b.etag) {
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Encoding", encoding)
	w.Header().Set("Content-Length", strconv.Itoa(len(b.data)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(b.data) // the client may have left, and no one else is waiting
}

func matches(ifNoneMatch, etag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == "*" || candidate == etag {
			return true
		}
	}
	return false
}

// choose is the smallest form the client takes.
func (f *file) choose(accept []string) (encoding string, b body) {
	if f.brotli.data != nil && accepts(accept, "br") {
		return "br", f.brotli
	}
	if f.gzip.data != nil && accepts(accept, "gzip") {
		return "gzip", f.gzip
	}
	return "", f.plain
}

// accepts reads Accept-Encoding: "gzip, br;q=1.0, *;q=0". What is named itself
// counts before the star.
func accepts(headers []string, encoding string) bool {
	star := false
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
			switch coding = strings.TrimSpace(coding); {
			case strings.EqualFold(coding, encoding):
				return !refused(params)
			case coding == "*":
				star = !refused(params)
			}
		}
	}
	return star
}

func refused(params string) bool {
	q, ok := strings.CutPrefix(strings.ReplaceAll(strings.TrimSpace(params), " ", ""), "q=")
	if !ok {
		return false
	}
	weight, err := strconv.ParseFloat(q, 64)
	return err == nil && weight == 0
}
