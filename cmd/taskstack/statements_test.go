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
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/module"
	"taskstack.org/platform/session"
)

// The budgets of pages, with the person who asks and with what every page shows,
// are a base and one statement for each part that a module adds. The start page has
// read what its bell counts.
const (
	boardStatements = 9
	homeStatements  = 7
)

// TestPagesKeepToTheirStatements holds whole requests to their budget. A page
// that exceeds it asks the database once per row, or a part takes more than one
// statement.
func TestPagesKeepToTheirStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		var log bytes.Buffer
		cfg, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4"}, "")
		mustBeNil(t, err)
		a, err := newApp(t.Context(), cfg, slog.New(slog.NewTextHandler(&log, nil)), time.Now, testPages(t, cfg))
		mustBeNil(t, err)
		t.Cleanup(func() { mustBeNil(t, a.Close()) })
		sessions, err := session.New(string(cfg.SecretKey), false)
		mustBeNil(t, err)
		by, cookie := auth.MakeLogin(t, a.db, sessions, accounts.MakeUser(t, a.db, "olive"))
		p, err := a.modules.Projects.Create(t.Context(), by, projects.Draft{Name: "board"})
		mustBeNil(t, err)
		list := lists.MakeList(t, a.modules.Lists.Service, by, p.ID, "list")
		cards.MakeCard(t, a.modules.Cards.Service, by, p.ID, list, "card")
		boardParts, sharedParts, homeCounts := a.modules.Projects.Contributions()
		budget := map[string]int{
			p.URL(): boardStatements + boardParts + sharedParts + len(a.modules.Cards.PartNames()),
			"/":     homeStatements + homeCounts,
		}
		for _, m := range a.modules.All() {
			if _, ok := m.(module.HomeGuest); ok {
				budget["/"]++
			}
			if _, ok := m.(module.NotificationChooser); ok {
				budget["/"]++
			}
		}
		for path, most := range budget {
			log.Reset()
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			req.AddCookie(cookie)
			answer := httptest.NewRecorder()
			a.handler.ServeHTTP(answer, req)
			if path == "/" && answer.Code == http.StatusFound {
				continue // without the module of the start page
			}
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
