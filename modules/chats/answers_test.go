package chats_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
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

// jsonOf is a payload as clients get it.
func jsonOf(t *testing.T, payload any) map[string]any {
	t.Helper()
	text, err := json.Marshal(payload)
	noError(t, err)
	var m map[string]any
	noError(t, json.Unmarshal(text, &m))
	return m
}

func TestReplies(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx := chatsOf(w), t.Context()
		group := makeGroup(t, w, w.Owner, w.Admin)
		other := makeGroup(t, w, w.Owner)
		question := send(t, w, w.Owner, group, strings.Repeat("q", 200))
		answer, err := m.Send(ctx, w.Admin, chats.Draft{To: group, Content: "answer", ReplyTo: question.ID})
		noError(t, err)
		want := map[string]any{"id": float64(question.ID), "num": float64(question.Num), "fromId": float64(w.Owner.UserID), "fromName": w.Owner.Name, "content": strings.Repeat("q", 160) + "…"}
		if got := jsonOf(t, answer)["replyTo"]; !reflect.DeepEqual(got, want) {
			t.Errorf("the answer quotes %v, want %v", got, want)
		}
		_, err = m.Send(ctx, w.Owner, chats.Draft{To: other, Content: "x", ReplyTo: question.ID})
		wantKind(t, "an answer to a message of another chat", err, errs.Invalid)
		unknown, err := m.Send(ctx, w.Owner, chats.Draft{To: group, Content: "x", ReplyTo: 987654})
		noError(t, err)
		if jsonOf(t, unknown)["replyTo"] != nil {
			t.Error("an answer to a message that is gone quotes something")
		}
		_, err = m.Delete(ctx, w.Owner, chats.Group, question.ID)
		noError(t, err)
		edited, err := m.Edit(ctx, w.Admin, chats.Group, answer.ID, "edited")
		noError(t, err)
		if q, _ := jsonOf(t, edited)["replyTo"].(map[string]any); q["content"] != "" || q["deleted"] != true {
			t.Errorf("a deleted message is quoted as %v", q)
		}
	})
}

func TestReactions(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx := chatsOf(w), t.Context()
		befriend(t, w, w.Owner, w.Admin)
		take := chats.Listen(m)
		for _, ref := range []chats.Ref{with(w.Admin), makeGroup(t, w, w.Owner, w.Admin), projectChat(t, w)} {
			sent := send(t, w, w.Owner, ref, "look")
			react := func(by accounts.Actor, emoji string, on bool) (chats.Sent, error) {
				return m.React(ctx, by, ref.Kind, sent.ID, emoji, on)
			}
			take(w.Owner.UserID)
			for _, by := range []accounts.Actor{w.Admin, w.Owner} {
				_, err := react(by, "👍", true)
				noError(t, err)
			}
			again, err := react(w.Admin, "👍", true)
			noError(t, err)
			want := fmt.Sprint([]any{map[string]any{"emoji": "👍", "userIds": []any{float64(w.Admin.UserID), float64(w.Owner.UserID)}}})
			if got := fmt.Sprint(jsonOf(t, again)["reactions"]); got != want {
				t.Errorf("%s: %s, want %s", ref.Kind, got, want)
			}
			if told := take(w.Owner.UserID); len(told) != 2 || told[1].Event != "msg_changed" || !strings.Contains(string(told[1].Payload), "👍") {
				t.Errorf("%s: the sender got %v, want two changes", ref.Kind, told)
			}
			h, err := m.Read(ctx, w.Admin, refOf(ref, w), chats.Page{Changes: true, Since: sent.Rev})
			noError(t, err)
			if len(h.Messages) != 1 || h.Messages[0].ID != sent.ID {
				t.Errorf("%s: missed changes are %v", ref.Kind, h.Messages)
			}
			_, err = react(w.Stranger, "👍", true)
			wantKind(t, "a stranger reacts", err, errs.NotFound)
			for _, emoji := range []string{"", "x", "1", "👍👍👍👍👍👍👍👍👍👍👍👍👍", "\u202e👍", "<b>", " "} {
				_, err := react(w.Admin, emoji, true)
				wantKind(t, fmt.Sprintf("reaction %q", emoji), err, errs.Invalid)
			}
			for _, emoji := range []string{"1️⃣", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️", "👍🏽", "🇩🇪", "©️"} {
				_, err := react(w.Admin, emoji, true)
				noError(t, err)
			}
			off, err := react(w.Owner, "👍", false)
			noError(t, err)
			left := fmt.Sprint(map[string]any{"emoji": "👍", "userIds": []any{float64(w.Admin.UserID)}})
			if got := fmt.Sprint(jsonOf(t, off)["reactions"]); !strings.HasPrefix(got, "["+left) {
				t.Errorf("%s: after removing: %s, want %s first", ref.Kind, got, left)
			}
			deleted, err := m.Delete(ctx, w.Owner, ref.Kind, sent.ID)
			noError(t, err)
			if jsonOf(t, deleted)["reactions"] != nil {
				t.Error("a deleted message has reactions")
			}
			_, err = react(w.Admin, "👍", true)
			wantKind(t, "a reaction to a deleted message", err, errs.NotFound)
		}
	})
}

// refOf names a chat as the admin does.
func refOf(ref chats.Ref, w *boardtest.World) chats.Ref {
	if ref.Kind == chats.UserChat {
		return with(w.Owner)
	}
	return ref
}

func TestReactionsPerMessage(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := makeGroup(t, w, w.Owner)
		sent := send(t, w, w.Owner, group, "look")
		for i := range 20 {
			_, err := chatsOf(w).React(t.Context(), w.Owner, chats.Group, sent.ID, string(rune(0x1f600+i)), true)
			noError(t, err)
		}
		_, err := chatsOf(w).React(t.Context(), w.Owner, chats.Group, sent.ID, "🎉", true)
		wantKind(t, "the 21st reaction", err, errs.Invalid)
	})
}

func TestPostedSaysWhoIsMentioned(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m := chatsOf(w)
		group := makeGroup(t, w, w.Owner, w.Admin, w.Reader)
		noError(t, m.Mute(t.Context(), w.Reader, group, true))
		first := send(t, w, w.Admin, group, "first")
		var got []chats.Posted
		events.On(w.Deps.Bus, func(_ context.Context, e chats.Posted) error {
			got = append(got, e)
			return nil
		})
		content := "hi @" + strings.ToUpper(w.Reader.Name) + "-, not mail@" + w.Admin.Name + " and not @" + w.Stranger.Name
		_, err := m.Send(t.Context(), w.Owner, chats.Draft{To: group, Content: content, ReplyTo: first.ID})
		noError(t, err)
		if len(got) != 1 {
			t.Fatalf("published %v", got)
		}
		e := got[0]
		slices.SortFunc(e.Recipients, func(a, b chats.Recipient) int { return int(a.ID - b.ID) })
		want := []chats.Recipient{{ID: w.Admin.UserID, Answered: true}, {ID: w.Reader.UserID, Muted: true, Mentioned: true}}
		slices.SortFunc(want, func(a, b chats.Recipient) int { return int(a.ID - b.ID) })
		if !reflect.DeepEqual(e.Recipients, want) {
			t.Errorf("recipients %+v, want %+v", e.Recipients, want)
		}
		if e.Content != content || e.From.ID != w.Owner.UserID || e.ChatName != "group" || e.URLPath != fmt.Sprint("/chat?group=", group.ID) {
			t.Errorf("published %+v", e)
		}
	})
}
