package presence_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/presence"
	"taskstack.org/modules/projects"
)

// work runs a server's worker until the test ends, or stop is called.
func work(t *testing.T, w *boardtest.World) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- w.Presence.Run(ctx) }()
	stop = func() {
		cancel()
		if ended != nil {
			if err := <-ended; err != nil {
				t.Error(err)
			}
			ended = nil
		}
	}
	t.Cleanup(stop)
	return stop
}

// told waits until a client is told of exactly these people, as "adam here",
// and visitors. It returns everything it was told until then.
func told(t *testing.T, c *boardtest.Client, want ...string) (all []string) {
	t.Helper()
	for range 1000 { // more are no patience any more
		e := c.Next(t)
		if e.Name != "presence_changed" {
			continue
		}
		var p presence.Present
		if err := json.Unmarshal(e.Args[0], &p); err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, person := range p.People {
			got = append(got, person.Name+" "+string(person.State))
		}
		if p.Visitors > 0 {
			got = append(got, fmt.Sprint(p.Visitors, " visitors"))
		}
		all = append(all, strings.Join(got, ", "))
		if all[len(all)-1] == strings.Join(want, ", ") {
			return all
		}
	}
	t.Fatalf("told of %v, never of %v", all[max(0, len(all)-10):], want)
	return all
}

// toldNext fails unless the very next thing a client is told is this: a state
// that is there for a moment only counts.
func toldNext(t *testing.T, c *boardtest.Client, want ...string) {
	t.Helper()
	if all := told(t, c, want...); len(all) != 1 {
		t.Errorf("told of %v, want %v at once", all, want)
	}
}

func say(t *testing.T, c *boardtest.Client, projectID int64, state presence.State) {
	t.Helper()
	if a := c.Call(t, "presence", fmt.Sprintf(`{"projectId":%d,"state":%q}`, projectID, state)); !a.OK {
		t.Errorf("presence: %+v", a)
	}
}

// TestTwoTabs: somebody is as present as their most present tab, and leaves
// with the last one.
func TestTwoTabs(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		work(t, w)
		id := w.Project.ID
		watcher := w.Connect(t, w.Reader)
		watcher.Join(t, id)
		toldNext(t, watcher, "rita here")
		first := w.Connect(t, w.Admin)
		first.Join(t, id)
		toldNext(t, watcher, "adam here", "rita here")
		second := w.Connect(t, w.Admin)
		second.Join(t, id)
		say(t, first, id, presence.Away)
		say(t, second, id, presence.Idle)
		toldNext(t, watcher, "adam idle", "rita here")
		second.Close()
		toldNext(t, watcher, "adam away", "rita here")
		say(t, first, id, presence.Here)
		toldNext(t, watcher, "adam here", "rita here")
		first.Close()
		toldNext(t, watcher, "rita here")
	})
}

// TestWhoIsNamed: members are, everybody else is counted; who loses their place
// is gone.
func TestWhoIsNamed(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	work(t, w)
	open := w.MakeProject(t, "open", false)
	watcher := w.Connect(t, w.Owner)
	watcher.Join(t, open.ID)
	toldNext(t, watcher, "olive here")
	stranger, nobody, another := w.Connect(t, w.Stranger), w.Connect(t, w.Nobody), w.Connect(t, w.Nobody)
	stranger.Join(t, open.ID)
	toldNext(t, watcher, "olive here", "1 visitors")
	nobody.Join(t, open.ID)
	another.Join(t, open.ID)
	for _, seen := range told(t, watcher, "olive here", "3 visitors") { // one after the other, or both at once
		if seen != "olive here, 2 visitors" && seen != "olive here, 3 visitors" {
			t.Errorf("told of %s", seen)
		}
	}
	if _, _, err := w.Projects.Join(t.Context(), w.Stranger, open.InviteCode); err != nil {
		t.Fatal(err)
	}
	toldNext(t, watcher, "olive here", "steve here", "2 visitors")
	if _, err := w.Projects.SetVisibility(t.Context(), w.Owner, open.ID, projects.Private); err != nil {
		t.Fatal(err)
	}
	told(t, watcher, "olive here", "steve here")
	if _, err := w.Projects.Remove(t.Context(), w.Owner, open.ID, w.Stranger.UserID); err != nil {
		t.Fatal(err)
	}
	told(t, watcher, "olive here")
}

// TestANewName reaches those who see its bearer there.
func TestANewName(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		work(t, w)
		watcher, adam := w.Connect(t, w.Reader), w.Connect(t, w.Admin)
		watcher.Join(t, w.Project.ID)
		adam.Join(t, w.Project.ID)
		told(t, watcher, "adam here", "rita here")
		if err := w.Accounts.ChangeName(t.Context(), w.Admin, "Zoe", accounts.TestPassword, accounts.Visit{}); err != nil {
			t.Fatal(err)
		}
		told(t, watcher, "rita here", "Zoe here")
	})
}

// TestTwoServers: each tells its own people of those on the other; one that
// stops takes its people along, one that is killed is forgotten.
func TestTwoServers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		one := boardtest.New(t, uri)
		two, three := one.Another(t), one.Another(t)
		work(t, one)
		stop := work(t, two)
		id := one.Project.ID
		ana := one.Connect(t, one.Owner)
		ana.Join(t, id)
		told(t, ana, "olive here")
		ben := two.Connect(t, two.Admin)
		ben.Join(t, id)
		told(t, ana, "olive here", "adam here")
		told(t, ben, "olive here", "adam here")
		stop()
		told(t, ana, "olive here")

		rita := three.Connect(t, three.Reader)
		rita.Join(t, id)
		if err := three.Presence.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		told(t, ana, "olive here", "rita here")
		// The third was killed: its row is still there when its time is over.
		err := one.DB.InTx(t.Context(), func(ctx context.Context) error {
			return one.DB.From(ctx).Exec("UPDATE board_presence SET seen_at = ? WHERE user_id = ?",
				one.DB.Now(ctx).Add(-presence.TTL-time.Second), one.Reader.UserID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		told(t, ana, "olive here")
	})
}

// TestWhoIsEvictedLearnsNothingMore, and is seen no longer: at once, not when
// the rooms are looked through next.
func TestWhoIsEvictedLearnsNothingMore(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	reader := w.Connect(t, w.Reader)
	reader.Join(t, w.Project.ID)
	say(t, reader, w.Project.ID, presence.Here)
	if err := w.Presence.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Presence.On(w.Project.ID).People); n != 1 {
		t.Fatalf("%d people are there", n)
	}
	if _, err := w.Projects.Remove(t.Context(), w.Owner, w.Project.ID, w.Reader.UserID); err != nil {
		t.Fatal(err)
	}
	if a := reader.Call(t, "presence", fmt.Sprintf(`{"projectId":%d,"state":"here"}`, w.Project.ID)); a.Error != "notFound" {
		t.Errorf("after the eviction: %+v", a)
	}
	if err := w.Presence.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := w.Presence.On(w.Project.ID); len(p.People) != 0 || p.Visitors != 0 {
		t.Errorf("still there: %+v", p)
	}
}

// TestWhoMaySayIt: only who is in the room is there, and strangers learn
// nothing.
func TestWhoMaySayIt(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	owner, stranger := w.Connect(t, w.Owner), w.Connect(t, w.Stranger)
	good := fmt.Sprintf(`{"projectId":%d,"state":"here"}`, w.Project.ID)
	if a := stranger.Call(t, "presence", good); a.Error != "notFound" {
		t.Errorf("a stranger: %+v", a)
	}
	say(t, owner, w.Project.ID, presence.Here)
	if err := w.Presence.Flush(t.Context()); err != nil || len(w.Presence.On(w.Project.ID).People) > 0 {
		t.Errorf("who has not joined is there: %v", err)
	}
	owner.Join(t, w.Project.ID)
	say(t, owner, w.Project.ID, presence.Here)
	for _, bad := range []string{`{}`, `null`, `7`, `[]`, `"here"`, `{"state":"here"}`, `{"projectId":1,"state":"dead"}`, `{"projectId":-1,"state":"here"}`, `{"projectId":1,"state":7}`} {
		if a := owner.Call(t, "presence", bad); a.Error != "invalid" {
			t.Errorf("%s: %+v", bad, a)
		}
	}
}
