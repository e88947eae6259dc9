package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

func TestASlashAtTheEndLeadsToThePage(t *testing.T) {
	r := testRouter(t, web.Options{})
	ok := func(c *web.Context) error { return c.JSON(200, 1) }
	r.GET("/", ok)
	r.GET("/login", ok)
	r.POST("/login", ok)
	r.GET("/:user", ok)
	r.GET("/:user/:project", ok)
	for _, tt := range []struct {
		method, path string
		status       int
		location     string
	}{
		{"GET", "/", 200, ""},
		{"GET", "/login", 200, ""},
		{"GET", "/login/", 308, "/login"},
		{"HEAD", "/login/", 308, "/login"},
		{"GET", "/login/?continue=%2Fana%2F", 308, "/login?continue=%2Fana%2F"},
		{"GET", "/ana/", 308, "/ana"},
		{"GET", "/ana/board/", 308, "/ana/board"},
		{"GET", "/ana/board//", 308, "/ana/board"},
		{"GET", "/%C3%BCbung/", 308, "/%C3%BCbung"},
		{"GET", "/nothing/at/all/", 308, "/nothing/at/all"},
		{"GET", "/nothing/at/all", 404, ""},
		{"GET", "//evil.example/", 308, "/evil.example"},
		{"GET", "/\\evil.example/", 308, "/%5Cevil.example"},
		{"GET", "///", 404, ""},
		{"POST", "/login/", 404, ""},
	} {
		req := httptest.NewRequest(tt.method, "/", nil)
		req.URL, _ = req.URL.Parse("http://x/")
		path, query, _ := strings.Cut(tt.path, "?")
		unescaped := strings.ReplaceAll(path, "%C3%BC", "ü")
		req.URL.Path, req.URL.RawQuery = unescaped, query
		status, _, header := serve(t, r, req)
		if status != tt.status || header.Get("Location") != tt.location {
			t.Errorf("%s %s: %d %q, want %d %q", tt.method, tt.path, status, header.Get("Location"), tt.status, tt.location)
		}
	}
}

func TestAnOutdatedFormIsReturned(t *testing.T) {
	r, ran := tokenRouter(t, &views.Viewer{ID: 1, Token: "right"})
	post := func(contentType, body string) string {
		req := httptest.NewRequest(http.MethodPost, "/x?continue=%2Fa", strings.NewReader(body))
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Accept", "text/html")
		status, answer, _ := serve(t, r, req)
		if status != 419 || len(*ran) != 0 {
			t.Fatalf("%d, ran %v", status, *ran)
		}
		return answer
	}
	if got := post(formType, "token=old&name=%3Cb%3E%22&desc=one&desc=two"); !strings.HasSuffix(got, `again=/x?continue=%2Fa desc=one;desc=two;name=&lt;b&gt;&#34;;`) {
		t.Error(got)
	}
	for name, body := range map[string]string{
		"with a password": "token=old&name=a&newPassword=secret", "too long": "token=old&name=" + strings.Repeat("n", 16<<10), "nothing": "",
	} {
		if got := post(formType, body); strings.Contains(got, "again=") || strings.Contains(got, "secret") {
			t.Errorf("%s: %.200s", name, got)
		}
	}
}
