package chats_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// column is the first column of a query's rows, as texts.
func column(t *testing.T, w *boardtest.World, query string, args ...any) []string {
	t.Helper()
	var all []string
	noError(t, w.DB.From(t.Context()).Raw(query, args...).Scan(&all).Error)
	return all
}

func exec(t *testing.T, w *boardtest.World, query string, args ...any) {
	t.Helper()
	noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error }))
}

// group is the project's chat group: its name, who is in it, and what its page
// says.
func group(t *testing.T, w *boardtest.World, p projects.Project) (name string, people []string, status any) {
	t.Helper()
	b, err := w.Projects.Board(t.Context(), w.Owner, p.OwnerName, p.Name)
	noError(t, err)
	for _, each := range column(t, w, "SELECT name FROM project_chat_group WHERE project_id = ?", p.ID) {
		name = each
	}
	people = column(t, w, `SELECT user.name FROM project_chat_group_member_link link JOIN user ON user.id = link.user_id
JOIN project_chat_group g ON g.id = link.project_chat_group_id WHERE g.project_id = ? AND link.user_role = 'default' ORDER BY user.name`, p.ID)
	return name, people, b.Data["chatGroupStatus"]
}

func TestTheGroupOfAProjectIsMadeOnceAndDeleted(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		if name, people, status := group(t, w, w.Project); name != "" || len(people) > 0 || status != "deactivated" {
			t.Errorf("before: %q %v %v", name, people, status)
		}
		for _, by := range []accounts.Actor{w.Admin, w.Reader, w.Stranger, w.Nobody} {
			_, err := w.Chats.Activate(ctx, by, w.Project.ID)
			_, deactivating := w.Chats.Deactivate(ctx, by, w.Project.ID)
			if err == nil || deactivating == nil {
				t.Errorf("%q may: %v, %v", by.Name, err, deactivating)
			}
		}
		for i := range 2 { // the second time nothing happens (defect D14)
			rev := w.Rev(t, w.Project)
			got, err := w.Chats.Activate(ctx, w.Owner, w.Project.ID)
			noError(t, err)
			if got != rev+1-int64(i) {
				t.Errorf("time %d: rev %d after %d", i, got, rev)
			}
		}
		if name, people, status := group(t, w, w.Project); name != "olive/board" || !slices.Equal(people, []string{"adam", "olive", "rita"}) || status != "activated" {
			t.Errorf("group: %q %v %v", name, people, status)
		}
		say(t, w, w.Project, w.Admin, w.Owner)
		for range 2 {
			_, err := w.Chats.Deactivate(ctx, w.Owner, w.Project.ID)
			noError(t, err)
		}
		for _, table := range []string{"", "_msg", "_msg_status", "_member_link"} {
			if rows := column(t, w, "SELECT id FROM project_chat_group"+table); len(rows) > 0 {
				t.Errorf("%d rows left in project_chat_group%s", len(rows), table)
			}
		}
	})
}

// say puts a message of somebody into a project's group, unread by another.
func say(t *testing.T, w *boardtest.World, p projects.Project, by, unreadBy accounts.Actor) {
	t.Helper()
	id := column(t, w, "SELECT id FROM project_chat_group WHERE project_id = ?", p.ID)[0]
	exec(t, w, "INSERT INTO project_chat_group_msg (project_chat_group_id, content, from_id, datetime) VALUES (?, 'hello', ?, '2026-01-02 03:04:05')", id, by.UserID)
	msg := column(t, w, "SELECT MAX(id) FROM project_chat_group_msg")[0]
	exec(t, w, "INSERT INTO project_chat_group_msg_status (user_id, project_chat_group_id, project_chat_group_msg_id, seen) VALUES (?, ?, ?, 0)", unreadBy.UserID, id, msg)
}

func TestTheGroupFollowsItsProject(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		p, err := w.Projects.Create(ctx, w.Owner, projects.Draft{Name: "a-name-of-thirty-two-characters-", Private: true, Chat: true})
		noError(t, err)
		check := func(wantName string, want ...string) {
			t.Helper()
			if name, people, status := group(t, w, p); name != wantName || !slices.Equal(people, want) || status != "activated" {
				t.Errorf("group %q %v %v, want %q %v", name, people, status, wantName, want)
			}
		}
		check("olive/"+p.Name, "olive")
		_, _, err = w.Projects.Join(ctx, w.Admin, p.InviteAsAdminCode)
		noError(t, err)
		_, _, err = w.Projects.Join(ctx, w.Reader, p.InviteCode)
		noError(t, err)
		check("olive/"+p.Name, "adam", "olive", "rita")
		say(t, w, p, w.Reader, w.Admin)
		say(t, w, p, w.Reader, w.Owner)
		say(t, w, p, w.Admin, w.Reader)
		_, err = w.Projects.Remove(ctx, w.Reader, p.ID, w.Reader.UserID)
		noError(t, err)
		check("olive/"+p.Name, "adam", "olive")
		unread := column(t, w, "SELECT user_id FROM project_chat_group_msg_status WHERE seen = 0 ORDER BY id")
		if want := []string{fmt.Sprint(w.Admin.UserID), fmt.Sprint(w.Owner.UserID)}; !slices.Equal(unread, want) {
			t.Errorf("unread by %v, want %v (defect D23)", unread, want)
		}
		_, err = w.Projects.Edit(ctx, w.Owner, p.ID, projects.Edit{Name: "short"})
		noError(t, err)
		p.Name = "short"
		check("olive/short", "adam", "olive")
		noError(t, w.Projects.Transfer(ctx, w.Owner, p.ID, "adam"))
		p.OwnerName = "adam"
		check("adam/short", "adam", "olive")
		noError(t, w.Projects.Delete(ctx, w.Admin, p.ID, nil))
		if rows := column(t, w, "SELECT id FROM project_chat_group"); len(rows) > 0 {
			t.Error("the group outlives its project")
		}
	})
}

// TestWhoeverGoesTakesTheirWordsAlong and nobody else's (defect D16).
func TestWhoeverGoesTakesTheirWordsAlong(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		own, err := w.Projects.Create(ctx, w.Reader, projects.Draft{Name: "own", Chat: true})
		noError(t, err)
		_, err = w.Chats.Activate(ctx, w.Owner, w.Project.ID)
		noError(t, err)
		say(t, w, w.Project, w.Reader, w.Owner)
		say(t, w, w.Project, w.Owner, w.Reader)
		say(t, w, own, w.Reader, w.Owner)
		for _, m := range [][2]accounts.Actor{{w.Reader, w.Owner}, {w.Owner, w.Reader}, {w.Owner, w.Admin}} {
			exec(t, w, "INSERT INTO msg (content, from_id, to_id, datetime, seen) VALUES ('x', ?, ?, '2026-01-02 03:04:05', 0)", m[0].UserID, m[1].UserID)
		}
		for i, people := range [][]accounts.Actor{{w.Reader}, {w.Reader, w.Admin, w.Owner}, {w.Owner}} {
			exec(t, w, "INSERT INTO chat_group (id, name) VALUES (?, 'g')", i+1)
			for k, by := range people {
				role := "default"
				if k == 0 {
					role = "admin"
				}
				exec(t, w, "INSERT INTO chat_group_member_link (chat_group_id, user_id, user_role) VALUES (?, ?, ?)", i+1, by.UserID, role)
				exec(t, w, "INSERT INTO chat_group_msg (chat_group_id, content, from_id, datetime) VALUES (?, 'x', ?, '2026-01-02 03:04:05')", i+1, by.UserID)
			}
			exec(t, w, "INSERT INTO chat_group_msg_status (user_id, chat_group_id, chat_group_msg_id, seen) SELECT ?, chat_group_id, id, 0 FROM chat_group_msg WHERE chat_group_id = ?", w.Owner.UserID, i+1)
		}
		noError(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.Kit.Bus.Publish(ctx, accounts.Deleting{UserID: w.Reader.UserID, Name: w.Reader.Name})
		}))
		if _, err := w.Projects.Access(ctx, w.Owner, own.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("their own project: %v", err)
		}
		owner, admin := fmt.Sprint(w.Owner.UserID), fmt.Sprint(w.Admin.UserID)
		for query, want := range map[string][]string{
			"SELECT from_id FROM msg":               {owner},
			"SELECT id FROM chat_group ORDER BY id": {"2", "3"},
			"SELECT user_id FROM chat_group_member_link WHERE user_role = 'admin' ORDER BY chat_group_id": {admin, owner},
			"SELECT from_id FROM chat_group_msg ORDER BY id":                                              {admin, owner, owner},
			"SELECT user_id FROM chat_group_msg_status":                                                   {owner, owner, owner},
			"SELECT from_id FROM project_chat_group_msg":                                                  {owner},
			"SELECT user_id FROM project_chat_group_msg_status":                                           nil,
			"SELECT user_id FROM project_chat_group_member_link ORDER BY id":                              {owner, admin},
		} {
			if got := column(t, w, query); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", query, got, want)
			}
		}
	})
}
