package chats_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// gotOf describes what a person got: names of events, and the words of secret texts
// that are in them.
func gotOf(told []chats.Told) string {
	var all []string
	for _, e := range told {
		what := e.Event
		for _, word := range []string{"secret", "answer"} {
			if strings.Contains(string(e.Payload), word) {
				what += " " + word
			}
		}
		all = append(all, what)
	}
	return strings.Join(all, ", ")
}

// TestMessagesOfBlockedPeopleAreHidden: in a group, live, in its history, counters, the
// list, the bell, the search, quotes and mentions; and only from the person who blocks.
func TestMessagesOfBlockedPeopleAreHidden(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx, project := chatsOf(w), t.Context(), projectChat(t, w)
		before := send(t, w, w.Admin, project, "secret before")
		noError(t, w.Friends.Block(ctx, w.Owner, w.Admin.UserID))
		var posted []chats.Posted
		events.On(w.Deps.Bus, func(_ context.Context, e chats.Posted) error {
			posted = append(posted, e)
			return nil
		})
		told := chats.Listen(m)
		wants := func(what string, by accounts.Actor, want string) {
			t.Helper()
			if got := gotOf(told(by.UserID)); got != want {
				t.Errorf("%s: %s got %q, want %q", what, by.Name, got, want)
			}
		}

		hidden := send(t, w, w.Admin, project, "secret for @olive")
		wants("a message", w.Owner, "msg_changed")
		wants("a message", w.Reader, "receive_msg secret")
		wants("a message", w.Admin, "successfully_sent_msg secret")
		if len(posted) != 1 || len(posted[0].Recipients) != 1 || posted[0].Recipients[0].ID != w.Reader.UserID {
			t.Errorf("published %+v, want it for the reader only", posted)
		}
		_, err := m.Edit(ctx, w.Admin, project.Kind, hidden.ID, "secret edit")
		noError(t, err)
		wants("an edit", w.Owner, "msg_changed")
		wants("an edit", w.Reader, "msg_changed secret")
		noError(t, m.Typing(ctx, w.Admin, project))
		wants("typing", w.Owner, "")
		wants("typing", w.Reader, "chat_typing")
		answer, err := m.Send(ctx, w.Reader, chats.Draft{To: project, Content: "answer", ReplyTo: hidden.ID})
		noError(t, err)
		wants("an answer", w.Owner, "receive_msg answer")
		told(w.Admin.UserID)
		own, err := m.React(ctx, w.Owner, project.Kind, answer.ID, "👍", true)
		noError(t, err)
		wants("a reaction to the answer", w.Admin, "msg_changed secret answer")
		if raw, err := json.Marshal(own); err != nil || strings.Contains(string(raw), "secret") {
			t.Errorf("the reply to a reaction has the quote: %s, %v", raw, err)
		}

		check := func(what string, got, want any) {
			t.Helper()
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		check("history", read(t, w, w.Owner, project, chats.Page{Limit: 10}), []string{"", "", "answer"})
		check("history for clients 2.x", read(t, w, w.Owner, project, chats.Page{}), []string{"answer"})
		check("missed changes", read(t, w, w.Owner, project, chats.Page{Changes: true, Since: before.Rev}), []string{"", "answer"})
		check("history of another", read(t, w, w.Reader, project, chats.Page{}), []string{"secret before", "secret edit", "answer"})
		check("unread", unread(t, w, w.Owner), map[string]int{"project": 1})
		n, err := m.CountUnread(ctx, w.Owner)
		noError(t, err)
		check("counter", n, 1)
		wantBell(t, "the bell", w, w.Owner, fmt.Sprintf("%s: answer (1) /chat?project=%d", w.Project.Called(), project.ID))
		check("search", foundBy(t, w, w.Owner, "secret"), []string{})
		check("search of another", len(foundBy(t, w, w.Reader, "secret")), 2)

		noError(t, m.MarkRead(ctx, w.Owner, project))
		send(t, w, w.Admin, project, "secret again")
		wantBell(t, "only hidden messages", w, w.Owner)
		check("only hidden messages", unread(t, w, w.Owner), map[string]int{})
		o, err := m.Chats(ctx, w.Owner)
		noError(t, err)
		if raw, err := json.Marshal(o); err != nil || strings.Contains(string(raw), "secret") || !strings.Contains(string(raw), "answer") {
			t.Errorf("the list has %s, %v", raw, err)
		}

		noError(t, w.Friends.Unblock(ctx, w.Owner, w.Admin.UserID))
		if all := read(t, w, w.Owner, project, chats.Page{}); !slices.Equal(all, []string{"secret before", "secret edit", "answer", "secret again"}) {
			t.Errorf("unblocked: %q", all)
		}
	})
}

// TestBlockedPeopleDoNotWriteToOne: the chat of the two ends with the friendship.
func TestBlockedPeopleDoNotWriteToOne(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		send(t, w, w.Admin, with(w.Owner), "before")
		noError(t, w.Friends.Block(t.Context(), w.Owner, w.Admin.UserID))
		for by, to := range map[accounts.Actor]accounts.Actor{w.Admin: w.Owner, w.Owner: w.Admin} {
			_, err := chatsOf(w).Send(t.Context(), by, chats.Draft{To: with(to), Content: "x"})
			wantKind(t, by.Name+" writes", err, errs.NotFound)
			wantKind(t, by.Name+" types", chatsOf(w).Typing(t.Context(), by, with(to)), errs.NotFound)
		}
		wantBell(t, "after the block", w, w.Owner)
		if n, err := chatsOf(w).CountUnread(t.Context(), w.Owner); n != 0 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
	})
}

// TestANewMemberSeesNoHiddenMessage: what a group's newest message is, is said without
// those of people that the new member has blocked.
func TestANewMemberSeesNoHiddenMessage(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := makeGroup(t, w, w.Owner, w.Admin)
		send(t, w, w.Owner, group, "answer")
		send(t, w, w.Admin, group, "secret")
		befriend(t, w, w.Owner, w.Stranger)
		noError(t, w.Friends.Block(t.Context(), w.Stranger, w.Admin.UserID))
		noError(t, chatsOf(w).AddFriend(t.Context(), chats.By(w.Owner), group.ID, w.Stranger.Name))
		all := strings.Join(column(t, w, "SELECT payload FROM user_event WHERE user_id = ? AND name = 'new_chat_group'", w.Stranger.UserID), " ")
		if !strings.Contains(all, "answer") || strings.Contains(all, "secret") {
			t.Errorf("the new member was told %s", all)
		}
	})
}
