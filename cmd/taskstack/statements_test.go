package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/session"
)

// TestPagesKeepToTheirStatements holds whole requests to their budget: with who
// asks, and what the frame around the page needs.
func TestPagesKeepToTheirStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		var log bytes.Buffer
		cfg, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4"}, "")
		mustBeNil(t, err)
		a, err := newApp(t.Context(), cfg, slog.New(slog.NewTextHandler(&log, nil)), time.Now)
		mustBeNil(t, err)
		t.Cleanup(func() { mustBeNil(t, a.Close()) })
		sessions, err := session.New(string(cfg.SecretKey), false)
		mustBeNil(t, err)
		by, cookie := accounts.MakeLogin(t, a.db, sessions, accounts.MakeUser(t, a.db, "olive"))
		p, err := a.domain.projects.Create(t.Context(), by, projects.Draft{Name: "board"})
		mustBeNil(t, err)
		list := lists.MakeList(t, a.domain.lists.Service, by, p.ID, "list")
		cards.MakeCard(t, a.domain.cards.Service, by, p.ID, list, "card")
		for path, most := range map[string]int{p.URL(): 12, "/": 12} {
			log.Reset()
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			req.AddCookie(cookie)
			answer := httptest.NewRecorder()
			a.handler.ServeHTTP(answer, req)
			m := regexp.MustCompile(`statements=(\d+)`).FindStringSubmatch(log.String())
			if answer.Code != http.StatusOK || m == nil {
				t.Fatalf("%s: %d, %s", path, answer.Code, log.String())
			}
			if n, err := strconv.Atoi(m[1]); err != nil || n > most {
				t.Errorf("%s: %d statements, at most %d are wanted", path, n, most)
			}
		}
	})
}

func mustBeNil(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
