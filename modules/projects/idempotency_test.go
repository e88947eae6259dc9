package projects_test

import (
	"fmt"
	"sync"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestIdempotencyKeyRunsOnce sends requests again, on another connection and to another
// server: each gets the first reply, and nothing happens a second time.
func TestIdempotencyKeyRunsOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		lists, cardIDs := w.Fill(t, w.Project, 2, 2)
		first, second := w.Connect(t, w.Admin), w.Connect(t, w.Admin)
		for i, c := range []struct {
			event, rest string
			files       [][]byte
		}{
			{"create_card", fmt.Sprintf(`"listId":%d,"name":"n","cardDesc":"","attachedFiles":{"f":{"_placeholder":true,"num":0}}`, lists[0]), [][]byte{{1}}},
			{"create_list", `"name":"n","listDesc":"","attachedFiles":{"f":{"_placeholder":true,"num":0}}`, [][]byte{{1}}},
			// A file of that name is there the second time, which alone would be refused.
			{"edit_card", fmt.Sprintf(`"id":%d,"name":"x","cardDesc":"","newAttachedFiles":{"f":{"_placeholder":true,"num":0}}`, cardIDs[0][0]), [][]byte{{1}}},
			{"move_card", fmt.Sprintf(`"id":%d,"listId":%d,"pos":0`, cardIDs[0][1], lists[1]), nil},
			{"move_cards", fmt.Sprintf(`"ids":[%d,%d],"listId":%d,"pos":0`, cardIDs[0][1], cardIDs[1][0], lists[0]), nil},
			{"move_list", fmt.Sprintf(`"id":%d,"pos":1`, lists[0]), nil},
			{"delete_card", fmt.Sprintf(`"id":%d`, cardIDs[1][1]), nil},
			{"delete_list", fmt.Sprintf(`"id":%d`, lists[1]), nil},
		} {
			payload := fmt.Sprintf(`{"projectId":%d,"actionId":"action-%d",%s}`, w.Project.ID, i, c.rest)
			done := first.Call(t, c.event, payload, c.files...)
			if !done.OK {
				t.Fatalf("%s: %+v", c.event, done)
			}
			rev := w.Rev(t, w.Project)
			for _, again := range []*boardtest.Client{second, first} {
				if a := again.Call(t, c.event, payload, c.files...); !a.OK || a.Rev != done.Rev || a.ID != done.ID {
					t.Errorf("%s again: %+v, the first time %+v", c.event, a, done)
				}
			}
			if now := w.Rev(t, w.Project); now != rev {
				t.Errorf("%s again: %d further events", c.event, now-rev)
			}
		}
		w.CheckDense(t)
		if n := len(w.Objects(t)); n != 3 {
			t.Errorf("%d stored files, want those of the two creations and the edit", n)
		}
	})
}

// TestIdempotencyKeySentConcurrently sends one request from many connections at once.
func TestIdempotencyKeySentConcurrently(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		lists, _ := w.Fill(t, w.Project, 1, 0)
		payload := fmt.Sprintf(`{"projectId":%d,"actionId":"at-once-1","listId":%d,"name":"n","cardDesc":"","attachedFiles":{}}`, w.Project.ID, lists[0])
		before, answers := w.Rev(t, w.Project), make([]boardtest.Ack, 8)
		var all sync.WaitGroup
		for i := range answers {
			client := w.Connect(t, w.Owner)
			all.Go(func() { answers[i] = client.Call(t, "create_card", payload) })
		}
		all.Wait()
		for _, a := range answers {
			if !a.OK || a.ID != answers[0].ID || a.Rev != before+1 {
				t.Errorf("answers %+v", answers)
				break
			}
		}
		if now := w.Rev(t, w.Project); now != before+1 {
			t.Errorf("%d events", now-before)
		}
	})
}

// TestIdempotencyKeyScope checks that a key belongs to a person and a project, that a
// refused request may be sent again, and that a malformed key is refused.
func TestIdempotencyKeyScope(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	other := w.MakeProject(t, "other", true)
	owner, admin, reader := w.Connect(t, w.Owner), w.Connect(t, w.Admin), w.Connect(t, w.Reader)
	create := func(c *boardtest.Client, projectID int64, id string) boardtest.Ack {
		return c.Call(t, "create_list", fmt.Sprintf(`{"projectId":%d,"actionId":%s,"name":"n","listDesc":"","attachedFiles":{}}`, projectID, id))
	}
	ids := map[int64]bool{}
	for _, a := range []boardtest.Ack{
		create(owner, w.Project.ID, `"same-action"`), create(admin, w.Project.ID, `"same-action"`), create(owner, other.ID, `"same-action"`),
	} {
		if !a.OK || ids[a.ID] {
			t.Errorf("%+v among %v", a, ids)
		}
		ids[a.ID] = true
	}
	for range 2 {
		if a := create(reader, w.Project.ID, `"same-action"`); a.Error != "forbidden" {
			t.Errorf("a reader: %+v", a)
		}
	}
	for _, id := range []string{"\"8letters\"", fmt.Sprintf(`"%064d"`, 0)} {
		if a := create(owner, w.Project.ID, id); !a.OK {
			t.Errorf("action id %s: %+v", id, a)
		}
	}
	before := w.Rev(t, w.Project)
	for _, id := range []string{`"short"`, `"7letter"`, `""`, `7`, `{}`, `"with blanks in it"`, `"ü-is-no-letter-here"`, fmt.Sprintf(`"%065d"`, 0)} {
		if a := create(owner, w.Project.ID, id); a.Error != "invalid" {
			t.Errorf("action id %s: %+v", id, a)
		}
	}
	if w.Rev(t, w.Project) != before {
		t.Error("an action without a proper id had an effect")
	}
}

// TestCreateSentAgain: a form that is sent twice, also at the same time, makes one
// project.
func TestCreateSentAgain(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		create := func(by accounts.Actor, d projects.Draft) (projects.Project, error) {
			return w.Projects.Create(t.Context(), by, d)
		}
		d := projects.Draft{Title: "The plan", Lists: []string{"To do"}, Key: "key-of-a-form"}
		var ids [4]int64
		var wait sync.WaitGroup
		for i := range ids {
			wait.Go(func() {
				p, err := create(w.Owner, d)
				if err != nil {
					t.Error(err)
				}
				ids[i] = p.ID
			})
		}
		wait.Wait()
		if ids[0] == 0 || ids != [4]int64{ids[0], ids[0], ids[0], ids[0]} {
			t.Errorf("made projects %v, want one", ids)
		}
		var lists int
		if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM list WHERE name = 'To do'").Scan(&lists).Error; err != nil || lists != 1 {
			t.Errorf("%d lists, %v", lists, err)
		}
		for what, other := range map[string]projects.Draft{
			"without a key": {Title: "The plan"}, "another key": {Title: "The plan", Key: "key-of-another"},
		} {
			if _, err := create(w.Owner, other); errs.KindOf(err) != errs.Conflict {
				t.Errorf("%s: %v", what, err)
			}
		}
		// The page before, with something else typed into the form.
		if p, err := create(w.Owner, projects.Draft{Title: "The other plan", Key: d.Key}); err != nil || p.ID == ids[0] || p.Called() != "The other plan" {
			t.Errorf("another title: %+v, %v", p, err)
		}
		// A key answers for what it has made, not for another project whose name is taken.
		if _, err := create(w.Owner, projects.Draft{Title: "Third"}); err != nil {
			t.Error(err)
		}
		if p, err := create(w.Owner, projects.Draft{Title: "Third", Key: d.Key}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a taken name with the key of another project: %+v, %v", p, err)
		}
		if p, err := create(w.Admin, d); err != nil || p.OwnerID != w.Admin.UserID {
			t.Errorf("the key of someone else: %+v, %v", p, err)
		}
		if _, err := create(w.Owner, projects.Draft{Title: "Fourth", Key: "no"}); errs.As(err).Fields["actionId"].Key == "" {
			t.Errorf("a malformed key: %v", err)
		}
	})
}
