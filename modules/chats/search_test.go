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
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/text"
)

// foundBy returns what a search finds for a person: where, and the message.
func foundBy(t *testing.T, w *boardtest.World, by accounts.Actor, typed string) []string {
	t.Helper()
	found, err := chatsOf(w).FindMessages(t.Context(), by.UserID, text.NewQuery(typed, 8), 10)
	noError(t, err)
	all := []string{}
	for _, f := range found {
		all = append(all, f.Where+": "+f.Content)
	}
	return all
}

// TestMessagesAreFound: in all kinds of chats, by the beginnings of words, as they are
// now, and only by those who are in the chat.
func TestMessagesAreFound(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group, project := makeGroup(t, w, w.Owner, w.Admin), projectChat(t, w)
		send(t, w, w.Admin, with(w.Owner), "Überraschung am Freitag")
		old := send(t, w, w.Owner, group, "Freitag ist frei")
		send(t, w, w.Owner, group, "der Montag wird lang")
		send(t, w, w.Reader, project, "am frei-tag geht es los")
		check := func(what string, by accounts.Actor, typed string, want ...string) {
			t.Helper()
			got := foundBy(t, w, by, typed)
			slices.Sort(got) // times of messages have seconds only
			if slices.Sort(want); !slices.Equal(got, want) && len(got)+len(want) > 0 {
				t.Errorf("%s: %q finds %q, want %q", what, typed, got, want)
			}
		}
		inGroup, inProject := "group: Freitag ist frei", "board: am frei-tag geht es los"
		check("all chats", w.Owner, "FREI", inProject, inGroup, "adam: Überraschung am Freitag")
		check("several words", w.Owner, "frei ist", inGroup)
		check("words of two messages", w.Owner, "freitag lang")
		check("the other one of a chat of two", w.Admin, "uberras", "olive: Überraschung am Freitag")
		check("a member of the project only", w.Reader, "frei", inProject)
		check("no member", w.Stranger, "frei")
		check("nothing", w.Owner, "samstag")
		check("no words", w.Owner, "!?")

		_, err := chatsOf(w).Edit(t.Context(), w.Owner, chats.Group, old.ID, "Samstag ist frei")
		noError(t, err)
		check("the text before an edit", w.Owner, "freitag", "adam: Überraschung am Freitag")
		check("the text after it", w.Admin, "samstag", "group: Samstag ist frei")
		_, err = chatsOf(w).Delete(t.Context(), w.Owner, chats.Group, old.ID)
		noError(t, err)
		check("a deleted message", w.Owner, "samstag")
		if left := column(t, w, "SELECT word FROM chat_group_msg_word WHERE msg_id = ?", old.ID); len(left) > 0 {
			t.Errorf("the index still has %q", left)
		}
		_, err = w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Reader.UserID)
		noError(t, err)
		check("who has left", w.Reader, "frei")
	})
}

// TestFoundMessageSaysWhere: the address opens the chat at the message.
func TestFoundMessageSaysWhere(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		send(t, w, w.Owner, with(w.Admin), "first")
		second := send(t, w, w.Owner, with(w.Admin), "second")
		for by, other := range map[accounts.Actor]string{w.Owner: w.Admin.Name, w.Admin: w.Owner.Name} {
			found, err := chatsOf(w).FindMessages(t.Context(), by.UserID, text.NewQuery("second", 8), 10)
			noError(t, err)
			if want := fmt.Sprintf("/chat?with=%s&message=%d", other, second.Num); len(found) != 1 || found[0].At.IsZero() || found[0].URLPath != want || found[0].From != w.Owner.Name {
				t.Errorf("%s finds %+v, want %s", by.Name, found, want)
			}
		}
	})
}

// TestOldMessagesAreIndexed: messages from before the search are found after the job
// has run, each indexed once.
func TestOldMessagesAreIndexed(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := makeGroup(t, w, w.Owner)
		for i := range 3 {
			send(t, w, w.Owner, group, fmt.Sprintf("pear %d", i))
		}
		send(t, w, w.Owner, group, "!!")
		before := column(t, w, "SELECT word FROM chat_group_msg_word ORDER BY msg_id, word")
		noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("DELETE FROM chat_group_msg_word WHERE msg_id IN (SELECT id FROM chat_group_msg WHERE content <> 'pear 1')").Error
		}))
		if got := foundBy(t, w, w.Owner, "pear"); len(got) != 1 {
			t.Fatalf("before the job: %q", got)
		}
		for range 2 {
			noError(t, chats.Fill(t.Context(), chatsOf(w)))
		}
		if after := column(t, w, "SELECT word FROM chat_group_msg_word ORDER BY msg_id, word"); !slices.Equal(before, after) {
			t.Errorf("the index has %q, want %q", after, before)
		}
	})
}

// TestSearchOfMessagesStatements: a search takes no more statements among many
// messages as among few, and finds the newest.
func TestSearchOfMessagesStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		search := func() (statements int64, newest string) {
			ctx, n := db.CountStatements(t.Context())
			found, err := chatsOf(w).FindMessages(ctx, w.Owner.UserID, text.NewQuery("pear tree", 8), 10)
			noError(t, err)
			return n.Load(), found[0].Content
		}
		fill := func(ctx context.Context, n int) {
			for i := range n {
				for _, to := range []chats.Ref{with(w.Admin), makeGroup(t, w, w.Owner)} {
					_, err := chatsOf(w).Send(ctx, w.Owner, chats.Draft{To: to, Content: fmt.Sprintf("%s pear in a tree %d", strings.Repeat("x ", i%5), i)})
					noError(t, err)
				}
			}
		}
		fill(t.Context(), 1)
		few, _ := search()
		fill(t.Context(), 30)
		many, newest := search()
		if many > few || few > 10 || !strings.HasSuffix(newest, "tree 29") {
			t.Errorf("%d statements among few messages, %d among many; the first is %q", few, many, newest)
		}
	})
}
