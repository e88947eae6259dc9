package home_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/home"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// maxStatements bounds the statements of the start page, however much it shows,
// without those for the login and the flash messages.
const maxStatements = 13

func newHome(w *boardtest.World) *home.Module { return boardtest.Feature[*home.Module](w) }

func ask(t *testing.T, w *boardtest.World, by accounts.Actor, to string) {
	t.Helper()
	if _, err := w.Friends.Send(t.Context(), by, to); err != nil {
		t.Fatal(err)
	}
}

// befriend makes two people friends.
func befriend(t *testing.T, w *boardtest.World, a, b accounts.Actor) {
	t.Helper()
	ask(t, w, a, b.Name)
	ask(t, w, b, a.Name)
}

// addTo makes a friend of the owner a member of a project.
func overview(t *testing.T, h *home.Module, by accounts.Actor) home.Overview {
	t.Helper()
	o, err := h.Overview(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func names(boards []home.Board) []string {
	all := []string{}
	for _, b := range boards {
		all = append(all, b.Name)
	}
	return all
}

func TestOverviewStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		h := newHome(w)
		counted := func() int64 {
			ctx, n := db.CountStatements(t.Context())
			if _, err := h.Overview(ctx, w.Owner); err != nil {
				t.Fatal(err)
			}
			return n.Load()
		}
		ask(t, w, w.Admin, w.Owner.Name)
		befriend(t, w, w.Owner, accounts.MakeUser(t, w.DB, "first"))
		ask(t, w, w.Owner, w.Reader.Name) // accepted, so that the owner has a notification
		ask(t, w, w.Reader, w.Owner.Name)
		little := counted()
		for i := range 5 {
			p := w.MakeProject(t, fmt.Sprintf("more-%d", i), true)
			if err := h.SetStar(t.Context(), w.Owner, p.ID, true); err != nil {
				t.Fatal(err)
			}
			fan := accounts.MakeUser(t, w.DB, fmt.Sprintf("fan%d", i))
			ask(t, w, fan, w.Owner.Name)
			befriend(t, w, w.Owner, accounts.MakeUser(t, w.DB, fmt.Sprintf("friend%d", i)))
		}
		ask(t, w, w.Owner, w.Stranger.Name)
		o := overview(t, h, w.Owner)
		shown, known := o.KnownBadge()
		if n, err := h.BadgeCount(t.Context(), w.Owner.UserID); err != nil || !known || n == 0 || shown != n {
			t.Errorf("the page counts %d (%v) at the bell, the database %d, %v", shown, known, n, err)
		}
		if much := counted(); much != little || much > maxStatements {
			t.Errorf("%d statements for little, %d for much, at most %d wanted", little, much, maxStatements)
		}
	})
}

func TestBoardsAreGroupedByStarAndLastChange(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		h := newHome(w)
		boards := map[string]int64{}
		for i := range 11 {
			name := fmt.Sprintf("p-%02d", i)
			boards[name] = w.MakeProject(t, name, true).ID
			// The clock of the database has seconds: each board changed at one of its own.
			setChanged(t, w, boards[name], time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC))
		}
		setChanged(t, w, w.Project.ID, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
		for _, name := range []string{"p-09", "p-00", "p-04"} {
			if err := h.SetStar(t.Context(), w.Owner, boards[name], true); err != nil {
				t.Fatal(err)
			}
		}
		// A change puts a board in front.
		lists.MakeList(t, w.Lists.Service, w.Owner, boards["p-01"], "list")
		o := overview(t, h, w.Owner)
		if got := names(o.Starred); !slices.Equal(got, []string{"p-00", "p-04", "p-09"}) {
			t.Errorf("starred: %q", got)
		}
		if got := names(o.Recent); !slices.Equal(got, []string{"p-01", "p-10", "p-08", "p-07", "p-06", "p-05", "p-03", "p-02"}) {
			t.Errorf("recent: %q", got)
		}
		if got := names(o.Others); !slices.Equal(got, []string{"board"}) {
			t.Errorf("others: %q", got)
		}
	})
}

func setChanged(t *testing.T, w *boardtest.World, projectID int64, at time.Time) {
	t.Helper()
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("UPDATE project SET changed_at = ? WHERE id = ?", at, projectID).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStarIsOfOnePersonAndOnBoardsThatOneMayRead(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		h := newHome(w)
		public := w.MakeProject(t, "public", false)
		for _, tc := range []struct {
			by      accounts.Actor
			project int64
			want    errs.Kind
		}{
			{w.Owner, w.Project.ID, ""},
			{w.Owner, w.Project.ID, ""}, // a second time
			{w.Reader, w.Project.ID, ""},
			{w.Stranger, w.Project.ID, errs.NotFound},
			{w.Stranger, public.ID, ""}, // no member, but may read it
			{w.Owner, 987654, errs.NotFound},
			{w.Nobody, public.ID, errs.Unauthenticated},
		} {
			err := h.SetStar(t.Context(), tc.by, tc.project, true)
			if got := kindOf(err); got != tc.want {
				t.Errorf("%s stars %d: %v, want %q", tc.by.Name, tc.project, err, tc.want)
			}
		}
		if o := overview(t, h, w.Admin); len(o.Starred) != 0 {
			t.Errorf("the admin's page has the star of others: %q", names(o.Starred))
		}
		if o := overview(t, h, w.Reader); !slices.Equal(names(o.Starred), []string{"board"}) {
			t.Errorf("the reader's stars: %q", names(o.Starred))
		}
		if o := overview(t, h, w.Stranger); !slices.Equal(names(o.Starred), []string{"public"}) || len(o.Recent) != 0 {
			t.Errorf("the stars of a person without boards: %q", names(o.Starred))
		}
		if _, err := w.Projects.SetVisibility(t.Context(), projects.By(w.Owner, public.ID), projects.Private); err != nil {
			t.Fatal(err)
		}
		if o := overview(t, h, w.Stranger); len(o.Starred) != 0 {
			t.Errorf("a board that the person may not read any more: %q", names(o.Starred))
		}
		if err := h.SetStar(t.Context(), w.Stranger, public.ID, false); err != nil {
			t.Errorf("remove the star of a board that is private now: %v", err)
		}
		for _, shown := range []struct {
			by      accounts.Actor
			starred bool
		}{{w.Owner, true}, {w.Reader, true}, {w.Admin, false}} {
			b, err := w.Projects.Board(t.Context(), shown.by, w.Owner.Name, w.Project.Name)
			if err != nil || fmt.Sprint(b.Views["home"]) != fmt.Sprint(struct{ Starred bool }{shown.starred}) {
				t.Errorf("the board of %s says %v, %v; want %v", shown.by.Name, b.Views["home"], err, shown.starred)
			}
		}
		if err := h.SetStar(t.Context(), w.Owner, w.Project.ID, false); err != nil {
			t.Fatal(err)
		}
		if o := overview(t, h, w.Owner); len(o.Starred) != 0 {
			t.Errorf("the star is still there: %q", names(o.Starred))
		}
		// A board takes its stars along.
		if err := w.DeletePermanently(t.Context(), w.Owner, w.Project.ID); err != nil {
			t.Fatal(err)
		}
	})
}

// kindOf is the kind of an error, and none for nil.
func kindOf(err error) errs.Kind {
	if err == nil {
		return ""
	}
	return errs.KindOf(err)
}

// message is an entry of another module.
type message struct{ text string }

func TestNotificationsAreSortedAndReadUpToATime(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		h := newHome(w)
		ask(t, w, w.Stranger, w.Owner.Name)
		now := time.Now().UTC().Truncate(time.Second)
		h.AddPart("chats", func(context.Context, int64) (module.HomePart, error) {
			return module.HomePart{Feed: []module.FeedEntry{
				{At: now.Add(-2 * time.Hour), Kind: "msg", Item: message{"old"}, Data: "old"},
				{At: now.Add(-time.Hour), Kind: "msg", Item: message{"new"}, Data: "new"},
			}}, nil
		})
		shown := func() (unread, earlier []string) {
			t.Helper()
			n, err := h.Notifications(t.Context(), w.Owner)
			if err != nil {
				t.Fatal(err)
			}
			return kinds(t, n.Unread), kinds(t, n.Earlier)
		}
		if unread, earlier := shown(); !slices.Equal(unread, []string{`friendshipRequest {"id`, `msg "new`, `msg "old`}) || earlier != nil {
			t.Errorf("unread %q, earlier %q", unread, earlier)
		}
		// Up to what the page has shown, never back, never into the future.
		for _, tc := range []struct {
			until           time.Time
			unread, earlier int
		}{
			{now.Add(-2 * time.Hour), 2, 1},
			{now.Add(-time.Hour), 1, 2},
			{now.Add(-24 * time.Hour), 1, 2},
			{now.Add(24 * time.Hour), 0, 3},
		} {
			if err := h.MarkRead(t.Context(), w.Owner, tc.until); err != nil {
				t.Fatal(err)
			}
			if unread, earlier := shown(); len(unread) != tc.unread || len(earlier) != tc.earlier {
				t.Errorf("read until %v: unread %q, earlier %q", tc.until, unread, earlier)
			}
		}
		if err := h.MarkRead(t.Context(), w.Nobody, now); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("signed out: %v", err)
		}
		var until time.Time
		if err := w.DB.From(t.Context()).Raw("SELECT until FROM notification_read WHERE user_id = ?", w.Owner.UserID).Scan(&until).Error; err != nil || until.After(time.Now().Add(time.Minute)) {
			t.Errorf("read until %v, %v: what comes tomorrow would be read", until, err)
		}
	})
}

func kinds(t *testing.T, feed []module.FeedEntry) []string {
	t.Helper()
	var all []string
	for _, e := range feed {
		raw, err := json.Marshal(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Kind+" "+string(raw)[:4])
	}
	return all
}

// A module that knows what a person has read is asked, and no time.
func TestEntriesMayKnowThatTheyAreRead(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	read := false
	h.AddPart("known", func(context.Context, int64) (module.HomePart, error) {
		return module.HomePart{Feed: []module.FeedEntry{{At: time.Now(), Kind: "x", Data: "new", Read: &read, Count: 4}}}, nil
	})
	if err := h.MarkRead(t.Context(), w.Owner, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		read            bool
		unread, earlier int
		badge           int
	}{{false, 1, 0, 4}, {true, 0, 1, 0}} {
		read = tc.read
		n, err := h.Notifications(t.Context(), w.Owner)
		if badge, known := n.KnownBadge(); err != nil || len(n.Unread) != tc.unread || len(n.Earlier) != tc.earlier || badge != tc.badge || !known {
			t.Errorf("read %v: %+v, %d at the bell, %v", tc.read, n, badge, err)
		}
	}
}

// A feed that leaves out entries does not know how many are unread.
func TestACutFeedDoesNotCount(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	h.AddPart("long", func(context.Context, int64) (module.HomePart, error) { return module.HomePart{Cut: true}, nil })
	if n, known := overview(t, h, w.Owner).KnownBadge(); known {
		t.Errorf("it says %d", n)
	}
}

func TestBadgeCount(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	ask(t, w, w.Stranger, w.Owner.Name)
	until := time.Now().UTC().Add(-time.Minute).Truncate(time.Second)
	if err := h.MarkRead(t.Context(), w.Owner, until); err != nil {
		t.Fatal(err)
	}
	h.AddBadgeCount(func(_ context.Context, _ int64, after time.Time, _ module.Unwanted) (int, error) {
		if !after.Equal(until) {
			t.Errorf("counts after %v, want %v", after, until)
		}
		return 3, nil
	})
	counters := len(w.BadgeCounters())
	ctx, statements := db.CountStatements(t.Context())
	if n, err := h.BadgeCount(ctx, w.Owner.UserID); err != nil || n != 4 || statements.Load() != int64(1+counters+w.NotificationChoosers()) {
		t.Errorf("%d, error %v, %d statements, %d counters", n, err, statements.Load(), counters)
	}
	broken := errors.New("broken")
	h.AddBadgeCount(func(context.Context, int64, time.Time, module.Unwanted) (int, error) { return 0, broken })
	if _, err := h.BadgeCount(t.Context(), w.Owner.UserID); !errors.Is(err, broken) {
		t.Errorf("a part that fails: %v", err)
	}
}

func TestAPersonStars200Boards(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	var last int64
	for i := range 200 {
		last = w.MakeProject(t, fmt.Sprintf("p-%d", i), false).ID
		if err := h.SetStar(t.Context(), w.Stranger, last, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.SetStar(t.Context(), w.Stranger, last, true); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := h.SetStar(t.Context(), w.Stranger, w.MakeProject(t, "one-more", false).ID, true); kindOf(err) != errs.Invalid {
		t.Errorf("one more: %v", err)
	}
}

func TestExportNamesStarredBoards(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	if err := h.SetStar(t.Context(), w.Reader, w.Project.ID, true); err != nil {
		t.Fatal(err)
	}
	var out exported
	if err := h.Export(t.Context(), w.Reader, &out); err != nil || out.name != "starred" || out.text != `["olive/board"]` {
		t.Errorf("%+v, %v", out, err)
	}
}

// exported keeps what an export writes.
type exported struct{ name, text string }

func (e *exported) JSON(name string, v any) error {
	raw, err := json.Marshal(v)
	e.name, e.text = name, string(raw)
	return err
}

func (e *exported) File(string, io.Reader) error { return nil }

// chooser is a module of a person who does not want some things.
type chooser struct{ unwanted module.Unwanted }

func (chooser) Name() string { return "chooser" }

func (c chooser) Unwanted(context.Context, int64) (module.Unwanted, error) { return c.unwanted, nil }

func TestWhatIsUnwantedIsNotShown(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	unwanted := module.Unwanted{Kinds: map[string]bool{"a.off": true}, Projects: map[int64]bool{7: true}}
	h.AddPart("a", func(context.Context, int64) (module.HomePart, error) {
		at := time.Now().UTC()
		return module.HomePart{Feed: []module.FeedEntry{
			{At: at, Kind: "msg", Item: message{"x"}, Data: "off.", NotificationKind: "a.off"},
			{At: at, Kind: "msg", Item: message{"x"}, Data: "quiet", NotificationKind: "a.on", ProjectID: 7},
			{At: at, Kind: "msg", Item: message{"x"}, Data: "on..", NotificationKind: "a.on", ProjectID: 8},
			{At: at, Kind: "msg", Item: message{"x"}, Data: "none", ProjectID: 7},
		}}, nil
	})
	h.AddBadgeCount(func(_ context.Context, _ int64, _ time.Time, got module.Unwanted) (int, error) {
		if !got.Kinds["a.off"] || !got.Projects[7] {
			t.Errorf("counted with %+v", got)
		}
		return 2, nil
	})
	h.Connect([]module.Module{chooser{unwanted}})
	n, err := h.Notifications(t.Context(), w.Owner)
	if err != nil || !slices.Equal(kinds(t, n.Unread), []string{`msg "on.`, `msg "non`}) {
		t.Errorf("%q, %v", kinds(t, n.Unread), err)
	}
	if count, err := h.BadgeCount(t.Context(), w.Owner.UserID); count != 2 || err != nil {
		t.Errorf("%d, %v", count, err)
	}
}
