package chats_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

func chatsOf(w *boardtest.World) *chats.Module { return boardtest.Feature[*chats.Module](w) }

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

// group returns the project's chat group: its name, its members, and the status
// on the project's page.
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

func TestActivateAndDeactivate(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		if name, people, status := group(t, w, w.Project); name != "" || len(people) > 0 || status != "deactivated" {
			t.Errorf("before: %q %v %v", name, people, status)
		}
		for _, by := range []accounts.Actor{w.Admin, w.Reader, w.Stranger, w.Nobody} {
			_, err := chatsOf(w).Activate(ctx, projects.By(by, w.Project.ID))
			_, deactivating := chatsOf(w).Deactivate(ctx, projects.By(by, w.Project.ID))
			if err == nil || deactivating == nil {
				t.Errorf("%q may: %v, %v", by.Name, err, deactivating)
			}
		}
		for i := range 2 { // the second time nothing happens (defect D14)
			rev := w.Rev(t, w.Project)
			got, err := chatsOf(w).Activate(ctx, projects.By(w.Owner, w.Project.ID))
			noError(t, err)
			if got != rev+1-int64(i) {
				t.Errorf("time %d: rev %d after %d", i, got, rev)
			}
		}
		if name, people, status := group(t, w, w.Project); name != "olive/board" || !slices.Equal(people, []string{"adam", "olive", "rita"}) || status != "activated" {
			t.Errorf("group: %q %v %v", name, people, status)
		}
		say(t, w, w.Project, w.Admin)
		for range 2 {
			_, err := chatsOf(w).Deactivate(ctx, projects.By(w.Owner, w.Project.ID))
			noError(t, err)
		}
		for _, table := range []string{"", "_msg", "_msg_status", "_member_link"} {
			if rows := column(t, w, "SELECT id FROM project_chat_group"+table); len(rows) > 0 {
				t.Errorf("%d rows left in project_chat_group%s", len(rows), table)
			}
		}
	})
}

// say sends a message of a member into a project's group.
func say(t *testing.T, w *boardtest.World, p projects.Project, by accounts.Actor) {
	t.Helper()
	var id int64
	noError(t, w.DB.From(t.Context()).Raw("SELECT id FROM project_chat_group WHERE project_id = ?", p.ID).Scan(&id).Error)
	send(t, w, by, chats.Ref{Kind: chats.ProjectGroup, ID: id}, "hello")
}

func TestGroupFollowsProject(t *testing.T) {
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
		say(t, w, p, w.Reader)
		say(t, w, p, w.Admin)
		_, err = w.Projects.Remove(ctx, projects.By(w.Reader, p.ID), w.Reader.UserID)
		noError(t, err)
		check("olive/"+p.Name, "adam", "olive")
		for by, want := range map[accounts.Actor]int{w.Owner: 2, w.Admin: 0, w.Reader: 0} { // the sender has read what came before (defect D23)
			if n, err := chatsOf(w).CountUnread(ctx, by); err != nil || n != want {
				t.Errorf("%s has %d unread messages, want %d; %v", by.Name, n, want, err)
			}
		}
		_, err = w.Projects.Edit(ctx, projects.By(w.Owner, p.ID), projects.Edit{Name: "short"})
		noError(t, err)
		p.Name = "short"
		check("olive/short", "adam", "olive")
		noError(t, w.Projects.Transfer(ctx, projects.By(w.Owner, p.ID), "adam"))
		p.OwnerName = "adam"
		check("adam/short", "adam", "olive")
		noError(t, w.Projects.Delete(ctx, w.Admin, p.ID, nil))
		if rows := column(t, w, "SELECT user_id FROM project_chat_group_member_link"); len(rows) > 0 {
			t.Errorf("%v are in the group of a deleted project", rows)
		}
		if _, err := w.Projects.Restore(ctx, w.Admin, p.ID); err != nil {
			t.Error(err)
		}
		check("adam/short", "adam", "olive")
		if rows := column(t, w, "SELECT id FROM project_chat_group_msg"); len(rows) != 2 {
			t.Errorf("%d messages after the project was restored", len(rows))
		}
		noError(t, w.Projects.Delete(ctx, w.Admin, p.ID, nil))
		noError(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE project SET deleted_at = ?", w.DB.Now(ctx).AddDate(0, 0, -30)).Error
		}))
		noError(t, w.Projects.EndDeleted(ctx))
		if rows := column(t, w, "SELECT id FROM project_chat_group"); len(rows) > 0 {
			t.Error("the group outlives its project")
		}
	})
}

// TestDeletedAccount: the messages of a deleted account are deleted, and groups get
// a new admin or are deleted.
func TestDeletedAccount(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		own, err := w.Projects.Create(ctx, w.Reader, projects.Draft{Name: "own", Chat: true})
		noError(t, err)
		_, err = chatsOf(w).Activate(ctx, projects.By(w.Owner, w.Project.ID))
		noError(t, err)
		say(t, w, w.Project, w.Reader)
		say(t, w, w.Project, w.Owner)
		say(t, w, own, w.Reader)
		befriend(t, w, w.Reader, w.Owner)
		befriend(t, w, w.Owner, w.Admin)
		for _, m := range [][2]accounts.Actor{{w.Reader, w.Owner}, {w.Owner, w.Reader}, {w.Owner, w.Admin}} {
			send(t, w, m[0], with(m[1]), "x")
		}
		for _, people := range [][]accounts.Actor{{w.Reader}, {w.Reader, w.Owner, w.Admin}, {w.Owner}} {
			befriend(t, w, w.Reader, w.Admin)
			g := makeGroup(t, w, people[0], people[1:]...)
			for _, by := range people {
				send(t, w, by, g, "x")
			}
		}
		noError(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, accounts.Deleting{UserID: w.Reader.UserID, Name: w.Reader.Name})
		}))
		if _, err := w.Projects.Access(ctx, w.Owner, own.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("their own project: %v", err)
		}
		owner, admin := fmt.Sprint(w.Owner.UserID), fmt.Sprint(w.Admin.UserID)
		for query, want := range map[string][]string{
			"SELECT from_id FROM msg":               {owner},
			"SELECT id FROM chat_group ORDER BY id": {"2", "3"},
			"SELECT user_id FROM chat_group_member_link WHERE user_role = 'admin' ORDER BY chat_group_id": {owner, owner},
			"SELECT from_id FROM chat_group_msg ORDER BY id":                                              {owner, admin, owner},
			"SELECT friend_id FROM chat_pair_link ORDER BY user_id":                                       {admin, owner},
			"SELECT COUNT(*) FROM chat_pair":                                                              {"1"},
			"SELECT from_id FROM project_chat_group_msg":                                                  {owner},
			"SELECT user_id FROM project_chat_group_member_link ORDER BY id":                              {owner, admin},
		} {
			if got := column(t, w, query); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", query, got, want)
			}
		}
	})
}
