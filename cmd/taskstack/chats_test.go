package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
)

// TestMessagesReachOtherServers checks that messages written on one server reach the
// sockets of another one that shares nothing with it but the database, in order and
// once, also a chat's first one.
func TestMessagesReachOtherServers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner, friend := s.people[projects.Owner], s.people[projects.Friend]
		there := s.secondServer() + "/socket.io/?EIO=4&transport=websocket"
		here := s.dial(owner, realtime.RootNamespace)
		other := boardtest.Dial(t, there, realtime.RootNamespace, http.Header{"Cookie": {friend.cookie}})
		wants := func(c *boardtest.Client, event, content string) {
			t.Helper()
			got := c.Next(t)
			if got.Name != event || content != "" && !strings.Contains(string(got.Args[0]), `"content":"`+content+`"`) {
				t.Fatalf("got %s %s, want %s %s", got.Name, got.Args, event, content)
			}
		}
		m, toFriend := feature[*chats.Module](t, s.app), chats.Ref{Kind: chats.UserChat, ID: friend.UserID}
		for i := range 3 {
			_, err := m.Send(t.Context(), owner.Actor, chats.Draft{To: toFriend, Content: fmt.Sprint(i)})
			s.must(err)
		}
		for i := range 3 {
			wants(other, "receive_msg", fmt.Sprint(i))
			wants(here, "successfully_sent_msg", fmt.Sprint(i))
		}
		s.must(m.MarkRead(t.Context(), friend.Actor, chats.Ref{Kind: chats.UserChat, ID: owner.UserID}))
		wants(other, "chat_read", "")
		wants(here, "chat_seen", "")
		here.None(t)
		other.None(t)
	})
}

var _ = actsOf(func(l *leaver, p projects.Project) {
	_, err := feature[*chats.Module](l.t, l.app).Activate(l.t.Context(), projects.By(l.ben, p.ID))
	l.must(err)
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"msg", map[string]any{"content": "x", "from_id": id, "to_id": l.ben.UserID, "datetime": at, "seen": false}},
		row{"msg", map[string]any{"id": 902, "content": "x", "from_id": l.ben.UserID, "to_id": id, "datetime": at, "seen": false}},
		row{"msg_reaction", map[string]any{"msg_id": 902, "user_id": id, "emoji": "👍"}},
		row{"chat_hidden_sender", map[string]any{"user_id": id, "from_id": l.ben.UserID}},
		row{"chat_hidden_sender", map[string]any{"user_id": l.ben.UserID, "from_id": id}},
		row{"chat_pair", map[string]any{"id": 900}},
		row{"chat_pair_link", map[string]any{"pair_id": 900, "user_id": id, "friend_id": l.ben.UserID}},
		row{"chat_pair_link", map[string]any{"pair_id": 900, "user_id": l.ben.UserID, "friend_id": id}},
		row{"chat_group", map[string]any{"id": 900, "name": "g"}},
		row{"chat_group_member_link", map[string]any{"chat_group_id": 900, "user_id": id, "user_role": "admin"}},
		row{"chat_group_member_link", map[string]any{"chat_group_id": 900, "user_id": l.ben.UserID, "user_role": "default"}},
		row{"chat_group_msg", map[string]any{"id": 900, "chat_group_id": 900, "content": "x", "from_id": id, "datetime": at}},
		row{"chat_group_msg", map[string]any{"id": 901, "chat_group_id": 900, "content": "x", "from_id": l.ben.UserID, "datetime": at}},
		row{"chat_group_msg_reaction", map[string]any{"msg_id": 901, "user_id": id, "emoji": "👍"}},
		row{"chat_group_msg_status", map[string]any{"user_id": id, "chat_group_id": 900, "chat_group_msg_id": 901, "seen": false}},
	)
	l.must(l.db.InTx(l.t.Context(), func(ctx context.Context) error {
		for _, by := range []int64{id, l.ben.UserID} {
			err := l.db.From(ctx).Exec(`INSERT INTO project_chat_group_msg (project_chat_group_id, content, from_id, datetime)
SELECT id, 'x', ?, ? FROM project_chat_group WHERE project_id = ?`, by, at, p.ID).Error
			if err != nil {
				return err
			}
		}
		err := l.db.From(ctx).Exec(`INSERT INTO project_chat_group_msg_reaction (msg_id, user_id, emoji)
SELECT id, ?, 'x' FROM project_chat_group_msg WHERE from_id = ?`, id, l.ben.UserID).Error
		if err != nil {
			return err
		}
		return l.db.From(ctx).Exec(`INSERT INTO project_chat_group_msg_status (user_id, project_chat_group_id, project_chat_group_msg_id, seen)
SELECT ?, project_chat_group_id, id, ? FROM project_chat_group_msg WHERE from_id = ?`, id, false, l.ben.UserID).Error
	}))
})
