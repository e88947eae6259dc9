package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"taskstack.org/platform/i18n"
)

// TestTheSiteCanBeInstalled checks what browsers ask of a site before they offer
// to install it: a manifest that every page links to, with icons of these sizes.
func TestTheSiteCanBeInstalled(t *testing.T) {
	a := testApp(t)
	ask := func(path, lang string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		req.AddCookie(&http.Cookie{Name: "lang", Value: lang})
		answer := httptest.NewRecorder()
		a.handler.ServeHTTP(answer, req)
		return answer
	}
	descriptions := map[string]bool{}
	for _, lang := range i18n.Languages() {
		for _, page := range []string{"/", "/login"} {
			if _, doc := get(t, a.handler, page, lang); doc.Find(`head link[rel="manifest"][href="/app.webmanifest"]`).Length() != 1 || doc.Find(`head meta[name="theme-color"][media]`).Length() != 2 {
				t.Errorf("%s in %s: no manifest, or no colours", page, lang)
			}
		}
		answer := ask("/app.webmanifest", lang)
		var m struct {
			Name, Description, Lang, Display string
			StartURL                         string `json:"start_url"`
			Icons                            []struct{ Src, Sizes, Type, Purpose string }
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &m); err != nil || answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "application/manifest+json" {
			t.Fatalf("%d, %s, %v", answer.Code, answer.Header().Get("Content-Type"), err)
		}
		if m.Name != "Taskstack" || m.Lang != lang || m.Display != "standalone" || m.StartURL != "/" {
			t.Errorf("%+v", m)
		}
		descriptions[m.Description] = true
		seen := map[string]bool{}
		for _, icon := range m.Icons {
			seen[icon.Sizes+" "+icon.Purpose] = true
			file := ask(icon.Src, lang)
			if file.Code != http.StatusOK || file.Header().Get("Content-Type") != icon.Type {
				t.Errorf("%s: %d, %s", icon.Src, file.Code, file.Header().Get("Content-Type"))
			}
			if icon.Type != "image/png" {
				continue
			}
			drawn, err := png.Decode(bytes.NewReader(file.Body.Bytes()))
			mustBeNil(t, err)
			if size := drawn.Bounds().Size(); fmt.Sprintf("%dx%d", size.X, size.Y) != icon.Sizes {
				t.Errorf("%s is %v", icon.Sizes, size)
			}
			// Only a maskable icon is cut by the system: it has a background in its corners.
			if _, _, _, alpha := drawn.At(1, 1).RGBA(); (alpha == 0xffff) != (icon.Purpose == "maskable") {
				t.Errorf("%s %s: a corner of opacity %d", icon.Sizes, icon.Purpose, alpha)
			}
		}
		for _, want := range []string{"any any", "192x192 any", "512x512 any", "512x512 maskable"} {
			if !seen[want] {
				t.Errorf("no icon %s among %v", want, seen)
			}
		}
	}
	if len(descriptions) != len(i18n.Languages()) {
		t.Errorf("descriptions: %v", descriptions)
	}
}
