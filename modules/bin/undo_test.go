package bin_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/bin"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
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
func undoables(ctx context.Context, w *boardtest.World, r *rand.Rand, listIDs []int64, spots []cards.Spot) []undoable {
	p, list, some := w.Project.ID, listIDs[r.IntN(len(listIDs))], slices.Clone(spots)
	r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	some = some[:1+r.IntN(min(5, len(some)))]
	card, target, pos := some[0], listIDs[r.IntN(len(listIDs))], r.IntN(8)-1
	ids := make([]int64, len(some))
	for i, s := range some {
		ids[i] = s.ID
	}
	at := slices.Index(listIDs, list)
	restore := func(kind bin.Kind, id int64, from lists.Place) func(int64) (int64, error) {
		return func(rev int64) (int64, error) {
			return w.Bin.Restore(ctx, w.Owner, p, kind, cards.Return{ID: id, From: from, Since: &rev})
		}
	}
	editCard := func() (int64, error) {
		return w.Cards.Edit(ctx, w.Admin, p, ids[len(ids)-1], cards.Edit{Name: "touched"})
	}
	return []undoable{
		{
			"delete a card", func() (int64, error) { return w.Cards.Delete(ctx, w.Owner, p, card.ID) }, restore(bin.Card, card.ID, lists.InBin),
			func() (int64, error) {
				if rev, err := w.Bin.Restore(ctx, w.Admin, p, bin.Card, cards.Return{ID: card.ID, From: lists.InBin}); err != nil {
					return rev, err
				}
				return w.Cards.Delete(ctx, w.Admin, p, card.ID)
			},
		},
		{
			"archive a card", func() (int64, error) { return w.Cards.Archive(ctx, w.Owner, p, card.ID) }, restore(bin.Card, card.ID, lists.InArchive),
			func() (int64, error) { return w.Bin.Discard(ctx, w.Admin, p, bin.Card, card.ID) },
		},
		{
			"delete a list", func() (int64, error) { return w.Lists.Delete(ctx, w.Owner, p, list) }, restore(bin.List, list, lists.InBin),
			func() (int64, error) {
				if rev, err := w.Bin.Restore(ctx, w.Admin, p, bin.List, cards.Return{ID: list, From: lists.InBin}); err != nil {
					return rev, err
				}
				return w.Lists.Delete(ctx, w.Admin, p, list)
			},
		},
		{
			"archive a list", func() (int64, error) { return w.Lists.Archive(ctx, w.Owner, p, list) }, restore(bin.List, list, lists.InArchive),
			func() (int64, error) { return w.Bin.Discard(ctx, w.Admin, p, bin.List, list) },
		},
		{
			"move a list", func() (int64, error) { return w.Lists.Move(ctx, w.Owner, p, list, pos, nil) },
			func(rev int64) (int64, error) { return w.Lists.Move(ctx, w.Owner, p, list, at, &rev) },
			func() (int64, error) { return w.Lists.Edit(ctx, w.Admin, p, list, lists.Edit{Name: "touched"}) },
		},
		{
			"move a card", func() (int64, error) { return w.Cards.Move(ctx, w.Owner, p, card.ID, target, pos) },
			func(rev int64) (int64, error) {
				return w.Cards.MoveBack(ctx, w.Owner, p, []cards.Spot{card}, rev)
			}, func() (int64, error) { return w.Cards.Edit(ctx, w.Admin, p, card.ID, cards.Edit{Name: "touched"}) },
		},
		{
			"move cards", func() (int64, error) { return w.Cards.MoveMany(ctx, w.Owner, p, ids, target, pos) },
			func(rev int64) (int64, error) { return w.Cards.MoveBack(ctx, w.Owner, p, some, rev) }, editCard,
		},
	}
}

// boardOf is everything a page shows, and where every card is.
func boardOf(t *testing.T, w *boardtest.World) (shown string, listIDs []int64, spots []cards.Spot) {
	t.Helper()
	page := w.Page(t, w.Project)
	for _, id := range page.Shown {
		list := number(t, id)
		listIDs = append(listIDs, list)
		for pos, card := range page.Lists[id].Shown {
			spots = append(spots, cards.Spot{ID: number(t, card), ListID: list, Pos: pos})
		}
	}
	return strings.Join(describe(page), "\n"), listIDs, spots
}

func number(t *testing.T, text string) (n int64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDoingAndUndoingLeavesTheBoardAsItWas, with members and files, whatever was
// done; undoing twice is a conflict, and so is undoing what somebody else has
// touched since.
func TestDoingAndUndoingLeavesTheBoardAsItWas(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, r := t.Context(), rand.New(rand.NewPCG(9, 12))
		_, cardIDs := w.Fill(t, w.Project, 4, 4)
		for _, id := range slices.Concat(cardIDs...)[:9] {
			must(t, second(w.Cards.Edit(ctx, w.Owner, w.Project.ID, id, cards.Edit{
				Name: fmt.Sprint("card ", id), Desc: "d", Files: filesNew(map[string][]byte{"f": {1}}), NewMembers: []int64{w.Reader.UserID, w.Admin.UserID},
			})))
		}
		seen := map[string]int{}
		for round := range 70 {
			before, listIDs, spots := boardOf(t, w)
			all := undoables(ctx, w, r, listIDs, spots)
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
			_, listIDs, spots := boardOf(t, w)
			act := undoables(ctx, w, r, listIDs, spots)[i]
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
		must(t, second(w.Cards.Delete(ctx, w.Owner, p, cardIDs[0][0])))
		// It appears at the end and moves to its place: two numbers.
		rev, err := w.Bin.Restore(ctx, w.Owner, p, bin.Card, cards.Return{ID: cardIDs[0][0], From: lists.InBin})
		must(t, err)
		spot := []cards.Spot{{ID: cardIDs[0][0], ListID: listIDs[1], Pos: 0}}
		if _, err := w.Cards.MoveBack(ctx, w.Owner, p, spot, rev-1); errs.KindOf(err) != errs.Conflict {
			t.Errorf("undone by its first number: %v", err)
		}
		must(t, second(w.Cards.MoveBack(ctx, w.Owner, p, spot, rev)))

		rev, err = w.Cards.MoveMany(ctx, w.Owner, p, cardIDs[0][1:], listIDs[1], 0)
		must(t, err)
		back := []cards.Spot{{ID: cardIDs[0][1], ListID: listIDs[0], Pos: 0}}
		if _, err := w.Cards.MoveBack(ctx, w.Owner, p, back, rev-1); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a block undone by its last but one number: %v", err)
		}
		must(t, second(w.Cards.MoveBack(ctx, w.Owner, p, back, rev)))
	})
}

// TestWhoHasLeftIsNotOnWhatComesBack, of a card or of a list with cards.
func TestWhoHasLeftIsNotOnWhatComesBack(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 1)
		for _, id := range slices.Concat(cardIDs...) {
			must(t, second(w.Cards.Edit(ctx, w.Owner, p, id, cards.Edit{Name: "c", NewMembers: []int64{w.Reader.UserID, w.Admin.UserID}})))
		}
		must(t, second(w.Cards.Delete(ctx, w.Owner, p, cardIDs[0][0])))
		must(t, second(w.Lists.Archive(ctx, w.Owner, p, listIDs[1])))
		leave(t, w, w.Reader)
		must(t, second(w.Bin.Restore(ctx, w.Owner, p, bin.Card, cards.Return{ID: cardIDs[0][0], From: lists.InBin})))
		must(t, second(w.Bin.Restore(ctx, w.Owner, p, bin.List, cards.Return{ID: listIDs[1], From: lists.InArchive})))
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
