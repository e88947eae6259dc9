package chats_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/platform/db"
)

// toldOf returns what each person's pages have been told since the revisions given, in
// order: "olive: a, b | adam: c".
func toldOf(t *testing.T, w *boardtest.World, since map[int64]int64) string {
	t.Helper()
	var all []string
	for _, by := range []accounts.Actor{w.Owner, w.Admin, w.Reader, w.Stranger} {
		names := column(t, w, "SELECT name FROM user_event WHERE user_id = ? AND rev > ? ORDER BY rev", by.UserID, since[by.UserID])
		if len(names) > 0 {
			all = append(all, by.Name+": "+strings.Join(names, ", "))
		}
	}
	return strings.Join(all, " | ")
}

func revsNow(t *testing.T, w *boardtest.World) map[int64]int64 {
	t.Helper()
	var rows []struct{ UserID, Rev int64 }
	noError(t, w.DB.From(t.Context()).Raw("SELECT user_id, rev FROM user_stream").Scan(&rows).Error)
	revs := map[int64]int64{}
	for _, row := range rows {
		revs[row.UserID] = row.Rev
	}
	return revs
}

// TestWhoIsToldOfAGroup: each change of a group is told to those it is about, to its
// members, and to no one else.
func TestWhoIsToldOfAGroup(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx := chatsOf(w), t.Context()
		befriend(t, w, w.Reader, w.Owner)
		for _, tc := range []struct {
			what string
			do   func(id int64) error
			want string
		}{
			{"rename", func(id int64) error { return m.Rename(ctx, chats.By(w.Owner), id, "new") }, "olive: update_chat_group_name | adam: update_chat_group_name"},
			{"add", func(id int64) error { return m.AddFriend(ctx, chats.By(w.Owner), id, "rita") }, "olive: new_chat_group_member | adam: new_chat_group_member | rita: new_chat_group"},
			{"promote", func(id int64) error { return m.SetRole(ctx, chats.By(w.Owner), id, w.Admin.UserID, "admin") }, "olive: update_chat_group_member_role | adam: update_chat_group_member_role"},
			{"remove", func(id int64) error { return m.Remove(ctx, chats.By(w.Owner), id, w.Admin.UserID) }, "olive: chat_group_member_removed | adam: chat_group_removed"},
			{"leave", func(id int64) error { return m.Leave(ctx, chats.By(w.Owner), id) }, "olive: chat_group_removed | adam: chat_group_member_removed, update_chat_group_member_role"},
			{"delete", func(id int64) error { return m.DeleteGroup(ctx, chats.By(w.Owner), id) }, "olive: chat_group_removed | adam: chat_group_removed"},
			{"create", func(int64) error { _, err := m.CreateGroup(ctx, chats.By(w.Owner), "another"); return err }, "olive: new_chat_group"},
			{"refused", func(id int64) error { _ = m.Rename(ctx, chats.By(w.Admin), id, "new"); return nil }, ""},
			{"read", func(id int64) error {
				_, err := m.Send(ctx, w.Admin, chats.Draft{To: chats.Ref{Kind: chats.Group, ID: id}, Content: "x"})
				noError(t, err)
				return m.MarkRead(ctx, w.Owner, chats.Ref{Kind: chats.Group, ID: id})
			}, "olive: chat_read"},
		} {
			group := makeGroup(t, w, w.Owner, w.Admin)
			before := revsNow(t, w)
			noError(t, tc.do(group.ID))
			if got := toldOf(t, w, before); got != tc.want {
				t.Errorf("%s: told %q, want %q", tc.what, got, tc.want)
			}
		}
	})
}

// TestWhoGetsMessages: those who are in the chat when something is written, changed or
// reacted to, and no one who has left, was removed or never was.
func TestWhoGetsMessages(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx := chatsOf(w), t.Context()
		befriend(t, w, w.Owner, w.Reader)
		group := makeGroup(t, w, w.Owner, w.Admin, w.Reader)
		told := chats.Listen(m)
		wants := func(what, owner, admin, reader string) {
			t.Helper()
			for by, want := range map[accounts.Actor]string{w.Owner: owner, w.Admin: admin, w.Reader: reader, w.Stranger: ""} {
				if got := gotOf(told(by.UserID)); got != want {
					t.Errorf("%s: %s got %q, want %q", what, by.Name, got, want)
				}
			}
		}
		sent := send(t, w, w.Owner, group, "secret")
		wants("a message", "successfully_sent_msg secret", "receive_msg secret", "receive_msg secret")
		_, err := m.Edit(ctx, w.Owner, chats.Group, sent.ID, "secret too")
		noError(t, err)
		wants("an edit", "msg_changed secret", "msg_changed secret", "msg_changed secret")
		_, err = m.React(ctx, w.Reader, chats.Group, sent.ID, "👍", true)
		noError(t, err)
		wants("a reaction", "msg_changed secret", "msg_changed secret", "msg_changed secret")
		noError(t, m.Typing(ctx, w.Admin, group))
		wants("typing", "chat_typing", "", "chat_typing")
		noError(t, m.Remove(ctx, chats.By(w.Owner), group.ID, w.Admin.UserID))
		noError(t, m.Leave(ctx, chats.By(w.Reader), group.ID))
		wants("leaving", "", "", "")
		sendFile(t, w, w.Owner, group, "secret.txt", "x")
		wants("a file after they have left", "successfully_sent_msg secret", "", "")
		_, err = m.Delete(ctx, w.Owner, chats.Group, sent.ID)
		noError(t, err)
		wants("a deletion after they have left", "msg_changed", "", "")
	})
}

// TestAGroupOf500: a message takes as many statements for 500 members as for 50, and so do
// the list, a page and the counter with 50,000 messages. On both databases, with as many
// rows, what is read of messages is read by an index.
func TestAGroupOf500(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, group := chatsOf(w), makeGroup(t, w, w.Owner)
		exec := func(query string, args ...any) {
			t.Helper()
			noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error }))
		}
		grow := func(from, to int) {
			t.Helper()
			for i := from; i < to; i++ {
				accounts.MakeUser(t, w.DB, fmt.Sprintf("member%d", i))
			}
			exec(`INSERT INTO chat_group_member_link (chat_group_id, user_id, user_role, read_rev) SELECT ?, id, 'default', 0 FROM user
WHERE name LIKE 'member%' AND id NOT IN (SELECT user_id FROM chat_group_member_link WHERE chat_group_id = ?)`, group.ID, group.ID)
		}
		measure := func() (counts []int64) {
			ctx, n := db.CountStatements(t.Context())
			count := func(_ any, err error) {
				t.Helper()
				noError(t, err)
				counts = append(counts, n.Swap(0))
			}
			count(m.Send(ctx, w.Owner, chats.Draft{To: group, Content: "hello @member7"}))
			count(m.Chats(ctx, w.Owner))
			count(m.Read(ctx, w.Owner, group, chats.Page{Limit: 50}))
			count(m.CountUnread(ctx, w.Owner))
			return counts
		}
		grow(0, 49)
		measure() // the first message makes what later ones find
		few := measure()
		grow(49, 499)
		exec(`INSERT INTO chat_group_msg (chat_group_id, content, from_id, datetime, num, rev)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
SELECT ?, 'old', ?, '2026-01-01 00:00:00', -1 - a.i * 100 - b.i, -1 - a.i * 100 - b.i FROM n a, n b WHERE a.i <= 500 AND b.i <= 100`, group.ID, w.Owner.UserID)
		if many := measure(); !slices.Equal(few, many) {
			t.Errorf("a message, the list, a page, the counter: %v statements for 50 members, %v for 500", few, many)
		}
		analyze := "ANALYZE"
		if w.DB.Dialect() == db.MySQL {
			analyze = "ANALYZE TABLE chat_group_msg, chat_group_member_link, chat_group"
		}
		exec(analyze)
		checkPlans(t, w)
	})
}
