package notifications_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/notifications"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

func newNotifications(w *boardtest.World) *notifications.Module {
	return boardtest.Feature[*notifications.Module](w)
}

// shown returns what the bell shows a person: the key of the sentence, what it
// happened to, how often, and "read".
func shown(t *testing.T, w *boardtest.World, by accounts.Actor) []string {
	t.Helper()
	all := []string{}
	for _, e := range entries(t, w, by) {
		text := fmt.Sprintf("%s %s %d", e.Text, e.Name, e.Count)
		if e.Read {
			text += " read"
		}
		if len(e.More) > 0 {
			text += fmt.Sprintf(" and %d more", len(e.More))
		}
		all = append(all, text)
	}
	return all
}

func entries(t *testing.T, w *boardtest.World, by accounts.Actor) []notifications.Entry {
	t.Helper()
	part, err := newNotifications(w).HomePart(t.Context(), by.UserID)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]notifications.Entry, len(part.Feed))
	for i, e := range part.Feed {
		var ok bool
		if all[i], ok = e.Item.(notifications.Entry); !ok || e.Read == nil || *e.Read != all[i].Read {
			t.Fatalf("%+v", e)
		}
	}
	return all
}

func unread(t *testing.T, w *boardtest.World, by accounts.Actor) int {
	t.Helper()
	n, err := newNotifications(w).BadgeCount(t.Context(), by.UserID, time.Time{}, module.Unwanted{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onCard makes a card whose members are those people, by the owner.
func onCard(t *testing.T, w *boardtest.World, name string, people ...accounts.Actor) (cardID int64) {
	t.Helper()
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "list")
	var ids []int64
	for _, p := range people {
		ids = append(ids, p.UserID)
	}
	id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: name, Members: ids})
	must(t, err)
	return id
}

func TestMembersOfACardAreNotifiedAndOthersAreNot(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		card := onCard(t, w, "Paint", w.Owner, w.Admin, w.Stranger)
		if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"cards.notify.assigned Paint 1"}) {
			t.Errorf("the admin, who was added: %q", got)
		}
		for _, by := range []accounts.Actor{w.Owner, w.Stranger, w.Reader} {
			if got := shown(t, w, by); len(got) != 0 {
				t.Errorf("%s, who has done it, is no member, or was not added: %q", by.Name, got)
			}
		}
		// Off the card again: nothing to tell any more. On it under another name.
		r := projects.By(w.Owner, w.Project.ID)
		_, err := w.Cards.Edit(t.Context(), r, card, cards.Edit{Name: "Paint", RemovedMembers: []int64{w.Admin.UserID}})
		must(t, err)
		if got := shown(t, w, w.Admin); len(got) != 0 {
			t.Errorf("removed from the card: %q", got)
		}
		_, err = w.Cards.Edit(t.Context(), r, card, cards.Edit{Name: "Paint the wall", NewMembers: []int64{w.Admin.UserID, w.Reader.UserID}})
		must(t, err)
		for _, by := range []accounts.Actor{w.Admin, w.Reader} {
			if got := shown(t, w, by); !slices.Equal(got, []string{"cards.notify.assigned Paint the wall 1"}) {
				t.Errorf("%s: %q", by.Name, got)
			}
		}
		// By oneself.
		_, err = w.Cards.Edit(t.Context(), projects.By(w.Admin, w.Project.ID), onCard(t, w, "Own"), cards.Edit{Name: "Own", NewMembers: []int64{w.Admin.UserID}})
		must(t, err)
		if n := unread(t, w, w.Admin); n != 1 {
			t.Errorf("after joining a card by oneself: %d unread", n)
		}
	})
}

func TestMembershipIsNotified(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Stranger)
		r := projects.By(w.Owner, w.Project.ID)
		_, err := w.Projects.AddFriend(t.Context(), r, w.Stranger.Name, projects.RoleAdmin)
		must(t, err)
		_, err = w.Projects.SetRole(t.Context(), r, w.Stranger.UserID, projects.RoleAccessOnly)
		must(t, err)
		_, err = w.Projects.SetRole(t.Context(), r, w.Stranger.UserID, projects.RoleAdmin)
		must(t, err)
		// The role that holds, once.
		if got := shown(t, w, w.Stranger); !sameSet(got, "projects.notify.roleEdit  2", "projects.notify.added  1") {
			t.Errorf("%q", got)
		}
		for _, e := range entries(t, w, w.Stranger) {
			if e.Project != w.Project.Called() || e.Who() != "olive" {
				t.Errorf("%+v", e)
			}
			if path, err := newNotifications(w).Open(t.Context(), w.Stranger, e.ID); err != nil || path != w.Project.URL() {
				t.Errorf("leads to %q, %v", path, err)
			}
		}
		// The end takes what one may not see any more, and names the project.
		onCard(t, w, "Secret", w.Stranger)
		_, err = w.Projects.Remove(t.Context(), r, w.Stranger.UserID)
		must(t, err)
		if got := shown(t, w, w.Stranger); !slices.Equal(got, []string{"projects.notify.removed board 1"}) {
			t.Errorf("after the removal: %q", got)
		}
		// Who leaves knows it.
		_, err = w.Projects.Remove(t.Context(), projects.By(w.Reader, w.Project.ID), w.Reader.UserID)
		must(t, err)
		if got := shown(t, w, w.Reader); len(got) != 0 {
			t.Errorf("after leaving: %q", got)
		}
		// A new owner is told.
		must(t, w.Projects.Transfer(t.Context(), r, w.Admin.Name))
		if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"projects.notify.roleOwner  1"}) {
			t.Errorf("the new owner: %q", got)
		}
		must(t, w.Projects.Delete(t.Context(), w.Admin, w.Project.ID, nil))
		if got := shown(t, w, w.Admin); len(got) != 0 {
			t.Errorf("after the project was deleted: %q", got)
		}
	})
}

func sameSet(got []string, want ...string) bool {
	slices.Sort(got)
	slices.Sort(want)
	return slices.Equal(got, want)
}

func befriend(t *testing.T, w *boardtest.World, a, b accounts.Actor) {
	t.Helper()
	_, err := w.Friends.Send(t.Context(), a, b.Name)
	must(t, err)
	_, err = w.Friends.Send(t.Context(), b, a.Name)
	must(t, err)
}

func TestMarkingOneSomeAndAll(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		onCard(t, w, "one", w.Admin)
		onCard(t, w, "two", w.Admin, w.Reader)
		first := entries(t, w, w.Admin)[1]
		// Not by another person, and not by no one.
		if _, err := n.Open(t.Context(), w.Reader, first.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another person opens it: %v", err)
		}
		must(t, n.Mark(t.Context(), w.Reader, []int64{first.ID}))
		if err := n.Mark(t.Context(), w.Nobody, []int64{first.ID}); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("signed out: %v", err)
		}
		_, rev, _, err := w.Accounts.Missed(t.Context(), w.Admin, 0)
		must(t, err)
		if got := unread(t, w, w.Admin); got != 2 {
			t.Fatalf("%d unread", got)
		}
		must(t, n.Mark(t.Context(), w.Admin, []int64{first.ID}))
		if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"cards.notify.assigned two 1", "cards.notify.assigned one 1 read"}) {
			t.Errorf("after one was read: %q", got)
		}
		told, _, _, err := w.Accounts.Missed(t.Context(), w.Admin, rev)
		if err != nil || len(told) != 1 || told[0].Name != "notifications_read" {
			t.Errorf("the person's other pages are told %+v, %v", told, err)
		}
		// All up to a time: what comes later stays unread, though it is of a subject that was read.
		err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, module.NotificationsRead{UserID: w.Admin.UserID, Until: w.DB.Now(ctx)})
		})
		must(t, err)
		if a, r := unread(t, w, w.Admin), unread(t, w, w.Reader); a != 0 || r != 1 {
			t.Errorf("after reading all: %d unread, %d of another person", a, r)
		}
	})
}

// publish publishes a notification as a module would.
func publish(t *testing.T, w *boardtest.World, n module.Notification) {
	t.Helper()
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.Deps.Bus.Publish(ctx, n) }))
}

func TestOneSubjectIsOneEntryWhileItIsUnread(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		tell := module.Notification{Kind: "cards.assigned", To: []int64{w.Admin.UserID, w.Reader.UserID, w.Owner.UserID}, By: w.Owner.UserID, Subject: "card:1", Name: "old"}
		publish(t, w, tell)
		tell.Name = "new"
		publish(t, w, tell)
		if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"cards.notify.assigned new 2"}) {
			t.Errorf("two of a subject: %q", got)
		}
		must(t, n.Mark(t.Context(), w.Admin, []int64{entries(t, w, w.Admin)[0].ID}))
		publish(t, w, tell)
		if got := shown(t, w, w.Admin); !sameSet(got, "cards.notify.assigned new 1", "cards.notify.assigned new 2 read") {
			t.Errorf("one more after the others were read: %q", got)
		}
		if got := shown(t, w, w.Reader); !slices.Equal(got, []string{"cards.notify.assigned new 3"}) {
			t.Errorf("of a person who has read nothing: %q", got)
		}
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, module.NotificationWithdrawn{Kind: "cards.assigned", Subject: "card:1"})
		})
		must(t, err)
		if a, r := shown(t, w, w.Admin), shown(t, w, w.Reader); !slices.Equal(a, []string{"cards.notify.assigned new 2 read"}) || len(r) != 0 {
			t.Errorf("after it was withdrawn: %q, %q", a, r)
		}
	})
}

func TestManyOfOnePersonAreShownAsOne(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	for i := range 3 {
		onCard(t, w, fmt.Sprint(i), w.Admin)
	}
	if got := shown(t, w, w.Admin); len(got) != 3 {
		t.Errorf("three: %q", got)
	}
	onCard(t, w, "3", w.Admin)
	if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"cards.notify.assigned 3 1 and 3 more"}) {
		t.Errorf("four: %q", got)
	}
	if n := unread(t, w, w.Admin); n != 4 {
		t.Errorf("the bell says %d", n)
	}
}

func TestNotificationsAreDeletedWhenTheyAreOld(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		for _, name := range []string{"read long ago", "read", "unread long ago", "unread"} {
			onCard(t, w, name, w.Admin)
		}
		age := func(name string, days int, read bool) {
			t.Helper()
			at := time.Now().UTC().AddDate(0, 0, -days)
			must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
				return w.DB.From(ctx).Exec("UPDATE notification SET at = ?, read_at = ? WHERE name = ?", at, map[bool]any{true: at, false: nil}[read], name).Error
			}))
		}
		age("read long ago", 31, true)
		age("read", 29, true)
		age("unread long ago", 91, false)
		age("unread", 89, false)
		must(t, n.Sweep(t.Context()))
		if got := shown(t, w, w.Admin); !slices.Equal(got, []string{"cards.notify.assigned read 1 read", "cards.notify.assigned unread 1"}) {
			t.Errorf("%q", got)
		}
	})
}

func TestStatementsDoNotDependOnTheNumberOfNotifications(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		counted := func(do func(ctx context.Context) error) int64 {
			t.Helper()
			ctx, c := db.CountStatements(t.Context())
			must(t, do(ctx))
			return c.Load()
		}
		read := func(ctx context.Context) error { _, err := n.HomePart(ctx, w.Admin.UserID); return err }
		onCard(t, w, "0", w.Admin)
		little := counted(read)
		for i := range 8 {
			onCard(t, w, fmt.Sprint(i), w.Admin)
		}
		if much := counted(read); little != much || much != 3 {
			t.Errorf("%d statements for one, %d for nine", little, much)
		}
		tell := func(to ...int64) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				return w.DB.InTx(ctx, func(ctx context.Context) error {
					return w.Deps.Bus.Publish(ctx, module.Notification{Kind: "cards.assigned", To: to, ProjectID: w.Project.ID, Subject: "card:1"})
				})
			}
		}
		must(t, tell(w.Owner.UserID, w.Admin.UserID, w.Reader.UserID)(t.Context())) // makes their streams
		one := counted(tell(w.Admin.UserID))
		if two := counted(tell(w.Reader.UserID, w.Owner.UserID)); one != two {
			t.Errorf("%d statements for one person, %d for two", one, two)
		}
	})
}

func TestUnknownKindIsRefused(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	if err := w.Deps.Bus.Publish(t.Context(), module.Notification{Kind: "cards.unheard", To: []int64{w.Admin.UserID}}); err == nil {
		t.Error("a kind that no module declares was stored")
	}
}

// Whatever a module publishes, others than members hear nothing of a project.
func TestOnlyMembersAreNotifiedOfAProject(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		publish(t, w, module.Notification{Kind: "cards.assigned", To: []int64{w.Stranger.UserID, w.Reader.UserID}, ProjectID: w.Project.ID, Name: "Secret"})
		if stranger, reader := shown(t, w, w.Stranger), shown(t, w, w.Reader); len(stranger) != 0 || len(reader) != 1 {
			t.Errorf("a stranger is told %q, a member %q", stranger, reader)
		}
	})
}

func TestMentionsReachMembersOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "list")
		r := projects.By(w.Owner, w.Project.ID)
		text := fmt.Sprintf("@%s, @%s and @%s", w.Admin.Name, w.Stranger.Name, w.Owner.Name)
		id, _, err := w.Cards.Create(t.Context(), r, list, cards.Draft{Name: "Paint", Desc: text})
		must(t, err)
		_, err = w.Cards.Edit(t.Context(), r, id, cards.Edit{Name: "Paint", Desc: text + "\nask @" + w.Reader.Name})
		must(t, err)
		_, err = w.Cards.Edit(t.Context(), r, id, cards.Edit{Name: "Paint it", Desc: text + "\nask @" + w.Reader.Name})
		must(t, err)
		for _, tc := range []struct {
			by   accounts.Actor
			want string
		}{{w.Admin, text}, {w.Reader, "ask @" + w.Reader.Name}, {w.Stranger, ""}, {w.Owner, ""}} {
			got := ""
			for _, e := range entries(t, w, tc.by) {
				got += e.Excerpt
				if e.Text != "cards.notify.mentioned" || e.Count != 1 {
					t.Errorf("%s: %+v", tc.by.Name, e)
				}
			}
			if got != tc.want {
				t.Errorf("%s is told %q, want %q", tc.by.Name, got, tc.want)
			}
		}
	})
}
