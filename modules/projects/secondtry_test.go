package projects_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// loseNext lets the next write of the change log lose a deadlock, n times in a
// row: a transaction's last step, after all else is done.
func loseNext(t *testing.T, w *boardtest.World) (lose func(n int32)) {
	t.Helper()
	var left atomic.Int32
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Callback().Create().After("gorm:create").Register("test:deadlock", func(tx *gorm.DB) {
			if tx.Statement.Table == "project_event" && left.Add(-1) >= 0 {
				_ = tx.AddError(&mysqldriver.MySQLError{Number: 1213}) // returns what it was given
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(n int32) { left.Store(n) }
}

// TestIdempotencyAfterDeadlock checks that the second try of a request counts, is stored
// with its key, and is sent once.
func TestIdempotencyAfterDeadlock(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		lists, cardIDs := w.Fill(t, w.Project, 2, 1)
		lose := loseNext(t, w)
		sender, watcher := w.Connect(t, w.Admin), w.Connect(t, w.Reader)
		sender.Join(t, w.Project.ID)
		watcher.Join(t, w.Project.ID)
		for i, c := range []struct {
			event, rest string
			hears       []string // by who sent it
		}{
			{"create_card", fmt.Sprintf(`"listId":%d,"name":"n","cardDesc":"","attachedFiles":{}`, lists[0]), []string{"create_card_successful", "build_new_card"}},
			{"move_card", fmt.Sprintf(`"id":%d,"listId":%d,"pos":0`, cardIDs[0][0], lists[1]), []string{"update_cards_pos"}},
			{"create_list", `"name":"n","listDesc":"","attachedFiles":{}`, []string{"create_list_successful", "build_new_list"}},
			{"delete_card", fmt.Sprintf(`"id":%d`, cardIDs[1][0]), []string{"delete_card_successful", "remove_card"}},
		} {
			payload := fmt.Sprintf(`{"projectId":%d,"actionId":"deadlock-%d",%s}`, w.Project.ID, i, c.rest)
			before := w.Rev(t, w.Project)
			sender.Heard(t)
			watcher.Heard(t)
			lose(2)
			done := sender.Call(t, c.event, payload)
			if !done.OK || done.Rev != before+1 {
				t.Fatalf("%s: %+v, want number %d", c.event, done, before+1)
			}
			again := sender.Call(t, c.event, payload)
			if again.Rev != done.Rev || again.ID != done.ID || !again.OK || w.Rev(t, w.Project) != done.Rev {
				t.Errorf("%s, sent again: %+v, the first time %+v; the board is at %d", c.event, again, done, w.Rev(t, w.Project))
			}
			if got := sender.Heard(t); !slices.Equal(got, c.hears) {
				t.Errorf("%s: who sent it heard %v, want %v", c.event, got, c.hears)
			}
			if got := watcher.Heard(t); !slices.Equal(got, c.hears[len(c.hears)-1:]) {
				t.Errorf("%s: others heard %v, want %v", c.event, got, c.hears[len(c.hears)-1:])
			}
			var logged struct {
				ActionID string `json:"actionId"`
				By       int64  `json:"by"`
			}
			e := w.Events(t, w.Project, before)[0]
			if err := json.Unmarshal(e.Payload, &logged); err != nil || logged.ActionID != fmt.Sprintf("deadlock-%d", i) || logged.By != w.Admin.UserID {
				t.Errorf("%s is logged without its action or who did it: %s", c.event, e.Payload)
			}
		}
		w.CheckDense(t)
	})
}

// TestRollbackCancelsConfirmation checks that the next change, which gets the number of
// the one that was rolled back, does not confirm that one.
func TestRollbackCancelsConfirmation(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		change := func(context.Context, *projects.Change) ([]projects.Event, error) {
			return []projects.Event{{Name: "tested", Payload: struct{}{}}}, nil
		}
		boom, told := errors.New("boom"), []string{}
		confirming := func(by accounts.Actor, name string) projects.Request {
			return projects.By(by, w.Project.ID).ConfirmedBy(func() { told = append(told, name) })
		}
		tab := w.Connect(t, w.Reader)
		for _, joined := range []bool{false, true} {
			if joined {
				tab.Join(t, w.Project.ID)
			}
			var undone int64
			err := w.DB.InTx(t.Context(), func(ctx context.Context) (err error) {
				if undone, err = w.Projects.Record(ctx, confirming(w.Owner, "undone"), projects.Write, change); err != nil {
					return err
				}
				return boom // what was to follow it in one transaction
			})
			if !errors.Is(err, boom) {
				t.Fatal(err)
			}
			// A member whose client wants no confirmation gets the number, then one whose does.
			rev, err := w.Projects.Record(t.Context(), projects.By(w.Admin, w.Project.ID), projects.Write, change)
			if err != nil || rev != undone {
				t.Fatalf("number %d, %v; the undone one had %d", rev, err, undone)
			}
			if _, err = w.Projects.Record(t.Context(), confirming(w.Admin, "done"), projects.Write, change); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"done", "done"}; !slices.Equal(told, want) {
			t.Errorf("confirmed %v, want %v", told, want)
		}
		if got, want := tab.Heard(t), []string{"tested", "tested"}; !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
	})
}

// TestEmptyChangeIsConfirmed checks that a change without events is confirmed and sends
// nothing.
func TestEmptyChangeIsConfirmed(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		told, before := 0, w.Rev(t, w.Project)
		r := projects.By(w.Owner, w.Project.ID).ConfirmedBy(func() { told++ })
		rev, err := w.Projects.Record(t.Context(), r, projects.Write, func(context.Context, *projects.Change) ([]projects.Event, error) {
			return nil, nil
		})
		if err != nil || rev != before || told != 1 || w.Rev(t, w.Project) != before {
			t.Errorf("number %d, was %d; confirmed %d times: %v", rev, before, told, err)
		}
	})
}

// TestResultLifetime checks that the worker, as the program runs it, deletes results
// older than 24 hours and no others.
func TestResultLifetime(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		sender := w.Connect(t, w.Owner)
		for id, age := range map[string]time.Duration{"old-action": 24*time.Hour + time.Minute, "young-action": 24*time.Hour - time.Minute, "new-action": 0} {
			payload := fmt.Sprintf(`{"projectId":%d,"actionId":%q,"name":"n","listDesc":"","attachedFiles":{}}`, w.Project.ID, id)
			if a := sender.Call(t, "create_list", payload); !a.OK {
				t.Fatalf("%+v", a)
			}
			mustExec(t, w, "UPDATE project_action SET created_at = ? WHERE action_id = ?", w.DB.Now(t.Context()).Add(-age), id)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Projects.RunJobs(ctx) }()
		left := func() (ids []string) {
			t.Helper()
			if err := w.DB.From(t.Context()).Raw("SELECT action_id FROM project_action ORDER BY action_id").Scan(&ids).Error; err != nil {
				t.Fatal(err)
			}
			return ids
		}
		for end := time.Now().Add(20 * time.Second); slices.Contains(left(), "old-action"); {
			if time.Now().After(end) {
				t.Error("the worker forgets nothing")
				break
			}
			time.Sleep(10 * time.Millisecond) // between two looks at a state that lasts
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got, want := left(), []string{"new-action", "young-action"}; !slices.Equal(got, want) {
			t.Errorf("remembered %v, want %v", got, want)
		}
	})
}

// TestIdempotencyOfRefusedRequest checks that a refused request does not get the reply
// of another board or another person with the same key.
func TestIdempotencyOfRefusedRequest(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		other := w.MakeProject(t, "other", true)
		create := func(c *boardtest.Client, projectID int64, name string) boardtest.Ack {
			return c.Call(t, "create_list", fmt.Sprintf(`{"projectId":%d,"actionId":"one-and-the-same","name":%q,"listDesc":"","attachedFiles":{}}`, projectID, name))
		}
		owner, admin := w.Connect(t, w.Owner), w.Connect(t, w.Admin)
		if a := create(owner, w.Project.ID, "fine"); !a.OK {
			t.Fatalf("%+v", a)
		}
		for what, a := range map[string]boardtest.Ack{
			"on another board": create(owner, other.ID, ""), "of another person": create(admin, w.Project.ID, ""),
		} {
			if a.Error != "invalid" {
				t.Errorf("%s: %+v", what, a)
			}
		}
		if a := create(owner, w.Project.ID, ""); !a.OK {
			t.Errorf("the same person on the same board: %+v", a)
		}
	})
}

// TestJoinRoomRacesRemoval checks that a member that is removed while joining the room is
// not in it.
func TestJoinRoomRacesRemoval(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		var isJoining atomic.Bool
		var questions atomic.Int32
		lose := func(tx *gorm.DB) {
			// The first question is whether they may. Removing asks, too; on MariaDB by the same handle.
			if !isJoining.Load() || !strings.Contains(tx.Statement.SQL.String(), "project_collaborator_link") || questions.Add(1) != 2 {
				return
			}
			if _, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Reader.UserID); err != nil {
				t.Error(err)
			}
		}
		// Before the second one: by then the answer to the first has been read, on SQLite too.
		callbacks := w.DB.From(t.Context()).Callback()
		err := errors.Join(callbacks.Row().Before("gorm:row").Register("test:lose", lose), callbacks.Query().Before("gorm:query").Register("test:lose", lose))
		if err != nil {
			t.Fatal(err)
		}
		tab := w.Connect(t, w.Reader) // its goroutines read the callbacks
		isJoining.Store(true)
		if a := tab.Call(t, "join_project_room", fmt.Sprint(w.Project.ID)); a.Error != "notFound" {
			t.Errorf("joined: %+v", a)
		}
		if _, err := w.Projects.Access(t.Context(), w.Reader, w.Project.ID); err == nil {
			t.Fatal("the right was not lost in between, so nothing is proved")
		}
		record(t, w, 1)
		if got := tab.Heard(t); slices.Contains(got, "tested") {
			t.Errorf("heard %v", got)
		}
	})
}
