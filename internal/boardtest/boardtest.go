// Package boardtest wires the modules of a board as the program does, on a real
// database, for the tests of those modules.
package boardtest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/crypto/bcrypt"

	"taskstack.org/internal/oldclient"
	"taskstack.org/internal/testenv"
	"taskstack.org/internal/wiring"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/session"
	"taskstack.org/platform/settings"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/views"
)

// PublicURL begins all links.
const PublicURL = "https://boards.example"

// World is the modules of a board with one private project and its people.
type World struct {
	Deps module.Deps
	DB   *db.DB
	wiring.Core

	// Owner, Admin and Reader (access-only) are members of Project; Stranger
	// is signed in and not a member; Nobody is signed out.
	Owner, Admin, Reader, Stranger, Nobody accounts.Actor
	Project                                projects.Project

	t       testing.TB
	modules *wiring.Modules
	uri     string
	address string // of the Socket.IO server, once Connect has started it
}

// New wires the modules on the migrated database at uri.
func New(t testing.TB, uri string) *World {
	t.Helper()
	return NewOn(t, uri, newDir(t))
}

// NewOn is New with a storage for uploaded files.
func NewOn(t testing.TB, uri string, in storage.Storage) *World {
	t.Helper()
	w := &World{t: t, DB: testenv.Open(t, uri, db.Options{}), uri: uri}
	w.Deps = newDeps(t, w.DB, in)
	w.wire(t)
	w.Owner = accounts.MakeUser(t, w.DB, "olive")
	w.Admin = accounts.MakeUser(t, w.DB, "adam")
	w.Reader = accounts.MakeUser(t, w.DB, "rita")
	w.Stranger = accounts.MakeUser(t, w.DB, "steve")
	w.Project = w.MakeProject(t, "board", true)
	return w
}

// Another is a further server on the same database, with the same people.
func (w *World) Another(t testing.TB) *World {
	t.Helper()
	o := &World{
		t: t, DB: testenv.Open(t, w.uri, db.Options{}), uri: w.uri, Project: w.Project,
		Owner: w.Owner, Admin: w.Admin, Reader: w.Reader, Stranger: w.Stranger,
	}
	o.Deps = newDeps(t, o.DB, newDir(t))
	o.wire(t)
	return o
}

func newDir(t testing.TB) storage.Storage {
	t.Helper()
	dir, err := storage.NewDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func newDeps(t testing.TB, d *db.DB, in storage.Storage) module.Deps {
	t.Helper()
	sessions, err := session.New("a secret for tests, long enough to be one", false)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.New([]byte("a secret for tests"))
	if err != nil {
		t.Fatal(err)
	}
	deps := module.Deps{
		DB: d, Seal: sealer, Bus: events.NewBus(d), Views: views.New(), Sessions: sessions,
		Log: slog.New(slog.DiscardHandler), Now: time.Now, PublicURL: PublicURL, BcryptCost: bcrypt.MinCost,
	}
	deps.Objects = objects.New(d, in, deps.Log)
	deps.Jobs = jobs.New(d, deps.Log, "a server for tests")
	deps.Mail = mail.NewQueue(d, nil, deps.Log) // nothing runs it: mails wait in mail_job
	deps.Realtime, err = realtime.New(realtime.Options{Views: deps.Views, Log: deps.Log, NoLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	deps.Settings = settings.New(settings.Options{DB: d, Realtime: deps.Realtime, Log: deps.Log})
	return deps
}

func (w *World) wire(t testing.TB) {
	t.Helper()
	deps := w.Deps
	w.modules = wiring.New(deps)
	w.Core = w.modules.Core
	catalogue, err := parsed.of(w.modules.All())
	if err != nil {
		t.Fatal(err)
	}
	if err := deps.Views.Load(fstest.MapFS{}, catalogue, noAssets{}); err != nil {
		t.Fatal(err)
	}
}

// catalogues are the texts of sets of modules, parsed once per test process: for
// each board anew, they were a tenth of the processor time of the modules' tests.
type catalogues struct {
	mu sync.Mutex
	by map[string]*i18n.Catalogue // names of modules → their texts
}

var parsed = catalogues{by: map[string]*i18n.Catalogue{}} // See catalogues.

func (c *catalogues) of(modules []module.Module) (*i18n.Catalogue, error) {
	var names []string
	var texts []fs.FS
	for _, m := range modules {
		if l, ok := m.(module.Locales); ok {
			names, texts = append(names, m.Name()), append(texts, l.Locales())
		}
	}
	key := strings.Join(names, " ")
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.by[key]; known != nil {
		return known, nil
	}
	catalogue, err := i18n.New(texts...)
	if err == nil {
		c.by[key] = catalogue
	}
	return catalogue, err
}

// Feature returns the module of type T. Only the tests of that module name it:
// other tests have to work without it.
func Feature[T module.Module](w *World) T {
	w.t.Helper()
	m, ok := wiring.Find[T](w.modules)
	if !ok {
		w.t.Fatalf("there is no %T: its line is missing in internal/wiring/features.go", m)
	}
	return m
}

// BadgeCounters returns the modules that count at the bell: what a page may cost
// depends on them.
func (w *World) BadgeCounters() (counters []module.BadgeCounter) {
	for _, m := range w.modules.All() {
		if counter, ok := m.(module.BadgeCounter); ok {
			counters = append(counters, counter)
		}
	}
	return counters
}

// NotificationChoosers returns how many modules know what people do not want to see at
// the bell: each costs a statement.
func (w *World) NotificationChoosers() (n int) {
	for _, m := range w.modules.All() {
		if _, ok := m.(module.NotificationChooser); ok {
			n++
		}
	}
	return n
}

// noAssets is for views without a single template.
type noAssets struct{}

func (noAssets) URL(name string) (string, error) { return "", errors.New("no asset " + name) }

func (noAssets) Scripts(...string) ([]string, error) { return nil, nil }

// MakeProject makes a project of Owner with Admin and Reader in it.
func (w *World) MakeProject(t testing.TB, name string, private bool) projects.Project {
	t.Helper()
	p, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: name, Private: private})
	if err != nil {
		t.Fatalf("make project %s: %v", name, err)
	}
	for code, who := range map[string]accounts.Actor{p.InviteAsAdminCode: w.Admin, p.InviteCode: w.Reader} {
		if _, _, err := w.Projects.Join(t.Context(), who, code); err != nil {
			t.Fatalf("join project %s: %v", name, err)
		}
	}
	return p
}

// Fill gives a project lists of cards named by their place, and returns the
// ids: the lists in order, and the cards of each in order.
func (w *World) Fill(t testing.TB, p projects.Project, nLists, nCards int) (listIDs []int64, cardIDs [][]int64) {
	t.Helper()
	listIDs, cardIDs = make([]int64, nLists), make([][]int64, nLists)
	for i := nLists - 1; i >= 0; i-- {
		listIDs[i] = lists.MakeList(t, w.Lists.Service, w.Owner, p.ID, "list "+string(rune('A'+i)))
		for range nCards {
			cardIDs[i] = append(cardIDs[i], cards.MakeCard(t, w.Cards.Service, w.Owner, p.ID, listIDs[i], "card"))
		}
	}
	return listIDs, cardIDs
}

// Part is what a card has under a key of its "parts" in the snapshot, as JSON;
// empty for a card without it, or that is not on the board.
func (w *World) Part(t testing.TB, p projects.Project, cardID int64, name string) string {
	t.Helper()
	w.Projects.ForgetBoards() // tests also change what only Record may change
	b, err := w.Projects.Board(t.Context(), w.Owner, p.OwnerName, p.Name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(b.Data["lists"])
	if err != nil {
		t.Fatal(err)
	}
	var all map[int64]struct {
		Cards map[int64]struct{ Parts map[string]json.RawMessage }
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, list := range all {
		if card, ok := list.Cards[cardID]; ok {
			return string(card.Parts[name])
		}
	}
	return ""
}

// Page opens a project as an old browser page would.
func (w *World) Page(t testing.TB, p projects.Project) *oldclient.Board {
	t.Helper()
	b, err := w.Projects.Board(t.Context(), w.Owner, p.OwnerName, p.Name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(b.Data["lists"])
	if err != nil {
		t.Fatal(err)
	}
	page, err := oldclient.Open(raw)
	if err != nil {
		t.Fatalf("the board cannot be opened: %v\n%s", err, raw)
	}
	return page
}

// Events are a project's events above a number.
func (w *World) Events(t testing.TB, p projects.Project, after int64) []realtime.Event {
	t.Helper()
	var rows []struct {
		Rev           int64
		Name, Payload string
	}
	err := w.DB.From(t.Context()).Raw("SELECT rev, name, payload FROM project_event WHERE project_id = ? AND rev > ? ORDER BY rev", p.ID, after).Scan(&rows).Error
	if err != nil {
		t.Fatal(err)
	}
	all := make([]realtime.Event, len(rows))
	for i, r := range rows {
		if r.Rev != after+1+int64(i) {
			t.Fatalf("event %d follows %d", r.Rev, after+int64(i))
		}
		all[i] = realtime.Event{Rev: r.Rev, Name: r.Name, Payload: json.RawMessage(r.Payload)}
	}
	return all
}

// Rev is the number of a project's last event.
func (w *World) Rev(t testing.TB, p projects.Project) int64 {
	t.Helper()
	in, err := w.Projects.Access(t.Context(), w.Owner, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return in.Rev
}

// Follow applies a project's events above a number to a page and fails unless
// the page then equals the database.
func (w *World) Follow(t testing.TB, page *oldclient.Board, p projects.Project, after int64) {
	t.Helper()
	for _, e := range w.Events(t, p, after) {
		if err := page.Apply(e.Name, e.Payload); err != nil {
			t.Fatalf("event %d: %v", e.Rev, err)
		}
		if err := page.Check(); err != nil {
			t.Fatalf("after event %d, %s %s: %v", e.Rev, e.Name, e.Payload, err)
		}
	}
	if err := oldclient.Same(page, w.Page(t, p)); err != nil {
		t.Fatalf("the page and the database differ: %v", err)
	}
	w.CheckDense(t)
}

// CheckDense fails unless all stored positions are 0…n−1.
func (w *World) CheckDense(t testing.TB) {
	t.Helper()
	for _, query := range []string{
		"SELECT project_id AS parent, COUNT(*) AS n, COUNT(DISTINCT pos) AS d, MIN(pos) AS low, MAX(pos) AS high FROM list WHERE removed_as IS NULL GROUP BY project_id",
		"SELECT list_id AS parent, COUNT(*) AS n, COUNT(DISTINCT pos) AS d, MIN(pos) AS low, MAX(pos) AS high FROM card WHERE removed_as IS NULL GROUP BY list_id",
	} {
		var rows []struct{ Parent, N, D, Low, High int64 }
		if err := w.DB.From(t.Context()).Raw(query).Scan(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.D != r.N || r.Low != 0 || r.High != r.N-1 {
				t.Errorf("%d rows with %d positions from %d to %d in %d: %s", r.N, r.D, r.Low, r.High, r.Parent, query)
			}
		}
	}
}

// Objects are the keys of everything in the storage after the job that deletes
// objects has run.
func (w *World) Objects(t testing.TB) []string {
	t.Helper()
	if _, err := w.Deps.Objects.DeleteDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	var keys []string
	err := w.Deps.Objects.List(context.Background(), "", func(o storage.Info) error { keys = append(keys, o.Key); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
