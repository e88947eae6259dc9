package trash_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/trash"
	"taskstack.org/platform/errs"
)

// writer takes things off a board and puts them back, at random; the ids it
// knows are never forgotten, so much of what it tries is impossible.
type writer struct {
	w            *boardtest.World
	by           accounts.Actor
	rand         *rand.Rand
	lists, cards []int64
}

func (r *writer) list() int64 { return r.lists[r.rand.IntN(len(r.lists))] }
func (r *writer) card() int64 { return r.cards[r.rand.IntN(len(r.cards))] }
func (r *writer) from() removal.Location {
	return []removal.Location{removal.InTrash, removal.InArchive}[r.rand.IntN(2)]
}

// act does one thing.
func (r *writer) act(ctx context.Context) (err error) {
	p, pos := r.w.Project.ID, r.rand.IntN(6)
	switch n := r.rand.IntN(24); {
	case n < 3:
		_, err = r.w.Cards.Delete(ctx, projects.By(r.by, p), r.card())
	case n < 5:
		_, err = r.w.Cards.Archive(ctx, projects.By(r.by, p), r.card())
	case n < 6:
		_, err = r.w.Lists.Delete(ctx, projects.By(r.by, p), r.list())
	case n < 7:
		_, err = r.w.Lists.Archive(ctx, projects.By(r.by, p), r.list())
	case n < 11:
		_, err = trashOf(r.w).Restore(ctx, projects.By(r.by, p), trash.List, removal.RestoreRequest{ID: r.list(), From: r.from()})
	case n < 16:
		_, err = trashOf(r.w).Restore(ctx, projects.By(r.by, p), trash.Card, removal.RestoreRequest{ID: r.card(), From: r.from(), ListID: []int64{0, 0, r.list()}[r.rand.IntN(3)]})
	case n < 17:
		_, err = trashOf(r.w).Discard(ctx, projects.By(r.by, p), trash.Card, r.card())
	case n < 18:
		_, err = r.w.Lists.Move(ctx, projects.By(r.by, p), r.list(), pos, nil)
	case n < 20:
		_, err = r.w.Cards.MoveMany(ctx, projects.By(r.by, p), []int64{r.card(), r.card()}, r.list(), pos)
	case n < 22:
		positions := []cards.Position{{ID: r.card(), ListID: r.list(), Pos: pos}, {ID: r.card(), ListID: r.list(), Pos: 1}}
		_, err = r.w.Cards.MoveBack(ctx, projects.By(r.by, p), positions, 1<<40)
	case n < 23:
		_, err = r.w.Cards.Edit(ctx, projects.By(r.by, p), r.card(), cards.Edit{Name: "edited", NewMembers: []int64{r.w.Reader.UserID}})
	default:
		_, _, err = r.w.Cards.Create(ctx, projects.By(r.by, p), r.list(), cards.Draft{Name: "new", Members: []int64{r.w.Owner.UserID}})
	}
	return err
}

// TestOldPagesFollowWhatGoesAndComesBack: whatever several people remove and
// put back at the same time, a page of the Flask application that only adds
// deltas ends equal to the database.
func TestOldPagesFollowWhatGoesAndComesBack(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 4, 5)
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		const writers, actions = 4, 80
		var done [writers]int
		var wg sync.WaitGroup
		for i := range writers {
			r := &writer{
				w: w, by: []accounts.Actor{w.Owner, w.Admin}[i%2], rand: rand.New(rand.NewPCG(uint64(i), 11)),
				lists: listIDs, cards: slices.Concat(cardIDs...),
			}
			wg.Go(func() {
				for range actions {
					err := r.act(t.Context())
					switch kind := errs.KindOf(err); {
					case err == nil:
						done[i]++
					case kind == errs.NotFound, kind == errs.Conflict, kind == errs.Invalid:
					default:
						t.Errorf("writer %d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		for i, n := range done {
			if n < actions/8 {
				t.Errorf("writer %d got only %d of %d actions through", i, n, actions)
			}
		}
		w.Follow(t, page, w.Project, rev)
	})
}

// TestAListComesBackAsItWas restores a list with everything on it between its
// old neighbours; who has left the project meanwhile is not on its cards.
func TestAListComesBackAsItWas(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, _ := w.Fill(t, w.Project, 3, 1)
		middle := listIDs[1]
		file := map[string][]byte{"plan.txt": []byte("x")}
		must(t, second(w.Lists.Edit(ctx, projects.By(w.Owner, p), middle, lists.Edit{Name: "middle", Desc: "d", Files: filesNew(file)})))
		for _, name := range []string{"two", "three"} {
			_, _, err := w.Cards.Create(ctx, projects.By(w.Owner, p), middle, cards.Draft{
				Name: name, Desc: name, Files: file, Members: []int64{w.Admin.UserID, w.Reader.UserID},
			})
			must(t, err)
		}
		whole := fmt.Sprint(describe(w.Page(t, w.Project)))
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Admin, p), middle)))
		if n := len(w.Page(t, w.Project).Lists); n != 2 {
			t.Errorf("%d lists are on the board", n)
		}
		items := read(t, w, removal.InTrash)
		if len(items) != 1 || items[0].CardCount != 3 || fmt.Sprint(items[0].CardNames) != "[card two three]" ||
			items[0].RemovedBy == nil || items[0].RemovedBy.Name != "adam" || len(items[0].Files) != 1 || items[0].ExpiresAt == nil {
			t.Errorf("the trash shows %+v", items)
		}
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.List, removal.RestoreRequest{ID: middle, From: removal.InTrash})))
		w.Follow(t, page, w.Project, rev)
		if got := fmt.Sprint(describe(w.Page(t, w.Project))); got != whole {
			t.Errorf("the board is\n%s, was\n%s", got, whole)
		}

		rev = w.Rev(t, w.Project)
		must(t, second(w.Lists.Archive(ctx, projects.By(w.Owner, p), middle)))
		leave(t, w, w.Reader)
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.List, removal.RestoreRequest{ID: middle, From: removal.InArchive})))
		for _, e := range w.Events(t, w.Project, rev) {
			must(t, page.Apply(e.Name, e.Payload))
		}
		for _, c := range w.Page(t, w.Project).Lists[fmt.Sprint(middle)].Cards {
			if c.Members[fmt.Sprint(w.Reader.UserID)] != 0 {
				t.Errorf("%s has somebody who left", c.Name)
			}
		}
		w.Follow(t, page, w.Project, w.Rev(t, w.Project))
	})
}

// TestACardComesBackToItsPlace, or to another list if its own was deleted.
func TestACardComesBackToItsPlace(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 4)
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		card := cardIDs[0][1]
		order := fmt.Sprint(page.Lists[fmt.Sprint(listIDs[0])].Shown)
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), card)))
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Admin, p), trash.Card, removal.RestoreRequest{ID: card, From: removal.InTrash})))
		w.Follow(t, page, w.Project, rev)
		if got := fmt.Sprint(page.Lists[fmt.Sprint(listIDs[0])].Shown); got != order {
			t.Errorf("%s, was %s", got, order)
		}

		must(t, second(w.Cards.Archive(ctx, projects.By(w.Owner, p), card)))
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), listIDs[0])))
		if items := read(t, w, removal.InArchive); len(items) != 1 || items[0].ListOnBoard || items[0].ListName != "list A" || items[0].ExpiresAt != nil {
			t.Errorf("the archive shows %+v", items)
		}
		// The list is given up and its other cards with it; this card needs its row.
		must(t, second(trashOf(w).Empty(ctx, projects.By(w.Owner, p), trash.List, listIDs[0])))
		must(t, trashOf(w).Sweep(ctx))
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.Card, removal.RestoreRequest{ID: card, From: removal.InArchive})))
		if c := w.Page(t, w.Project).Lists[fmt.Sprint(listIDs[1])].Cards[fmt.Sprint(card)]; c == nil || c.Pos != 4 {
			t.Errorf("the card is %+v", c)
		}
		must(t, trashOf(w).Sweep(ctx))
		if n := count(t, w, "list"); n != 1 {
			t.Errorf("%d rows of lists are left", n)
		}
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), listIDs[1])))
		_, err := trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.Card, removal.RestoreRequest{ID: card, From: removal.InTrash})
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("a card that went with its list came back alone: %v", err)
		}
	})
}

// TestNoListToComeBackTo says what to do.
func TestNoListToComeBackTo(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	listIDs, cardIDs := w.Fill(t, w.Project, 1, 1)
	must(t, second(w.Cards.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), cardIDs[0][0])))
	must(t, second(w.Lists.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), listIDs[0])))
	_, err := trashOf(w).Restore(t.Context(), projects.By(w.Owner, w.Project.ID), trash.Card, removal.RestoreRequest{ID: cardIDs[0][0], From: removal.InTrash})
	var e *errs.Error
	if !errors.As(err, &e) || e.Message.Key != "cards.error.noList" {
		t.Errorf("error %v", err)
	}
}
