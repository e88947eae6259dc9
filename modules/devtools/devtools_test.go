package devtools_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"taskstack.org/modules/devtools"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

type noAssets struct{}

func (noAssets) URL(name string) (string, error) { return name, nil }

func (noAssets) Scripts(...string) ([]string, error) { return nil, nil }

func handler(t *testing.T, outbox *mail.Outbox, development bool) http.Handler {
	t.Helper()
	catalogue, err := i18n.New()
	must(t, err)
	pages := views.New()
	must(t, pages.Load(os.DirFS("testdata/templates"), catalogue, noAssets{}))
	sessions, err := session.New("a secret for tests", false)
	must(t, err)
	r, err := web.New(web.Options{Views: pages, Sessions: sessions, Log: slog.New(slog.DiscardHandler), Development: development, Authenticate: web.NoViewer})
	must(t, err)
	devtools.New(module.Deps{Outbox: outbox}).Routes(r)
	h, err := r.Handler()
	must(t, err)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newOutbox(t *testing.T) *mail.Outbox {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	outbox, err := mail.NewOutbox(t.TempDir(), "no-reply@taskstack.example", func() time.Time { now = now.Add(time.Second); return now })
	must(t, err)
	t.Cleanup(func() { must(t, outbox.Close()) })
	return outbox
}

func get(t *testing.T, h http.Handler, path string, status int) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	req.Host, req.RemoteAddr = "127.0.0.1:5000", "127.0.0.1:4"
	h.ServeHTTP(w, req)
	if w.Code != status {
		t.Fatalf("GET %s: %d, want %d\n%s", path, w.Code, status, w.Body)
	}
	return w
}

func page(t *testing.T, w *httptest.ResponseRecorder) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(w.Body)
	must(t, err)
	return doc
}

func TestOutbox(t *testing.T) {
	outbox := newOutbox(t)
	h := handler(t, outbox, true)
	if n := page(t, get(t, h, "/dev/outbox", http.StatusOK)).Find("li, h1").Length(); n != 0 {
		t.Errorf("%d entries in an empty outbox", n)
	}
	for _, subject := range []string{"First", "Second <b>"} {
		must(t, outbox.Send(t.Context(), mail.Message{
			To: "bob@example.org", Subject: subject, Text: "Hello <i>\n", HTML: "<html><head><title>x</title></head><body><script>alert(1)</script></body></html>",
		}))
	}
	entries := page(t, get(t, h, "/dev/outbox", http.StatusOK)).Find("li a")
	if entries.Length() != 2 || entries.First().Text() != "Second <b>" {
		t.Fatalf("entries: %s", entries.Text())
	}
	open := entries.First().AttrOr("href", "")
	doc := page(t, get(t, h, open, http.StatusOK))
	if doc.Find("h1").Text() != "Second <b>" || !strings.Contains(doc.Find("pre").Text(), "bob@example.org") || !strings.Contains(doc.Find("pre").Text(), "Hello <i>") {
		t.Errorf("open mail: %s", doc.Text())
	}
	w := get(t, h, doc.Find("iframe").AttrOr("src", ""), http.StatusOK)
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'self'", "sandbox"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q lacks %s", policy, part)
		}
	}
	if strings.Contains(policy, "allow-scripts") || strings.Contains(policy, "script-src") || strings.Contains(policy, "allow-same-origin") {
		t.Errorf("policy %q lets a mail run", policy)
	}
	if !strings.Contains(w.Body.String(), `<base target="_top">`) {
		t.Error("links would open in the frame")
	}
	for _, id := range []string{"x", "20260301T120001.000000000Z-0000", "..%2f..%2fetc%2fpasswd"} {
		get(t, h, "/dev/outbox/"+id, http.StatusNotFound)
		get(t, h, "/dev/outbox/"+id+"/html", http.StatusNotFound)
	}
	get(t, h, "/dev/components", http.StatusOK)
}

func TestNothingOfItInProduction(t *testing.T) {
	outbox := newOutbox(t)
	must(t, outbox.Send(t.Context(), mail.Message{To: "bob@example.org", Subject: "First", Text: "x", HTML: "x"}))
	all, err := outbox.List(t.Context())
	must(t, err)
	h := handler(t, outbox, false)
	for _, path := range []string{"/dev/outbox", "/dev/outbox/" + all[0].ID, "/dev/outbox/" + all[0].ID + "/html", "/dev/components"} {
		get(t, h, path, http.StatusNotFound)
	}
	get(t, handler(t, nil, true), "/dev/outbox", http.StatusNotFound)
}
