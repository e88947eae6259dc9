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
	"taskstack.org/modules/presence"
	"taskstack.org/modules/projects"
)

func presenceOf(w *boardtest.World) *presence.Module { return boardtest.Feature[*presence.Module](w) }

// work runs a server's worker until the test ends, or stop is called.
func work(t *testing.T, w *boardtest.World) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- presenceOf(w).Run(ctx) }()
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

// receives waits until a client gets exactly these people, as "adam here", and
// visitors. It returns everything that the client got until then.
func receives(t *testing.T, c *boardtest.Client, want ...string) (all []string) {
	t.Helper()
	for range 1000 { // more would be a failure
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
	t.Fatalf("got %v, never %v", all[max(0, len(all)-10):], want)
	return all
}

// receivesNext fails unless the very next thing a client gets is this: a state of a
// moment counts too.
func receivesNext(t *testing.T, c *boardtest.Client, want ...string) {
	t.Helper()
	if all := receives(t, c, want...); len(all) != 1 {
		t.Errorf("got %v, want %v at once", all, want)
	}
}

func say(t *testing.T, c *boardtest.Client, projectID int64, state presence.State) {
	t.Helper()
	if a := c.Call(t, "presence", fmt.Sprintf(`{"projectId":%d,"state":%q}`, projectID, state)); !a.OK {
		t.Errorf("presence: %+v", a)
	}
}

// TestTwoTabs: a person is as present as their most present tab, and leaves with
// the last one.
func TestTwoTabs(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		work(t, w)
		id := w.Project.ID
		watcher := w.Connect(t, w.Reader)
		watcher.Join(t, id)
		receivesNext(t, watcher, "rita here")
		first := w.Connect(t, w.Admin)
		first.Join(t, id)
		receivesNext(t, watcher, "adam here", "rita here")
		second := w.Connect(t, w.Admin)
		second.Join(t, id)
		say(t, first, id, presence.Away)
		say(t, second, id, presence.Idle)
		receivesNext(t, watcher, "adam idle", "rita here")
		second.Close()
		receivesNext(t, watcher, "adam away", "rita here")
		say(t, first, id, presence.Here)
		receivesNext(t, watcher, "adam here", "rita here")
		first.Close()
		receivesNext(t, watcher, "rita here")
	})
}

// TestMembersAreNamedVisitorsCounted, and a person who loses access is removed.
func TestMembersAreNamedVisitorsCounted(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	work(t, w)
	open := w.MakeProject(t, "open", false)
	watcher := w.Connect(t, w.Owner)
	watcher.Join(t, open.ID)
	receivesNext(t, watcher, "olive here")
	stranger, nobody, another := w.Connect(t, w.Stranger), w.Connect(t, w.Nobody), w.Connect(t, w.Nobody)
	stranger.Join(t, open.ID)
	receivesNext(t, watcher, "olive here", "1 visitors")
	nobody.Join(t, open.ID)
	another.Join(t, open.ID)
	for _, seen := range receives(t, watcher, "olive here", "3 visitors") { // one after the other, or both at once
		if seen != "olive here, 2 visitors" && seen != "olive here, 3 visitors" {
			t.Errorf("got %s", seen)
		}
	}
	if _, _, err := w.Projects.Join(t.Context(), w.Stranger, open.InviteCode); err != nil {
		t.Fatal(err)
	}
	receivesNext(t, watcher, "olive here", "steve here", "2 visitors")
	if _, err := w.Projects.SetVisibility(t.Context(), projects.By(w.Owner, open.ID), projects.Private); err != nil {
		t.Fatal(err)
	}
	receives(t, watcher, "olive here", "steve here")
	if _, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, open.ID), w.Stranger.UserID); err != nil {
		t.Fatal(err)
	}
	receives(t, watcher, "olive here")
}

// TestRenamedPerson: a new name reaches the boards that show the person.
func TestRenamedPerson(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		work(t, w)
		watcher, adam := w.Connect(t, w.Reader), w.Connect(t, w.Admin)
		watcher.Join(t, w.Project.ID)
		adam.Join(t, w.Project.ID)
		receives(t, watcher, "adam here", "rita here")
		if _, err := w.Accounts.Rename(t.Context(), w.Admin, "Zoe"); err != nil {
			t.Fatal(err)
		}
		receives(t, watcher, "rita here", "Zoe here")
	})
}

// TestTwoServers: each sends its clients the people on the other; a server that
// stops removes its people, one that is killed expires.
func TestTwoServers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		one := boardtest.New(t, uri)
		two, three := one.Another(t), one.Another(t)
		work(t, one)
		stop := work(t, two)
		id := one.Project.ID
		ana := one.Connect(t, one.Owner)
		ana.Join(t, id)
		receives(t, ana, "olive here")
		ben := two.Connect(t, two.Admin)
		ben.Join(t, id)
		receives(t, ana, "olive here", "adam here")
		receives(t, ben, "olive here", "adam here")
		stop()
		receives(t, ana, "olive here")

		rita := three.Connect(t, three.Reader)
		rita.Join(t, id)
		if err := presenceOf(three).Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		receives(t, ana, "olive here", "rita here")
		// The third was killed: its row is still there when its time is over.
		err := one.DB.InTx(t.Context(), func(ctx context.Context) error {
			return one.DB.From(ctx).Exec("UPDATE board_presence SET seen_at = ? WHERE user_id = ?",
				one.DB.Now(ctx).Add(-presence.TTL-time.Second), one.Reader.UserID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		receives(t, ana, "olive here")
	})
}

// TestRemovedMember: a removed member gets nothing more and is not shown: at once,
// not with the next poll.
func TestRemovedMember(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	reader := w.Connect(t, w.Reader)
	reader.Join(t, w.Project.ID)
	say(t, reader, w.Project.ID, presence.Here)
	if err := presenceOf(w).Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(presenceOf(w).On(w.Project.ID).People); n != 1 {
		t.Fatalf("%d people are there", n)
	}
	if _, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Reader.UserID); err != nil {
		t.Fatal(err)
	}
	if a := reader.Call(t, "presence", fmt.Sprintf(`{"projectId":%d,"state":"here"}`, w.Project.ID)); a.Error != "notFound" {
		t.Errorf("after the eviction: %+v", a)
	}
	if err := presenceOf(w).Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := presenceOf(w).On(w.Project.ID); len(p.People) != 0 || p.Visitors != 0 {
		t.Errorf("still there: %+v", p)
	}
}

// TestPresencePermissions: only clients in the room count, and people without access get nothing.
func TestPresencePermissions(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	owner, stranger := w.Connect(t, w.Owner), w.Connect(t, w.Stranger)
	good := fmt.Sprintf(`{"projectId":%d,"state":"here"}`, w.Project.ID)
	if a := stranger.Call(t, "presence", good); a.Error != "notFound" {
		t.Errorf("a stranger: %+v", a)
	}
	say(t, owner, w.Project.ID, presence.Here)
	if err := presenceOf(w).Flush(t.Context()); err != nil || len(presenceOf(w).On(w.Project.ID).People) > 0 {
		t.Errorf("a client that has not joined is there: %v", err)
	}
	owner.Join(t, w.Project.ID)
	say(t, owner, w.Project.ID, presence.Here)
	for _, bad := range []string{`{}`, `null`, `7`, `[]`, `"here"`, `{"state":"here"}`, `{"projectId":1,"state":"dead"}`, `{"projectId":-1,"state":"here"}`, `{"projectId":1,"state":7}`} {
		if a := owner.Call(t, "presence", bad); a.Error != "invalid" {
			t.Errorf("%s: %+v", bad, a)
		}
	}
}
