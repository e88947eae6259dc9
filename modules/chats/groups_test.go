package chats_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// TestWhoMayChangeAGroup: each action as an admin, a member, and two people who are
// none.
func TestWhoMayChangeAGroup(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Reader, w.Owner)
		actions := map[string]func(by accounts.Actor, id int64) error{
			"renames": func(by accounts.Actor, id int64) error {
				return chatsOf(w).Rename(t.Context(), chats.By(by), id, "new")
			},
			"adds": func(by accounts.Actor, id int64) error {
				return chatsOf(w).AddFriend(t.Context(), chats.By(by), id, "rita")
			},
			"promotes": func(by accounts.Actor, id int64) error {
				return chatsOf(w).SetRole(t.Context(), chats.By(by), id, w.Admin.UserID, "admin")
			},
			"removes": func(by accounts.Actor, id int64) error {
				return chatsOf(w).Remove(t.Context(), chats.By(by), id, w.Admin.UserID)
			},
			"deletes": func(by accounts.Actor, id int64) error { return chatsOf(w).DeleteGroup(t.Context(), chats.By(by), id) },
		}
		for name, do := range actions {
			for _, tc := range []struct {
				by   accounts.Actor
				want errs.Kind
			}{{w.Nobody, errs.Unauthenticated}, {w.Stranger, errs.NotFound}, {w.Reader, errs.NotFound}, {w.Admin, errs.Forbidden}, {w.Owner, ""}} {
				group := makeGroup(t, w, w.Owner, w.Admin)
				wantKind(t, fmt.Sprintf("%q %s", tc.by.Name, name), do(tc.by, group.ID), tc.want)
			}
		}
		for name, do := range actions {
			wantKind(t, "no group: "+name, do(w.Owner, 987654), errs.NotFound)
		}
	})
}

func roles(t *testing.T, w *boardtest.World, id int64) string {
	t.Helper()
	return strings.Join(column(t, w, `SELECT CONCAT(user.name, '=', user_role) FROM chat_group_member_link l JOIN user ON user.id = l.user_id WHERE chat_group_id = ? ORDER BY l.id`, id), " ")
}

func TestGroupKeepsAnAdmin(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := makeGroup(t, w, w.Owner, w.Admin, w.Reader)
		send(t, w, w.Owner, group, "mine")
		send(t, w, w.Admin, group, "his")
		wantKind(t, "the last admin", chatsOf(w).SetRole(t.Context(), chats.By(w.Owner), group.ID, w.Owner.UserID, "default"), errs.Conflict)
		wantKind(t, "another role", chatsOf(w).SetRole(t.Context(), chats.By(w.Owner), group.ID, w.Admin.UserID, "owner"), errs.Invalid)
		noError(t, chatsOf(w).Leave(t.Context(), chats.By(w.Owner), group.ID))
		if got := roles(t, w, group.ID); got != "adam=admin rita=default" {
			t.Errorf("after the admin has left: %s", got)
		}
		if got := read(t, w, w.Reader, group, chats.Page{}); !slices.Equal(got, []string{"his"}) {
			t.Errorf("messages that are left: %q", got)
		}
		wantKind(t, "twice", chatsOf(w).Leave(t.Context(), chats.By(w.Owner), group.ID), errs.NotFound)
		noError(t, chatsOf(w).Leave(t.Context(), chats.By(w.Reader), group.ID))
		noError(t, chatsOf(w).Leave(t.Context(), chats.By(w.Admin), group.ID))
		for _, table := range []string{"chat_group", "chat_group_msg", "chat_group_member_link"} {
			if rows := column(t, w, "SELECT id FROM "+table); len(rows) > 0 {
				t.Errorf("%d rows of %s outlive the last member", len(rows), table)
			}
		}
	})
}

// TestTwoAdminsAtOnce: each removes the role of the other, and one admin is left;
// one leaves while the other removes them.
func TestTwoAdminsAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		elsewhere := chatsOf(w.Another(t)) // another server: only the database keeps the two apart
		for range 5 {
			group := makeGroup(t, w, w.Owner, w.Admin)
			noError(t, chatsOf(w).SetRole(t.Context(), chats.By(w.Owner), group.ID, w.Admin.UserID, "admin"))
			both := func(a, b func() error) {
				var wait sync.WaitGroup
				for _, do := range []func() error{a, b} {
					wait.Go(func() {
						if err := do(); err != nil && errs.KindOf(err) == errs.Internal {
							t.Error(err)
						}
					})
				}
				wait.Wait()
			}
			both(
				func() error {
					return chatsOf(w).SetRole(t.Context(), chats.By(w.Owner), group.ID, w.Admin.UserID, "default")
				},
				func() error {
					return elsewhere.SetRole(t.Context(), chats.By(w.Admin), group.ID, w.Owner.UserID, "default")
				},
			)
			if got := roles(t, w, group.ID); strings.Count(got, "=admin") != 1 {
				t.Fatalf("roles: %s", got)
			}
			both(
				func() error { return elsewhere.Leave(t.Context(), chats.By(w.Admin), group.ID) },
				func() error { return chatsOf(w).Remove(t.Context(), chats.By(w.Owner), group.ID, w.Admin.UserID) },
			)
			if got := roles(t, w, group.ID); got != "olive=admin" {
				t.Fatalf("roles: %s", got)
			}
		}
	})
}

// TestQueriesUseIndexes: what is read for a chat does not grow with the messages of
// all chats.
func TestQueriesUseIndexes(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		checkPlans(t, boardtest.New(t, uri))
	})
}

// checkPlans checks that no query reads all messages.
func checkPlans(t *testing.T, w *boardtest.World) {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if w.DB.Dialect() == db.MySQL {
		explain = "EXPLAIN "
	}
	for _, query := range chats.Queries(chatsOf(w)) {
		var plan []map[string]any
		noError(t, w.DB.From(t.Context()).Raw(explain+query).Scan(&plan).Error)
		for _, step := range plan {
			text := fmt.Sprint(step)
			if w.DB.Dialect() == db.SQLite && strings.Contains(text, "SCAN") && strings.Contains(text, "msg") {
				t.Errorf("%s\nreads a whole table: %s", query, text)
			}
			if table, _ := step["table"].(string); w.DB.Dialect() == db.MySQL && fmt.Sprint(step["key"]) == "<nil>" && strings.Contains(table, "msg") {
				t.Errorf("%s\nuses no index: %s", query, text)
			}
		}
	}
}
