package history_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/history"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

func historyOf(w *boardtest.World) *history.Module { return boardtest.Feature[*history.Module](w) }

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestEachThingThatHappensIsOneRow goes through everything the contract lists,
// with what was wrong in the Flask application: names of all cards once (D26),
// files of deleted cards (D26), names longer than the old column (D27).
func TestEachThingThatHappensIsOneRow(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		long := map[string][]byte{}
		for i := range 8 {
			long[strings.Repeat("ü", 127)+fmt.Sprint(i)] = []byte("x")
		}
		a, _, err := w.Lists.Create(ctx, projects.By(w.Owner, p), lists.Draft{Name: "A", Desc: "first", Files: long})
		noError(t, err)
		b := lists.MakeList(t, w.Lists.Service, w.Owner, p, "B")
		card, _, err := w.Cards.Create(ctx, projects.By(w.Owner, p), a, cards.Draft{
			Name: "one", Desc: "d", Files: map[string][]byte{"x, y": {1}, "z": {2}}, Members: []int64{w.Admin.UserID, w.Reader.UserID, w.Stranger.UserID},
		})
		noError(t, err)
		second := cards.MakeCard(t, w.Cards.Service, w.Admin, p, a, "two")
		_, err = w.Cards.Move(ctx, projects.By(w.Owner, p), second, a, 0) // same list: no entry
		noError(t, err)
		_, err = w.Cards.MoveMany(ctx, projects.By(w.Owner, p), []int64{card, second}, b, 0)
		noError(t, err)
		_, err = w.Cards.Edit(ctx, projects.By(w.Owner, p), card, cards.Edit{Name: "renamed", Desc: "d"}) // snapshots do not change
		noError(t, err)
		_, err = w.Cards.Delete(ctx, projects.By(w.Owner, p), card)
		noError(t, err)
		_, err = w.Lists.Delete(ctx, projects.By(w.Owner, p), b)
		noError(t, err)

		counting, n := db.CountStatements(ctx)
		all, err := historyOf(w).Of(counting, w.Reader, "olive", "board", history.Filter{})
		noError(t, err)
		if n.Load() > 9 {
			t.Errorf("%d statements", n.Load())
		}
		raw, err := json.Marshal(all)
		noError(t, err)
		var got []map[string]any
		noError(t, json.Unmarshal(raw, &got))
		byKind := map[string][]map[string]any{}
		for _, e := range got {
			kind, _ := e["type"].(string)
			at, err := time.Parse(http.TimeFormat, fmt.Sprint(e["datetime"]))
			if err != nil || time.Since(at) > time.Minute || at.Location() != time.UTC {
				t.Errorf("datetime %v", e["datetime"])
			}
			if name := e["userName"]; name != "olive" && name != "adam" {
				t.Errorf("done by %v", name)
			}
			for _, key := range []string{"type", "datetime", "userId", "userName", "cursor"} {
				delete(e, key)
			}
			byKind[kind] = append(byKind[kind], e)
		}
		names := make([]string, 0, 8)
		for i := range 8 {
			names = append(names, strings.Repeat("ü", 127)+fmt.Sprint(i))
		}
		type row = map[string]any
		want := map[string][]map[string]any{
			"historyListCreated_event": {
				row{"id": float64(a), "name": "A", "listDesc": "first", "attachedFilesNames": strings.Join(names, ", ")},
				row{"id": float64(b), "name": "B", "listDesc": "", "attachedFilesNames": ""},
			},
			"historyListDeleted_event": {
				row{"id": float64(b), "name": "B", "listDesc": "", "attachedFilesNames": "", "deletedCardsNames": "two"},
			},
			"historyCardCreated_event": {
				row{"id": float64(card), "name": "one", "cardDesc": "d", "attachedFilesNames": "x, y, z", "membersNames": "adam, rita", "listName": "A"},
				row{"id": float64(second), "name": "two", "cardDesc": "", "attachedFilesNames": "", "membersNames": "", "listName": "A"},
			},
			"historyCardDeleted_event": {
				row{"id": float64(card), "name": "renamed", "cardDesc": "d", "attachedFilesNames": "x, y, z", "membersNames": "adam, rita", "listName": "B"},
			},
			"historyCardChangedList_event": {
				row{"id": float64(second), "name": "two", "oldListName": "A", "newListName": "B"},
				row{"id": float64(card), "name": "one", "oldListName": "A", "newListName": "B"},
			},
		}
		for kind, rows := range want {
			if !reflect.DeepEqual(byKind[kind], rows) {
				t.Errorf("%s:\n%v, want\n%v", kind, byKind[kind], rows)
			}
		}
		if len(byKind) != len(want) {
			t.Errorf("kinds %d", len(byKind))
		}
	})
}

// TestWhoSeesTheHistory asks over HTTP; visitors of a public project get 404.
func TestWhoSeesTheHistory(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	w.MakeProject(t, "public", false)
	people := map[string]accounts.Actor{"owner": w.Owner, "admin": w.Admin, "reader": w.Reader, "stranger": w.Stranger, "nobody": w.Nobody}
	r, err := web.New(web.Options{
		Views: w.Deps.Views, Sessions: w.Deps.Sessions, Log: slog.New(slog.DiscardHandler), PublicURL: boardtest.PublicURL,
		Authenticate: func(c *web.Context) (*views.Viewer, error) {
			c.SetCtx(accounts.WithActor(c.Ctx(), people[c.GetHeader("X-Who")]))
			return nil, nil
		},
	})
	noError(t, err)
	w.Projects.Routes(r) // the same parameters' names, or the router refuses
	w.Files.Routes(r)
	historyOf(w).Routes(r)
	h, err := r.Handler()
	noError(t, err)
	s := httptest.NewServer(h)
	defer s.Close()
	for path, want := range map[string]map[string]int{
		"/olive/board/history":   {"owner": 200, "admin": 200, "reader": 200, "stranger": 404, "nobody": 404},
		"/olive/public/history":  {"owner": 200, "admin": 200, "reader": 200, "stranger": 404, "nobody": 404},
		"/olive/nothing/history": {"owner": 404, "nobody": 404},
		"/nobody/board/history":  {"owner": 404},
	} {
		for who, status := range want {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
			noError(t, err)
			req.Header.Set("X-Who", who)
			req.Header.Set("Accept", "application/json")
			res, err := http.DefaultClient.Do(req)
			noError(t, err)
			body, err := io.ReadAll(res.Body)
			noError(t, err)
			noError(t, res.Body.Close())
			if res.StatusCode != status || status == 200 && strings.TrimSpace(string(body)) != "[]" {
				t.Errorf("%s, %s: %d %s", path, who, res.StatusCode, body)
			}
		}
	}
}
