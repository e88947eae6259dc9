package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
)

// demoApp is the program with the demo data, on SQLite.
func demoApp(tb testing.TB) *app {
	tb.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + tb.TempDir(), "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off",
	}, "")
	if err != nil {
		tb.Fatal(err)
	}
	if err := demo(tb.Context(), cfg, testPages(tb, cfg), io.Discard, io.Discard); err != nil {
		tb.Fatal(err)
	}
	a, err := newApp(tb.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(tb, cfg))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := a.Close(); err != nil {
			tb.Error(err)
		}
	})
	return a
}

func logIn(tb testing.TB, a *app, name string) string {
	tb.Helper()
	form := url.Values{"username": {name}, "password": {demoPassword}}
	req := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, req)
	if rec.Code != http.StatusFound {
		tb.Fatalf("log in: %d", rec.Code)
	}
	cookie, _, _ := strings.Cut(rec.Header().Get("Set-Cookie"), ";")
	return cookie
}

// BenchmarkPages is for profiles (-cpuprofile); what is published comes from
// make bench, which measures the whole process.
func BenchmarkPages(b *testing.B) {
	a := demoApp(b)
	cookie := logIn(b, a, "dmitri")
	for _, tt := range []struct{ name, path, accept string }{
		{"largeBoard", "/dmitri/hardware-release", "text/html"},
		{"snapshot", "/dmitri/hardware-release", "application/json"},
		{"home", "/", "text/html"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest(http.MethodGet, tt.path, nil)
				req.Header.Set("Cookie", cookie)
				req.Header.Set("Accept", tt.accept)
				rec := httptest.NewRecorder()
				a.handler.ServeHTTP(rec, req)
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}

// BenchmarkMove is a card that goes to and fro between two lists, with no one
// watching.
func BenchmarkMove(b *testing.B) {
	a := demoApp(b)
	ctx := b.Context()
	by, err := a.modules.Accounts.ByName(ctx, "dmitri")
	if err != nil {
		b.Fatal(err)
	}
	actor := accounts.Actor{UserID: by.ID, Name: by.Name}
	p, err := a.modules.Projects.AccessByPath(ctx, actor, "dmitri", "hardware-release")
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]int64, 2)
	for i := range ids {
		if ids[i], _, err = a.modules.Lists.Create(ctx, projects.By(actor, p.ID), lists.Draft{Name: "Here"}); err != nil {
			b.Fatal(err)
		}
	}
	card, _, err := a.modules.Cards.Create(ctx, projects.By(actor, p.ID), ids[1], cards.Draft{Name: "Wanderer"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := a.modules.Cards.Move(ctx, projects.By(actor, p.ID), card, ids[i%2], 0); err != nil {
			b.Fatal(err)
		}
	}
}
