package files_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

type answer struct {
	Status int
	OK     bool              `json:"ok"`
	Rev    int64             `json:"rev"`
	Error  string            `json:"error"`
	Fields map[string]string `json:"fields"`
	Retry  int               `json:"retryAfter"`
}

// post uploads body to path, whose query it makes of name and value pairs.
func post(t *testing.T, s *httptest.Server, who, path string, body io.Reader, size int64, query ...string) answer {
	t.Helper()
	q := url.Values{}
	for i := 0; i < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path+"?"+q.Encode(), body)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = size
	req.Header.Set("X-Who", who)
	req.Header.Set("X-Token", token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{Status: res.StatusCode}
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

func upload(t *testing.T, s *httptest.Server, who, path, content string, query ...string) answer {
	t.Helper()
	return post(t, s, who, path, strings.NewReader(content), int64(len(content)), query...)
}

func TestUploadAttachesLikeEvent(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		card, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "c", Desc: "d"})
		if err != nil {
			t.Fatal(err)
		}
		s := server(t, w, w.Files)
		for _, path := range []string{fmt.Sprintf("/files/cards/%d", card), fmt.Sprintf("/files/lists/%d", list)} {
			page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
			a := upload(t, s, "owner", path, "old", "name", "ä b.txt")
			if a.Status != 200 || !a.OK || a.Rev != rev+1 {
				t.Fatalf("%s: %+v", path, a)
			}
			w.Follow(t, page, w.Project, rev)
			if b := upload(t, s, "owner", path, "newer", "name", "ä b.txt", "replace", "1"); b.Status != 200 || b.Rev != rev+2 {
				t.Fatalf("%s: %+v", path, b)
			}
			if c := upload(t, s, "owner", path, "", "name", "empty"); c.Status != 200 || c.Rev != rev+3 {
				t.Fatalf("%s: %+v", path, c)
			}
		}
		of, err := w.Files.Of(t.Context(), files.OfCard, []int64{card})
		if err != nil || len(of[card]) != 2 {
			t.Fatalf("error %v, files %v", err, of)
		}
		if got := read(t, w, of[card][0].URL); got != "newer" {
			t.Errorf("it reads %q", got)
		}
		if n := len(w.Objects(t)); n != 4 {
			t.Errorf("%d objects, want two files of two owners", n)
		}
		page := w.Page(t, w.Project)
		if c := page.Lists[fmt.Sprint(list)].Cards[fmt.Sprint(card)]; c.Name != "c" || c.Desc != "d" {
			t.Errorf("the card is %+v", c)
		}
	})
}

// TestRefusedUploadStoresNothing asserts the limits of uploads by requests, in numbers.
func TestRefusedUploadStoresNothing(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		s := server(t, w, w.Files)
		makeCard := func(n int) int64 {
			id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "c", Files: contents(min(n, 8), 1)})
			if err != nil {
				t.Fatal(err)
			}
			for i := 8; i < n; i++ {
				if a := upload(t, s, "owner", fmt.Sprintf("/files/cards/%d", id), "x", "name", fmt.Sprintf("file %d", i)); a.Status != 200 {
					t.Fatalf("file %d: %+v", i, a)
				}
			}
			return id
		}
		seven, full, gone := makeCard(7), makeCard(20), makeCard(0)
		if _, err := w.Cards.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), gone); err != nil {
			t.Fatal(err)
		}
		objects, rev := fmt.Sprint(w.Objects(t)), w.Rev(t, w.Project)
		card := func(id int64) string { return fmt.Sprintf("/files/cards/%d", id) }
		for name, c := range map[string]struct {
			who, path string
			size      int
			query     []string
			status    int
			kind      string
		}{
			"signed out":          {"", card(seven), 3, []string{"name", "x"}, 401, "unauthenticated"},
			"a reader":            {"reader", card(seven), 3, []string{"name", "x"}, 403, "forbidden"},
			"a stranger":          {"stranger", card(seven), 3, []string{"name", "x"}, 404, "notFound"},
			"no such card":        {"owner", card(full + 100), 3, []string{"name", "x"}, 404, "notFound"},
			"a card in the trash": {"owner", card(gone), 3, []string{"name", "x"}, 404, "notFound"},
			"a list's id as card": {"stranger", card(list), 3, []string{"name", "x"}, 404, "notFound"},
			"another kind":        {"owner", fmt.Sprintf("/files/boards/%d", seven), 3, []string{"name", "x"}, 404, "notFound"},
			"no id":               {"owner", "/files/cards/0x1", 3, []string{"name", "x"}, 404, "notFound"},
			"the twenty-first":    {"owner", card(full), 3, []string{"name", "x"}, 422, "invalid"},
			"a name twice":        {"owner", card(seven), 3, []string{"name", "file 0"}, 409, "conflict"},
			"no name":             {"owner", card(seven), 3, nil, 422, "invalid"},
			"a path":              {"owner", card(seven), 3, []string{"name", "../x"}, 422, "invalid"},
			"a name of 129":       {"owner", card(seven), 3, []string{"name", strings.Repeat("ä", 129)}, 422, "invalid"},
			"a strange action id": {"owner", card(seven), 3, []string{"name", "x", "actionId", "short"}, 400, "invalid"},
			"50,000,001 bytes":    {"owner", card(seven), 50_000_001, []string{"name", "x"}, 413, "tooLarge"},
		} {
			a := post(t, s, c.who, c.path, bytes.NewReader(make([]byte, c.size)), int64(c.size), c.query...)
			if a.Status != c.status || a.Error != c.kind {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if got := fmt.Sprint(w.Objects(t)); got != objects || w.Rev(t, w.Project) != rev {
			t.Error("something was stored")
		}
		if a := post(t, s, "owner", card(seven), bytes.NewReader(make([]byte, 50_000_000)), 50_000_000, "name", "largest"); a.Status != 200 {
			t.Errorf("the largest file: %+v", a)
		}
		// Clients 2.x add none to a card that has more than eight.
		_, err := w.Cards.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), full, cards.Edit{Name: "c", Files: files.Changes{New: map[string][]byte{"x": {1}}}})
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("an event's file beside twenty: %v", err)
		}
	})
}

func TestRepeatedUploadIsIdempotent(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		s := server(t, w, w.Files)
		path := fmt.Sprintf("/files/lists/%d", list)
		rev := w.Rev(t, w.Project)
		var group sync.WaitGroup
		answers := make([]answer, 4)
		for i := range answers {
			group.Go(func() { answers[i] = upload(t, s, "owner", path, "content", "name", "x", "actionId", "action-0001") })
		}
		group.Wait()
		again := upload(t, s, "owner", path, "content", "name", "x", "actionId", "action-0001")
		for _, a := range append(answers, again) {
			if a.Status != 200 || !a.OK || a.Rev != rev+1 {
				t.Errorf("%+v", a)
			}
		}
		if n := len(w.Objects(t)); n != 1 || w.Rev(t, w.Project) != rev+1 {
			t.Errorf("%d objects, revision %d after %d", n, w.Rev(t, w.Project), rev)
		}
		// The event says whose action it was.
		events := w.Events(t, w.Project, rev)
		if len(events) != 1 || !strings.Contains(string(events[0].Payload), `"actionId":"action-0001"`) {
			t.Errorf("events %v", events)
		}
		// The same id of another person is another action.
		if a := upload(t, s, "owner", path, "content", "name", "x", "actionId", "action-0002"); a.Status != 409 {
			t.Errorf("another action: %+v", a)
		}
	})
}

func TestInterruptedUpload(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	s := server(t, w, w.Files)
	rev := w.Rev(t, w.Project)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "POST /files/lists/%d?name=x HTTP/1.1\r\nHost: x\r\nX-Who: owner\r\nX-Token: the token\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n%s", list, strings.Repeat("a", 50_000))
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Close() // waits for the request
	if n := len(w.Objects(t)); n != 0 || w.Rev(t, w.Project) != rev {
		t.Errorf("%d objects", n)
	}
}

// slowStorage says when a content begins to come, and lets it wait.
type slowStorage struct {
	storage.Storage
	began chan struct{}
	goOn  chan struct{}
}

func (s *slowStorage) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	s.began <- struct{}{}
	<-s.goOn
	return s.Storage.Put(ctx, key, r, size, contentType)
}

func TestLimitOfConcurrentUploads(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	deps := w.Deps
	slow := &slowStorage{Storage: deps.Objects.Storage, began: make(chan struct{}, 10), goOn: make(chan struct{})}
	deps.Objects, deps.Bus = objects.New(w.DB, slow, deps.Log), events.NewBus(w.DB)
	f := files.New(deps, w.Accounts, w.Projects.Service)
	f.Connect([]module.Module{lists.New(deps, w.Projects.Service, f.Service, removal.New(deps, w.Projects.Service)), w.Cards})
	s := server(t, w, f)
	path := fmt.Sprintf("/files/lists/%d", list)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			if a := upload(t, s, "owner", path, "content", "name", fmt.Sprint(i)); a.Status != 200 {
				t.Errorf("%+v", a)
			}
		})
	}
	for range 4 {
		select {
		case <-slow.began:
		case <-time.After(2 * time.Minute):
			t.Fatal("an upload does not come")
		}
	}
	if a := upload(t, s, "owner", path, "content", "name", "fifth"); a.Status != 429 || a.Error != "rateLimited" || a.Retry != 2 {
		t.Errorf("%+v", a)
	}
	close(slow.goOn)
	group.Wait()
	if a := upload(t, s, "owner", path, "content", "name", "fifth"); a.Status != 200 {
		t.Errorf("after the others: %+v", a)
	}
}
