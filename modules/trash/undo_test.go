package trash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/trash"
	"taskstack.org/platform/errs"
)

// undoable is an act with what takes it back, given the act's number.
type undoable struct {
	name string
	do   func() (int64, error)
	undo func(rev int64) (int64, error)
	// touch changes the thing itself, so that the act cannot be taken back.
	touch func() (int64, error)
}

// undoables are all acts that can be taken back, on things picked at random.
func undoables(ctx context.Context, w *boardtest.World, r *rand.Rand, listIDs []int64, positions []cards.Position) []undoable {
	p, list, some := w.Project.ID, listIDs[r.IntN(len(listIDs))], slices.Clone(positions)
	r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	some = some[:1+r.IntN(min(5, len(some)))]
	card, target, pos := some[0], listIDs[r.IntN(len(listIDs))], r.IntN(8)-1
	ids := make([]int64, len(some))
	for i, s := range some {
		ids[i] = s.ID
	}
	at := slices.Index(listIDs, list)
	restore := func(kind trash.Kind, id int64, from removal.Location) func(int64) (int64, error) {
		return func(rev int64) (int64, error) {
			return trashOf(w).Restore(ctx, projects.By(w.Owner, p), kind, removal.RestoreRequest{ID: id, From: from, Since: &rev})
		}
	}
	editCard := func() (int64, error) {
		return w.Cards.Edit(ctx, projects.By(w.Admin, p), ids[len(ids)-1], cards.Edit{Name: "touched"})
	}
	return []undoable{
		{
			"delete a card", func() (int64, error) { return w.Cards.Delete(ctx, projects.By(w.Owner, p), card.ID) }, restore(trash.Card, card.ID, removal.InTrash),
			func() (int64, error) {
				if rev, err := trashOf(w).Restore(ctx, projects.By(w.Admin, p), trash.Card, removal.RestoreRequest{ID: card.ID, From: removal.InTrash}); err != nil {
					return rev, err
				}
				return w.Cards.Delete(ctx, projects.By(w.Admin, p), card.ID)
			},
		},
		{
			"archive a card", func() (int64, error) { return w.Cards.Archive(ctx, projects.By(w.Owner, p), card.ID) }, restore(trash.Card, card.ID, removal.InArchive),
			func() (int64, error) { return trashOf(w).Discard(ctx, projects.By(w.Admin, p), trash.Card, card.ID) },
		},
		{
			"delete a list", func() (int64, error) { return w.Lists.Delete(ctx, projects.By(w.Owner, p), list) }, restore(trash.List, list, removal.InTrash),
			func() (int64, error) {
				if rev, err := trashOf(w).Restore(ctx, projects.By(w.Admin, p), trash.List, removal.RestoreRequest{ID: list, From: removal.InTrash}); err != nil {
					return rev, err
				}
				return w.Lists.Delete(ctx, projects.By(w.Admin, p), list)
			},
		},
		{
			"archive a list", func() (int64, error) { return w.Lists.Archive(ctx, projects.By(w.Owner, p), list) }, restore(trash.List, list, removal.InArchive),
			func() (int64, error) { return trashOf(w).Discard(ctx, projects.By(w.Admin, p), trash.List, list) },
		},
		{
			"move a list", func() (int64, error) { return w.Lists.Move(ctx, projects.By(w.Owner, p), list, pos, nil) },
			func(rev int64) (int64, error) { return w.Lists.Move(ctx, projects.By(w.Owner, p), list, at, &rev) },
			func() (int64, error) {
				return w.Lists.Edit(ctx, projects.By(w.Admin, p), list, lists.Edit{Name: "touched"})
			},
		},
		{
			"move a card", func() (int64, error) { return w.Cards.Move(ctx, projects.By(w.Owner, p), card.ID, target, pos) },
			func(rev int64) (int64, error) {
				return w.Cards.MoveBack(ctx, projects.By(w.Owner, p), []cards.Position{card}, rev)
			}, func() (int64, error) {
				return w.Cards.Edit(ctx, projects.By(w.Admin, p), card.ID, cards.Edit{Name: "touched"})
			},
		},
		{
			"move cards", func() (int64, error) { return w.Cards.MoveMany(ctx, projects.By(w.Owner, p), ids, target, pos) },
			func(rev int64) (int64, error) { return w.Cards.MoveBack(ctx, projects.By(w.Owner, p), some, rev) }, editCard,
		},
	}
}

// boardOf is everything a page shows, and where every card is.
func boardOf(t *testing.T, w *boardtest.World) (shown string, listIDs []int64, positions []cards.Position) {
	t.Helper()
	page := w.Page(t, w.Project)
	for _, id := range page.Shown {
		list := number(t, id)
		listIDs = append(listIDs, list)
		for pos, card := range page.Lists[id].Shown {
			positions = append(positions, cards.Position{ID: number(t, card), ListID: list, Pos: pos})
		}
	}
	return strings.Join(describe(page), "\n"), listIDs, positions
}

func number(t *testing.T, text string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDoingAndUndoingLeavesTheBoardAsItWas, with members and files, whatever was
// done; undoing twice is a conflict, and so is undoing what another member has
// touched since.
func TestDoingAndUndoingLeavesTheBoardAsItWas(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, r := t.Context(), rand.New(rand.NewPCG(9, 12))
		_, cardIDs := w.Fill(t, w.Project, 4, 4)
		for _, id := range slices.Concat(cardIDs...)[:9] {
			must(t, second(w.Cards.Edit(ctx, projects.By(w.Owner, w.Project.ID), id, cards.Edit{
				Name: fmt.Sprint("card ", id), Desc: "d", Files: filesNew(map[string][]byte{"f": {1}}), NewMembers: []int64{w.Reader.UserID, w.Admin.UserID},
			})))
		}
		seen := map[string]int{}
		for round := range 70 {
			before, listIDs, positions := boardOf(t, w)
			all := undoables(ctx, w, r, listIDs, positions)
			act := all[round%len(all)]
			page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
			done, err := act.do()
			must(t, err)
			if done != w.Rev(t, w.Project) {
				t.Fatalf("%s: answered %d, the board is at %d", act.name, done, w.Rev(t, w.Project))
			}
			moved, _, _ := boardOf(t, w)
			must(t, second(act.undo(done)))
			w.Follow(t, page, w.Project, rev)
			if after, _, _ := boardOf(t, w); after != before {
				t.Fatalf("round %d, %s and back: the board is\n%s\nand was\n%s", round, act.name, after, before)
			}
			// A move to where it was has nothing to take back.
			if err := second(act.undo(done)); errs.KindOf(err) != errs.Conflict && moved != before {
				t.Errorf("%s, taken back twice: %v", act.name, err)
			}
			seen[act.name]++
		}
		if len(seen) != 7 {
			t.Errorf("tried %v", seen)
		}
		for i := range 7 {
			_, listIDs, positions := boardOf(t, w)
			act := undoables(ctx, w, r, listIDs, positions)[i]
			done, err := act.do()
			must(t, err)
			must(t, second(act.touch()))
			before := w.Rev(t, w.Project)
			if err := second(act.undo(done)); errs.KindOf(err) != errs.Conflict || w.Rev(t, w.Project) != before {
				t.Errorf("%s, touched since and taken back: %v", act.name, err)
			}
		}
	})
}

// TestWhatWasRestoredIsUndoneByItsLastNumber: what was restored and
// moved in one change can be undone by its last number only.
func TestWhatWasRestoredIsUndoneByItsLastNumber(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 4)
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), cardIDs[0][0])))
		// It appears at the end and moves to its place: two numbers.
		rev, err := trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.Card, removal.RestoreRequest{ID: cardIDs[0][0], From: removal.InTrash})
		must(t, err)
		position := []cards.Position{{ID: cardIDs[0][0], ListID: listIDs[1], Pos: 0}}
		if _, err := w.Cards.MoveBack(ctx, projects.By(w.Owner, p), position, rev-1); errs.KindOf(err) != errs.Conflict {
			t.Errorf("undone by its first number: %v", err)
		}
		must(t, second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), position, rev)))

		rev, err = w.Cards.MoveMany(ctx, projects.By(w.Owner, p), cardIDs[0][1:], listIDs[1], 0)
		must(t, err)
		back := []cards.Position{{ID: cardIDs[0][1], ListID: listIDs[0], Pos: 0}}
		if _, err := w.Cards.MoveBack(ctx, projects.By(w.Owner, p), back, rev-1); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a block undone by its last but one number: %v", err)
		}
		must(t, second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), back, rev)))
	})
}

// TestWhoHasLeftIsNotOnWhatComesBack, of a card or of a list with cards.
func TestWhoHasLeftIsNotOnWhatComesBack(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 1)
		for _, id := range slices.Concat(cardIDs...) {
			must(t, second(w.Cards.Edit(ctx, projects.By(w.Owner, p), id, cards.Edit{Name: "c", NewMembers: []int64{w.Reader.UserID, w.Admin.UserID}})))
		}
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), cardIDs[0][0])))
		must(t, second(w.Lists.Archive(ctx, projects.By(w.Owner, p), listIDs[1])))
		leave(t, w, w.Reader)
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.Card, removal.RestoreRequest{ID: cardIDs[0][0], From: removal.InTrash})))
		must(t, second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), trash.List, removal.RestoreRequest{ID: listIDs[1], From: removal.InArchive})))
		if n := count(t, w, "card_user_assignment"); n != 2 {
			t.Errorf("%d assignments, want adam's two", n)
		}
		page := w.Page(t, w.Project)
		for _, l := range page.Lists {
			for id, c := range l.Cards {
				if len(c.Members) != 1 || c.Members[fmt.Sprint(w.Admin.UserID)] != 1 {
					t.Errorf("card %s has %v", id, c.Members)
				}
			}
		}
	})
}
