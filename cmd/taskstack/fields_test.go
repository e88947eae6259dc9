package main

import (
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

// TestFieldsNameTheirHints: what a screen reader says at a field, and how the
// keyboard of a phone writes into it.
func TestFieldsNameTheirHints(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	w := s.walk(projects.SignedOut)
	notes := 0
	for _, path := range []string{"/login", "/signup", "/forgot-password"} {
		doc, _ := w.open(http.MethodGet, path, "", nil)
		if doc == nil {
			t.Fatalf("no page %s", path)
		}
		doc.Find(".fieldNote[id]").Each(func(_ int, note *goquery.Selection) {
			notes++
			id := note.AttrOr("id", "")
			if doc.Find(`input[aria-describedby="`+id+`"]`).Length() != 1 {
				t.Errorf("%s: no field names its hint %s", path, id)
			}
		})
	}
	if notes < 3 {
		t.Errorf("%d fields have hints", notes)
	}
	doc, _ := w.open(http.MethodGet, "/login", "", nil)
	doc.Find("#f-username, #f-password").Each(func(_ int, field *goquery.Selection) {
		if field.AttrOr("autocapitalize", "") != "none" || field.AttrOr("autocorrect", "") != "off" {
			t.Errorf("keyboards change what is typed into %s", field.AttrOr("name", ""))
		}
	})
	if doc.Find("#f-username").Length() != 1 || doc.Find("#f-password").Length() != 1 {
		t.Error("the log-in has other fields")
	}
}
