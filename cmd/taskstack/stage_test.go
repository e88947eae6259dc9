package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/session"
)

// stage is the whole program with everybody the table of rights knows.
type stage struct {
	t      *testing.T
	app    *app
	server *httptest.Server
	people map[projects.Who]*somebody
	// foreign is a private board of somebody else, which none of the people
	// may see.
	foreign   board
	foreigner *somebody
}

// somebody is one person, or nobody, with a browser.
type somebody struct {
	accounts.Actor
	cookie string
	token  string
	root   *boardtest.Client // nil for who may not connect to it
	tab    *boardtest.Client
}

// board is a project with something of every kind in it.
type board struct {
	projects.Project
	lists, cards     []int64
	binned, archived int64  // cards
	file             string // path of an attachment
}

func newStage(t *testing.T, uri string) *stage {
	t.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, app: a, server: httptest.NewServer(a.handler), people: map[projects.Who]*somebody{}}
	t.Cleanup(func() {
		s.server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, who := range projects.Everybody {
		s.people[who] = s.enter(who)
	}
	s.befriend(s.people[projects.Owner].Actor, s.people[projects.Friend].Actor)
	s.foreigner = s.enter("foreigner")
	s.foreign = s.makeBoard(s.foreigner.Actor, "foreign", projects.Private)
	s.foreigner.tab.Join(t, s.foreign.ID)
	return s
}

// enter makes a person of the kind and lets them log in.
func (s *stage) enter(who projects.Who) *somebody {
	s.t.Helper()
	p := &somebody{}
	if who != projects.SignedOut {
		p.Actor = accounts.MakeUser(s.t, s.app.db, "the-"+strings.ToLower(string(who)))
		sessions, err := session.New(string(s.app.cfg.SecretKey), false)
		s.must(err)
		var cookie *http.Cookie
		p.Actor, cookie = accounts.MakeLogin(s.t, s.app.db, sessions, p.Actor)
		p.cookie = cookie.String()
	}
	if who == projects.Suspended {
		s.must(s.app.domain.accounts.Suspend(s.t.Context(), p.UserID))
	}
	page := s.request(p, http.MethodGet, "/privacy", nil)
	if m := regexp.MustCompile(`<meta name="token" content="([^"]+)">`).FindStringSubmatch(page.body); m != nil {
		p.token = m[1]
	}
	if signedIn := who != projects.SignedOut && who != projects.Suspended; signedIn != (p.token != "") {
		s.t.Fatalf("%s: token %q", who, p.token)
	}
	if p.token != "" {
		p.root = s.dial(p, realtime.RootNamespace)
	}
	p.tab = s.dial(p, realtime.ProjectNamespace)
	return p
}

func (s *stage) dial(p *somebody, namespace string) *boardtest.Client {
	s.t.Helper()
	address := "ws" + strings.TrimPrefix(s.server.URL, "http") + "/socket.io/?EIO=4&transport=websocket&visitor=1"
	return boardtest.Dial(s.t, address, namespace, http.Header{"Cookie": {p.cookie}})
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) befriend(a, b accounts.Actor) {
	s.t.Helper()
	for from, to := range map[accounts.Actor]string{a: b.Name, b: a.Name} {
		_, err := s.app.domain.friends.Send(s.t.Context(), from, to)
		s.must(err)
	}
}

// makeBoard makes a project of somebody; if it is the owner's, admin and
// access-only join it.
func (s *stage) makeBoard(owner accounts.Actor, name string, v projects.Visibility) board {
	s.t.Helper()
	ctx, d := s.t.Context(), s.app.domain
	p, err := d.projects.Create(ctx, owner, projects.Draft{Name: name, Private: true})
	s.must(err)
	if owner.UserID == s.people[projects.Owner].UserID {
		_, _, err = d.projects.Join(ctx, s.people[projects.Admin].Actor, p.InviteAsAdminCode)
		s.must(err)
		_, _, err = d.projects.Join(ctx, s.people[projects.AccessOnly].Actor, p.InviteCode)
		s.must(err)
	}
	_, err = d.projects.SetVisibility(ctx, owner, p.ID, v)
	s.must(err)
	b := board{Project: p}
	for range 2 {
		id, _, err := d.lists.Create(ctx, owner, p.ID, lists.Draft{Name: "list", Files: map[string][]byte{"f": {1}}})
		s.must(err)
		b.lists = append(b.lists, id)
		id, _, err = d.cards.Create(ctx, owner, p.ID, b.lists[0], cards.Draft{Name: "card"})
		s.must(err)
		b.cards = append(b.cards, id)
	}
	b.binned, _, err = d.cards.Create(ctx, owner, p.ID, b.lists[0], cards.Draft{Name: "binned"})
	s.must(err)
	_, err = d.cards.Delete(ctx, owner, p.ID, b.binned)
	s.must(err)
	b.archived, _, err = d.cards.Create(ctx, owner, p.ID, b.lists[0], cards.Draft{Name: "archived"})
	s.must(err)
	_, err = d.cards.Archive(ctx, owner, p.ID, b.archived)
	s.must(err)
	read, err := d.projects.Board(ctx, owner, owner.Name, name)
	s.must(err)
	raw, err := json.Marshal(read.Data["lists"])
	s.must(err)
	b.file = regexp.MustCompile(`/files/[^"]+`).FindString(string(raw))
	return b
}

// answer is what a request got.
type answer struct {
	status int
	body   string
}

func (s *stage) request(p *somebody, method, path string, form url.Values) answer {
	s.t.Helper()
	var body io.Reader
	if method == http.MethodPost {
		if form == nil {
			form = url.Values{}
		}
		form.Set("token", p.token)
		body = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, path, body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Cookie", p.cookie)
	rec := httptest.NewRecorder()
	s.app.handler.ServeHTTP(rec, req)
	return answer{rec.Code, rec.Body.String()}
}

// upload sends a file as our own page does.
func (s *stage) upload(p *somebody, path, content string) answer {
	s.t.Helper()
	req := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, strings.NewReader(content))
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Token", p.token)
	req.Header.Set("Cookie", p.cookie)
	rec := httptest.NewRecorder()
	s.app.handler.ServeHTTP(rec, req)
	return answer{rec.Code, rec.Body.String()}
}

func (s *stage) dump() map[string][]string {
	s.t.Helper()
	return testenv.Dump(s.t, s.app.db)
}

// unchanged fails if anything in the database is not as it was.
func (s *stage) unchanged(before map[string][]string, what string) {
	s.t.Helper()
	after := s.dump()
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if !slices.Equal(before[table], after[table]) {
			s.t.Errorf("%s changed table %s:\nfrom %v\nto   %v", what, table, before[table], after[table])
		}
	}
}

// silence fails if anybody has heard anything since the last time, but for the
// refusals that the contract has for whoever asked.
func (s *stage) silence(what string) {
	s.t.Helper()
	for who, events := range s.heard() {
		events = slices.DeleteFunc(events, func(name string) bool { return strings.Contains(name, "_error_") })
		if len(events) > 0 {
			s.t.Errorf("%s: %s heard %v", what, who, events)
		}
	}
}

// heard is who has heard what since the last time.
func (s *stage) heard() map[string][]string {
	s.t.Helper()
	all := map[string][]string{}
	everyone := maps.Clone(s.people)
	everyone["foreigner"] = s.foreigner
	for who, p := range everyone {
		for name, socket := range map[string]*boardtest.Client{string(who): p.tab, string(who) + " (root)": p.root} {
			if socket == nil {
				continue
			}
			if events := socket.Heard(s.t); len(events) > 0 {
				all[name] = events
			}
		}
	}
	return all
}

// payload is an event's argument. Values below ids are what another board's
// could stand in for.
type payload map[string]any

func (p payload) json(t *testing.T) string {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (p payload) with(key string, value any) payload {
	changed := maps.Clone(p)
	changed[key] = value
	return changed
}

func fileless() payload {
	return payload{"newAttachedFiles": payload{}, "replacedAttachedFiles": payload{}, "removedAttachedFiles": []string{}}
}

// merged is several payloads in one.
func merged(parts ...payload) payload {
	all := payload{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

// String names the board in messages.
func (b board) String() string { return fmt.Sprintf("board %d", b.ID) }
