package watching_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/watching"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

// board is a project with two lists of three cards, and what was published of it.
type board struct {
	*boardtest.World
	*watching.Module
	t         *testing.T
	lists     []int64
	cards     [][]int64
	published []string
}

func eachBoard(t *testing.T, test func(t *testing.T, b *board)) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 3)
		b := &board{World: w, Module: boardtest.Feature[*watching.Module](w), t: t, lists: listIDs, cards: cardIDs}
		names := map[int64]string{w.Owner.UserID: "owner", w.Admin.UserID: "admin", w.Reader.UserID: "reader"}
		events.On(w.Deps.Bus, func(_ context.Context, n module.Notification) error {
			if n.Kind != "watching.card" && n.Kind != "watching.list" {
				return nil
			}
			for _, id := range n.To {
				b.published = append(b.published, fmt.Sprintf("%s: %s %s %s by %s", names[id], n.Kind[len("watching."):], n.Variant, n.Name, names[n.By]))
			}
			return nil
		})
		test(t, b)
	})
}

func (b *board) as(by accounts.Actor) projects.Request { return projects.By(by, b.World.Project.ID) }

func (b *board) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// done fails the test unless a change succeeded.
func (b *board) done(_ int64, err error) {
	b.t.Helper()
	b.must(err)
}

func (b *board) watch(by accounts.Actor, kind projects.Subject, id int64, on bool) watching.Watched {
	b.t.Helper()
	all, err := b.Set(b.t.Context(), b.as(by), kind, id, on)
	b.must(err)
	return all
}

// wants compares what was published since it was called before.
func (b *board) wants(what string, want ...string) {
	b.t.Helper()
	slices.Sort(b.published)
	slices.Sort(want)
	if !slices.Equal(b.published, want) {
		b.t.Errorf("%s: %q, want %q", what, b.published, want)
	}
	b.published = nil
}

func TestWhoWatchesACardIsNotifiedOfWhatOthersDo(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by, card, name := t.Context(), b.as(b.Owner), b.cards[0][0], "card"
		edit := func(r projects.Request, e cards.Edit) {
			t.Helper()
			b.done(b.Cards.Edit(ctx, r, card, e))
		}
		edit(by, cards.Edit{Name: name})
		b.published = nil
		b.watch(b.Admin, projects.CardSubject, card, true)
		b.watch(b.Reader, projects.ListSubject, b.lists[1], true)

		edit(b.as(b.Admin), cards.Edit{Name: name, Desc: "own"})
		b.wants("one's own change")
		edit(by, cards.Edit{Name: name, Desc: "own"})
		b.wants("an edit that changes nothing")
		edit(by, cards.Edit{Name: name, Desc: "other"})
		b.wants("an edit", "admin: card  card by owner")
		edit(by, cards.Edit{Name: name, Desc: "other", Files: files.Changes{New: map[string][]byte{"a.txt": []byte("a")}}})
		b.wants("a file", "admin: card attached card by owner")
		b.done(b.Cards.Edit(ctx, by, b.cards[0][1], cards.Edit{Name: "another"}))
		b.wants("another card")
		b.done(b.Cards.Move(ctx, by, card, b.lists[0], 1))
		b.wants("a move in the list")
		b.done(b.Cards.Move(ctx, by, card, b.lists[1], 0))
		b.wants("a move to a watched list", "admin: card moved card by owner", "reader: list moved card by owner")
		edit(by, cards.Edit{Name: name, Desc: "in the list"})
		b.wants("in a watched list", "admin: card  card by owner", "reader: list  card by owner")
		b.watch(b.Reader, projects.CardSubject, card, true)
		b.done(b.Cards.Archive(ctx, by, card))
		b.wants("who watches both is told once", "admin: card archived card by owner", "reader: card archived card by owner")
		b.done(b.Cards.Restore(ctx, by, removal.RestoreRequest{ID: card, From: removal.InArchive}))
		b.wants("restored", "admin: card restored card by owner", "reader: card restored card by owner")
		b.watch(b.Reader, projects.CardSubject, card, false)
		b.done(b.Cards.Move(ctx, by, card, b.lists[0], 0))
		b.wants("a move out of a watched list", "admin: card moved card by owner", "reader: list moved card by owner")
		b.done(b.Cards.Delete(ctx, by, card))
		b.wants("deleted", "admin: card deleted card by owner")
		b.done(b.Cards.Relocate(ctx, by, card, removal.InTrash, removal.PermanentlyDeleted))
		b.wants("from the trash")
	})
}

func TestWhoWatchesAListIsNotified(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by, list := t.Context(), b.as(b.Owner), b.lists[0]
		b.watch(b.Admin, projects.ListSubject, list, true)
		b.watch(b.Owner, projects.ListSubject, list, true)
		cards.MakeCard(t, b.Cards.Service, b.Owner, b.World.Project.ID, list, "new")
		cards.MakeCard(t, b.Cards.Service, b.Owner, b.World.Project.ID, b.lists[1], "elsewhere")
		b.wants("a new card", "admin: list created new by owner")
		_, _, err := b.Cards.Copy(ctx, by, b.cards[0][2], "copy")
		b.must(err)
		b.wants("a copy", "admin: list created copy by owner")
		b.done(b.Cards.MoveMany(ctx, by, b.cards[0][:2], b.lists[1], 0))
		b.wants("several cards at once", "admin: list movedAll list B by owner")
		b.done(b.Lists.Edit(ctx, by, list, lists.Edit{Name: "Ideas"}))
		b.wants("another name", "admin: list  Ideas by owner")
		_, _, err = b.Lists.Copy(ctx, by, list, "copy")
		b.must(err)
		b.wants("a copy of the list")
		b.done(b.Lists.Archive(ctx, by, list))
		b.wants("archived", "admin: list archived Ideas by owner")
		b.watch(b.Admin, projects.ListSubject, list, false)
		b.done(b.Lists.Restore(ctx, by, removal.RestoreRequest{ID: list, From: removal.InArchive}))
		b.wants("no longer watched")
	})
}

// watched returns what the board says that a person watches.
func (b *board) watched(by accounts.Actor) string {
	b.t.Helper()
	page, err := b.Projects.Board(b.t.Context(), by, b.World.Project.OwnerName, b.World.Project.Name)
	b.must(err)
	raw, err := json.Marshal(page.Data["watched"])
	b.must(err)
	return string(raw)
}

func TestWhoMayWatch(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		other := b.MakeProject(t, "other", true)
		_, foreign := b.Fill(t, other, 1, 1)
		for _, tc := range []struct {
			what string
			by   accounts.Actor
			kind projects.Subject
			id   int64
			want errs.Kind
		}{
			{"the owner", b.Owner, projects.CardSubject, b.cards[0][0], ""},
			{"who can only view", b.Reader, projects.CardSubject, b.cards[0][0], ""},
			{"again", b.Reader, projects.CardSubject, b.cards[0][0], ""},
			{"a list", b.Reader, projects.ListSubject, b.lists[0], ""},
			{"a stranger", b.Stranger, projects.CardSubject, b.cards[0][0], errs.NotFound},
			{"signed out", b.Nobody, projects.CardSubject, b.cards[0][0], errs.NotFound},
			{"a card of another project", b.Owner, projects.CardSubject, foreign[0][0], errs.NotFound},
			{"no card", b.Owner, projects.CardSubject, 1 << 40, errs.NotFound},
			{"no list", b.Owner, projects.ListSubject, 1 << 40, errs.NotFound},
			{"a project", b.Owner, "project", b.World.Project.ID, errs.Invalid},
		} {
			if _, err := b.Set(t.Context(), b.as(tc.by), tc.kind, tc.id, true); errs.KindOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", tc.what, err, tc.want)
			}
		}
		if got, want := b.watched(b.Reader), fmt.Sprintf(`{"cards":[%d],"lists":[%d]}`, b.cards[0][0], b.lists[0]); got != want {
			t.Errorf("the board says %s, want %s", got, want)
		}
		if got := b.watched(b.Admin); got != `{"cards":[],"lists":[]}` {
			t.Errorf("another member: %s", got)
		}
	})
}

func TestWatchingEnds(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx := t.Context()
		rows := func() (n int64) {
			b.must(b.DB.From(ctx).Raw("SELECT COUNT(*) FROM watch").Scan(&n).Error)
			return n
		}
		card, list := b.cards[0][0], b.lists[1]
		for _, by := range []accounts.Actor{b.Admin, b.Reader} {
			b.watch(by, projects.CardSubject, card, true)
			b.watch(by, projects.ListSubject, list, true)
		}
		b.done(b.Projects.Remove(ctx, b.as(b.Owner), b.Reader.UserID))
		if n := rows(); n != 2 {
			t.Errorf("after one of two has left: %d rows, want 2", n)
		}
		b.done(b.Cards.Edit(ctx, b.as(b.Owner), card, cards.Edit{Name: "after"}))
		b.wants("who has left is told nothing", "admin: card  after by owner")
		b.must(b.DB.InTx(ctx, func(ctx context.Context) error {
			if err := b.Deps.Bus.Publish(ctx, cards.Purged{IDs: []int64{card}}); err != nil {
				return err
			}
			return b.Deps.Bus.Publish(ctx, lists.Purged{IDs: []int64{list}})
		}))
		if n := rows(); n != 0 {
			t.Errorf("without card and list: %d rows", n)
		}
	})
}
