package chats_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// with is the chat of two with a person.
func with(p accounts.Actor) chats.Ref { return chats.Ref{Kind: chats.UserChat, ID: p.UserID} }

func befriend(t *testing.T, w *boardtest.World, a, b accounts.Actor) {
	t.Helper()
	if already, err := w.Friends.AreFriends(t.Context(), a.UserID, b.UserID); err != nil || already {
		noError(t, err)
		return
	}
	for from, to := range map[accounts.Actor]string{a: b.Name, b: a.Name} {
		_, err := w.Friends.Send(t.Context(), from, to)
		noError(t, err)
	}
}

func send(t *testing.T, w *boardtest.World, by accounts.Actor, to chats.Ref, content string) chats.Sent {
	t.Helper()
	sent, err := chatsOf(w).Send(t.Context(), by, chats.Draft{To: to, Content: content})
	noError(t, err)
	return sent
}

// makeGroup makes a group of a person with friends in it.
func makeGroup(t *testing.T, w *boardtest.World, admin accounts.Actor, members ...accounts.Actor) chats.Ref {
	t.Helper()
	id, err := chatsOf(w).CreateGroup(t.Context(), chats.By(admin), "group")
	noError(t, err)
	for _, m := range members {
		befriend(t, w, admin, m)
		noError(t, chatsOf(w).AddFriend(t.Context(), chats.By(admin), id, m.Name))
	}
	return chats.Ref{Kind: chats.Group, ID: id}
}

// projectChat switches the chat of the project on.
func projectChat(t *testing.T, w *boardtest.World) chats.Ref {
	t.Helper()
	_, err := chatsOf(w).Activate(t.Context(), projects.By(w.Owner, w.Project.ID))
	noError(t, err)
	var id int64
	noError(t, w.DB.From(t.Context()).Raw("SELECT id FROM project_chat_group WHERE project_id = ?", w.Project.ID).Scan(&id).Error)
	return chats.Ref{Kind: chats.ProjectGroup, ID: id}
}

// read returns the texts of a chat, as a person reads it.
func read(t *testing.T, w *boardtest.World, by accounts.Actor, ref chats.Ref, p chats.Page) []string {
	t.Helper()
	h, err := chatsOf(w).Read(t.Context(), by, ref, p)
	noError(t, err)
	texts := []string{}
	for _, m := range h.Messages {
		texts = append(texts, m.Content)
	}
	return texts
}

func unread(t *testing.T, w *boardtest.World, by accounts.Actor) (counts map[string]int) {
	t.Helper()
	o, err := chatsOf(w).Chats(t.Context(), by)
	noError(t, err)
	counts = map[string]int{}
	for _, chat := range o.Users {
		if chat.Unread > 0 {
			counts[chat.Name] = chat.Unread
		}
	}
	for _, chat := range o.Groups {
		if chat.Unread > 0 {
			counts["group"] = chat.Unread
		}
	}
	for _, chat := range o.Projects {
		if chat.Unread > 0 {
			counts["project"] = chat.Unread
		}
	}
	return counts
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if got := errs.KindOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", what, got, err, want)
	}
}

func TestWhoMayWriteAndRead(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group := makeGroup(t, w, w.Owner, w.Admin)
		project := projectChat(t, w)
		send(t, w, w.Owner, with(w.Admin), "x")
		for _, tc := range []struct {
			by   accounts.Actor
			ref  chats.Ref
			want errs.Kind
		}{
			{w.Owner, with(w.Admin), ""},
			{w.Admin, with(w.Owner), ""},
			{w.Reader, with(w.Owner), errs.NotFound},
			{w.Owner, with(w.Stranger), errs.NotFound},
			{w.Owner, with(w.Owner), errs.NotFound},
			{w.Owner, chats.Ref{Kind: chats.UserChat, ID: 987654}, errs.NotFound},
			{w.Owner, group, ""},
			{w.Admin, group, ""},
			{w.Reader, group, errs.NotFound},
			{w.Stranger, group, errs.NotFound},
			{w.Owner, project, ""},
			{w.Reader, project, ""}, // those who can only view the board, too
			{w.Stranger, project, errs.NotFound},
			{w.Owner, chats.Ref{Kind: chats.Group, ID: 987654}, errs.NotFound},
			{w.Owner, chats.Ref{Kind: "chat", ID: 1}, errs.Invalid},
		} {
			what := fmt.Sprintf("%s in %v", tc.by.Name, tc.ref)
			_, err := chatsOf(w).Send(t.Context(), tc.by, chats.Draft{To: tc.ref, Content: "hi"})
			wantKind(t, what+" sends", err, tc.want)
			if tc.want == errs.Invalid {
				continue
			}
			_, err = chatsOf(w).Read(t.Context(), tc.by, tc.ref, chats.Page{})
			wantKind(t, what+" reads", err, tc.want)
			wantKind(t, what+" marks as read", chatsOf(w).MarkRead(t.Context(), tc.by, tc.ref), tc.want)
			wantKind(t, what+" mutes", chatsOf(w).Mute(t.Context(), tc.by, tc.ref, true), tc.want)
			wantKind(t, what+" types", chatsOf(w).Typing(t.Context(), tc.by, tc.ref), tc.want)
		}
		_, err := chatsOf(w).Send(t.Context(), w.Nobody, chats.Draft{To: with(w.Owner), Content: "hi"})
		wantKind(t, "signed out", err, errs.Unauthenticated)

		// A former friend can be read, and not written to. What was unread is read, though the chat is not muted (defect D50).
		noError(t, chatsOf(w).Mute(t.Context(), w.Owner, with(w.Admin), false))
		if n, err := chatsOf(w).CountUnread(t.Context(), w.Owner); err != nil || n != 1 {
			t.Errorf("%d unread messages of a friend, %v", n, err)
		}
		err = w.Friends.Remove(t.Context(), w.Owner, w.Admin.UserID)
		noError(t, err)
		_, err = chatsOf(w).Send(t.Context(), w.Admin, chats.Draft{To: with(w.Owner), Content: "hi"})
		wantKind(t, "to a former friend", err, errs.NotFound)
		if got := read(t, w, w.Admin, with(w.Owner), chats.Page{}); len(got) != 3 {
			t.Errorf("a former friend reads %q", got)
		}
		if n, err := chatsOf(w).CountUnread(t.Context(), w.Owner); err != nil || n != 0 {
			t.Errorf("%d unread messages of a former friend and of muted groups, %v (defect D50)", n, err)
		}
	})
}

func TestWhatMayBeSent(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	group := makeGroup(t, w, w.Owner)
	for content, want := range map[string]string{
		"":                             "chats.error.empty",
		" \n\t ":                       "chats.error.empty",
		"\u200b\u2060":                 "chats.error.empty",
		"a\x00b":                       "chats.error.characters",
		"\xff":                         "chats.error.characters",
		strings.Repeat("x", 2049):      "chats.error.tooLong",
		strings.Repeat("🚀", 2049):      "chats.error.tooLong",
		strings.Repeat("🚀", 2048):      "",
		"<img src=x onerror=alert(1)>": "",
		"two\nlines":                   "",
	} {
		_, err := chatsOf(w).Send(t.Context(), w.Owner, chats.Draft{To: group, Content: content})
		got := ""
		if e := errs.As(err); e != nil {
			got = e.Fields["content"].Key
		}
		if got != want {
			t.Errorf("%.20q: %v, want %q", content, err, want)
		}
	}
	_, err := chatsOf(w).Send(t.Context(), w.Owner, chats.Draft{To: group, Content: "x", Key: "short"})
	wantKind(t, "a key of another form", err, errs.Invalid)
	if sent := send(t, w, w.Owner, group, "  in\r\nlines  \n"); sent.Content != "  in\nlines" {
		t.Errorf("stored as %q", sent.Content)
	}
}

func TestMessageIsStoredOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group := makeGroup(t, w, w.Owner, w.Admin)
		for _, to := range []chats.Ref{group, with(w.Admin), projectChat(t, w)} {
			draft := chats.Draft{To: to, Content: "once", Key: "key-of-a-client"}
			var wait sync.WaitGroup
			ids := make([]int64, 6)
			for i := range ids {
				wait.Go(func() {
					sent, err := chatsOf(w).Send(t.Context(), w.Owner, draft)
					if err != nil {
						t.Error(err)
					}
					ids[i] = sent.ID
				})
			}
			wait.Wait()
			if len(slices.Compact(ids)) != 1 || !slices.Equal(read(t, w, w.Owner, to, chats.Page{}), []string{"once"}) {
				t.Errorf("%v: ids %v, %q", to, ids, read(t, w, w.Owner, to, chats.Page{}))
			}
		}
		// Keys are of one person, and of one chat.
		_, err := chatsOf(w).Send(t.Context(), w.Admin, chats.Draft{To: group, Content: "mine", Key: "key-of-a-client"})
		noError(t, err)
		other := makeGroup(t, w, w.Owner)
		_, err = chatsOf(w).Send(t.Context(), w.Owner, chats.Draft{To: other, Content: "elsewhere", Key: "key-of-a-client"})
		wantKind(t, "the key of another chat", err, errs.Invalid)
	})
}

func TestUnreadCounts(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		befriend(t, w, w.Owner, w.Reader)
		group := makeGroup(t, w, w.Admin, w.Owner)
		project := projectChat(t, w)
		check := func(what string, want map[string]int) {
			t.Helper()
			got, sum := unread(t, w, w.Owner), 0
			for _, n := range want {
				sum += n
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
			if n, err := chatsOf(w).CountUnread(t.Context(), w.Owner); err != nil || n != sum {
				t.Errorf("%s: the counter says %d, want %d; %v", what, n, sum, err)
			}
		}
		check("nothing written", map[string]int{})
		first := send(t, w, w.Admin, with(w.Owner), "1")
		send(t, w, w.Admin, with(w.Owner), "2")
		send(t, w, w.Reader, with(w.Owner), "3")
		send(t, w, w.Admin, group, "4")
		inProject := send(t, w, w.Reader, project, "5")
		check("five messages", map[string]int{"adam": 2, "rita": 1, "group": 1, "project": 1})
		noError(t, chatsOf(w).MarkMessageRead(t.Context(), w.Owner, chats.UserChat, first.ID))
		check("one of them", map[string]int{"adam": 1, "rita": 1, "group": 1, "project": 1})
		noError(t, chatsOf(w).MarkRead(t.Context(), w.Owner, with(w.Admin)))
		check("one chat (defect D07)", map[string]int{"rita": 1, "group": 1, "project": 1})
		noError(t, chatsOf(w).MarkMessageRead(t.Context(), w.Owner, chats.ProjectGroup, inProject.ID))
		check("the project's", map[string]int{"rita": 1, "group": 1})
		send(t, w, w.Owner, group, "an answer")
		check("who answers has read", map[string]int{"rita": 1})
		deleted := send(t, w, w.Admin, group, "oops")
		_, err := chatsOf(w).Delete(t.Context(), w.Admin, chats.Group, deleted.ID)
		noError(t, err)
		check("a deleted message", map[string]int{"rita": 1})
		wantKind(t, "a message of another's chat", chatsOf(w).MarkMessageRead(t.Context(), w.Admin, chats.UserChat, first.ID), errs.NotFound)

		// Those who come later have nothing unread, and can read what there is.
		befriend(t, w, w.Admin, w.Stranger)
		noError(t, chatsOf(w).AddFriend(t.Context(), chats.By(w.Admin), group.ID, w.Stranger.Name))
		if n := unread(t, w, w.Stranger); len(n) != 0 {
			t.Errorf("a new member has unread %v", n)
		}
		if got := read(t, w, w.Stranger, group, chats.Page{}); !slices.Equal(got, []string{"4", "an answer"}) {
			t.Errorf("a new member reads %q", got)
		}
	})
}

// TestList: what the page says of each chat.
func TestList(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group, project := makeGroup(t, w, w.Admin, w.Owner), projectChat(t, w)
		sent := send(t, w, w.Admin, with(w.Owner), "to olive")
		send(t, w, w.Admin, group, "to the group")
		noError(t, chatsOf(w).MarkRead(t.Context(), w.Owner, with(w.Admin)))
		noError(t, chatsOf(w).Mute(t.Context(), w.Owner, group, true))
		shown := func(by accounts.Actor) string {
			o, err := chatsOf(w).Chats(t.Context(), by)
			noError(t, err)
			raw, err := json.Marshal(o)
			noError(t, err)
			return string(raw)
		}
		var owners struct {
			UserToUser, ChatGroup, ProjectChatGroup map[string]struct {
				ID                        int64
				Type, Name, Title         string
				UnreadCount               int
				LastMsg                   json.RawMessage
				RoleOfCurrentUser         string
				Members                   map[string]struct{ Name, Role string }
				Rev, ReadRev, SeenRev     int64
				Muted                     bool
				PicURL, GoToURL, BoardURL string
			}
		}
		noError(t, json.Unmarshal([]byte(shown(w.Owner)), &owners))
		if c := owners.UserToUser[fmt.Sprint(w.Admin.UserID)]; c.Name != "adam" || c.UnreadCount != 0 || c.ReadRev != sent.Rev || c.Rev != sent.Rev || c.GoToURL != "/adam" ||
			!strings.Contains(string(c.LastMsg), `"content":"to olive"`) || c.SeenRev != sent.Rev {
			t.Errorf("the friend: %+v", c)
		}
		if c := owners.ChatGroup[fmt.Sprint(group.ID)]; c.Name != "group" || c.RoleOfCurrentUser != "default" || !c.Muted || c.UnreadCount != 1 || len(c.Members) != 2 ||
			c.Members[fmt.Sprint(w.Admin.UserID)].Role != "admin" || c.GoToURL != "" {
			t.Errorf("the group: %+v", c)
		}
		if c := owners.ProjectChatGroup[fmt.Sprint(project.ID)]; c.Name != "olive/board" || c.Title != "board" || string(c.LastMsg) != `"None"` || c.BoardURL != "/olive/board" || len(c.Members) != 3 {
			t.Errorf("the project's: %+v", c)
		}
		if got := shown(w.Stranger); got != `{"userToUser":{},"chatGroup":{},"projectChatGroup":{}}` {
			t.Errorf("a stranger: %s", got)
		}
	})
}

func TestEditAndDelete(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		for _, ref := range []chats.Ref{with(w.Admin), makeGroup(t, w, w.Owner, w.Admin), projectChat(t, w)} {
			sent := send(t, w, w.Owner, ref, "tpyo")
			for _, by := range []accounts.Actor{w.Admin, w.Reader, w.Nobody} {
				_, err := chatsOf(w).Edit(t.Context(), by, ref.Kind, sent.ID, "x")
				wantKind(t, by.Name+" edits", err, errs.NotFound)
				_, err = chatsOf(w).Delete(t.Context(), by, ref.Kind, sent.ID)
				wantKind(t, by.Name+" deletes", err, errs.NotFound)
			}
			edited, err := chatsOf(w).Edit(t.Context(), w.Owner, ref.Kind, sent.ID, "typo")
			noError(t, err)
			if !edited.Edited || edited.Content != "typo" || edited.Num != sent.Num || edited.Rev <= sent.Rev {
				t.Errorf("%v: edited %+v, was %+v", ref, edited, sent)
			}
			same, err := chatsOf(w).Edit(t.Context(), w.Owner, ref.Kind, sent.ID, "typo")
			noError(t, err)
			if same.Rev != edited.Rev {
				t.Errorf("%v: the same text is a change", ref)
			}
			deleted, err := chatsOf(w).Delete(t.Context(), w.Owner, ref.Kind, sent.ID)
			noError(t, err)
			if !deleted.Deleted || deleted.Content != "" {
				t.Errorf("%v: deleted %+v", ref, deleted)
			}
			_, err = chatsOf(w).Edit(t.Context(), w.Owner, ref.Kind, sent.ID, "back")
			wantKind(t, "a deleted message", err, errs.NotFound)
			// Clients of before see it no more; new ones learn what they have missed.
			if got := read(t, w, w.Admin, backwards(w, ref), chats.Page{}); len(got) != 0 {
				t.Errorf("%v: history %q", ref, got)
			}
			h, err := chatsOf(w).Read(t.Context(), w.Admin, backwards(w, ref), chats.Page{Changes: true, Since: sent.Rev})
			noError(t, err)
			if len(h.Messages) != 1 || h.Messages[0].DeletedAt == nil {
				t.Errorf("%v: missed %+v", ref, h.Messages)
			}
		}
	})
}

// backwards names a chat of the owner as the admin does.
func backwards(w *boardtest.World, ref chats.Ref) chats.Ref {
	if ref.Kind == chats.UserChat {
		return with(w.Owner)
	}
	return ref
}

func TestPagesOfAChat(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := makeGroup(t, w, w.Owner)
		var nums []int64
		for i := range 7 {
			nums = append(nums, send(t, w, w.Owner, group, fmt.Sprint(i)).Num)
		}
		for _, tc := range []struct {
			page chats.Page
			want string
		}{
			{chats.Page{}, "0 1 2 3 4 5 6"},
			{chats.Page{Limit: 3}, "4 5 6"},
			{chats.Page{Limit: 3, Before: nums[4]}, "1 2 3"},
			{chats.Page{Limit: 3, Before: nums[1]}, "0"},
			{chats.Page{Limit: 3, Before: nums[0]}, ""},
			{chats.Page{Limit: 3, After: nums[1]}, "2 3 4"},
			{chats.Page{Limit: 3, After: nums[5]}, "6"},
			{chats.Page{After: nums[6]}, ""},
			{chats.Page{Changes: true, Since: nums[4]}, "5 6"},
		} {
			if got := strings.Join(read(t, w, w.Owner, group, tc.page), " "); got != tc.want {
				t.Errorf("%+v: %q, want %q", tc.page, got, tc.want)
			}
		}
	})
}

// TestOrderIsTheSameForAll lets many people write at once: revisions have no gaps,
// and all sockets get messages in the same order.
func TestOrderIsTheSameForAll(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		project := projectChat(t, w)
		people := []accounts.Actor{w.Owner, w.Admin, w.Reader}
		told := chats.Listen(chatsOf(w))
		var wait sync.WaitGroup
		for i := range 30 {
			wait.Go(func() {
				_, err := chatsOf(w).Send(t.Context(), people[i%3], chats.Draft{To: project, Content: fmt.Sprint(i)})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, by := range people {
			var nums []int64
			for _, e := range told(by.UserID) {
				var m struct{ Num int64 }
				noError(t, json.Unmarshal(e.Payload, &m))
				nums = append(nums, m.Num)
			}
			if len(nums) != 30 || !slices.IsSorted(nums) || nums[29] != 30 {
				t.Errorf("%s got %v", by.Name, nums)
			}
		}
	})
}

// TestMessagesAreOneRowForAll checks what a message writes: one row of the log, none
// per recipient. The log is cut after an hour.
func TestMessagesAreOneRowForAll(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		project := projectChat(t, w)
		rows := func(of string) int { return len(column(t, w, "SELECT rev FROM "+of)) }
		before := rows("user_event")
		sent := send(t, w, w.Owner, project, "one")
		_, err := chatsOf(w).Edit(t.Context(), w.Owner, project.Kind, sent.ID, "other")
		noError(t, err)
		if n := rows("user_event") - before; n != 0 {
			t.Errorf("%d rows of people's streams", n)
		}
		if n := rows("chat_event"); n != 2 {
			t.Errorf("%d rows of the log for a message and its edit", n)
		}
		now := time.Now().UTC()
		for rev, age := range map[int]time.Duration{1: 59 * time.Minute, 2: 61 * time.Minute} {
			noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
				return w.DB.From(ctx).Exec("UPDATE chat_event SET created_at = ? WHERE rev = ?", now.Add(-age), rev).Error
			}))
		}
		noError(t, chats.Prune(t.Context(), chatsOf(w)))
		if left := column(t, w, "SELECT rev FROM chat_event"); !slices.Equal(left, []string{"1"}) {
			t.Errorf("of events that are 59 and 61 minutes old %v are left", left)
		}
	})
}

func TestTooManyMessages(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	now := time.Now()
	chats.LimitSending(chatsOf(w), func() time.Time { return now })
	group := makeGroup(t, w, w.Owner)
	for range 60 {
		send(t, w, w.Owner, group, "x")
	}
	_, err := chatsOf(w).Send(t.Context(), w.Owner, chats.Draft{To: group, Content: "x"})
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.RateLimited || e.Message.Key != "chats.error.tooFast" || e.RetryAfter <= 0 {
		t.Fatalf("message 61: %v", err)
	}
	now = now.Add(e.RetryAfter)
	send(t, w, w.Owner, group, "x")
}

// TestStatements: the list, a chat and the counter take as many statements for much
// as for little.
func TestStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group := makeGroup(t, w, w.Owner, w.Admin)
		send(t, w, w.Owner, projectChat(t, w), "x")
		answered := send(t, w, w.Owner, group, "x")
		answer := func() {
			sent, err := chatsOf(w).Send(t.Context(), w.Admin, chats.Draft{To: group, Content: "x", ReplyTo: answered.ID})
			noError(t, err)
			_, err = chatsOf(w).React(t.Context(), w.Admin, chats.Group, sent.ID, "👍", true)
			noError(t, err)
		}
		answer()
		measure := func() (counts []int64) {
			ctx, n := db.CountStatements(t.Context())
			_, err := chatsOf(w).Chats(ctx, w.Owner)
			noError(t, err)
			counts = append(counts, n.Load())
			ctx, n = db.CountStatements(t.Context())
			_, err = chatsOf(w).Read(ctx, w.Owner, group, chats.Page{Limit: 50})
			noError(t, err)
			counts = append(counts, n.Load())
			ctx, n = db.CountStatements(t.Context())
			_, err = chatsOf(w).CountUnread(ctx, w.Owner)
			noError(t, err)
			return append(counts, n.Load())
		}
		little := measure()
		for i := range 5 {
			friend := accounts.MakeUser(t, w.DB, fmt.Sprintf("friend%d", i))
			befriend(t, w, w.Owner, friend)
			send(t, w, friend, with(w.Owner), "x")
			noError(t, chatsOf(w).AddFriend(t.Context(), chats.By(w.Owner), group.ID, friend.Name))
			send(t, w, friend, group, "x")
			send(t, w, w.Owner, makeGroup(t, w, w.Owner, friend), "x")
			answer()
		}
		much := measure()
		if !slices.Equal(little, much) || much[0] > 9 || much[1] > 6 || much[2] != 1 {
			t.Errorf("list, page, counter: %v statements for little, %v for much", little, much)
		}
	})
}
