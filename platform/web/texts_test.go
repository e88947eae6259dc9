package web_test

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// TestTextsOfScripts checks that browsers keep the texts with their version, and
// nothing else: during an update two servers have different texts.
func TestTextsOfScripts(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.GET("/page", func(c *web.Context) error { return c.Page(http.StatusOK, "x/texts", &textPage{}) }, web.Everyone)
	versions := map[string]bool{}
	for _, lang := range []string{"en", "de"} {
		_, url, _ := serve(t, r, get("/page", "Accept-Language", lang))
		_, version, _ := strings.Cut(url, "?v=")
		versions[version] = true
		for address, caching := range map[string]string{
			url:                   "public, max-age=31536000, immutable",
			views.TextsPath(lang): "no-store",
			views.TextsPath(lang) + "?v=of-other-texts": "no-store",
		} {
			status, body, header := serve(t, r, get(address))
			if status != http.StatusOK || header.Get("Cache-Control") != caching || header.Get("Content-Type") != "text/javascript; charset=utf-8" || header.Get("Content-Security-Policy") != "" {
				t.Errorf("%s: %d %v", address, status, header)
			}
			want := map[string]string{"en": "seen", "de": "gesehen"}[lang]
			if !strings.HasPrefix(body, `globalThis.taskstackTexts={"x.js.seen":"`+want+`"};`) {
				t.Errorf("%s: %s", address, body)
			}
		}
	}
	if len(versions) != 2 {
		t.Error("other texts must have another version")
	}
}
