package main

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

func TestDocuments(t *testing.T) {
	a := testApp(t, "TASKSTACK_OPERATOR_NAME=Example <Ltd>", "TASKSTACK_OPERATOR_ADDRESS=Street 1; 12345 Berlin", "TASKSTACK_OPERATOR_EMAIL=us@example.org",
		"TASKSTACK_OPERATOR_PHONE=+49 30 1", "TASKSTACK_OPERATOR_DETAILS=HRB 1", "TASKSTACK_LOG_DAYS=14", "TASKSTACK_HELP_EMAIL=desk@example.org")
	for _, tc := range []struct {
		paths  [2]string
		titles [2]string
		says   []string // in both languages
	}{
		{[2]string{"/privacy", "/datenschutz"}, [2]string{"Privacy", "Datenschutz"}, []string{"session", "lang", "theme", "board_head", "board_collapsed", "365", "14", "Example <Ltd>", "contact@tasks.example.org"}},
		{[2]string{"/imprint", "/impressum"}, [2]string{"Imprint", "Impressum"}, []string{"Example <Ltd>", "Street 1", "12345 Berlin", "us@example.org", "+49 30 1", "HRB 1", "MIT"}},
		{[2]string{"/help", "/hilfe"}, [2]string{"Help", "Hilfe"}, []string{"desk@example.org"}},
		{[2]string{"/contact", "/kontakt"}, [2]string{"Contact", "Kontakt"}, []string{"desk@example.org", "feedback@tasks.example.org", "contact@tasks.example.org"}},
		{[2]string{"/guide", "/anleitung"}, [2]string{"Guide", "Anleitung"}, nil},
	} {
		for i, lang := range i18n.Languages() {
			for _, path := range tc.paths {
				rec, doc := get(t, a.handler, path, lang)
				if rec.Code != http.StatusOK || doc.Find("html").AttrOr("lang", "") != lang || doc.Find("h1").Text() != tc.titles[i] || doc.Find("title").Text() != tc.titles[i]+" · Taskstack" {
					t.Errorf("%s in %s: %d, %q, %q", path, lang, rec.Code, doc.Find("h1").Text(), doc.Find("title").Text())
				}
				text := doc.Find("main").Text()
				for _, says := range tc.says {
					if !strings.Contains(text, says) {
						t.Errorf("%s in %s does not say %s", path, lang, says)
					}
				}
				doc.Find("[src], link[href]").Each(func(_ int, s *goquery.Selection) {
					if address := s.AttrOr("src", s.AttrOr("href", "")); !strings.HasPrefix(address, "/static/") && !strings.HasPrefix(address, "/texts-") && address != "/app.webmanifest" {
						t.Errorf("%s loads %s", path, address)
					}
				})
				if doc.Find("main .notice-warning").Not(".noScript").Length() != 0 {
					t.Errorf("%s asks for an operator who is known", path)
				}
			}
		}
	}
}

// A server without a description of its operator says so, and what to set.
func TestDocumentsOfAnUnknownOperator(t *testing.T) {
	a := testApp(t)
	for _, path := range []string{"/privacy", "/imprint"} {
		_, doc := get(t, a.handler, path, "en")
		if hint := doc.Find("main .notice-warning").Not(".noScript").Text(); !strings.Contains(hint, "TASKSTACK_OPERATOR_NAME") {
			t.Errorf("%s: hint %q", path, hint)
		}
		if doc.Find(".operator").Length() != 0 {
			t.Errorf("%s shows an empty address", path)
		}
	}
}

func TestTheGuideIsDrawn(t *testing.T) {
	_, doc := get(t, testApp(t).handler, "/guide", "de")
	pictures := doc.Find(`main li [role="img"]`)
	if steps := doc.Find("main ol > li"); steps.Length() < 3 || pictures.Length() != steps.Length() {
		t.Errorf("%d steps, %d pictures", steps.Length(), pictures.Length())
	}
	pictures.Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("aria-label", "") == "" {
			t.Error("a picture says nothing to those who do not see it")
		}
	})
}

func TestTheLandingPageHasItsFourParts(t *testing.T) {
	a := testApp(t)
	for _, lang := range i18n.Languages() {
		_, doc := get(t, a.handler, "/", lang)
		parts := doc.Find("main > section")
		if parts.Length() != 4 || parts.First().Find("h1").Length() != 1 || doc.Find(`main [role="img"]`).Length() < 4 {
			t.Errorf("%s: %d parts", lang, parts.Length())
		}
		if parts.Last().Find(`a[href="/signup"]`).Length() != 1 || !strings.Contains(parts.Eq(2).Text(), "Beta") {
			t.Errorf("%s: no beta note, or the last part leads nowhere", lang)
		}
	}
}

// Every error is the same page with its own number and words, and a way home
// (defect H21).
func TestErrorPages(t *testing.T) {
	h := failing(t, map[string]error{
		"400": errs.Of(errs.Invalid), "403": errs.Of(errs.Forbidden), "404": errs.Of(errs.NotFound), "409": errs.Of(errs.Conflict),
		"413": errs.Of(errs.TooLarge), "419": errs.Of(errs.StaleToken), "429": errs.Of(errs.RateLimited), "500": errs.Of(errs.Internal),
		"503": errs.Of(errs.Unavailable),
	})
	headings := map[string]bool{}
	for _, lang := range i18n.Languages() {
		for _, status := range []int{400, 403, 404, 405, 409, 413, 419, 429, 500, 503} {
			number := strconv.Itoa(status)
			rec, doc := get(t, h, "/fail/"+number, lang)
			if rec.Code != status || doc.Find(".errorNumber").Text() != number || doc.Find("title").Text() != doc.Find("h1").Text()+" · Taskstack" {
				t.Errorf("%d in %s: %d, title %q", status, lang, rec.Code, doc.Find("title").Text())
			}
			heading := doc.Find("h1").Text()
			if headings[heading] || heading == "" || doc.Find(".errorText").First().Text() == "" || doc.Find("html").AttrOr("lang", "") != lang {
				t.Errorf("%d in %s: heading %q", status, lang, heading)
			}
			headings[heading] = true
			if doc.Find(`main a[href="/"]`).Length() != 1 || doc.Find("header, footer").Length() != 2 {
				t.Errorf("%d in %s: no way home", status, lang)
			}
		}
	}
}

// failing answers each path below /fail with an error, by the real templates;
// /fail/405 takes forms only.
func failing(t *testing.T, errors map[string]error) http.Handler {
	t.Helper()
	sessions, err := session.New(strings.Repeat("s", 32), false)
	if err != nil {
		t.Fatal(err)
	}
	pages := views.New()
	if _, err := embeddedSource().load(pages, testApp(t).modules.All(), ""); err != nil {
		t.Fatal(err)
	}
	router, err := web.New(web.Options{Views: pages, Sessions: sessions, Log: slog.New(slog.DiscardHandler), Authenticate: web.NoViewer})
	if err != nil {
		t.Fatal(err)
	}
	for number, failure := range errors {
		router.GET("/fail/"+number, func(*web.Context) error { return failure })
	}
	router.POST("/fail/405", func(*web.Context) error { return nil })
	h, err := router.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}
