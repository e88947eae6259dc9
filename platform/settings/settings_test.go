package settings_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/settings"
	"taskstack.org/platform/views"
)

func definitions() []settings.Definition {
	return []settings.Definition{
		{Name: "t.choice", Kind: settings.Choice, Options: []settings.Option{{Value: "a"}, {Value: "b"}}, Default: "a", Variable: "T_CHOICE", Order: 2},
		{Name: "t.number", Kind: settings.Number, Least: 1, Most: 10, Default: "5", Order: 1},
		{Name: "t.text", Kind: settings.Text, Most: 5},
		{Name: "t.list", Kind: settings.List, Most: 2, Item: func(w string) bool { return w != "wrong" }},
		{Name: "t.moment", Kind: settings.Moment},
	}
}

func TestClean(t *testing.T) {
	for i, cases := range []map[string]string{
		{"a": "a", "b": "b", "c": "!option", "": "!option", "A": "!option", "a\x00": "!characters", "\xff": "!characters"},
		{"1": "1", " 10 ": "10", "0": "!number", "11": "!number", "1.5": "!number", "": "!number", "x": "!number", "99999999999999999999": "!number", "+3": "3"},
		{"abcde": "abcde", " äöüß ": "äöüß", "abcdef": "!tooLong", "": "", "a\nb": "a b", "a\x00": "!characters"},
		{"B a": "a\nb", "a,a\n a": "a", "": "", "a b c": "!tooMany", "wrong": "!item", strings.Repeat("x", 254): "!item"},
		{"2026-11-30T10:00": "2026-11-30T10:00", "": "", "2026-11-30": "!moment", "2026-13-01T00:00": "!moment", "1999-01-01T00:00": "!moment", "x": "!moment"},
	} {
		d := definitions()[i]
		for typed, want := range cases {
			got, problem := d.Clean(typed)
			if problem != "" {
				got = "!" + string(problem)
			}
			if got != want {
				t.Errorf("%s of %q is %q, want %q", d.Kind, typed, got, want)
			}
		}
	}
}

// server is a server with the settings of the test.
type server struct {
	*settings.Store
	d       *db.DB
	values  map[string]*settings.Value
	changes atomic.Int64
}

func start(t *testing.T, uri string, given map[string]string) *server {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	rt, err := realtime.New(realtime.Options{Views: views.New(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{d: testenv.Open(t, uri, db.Options{}), values: map[string]*settings.Value{}}
	s.Store = settings.New(settings.Options{DB: s.d, Realtime: rt, Log: log, Given: func(name string) (string, bool) { v, ok := given[name]; return v, ok }})
	for _, d := range definitions() {
		s.values[d.Name] = s.Add(d)
	}
	s.OnChange(func() { s.changes.Add(1) })
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) set(ctx context.Context, name, typed string) (before, after string, err error) {
	err = s.d.InTx(ctx, func(ctx context.Context) error {
		before, after, err = s.Set(ctx, name, typed)
		return err
	})
	return before, after, err
}

// TestSettings: what is set holds at once on the server that has set it, within the
// second on another one that no hint reaches, and after a restart; the default deletes it.
func TestSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		first, second := start(t, uri, nil), start(t, uri, nil)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- second.Run(ctx) }()
		change := func(name, typed, wantBefore, wantAfter string) {
			t.Helper()
			before, after, err := first.set(t.Context(), name, typed)
			if err != nil || before != wantBefore || after != wantAfter || first.values[name].Text() != wantAfter {
				t.Errorf("%s: %q → %q, %v, now %q", name, before, after, err, first.values[name].Text())
			}
			for end := time.Now().Add(time.Minute); second.values[name].Text() != wantAfter; time.Sleep(5 * time.Millisecond) { // between two looks
				if time.Now().After(end) {
					t.Fatalf("%s stays %q on the other server", name, second.values[name].Text())
				}
			}
		}
		change("t.choice", "b", "a", "b")
		change("t.number", "7", "5", "7")
		change("t.list", "b a", "", "a\nb")
		change("t.moment", "2026-11-30T10:00", "", "2026-11-30T10:00")
		change("t.number", "5", "7", "5")
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		third := start(t, uri, nil)
		if v := third.values; !v["t.choice"].Is("b") || v["t.number"].Number() != 5 || v["t.number"].IsSet() || !v["t.choice"].IsSet() || len(v["t.list"].Lines()) != 2 ||
			!v["t.moment"].Moment().Equal(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)) || third.All()[len(third.All())-1].Name != "t.choice" {
			t.Errorf("after a restart: %v", v)
		}
		if first.changes.Load() == 0 || second.changes.Load() == 0 {
			t.Error("listeners were not called")
		}
	})
}

// TestWrongSettings are refused, and change nothing; what an other version has stored and
// this one does not take is the default.
func TestWrongSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := start(t, uri, map[string]string{"T_CHOICE": "b"})
		if v := s.values["t.choice"]; !v.Is("b") || !v.IsLocked() || v.IsSet() {
			t.Errorf("the environment is not heard: %q", v.Text())
		}
		for name, kind := range map[string]errs.Kind{"t.choice": errs.Conflict, "t.unknown": errs.NotFound} {
			if _, _, err := s.set(t.Context(), name, "a"); errs.KindOf(err) != kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		var wrong *settings.WrongError
		if _, _, err := s.set(t.Context(), "t.number", "11"); !errors.As(err, &wrong) || wrong.Problem != settings.NoNumber || wrong.Most != 10 {
			t.Errorf("a wrong number: %v", err)
		}
		before := testenv.Dump(t, s.d)
		if len(before["setting"]) != 0 {
			t.Errorf("what was refused is stored: %v", before["setting"])
		}
		err := s.d.InTx(t.Context(), func(ctx context.Context) error {
			return s.d.From(ctx).Exec("INSERT INTO setting (name, value, changed_at) VALUES ('t.number', '99', ?)", s.d.Now(ctx)).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if again := start(t, uri, nil); again.values["t.number"].Number() != 5 {
			t.Errorf("a stored value that is wrong counts: %s", again.values["t.number"].Text())
		}
	})
}

// TestChangesAtOnce: each of them holds.
func TestChangesAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		a, b := start(t, uri, nil), start(t, uri, nil)
		results := make(chan error, 20)
		for range 5 {
			for s, typed := range map[*server]string{a: "2", b: "3"} {
				go func() { _, _, err := s.set(t.Context(), "t.number", typed); results <- err }()
				go func() { _, _, err := s.set(t.Context(), "t.text", typed); results <- err }()
			}
		}
		for range 20 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		c := start(t, uri, nil)
		if n := c.values["t.number"].Text(); n != "2" && n != "3" {
			t.Errorf("the number is %s", n)
		}
		rows := testenv.Dump(t, c.d)["setting_revision"]
		if len(rows) != 1 || !strings.Contains(rows[0], "20") {
			t.Errorf("revisions: %v", rows)
		}
	})
}

func TestWithoutAStore(t *testing.T) {
	var none *settings.Store
	v := none.Add(definitions()[1])
	none.OnChange(func() {})
	if _, err := none.Find("t.number"); v.Number() != 5 || errs.KindOf(err) != errs.NotFound || none.All() != nil {
		t.Error(v.Text(), err)
	}
}
