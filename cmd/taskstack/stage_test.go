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
	"taskstack.org/internal/wiring"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
)

// stage is the whole program with all principals.
type stage struct {
	t      *testing.T
	uri    string // of the database
	app    *app
	server *httptest.Server
	people map[projects.Principal]*person
	// examples are those of all modules.
	examples boardtest.Examples
	// foreign is a private board of another person, which none of the people
	// may see.
	foreign   board
	foreigner *person
}

// person is a person, or a visitor, with a browser.
type person struct {
	accounts.Actor
	cookie string
	token  string
	root   *boardtest.Client // nil for a person who may not connect to it
	tab    *boardtest.Client
}

// board is a project with something of every kind in it.
type board struct {
	projects.Project
	lists, cards      []int64
	deleted, archived int64  // cards
	file              string // path of an attachment
	// made are the ids in the replies to examples, by placeholder.
	made map[string]any
}

// parsedPages are those that the programs of the tests share: parsing templates
// for each was a quarter of the processor time.
var parsedPages = views.New()

// testPages returns pages for one more program, which has another database.
func testPages(tb testing.TB, cfg *config.Config) *views.Views {
	tb.Helper()
	if cfg.SourceDir != "" || cfg.StaticURL != "" {
		return views.New()
	}
	parsedPages.Forget()
	return parsedPages
}

func newStage(t *testing.T, uri string) *stage {
	t.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off",
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, uri: uri, app: a, server: httptest.NewServer(a.handler), people: map[projects.Principal]*person{}}
	s.examples = boardtest.ReadExamples(t, "../../modules", a.modules.All())
	t.Cleanup(func() {
		s.server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, who := range projects.Principals {
		s.people[who] = s.enter(who)
	}
	s.befriend(s.people[projects.Owner].Actor, s.people[projects.Friend].Actor)
	s.foreigner = s.enter("foreigner")
	s.foreign = s.makeBoard(s.foreigner.Actor, "foreign", projects.Private)
	s.foreigner.tab.Join(t, s.foreign.ID)
	return s
}

// feature is the module of type T, for what a test does past its routes.
func feature[T module.Module](t *testing.T, a *app) T {
	t.Helper()
	m, ok := wiring.Find[T](a.modules)
	if !ok {
		t.Fatalf("the program has no %T: its line is missing in internal/wiring/features.go", m)
	}
	return m
}

// enter makes a person and logs them in.
func (s *stage) enter(who projects.Principal) *person {
	s.t.Helper()
	p := &person{}
	if who != projects.SignedOut {
		p.Actor = accounts.MakeUser(s.t, s.app.db, "the-"+strings.ToLower(string(who)))
		sessions, err := session.New(string(s.app.cfg.SecretKey), false)
		s.must(err)
		var cookie *http.Cookie
		p.Actor, cookie = auth.MakeLogin(s.t, s.app.db, sessions, p.Actor)
		p.cookie = cookie.String()
	}
	if who == projects.Suspended {
		s.must(s.app.modules.Auth.Logins.Suspend(s.t.Context(), p.UserID))
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
	p.tab = s.dial(p, projects.Namespace)
	return p
}

func (s *stage) dial(p *person, namespace string) *boardtest.Client {
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
		_, err := s.app.modules.Friends.Send(s.t.Context(), from, to)
		s.must(err)
	}
}

// makeBoard makes a project of a person. If that is the owner, admin and
// access-only join it.
func (s *stage) makeBoard(owner accounts.Actor, name string, v projects.Visibility) board {
	s.t.Helper()
	ctx, d := s.t.Context(), s.app.modules
	p, err := d.Projects.Create(ctx, owner, projects.Draft{Name: name, Private: true})
	s.must(err)
	if owner.UserID == s.people[projects.Owner].UserID {
		_, _, err = d.Projects.Join(ctx, s.people[projects.Admin].Actor, p.InviteAsAdminCode)
		s.must(err)
		_, _, err = d.Projects.Join(ctx, s.people[projects.AccessOnly].Actor, p.InviteCode)
		s.must(err)
	}
	_, err = d.Projects.SetVisibility(ctx, projects.By(owner, p.ID), v)
	s.must(err)
	b := board{Project: p}
	for range 2 {
		id, _, err := d.Lists.Create(ctx, projects.By(owner, p.ID), lists.Draft{Name: "list", Files: map[string][]byte{"f": {1}}})
		s.must(err)
		b.lists = append(b.lists, id)
		id, _, err = d.Cards.Create(ctx, projects.By(owner, p.ID), b.lists[0], cards.Draft{Name: "card"})
		s.must(err)
		b.cards = append(b.cards, id)
	}
	b.deleted, _, err = d.Cards.Create(ctx, projects.By(owner, p.ID), b.lists[0], cards.Draft{Name: "deleted"})
	s.must(err)
	_, err = d.Cards.Delete(ctx, projects.By(owner, p.ID), b.deleted)
	s.must(err)
	b.archived, _, err = d.Cards.Create(ctx, projects.By(owner, p.ID), b.lists[0], cards.Draft{Name: "archived"})
	s.must(err)
	_, err = d.Cards.Archive(ctx, projects.By(owner, p.ID), b.archived)
	s.must(err)
	read, err := d.Projects.Board(ctx, owner, owner.Name, name)
	s.must(err)
	raw, err := json.Marshal(read.Data["lists"])
	s.must(err)
	b.file = regexp.MustCompile(`/files/[^"]+`).FindString(string(raw))
	s.makeFromExamples(&b)
	return b
}

// makeFromExamples lets the owner of a board send the examples whose replies
// other examples refer to.
func (s *stage) makeFromExamples(b *board) {
	s.t.Helper()
	b.made = map[string]any{}
	owner := s.foreigner
	if b.OwnerID == s.people[projects.Owner].UserID {
		owner = s.people[projects.Owner]
	}
	for _, event := range s.examples.Sources() {
		argument := jsonOf(s.t, s.examples.Event(s.t, event, s.values(projects.Owner, *b)))
		ack := owner.tab.Call(s.t, event, argument)
		if !ack.OK || ack.ID == 0 {
			s.t.Fatalf("the example of %s, whose reply other examples refer to, is not carried out or its reply has no id: %+v", event, ack)
		}
		b.made["$"+event+".id"] = ack.ID
	}
}

// values returns the values of placeholders for what a principal sends about a
// board.
func (s *stage) values(by projects.Principal, b board) map[string]any {
	other := projects.AccessOnly
	if by == other {
		other = projects.Admin // to remove oneself is to leave
	}
	values := map[string]any{
		"$project": b.ID, "$list": b.lists[0], "$list2": b.lists[1], "$card": b.cards[0], "$card2": b.cards[1],
		"$deletedCard": b.deleted, "$archivedCard": b.archived, "$file": b.file, "$owner": b.OwnerName, "$name": b.Name,
		"$admin.name": s.people[projects.Admin].Name, "$friend.name": s.people[projects.Friend].Name,
		"$accessOnly.id": s.people[projects.AccessOnly].UserID, "$otherMember.id": s.people[other].UserID,
	}
	maps.Copy(values, b.made)
	return values
}

// foreignValues are values of the foreign board and of its owner.
func (s *stage) foreignValues() map[string]any {
	values := s.values(projects.Owner, s.foreign)
	values["$admin.name"], values["$friend.name"] = s.foreigner.Name, s.foreigner.Name
	values["$accessOnly.id"], values["$otherMember.id"] = s.foreigner.UserID, s.foreigner.UserID
	return values
}

// argument returns the JSON of the example of an event, about a board.
func (s *stage) argument(event string, by projects.Principal, b board) string {
	s.t.Helper()
	return jsonOf(s.t, s.examples.Event(s.t, event, s.values(by, b)))
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// answer is what a request got.
type answer struct {
	status   int
	body     string
	location string
}

func (s *stage) request(p *person, method, path string, form url.Values) answer {
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
	return answer{rec.Code, rec.Body.String(), rec.Header().Get("Location")}
}

// upload sends a file as our own page does.
func (s *stage) upload(p *person, path, content string) answer {
	s.t.Helper()
	req := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, strings.NewReader(content))
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Token", p.token)
	req.Header.Set("Cookie", p.cookie)
	rec := httptest.NewRecorder()
	s.app.handler.ServeHTTP(rec, req)
	return answer{rec.Code, rec.Body.String(), rec.Header().Get("Location")}
}

func (s *stage) dump() map[string][]string {
	s.t.Helper()
	return testenv.Dump(s.t, s.app.db)
}

// unchanged fails if anything in the database has changed.
func (s *stage) unchanged(before map[string][]string, what string) {
	s.t.Helper()
	after := s.dump()
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if !slices.Equal(before[table], after[table]) {
			s.t.Errorf("%s changed table %s:\nfrom %v\nto   %v", what, table, before[table], after[table])
		}
	}
}

// silence fails if a client got an event since the last call, except for the
// refusals that the contract has for the sender.
func (s *stage) silence(what string) {
	s.t.Helper()
	for who, events := range s.heard() {
		events = slices.DeleteFunc(events, func(name string) bool { return strings.Contains(name, "_error_") })
		if len(events) > 0 {
			s.t.Errorf("%s: %s heard %v", what, who, events)
		}
	}
}

// heard returns the events that each client got since the last call.
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

// payload is an event's argument.
type payload map[string]any

func (p payload) json(t *testing.T) string {
	t.Helper()
	return jsonOf(t, p)
}

func (p payload) with(key string, value any) payload {
	changed := maps.Clone(p)
	changed[key] = value
	return changed
}

// String names the board in messages.
func (b board) String() string { return fmt.Sprintf("board %d", b.ID) }
