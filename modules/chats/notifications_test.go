package chats_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

// bell returns what the bell shows a person of chats: the name of a group or of the
// friend, the newest unread message and how many there are.
func bell(t *testing.T, w *boardtest.World, by accounts.Actor) []string {
	t.Helper()
	part, err := chatsOf(w).HomePart(t.Context(), by.UserID)
	noError(t, err)
	count, err := chatsOf(w).BadgeCount(t.Context(), by.UserID, time.Time{}, module.Unwanted{})
	noError(t, err)
	if count != len(part.Feed) {
		t.Errorf("%s: the bell counts %d of %d", by.Name, count, len(part.Feed))
	}
	all := []string{}
	for _, e := range part.Feed {
		u, ok := e.Item.(chats.Unread)
		if !ok || !e.At.Equal(u.At) || e.Kind != "msg" {
			t.Fatalf("%+v", e)
		}
		name := u.ChatName
		if u.IsDirect() {
			name = u.From.Name
		}
		all = append(all, fmt.Sprintf("%s: %s (%d) %s", name, u.Content, u.Count, u.Path()))
	}
	slices.Sort(all)
	return all
}

func wantBell(t *testing.T, what string, w *boardtest.World, by accounts.Actor, want ...string) {
	t.Helper()
	if got := bell(t, w, by); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("%s: %s has %q, want %q", what, by.Name, got, want)
	}
}

func TestAChatWithUnreadMessagesIsOneEntryAtTheBell(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m := chatsOf(w)
		befriend(t, w, w.Owner, w.Admin)
		group, project := makeGroup(t, w, w.Owner, w.Admin), projectChat(t, w)
		for i := range 3 {
			send(t, w, w.Owner, with(w.Admin), fmt.Sprint("direct ", i))
			send(t, w, w.Owner, group, fmt.Sprint("group ", i))
		}
		last := send(t, w, w.Owner, project, "project")
		inGroup := fmt.Sprintf("group: group 2 (3) /chat?group=%d", group.ID)
		inProject := fmt.Sprintf("%s: project (1) /chat?project=%d", w.Project.Called(), project.ID)
		wantBell(t, "after seven messages", w, w.Admin, inProject, inGroup, "olive: direct 2 (3) /chat?with=olive")
		wantBell(t, "the author", w, w.Owner)
		wantBell(t, "a member of the project", w, w.Reader, inProject)
		wantBell(t, "a stranger", w, w.Stranger)
		if n, err := m.BadgeCount(t.Context(), w.Admin.UserID, time.Now().UTC().Add(time.Minute), module.Unwanted{}); n != 0 || err != nil {
			t.Errorf("after all were marked as read at the bell: %d, %v", n, err)
		}
		// What a person does not want is not counted.
		for name, tc := range map[string]struct {
			unwanted module.Unwanted
			want     int
		}{
			"groups":          {module.Unwanted{Kinds: map[string]bool{"chats.group": true}}, 2},
			"all":             {module.Unwanted{Kinds: map[string]bool{"chats.group": true, "chats.direct": true, "chats.project": true}}, 0},
			"the project":     {module.Unwanted{Projects: map[int64]bool{w.Project.ID: true}}, 2},
			"another project": {module.Unwanted{Projects: map[int64]bool{w.Project.ID + 1: true}}, 3},
			"kind and project": {
				module.Unwanted{Kinds: map[string]bool{"chats.project": true}, Projects: map[int64]bool{w.Project.ID: true}}, 2,
			},
		} {
			if n, err := m.BadgeCount(t.Context(), w.Admin.UserID, time.Time{}, tc.unwanted); n != tc.want || err != nil {
				t.Errorf("without %s: %d, %v", name, n, err)
			}
		}
		// What ends an entry, or changes it.
		noError(t, m.MarkRead(t.Context(), w.Admin, with(w.Owner)))
		noError(t, m.Mute(t.Context(), w.Admin, group, true))
		wantBell(t, "one was read, one is muted", w, w.Admin, inProject)
		noError(t, m.Mute(t.Context(), w.Admin, group, false))
		_, err := m.Delete(t.Context(), w.Owner, chats.ProjectGroup, last.ID)
		noError(t, err)
		wantBell(t, "the only message was deleted", w, w.Admin, inGroup)
		noError(t, m.Leave(t.Context(), chats.By(w.Admin), group.ID))
		wantBell(t, "left the group", w, w.Admin)
		send(t, w, w.Owner, with(w.Admin), "last words")
		noError(t, w.Friends.Remove(t.Context(), w.Admin, w.Owner.UserID))
		wantBell(t, "no friends any more", w, w.Admin)
	})
}

// Old pages read these keys (contract, pages.md section 3).
func TestEntriesOfTheStartPageHaveTheContractsShape(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	befriend(t, w, w.Owner, w.Admin)
	for ref, want := range map[chats.Ref]string{
		with(w.Admin):                     `"goToChatUrl":"/chat?with=olive"`,
		makeGroup(t, w, w.Owner, w.Admin): `"chatType":"chatGroup"`,
		projectChat(t, w):                 `"chatType":"projectChatGroup"`,
	} {
		sent := send(t, w, w.Owner, ref, "<b>text</b>")
		part, err := chatsOf(w).HomePart(t.Context(), w.Admin.UserID)
		noError(t, err)
		raw, err := json.Marshal(part.Feed[0].Data)
		noError(t, err)
		for _, key := range []string{fmt.Sprintf(`"id":%d`, sent.ID), `"type":"msg"`, `"picUrl":"`, `"goToUrl":"/olive"`, `"content":"\u003cb\u003etext\u003c/b\u003e"`, `"datetime":"20`, want} {
			if !strings.Contains(string(raw), key) {
				t.Errorf("%s is missing in %s", key, raw)
			}
		}
		// The id is one that mark_msg_as_read takes.
		noError(t, chatsOf(w).MarkMessageRead(t.Context(), w.Admin, ref.Kind, sent.ID))
		wantBell(t, "marked by the message", w, w.Admin)
	}
}

// recordNotifications records what is published of messages: kind, subject and how
// many recipients.
func recordNotifications(w *boardtest.World) (take func() []string) {
	var all []string
	events.On(w.Deps.Bus, func(_ context.Context, n module.Notification) error {
		all = append(all, fmt.Sprintf("%s %s %v", n.Kind, n.Subject, n.To))
		return nil
	})
	events.On(w.Deps.Bus, func(_ context.Context, n module.NotificationWithdrawn) error {
		all = append(all, fmt.Sprintf("end %s %v", n.Subject, n.To))
		return nil
	})
	return func() []string {
		taken := all
		all = nil
		return taken
	}
}

func TestWhoIsNotifiedOfAMessage(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m := chatsOf(w)
		befriend(t, w, w.Owner, w.Admin)
		group, project := makeGroup(t, w, w.Owner, w.Admin, w.Stranger), projectChat(t, w)
		take := recordNotifications(w)
		wants := func(what string, want ...string) {
			t.Helper()
			if got := take(); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		owner, admin, reader, stranger := w.Owner.UserID, w.Admin.UserID, w.Reader.UserID, w.Stranger.UserID
		send(t, w, w.Owner, with(w.Admin), "x")
		wants("of two", fmt.Sprintf("chats.direct userToUser:%d [%d]", owner, admin))
		first := send(t, w, w.Admin, group, "x")
		wants("group", fmt.Sprintf("chats.group chatGroup:%d [%d %d]", group.ID, owner, stranger))
		send(t, w, w.Owner, group, "@"+w.Stranger.Name+" x")
		wants("mention", fmt.Sprintf("chats.group chatGroup:%d [%d]", group.ID, admin), fmt.Sprintf("chats.mentioned chatGroup:%d [%d]", group.ID, stranger))
		_, err := m.Send(t.Context(), w.Owner, chats.Draft{To: group, Content: "x", ReplyTo: first.ID})
		noError(t, err)
		wants("answer", fmt.Sprintf("chats.group chatGroup:%d [%d]", group.ID, stranger), fmt.Sprintf("chats.mentioned chatGroup:%d [%d]", group.ID, admin))
		send(t, w, w.Owner, project, "x")
		wants("project", fmt.Sprintf("chats.project projectChatGroup:%d [%d %d]", project.ID, admin, reader))
		noError(t, m.Mute(t.Context(), w.Admin, group, true))
		wants("muting", fmt.Sprintf("end chatGroup:%d [%d]", group.ID, admin))
		send(t, w, w.Owner, group, "@"+w.Admin.Name)
		wants("muted", fmt.Sprintf("chats.group chatGroup:%d [%d]", group.ID, stranger))
		noError(t, m.MarkRead(t.Context(), w.Admin, with(w.Owner)))
		wants("reading", fmt.Sprintf("end userToUser:%d [%d]", owner, admin))
		noError(t, m.MarkMessageRead(t.Context(), w.Stranger, chats.Group, first.ID))
		wants("reading a part")
	})
}

// What leaves by mail is asked for at that moment.
func TestNotificationsSayWhatIsUnreadNow(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m := chatsOf(w)
		befriend(t, w, w.Owner, w.Admin)
		group := makeGroup(t, w, w.Owner, w.Admin)
		subject := fmt.Sprintf("chatGroup:%d", group.ID)
		now := func() string {
			t.Helper()
			got, err := m.NotificationKinds()[1].Current(t.Context(), w.Admin.UserID, []string{subject})
			noError(t, err)
			c, ok := got[subject]
			if !ok {
				return ""
			}
			return fmt.Sprintf("%s %s %d", c.Name, c.Excerpt, c.Count)
		}
		send(t, w, w.Owner, group, "one")
		secret := send(t, w, w.Owner, group, "two\n  lines "+strings.Repeat("ä", 300))
		if got := now(); got != "group two lines "+strings.Repeat("ä", 190)+"… 2" {
			t.Errorf("%q", got)
		}
		_, err := m.Delete(t.Context(), w.Owner, chats.Group, secret.ID)
		noError(t, err)
		if got := now(); got != "group one 1" {
			t.Errorf("after a deletion: %q", got)
		}
		noError(t, m.Remove(t.Context(), chats.By(w.Owner), group.ID, w.Admin.UserID))
		if got := now(); got != "" {
			t.Errorf("after the removal: %q", got)
		}
	})
}

func TestStatementsOfTheBellDoNotDependOnTheNumberOfChats(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		counted := func() int64 {
			t.Helper()
			ctx, c := db.CountStatements(t.Context())
			_, err := chatsOf(w).HomePart(ctx, w.Admin.UserID)
			noError(t, err)
			return c.Load()
		}
		if none := counted(); none != 1 {
			t.Errorf("%d statements without a message", none)
		}
		project := projectChat(t, w)
		send(t, w, w.Owner, project, "x")
		one := counted()
		for range 4 {
			send(t, w, w.Owner, makeGroup(t, w, w.Owner, w.Admin), "x")
		}
		send(t, w, w.Reader, project, "x")
		if many := counted(); many != one || many != 3 {
			t.Errorf("%d statements for one chat, %d for five", one, many)
		}
	})
}
