package cards_test

import (
	"encoding/json"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// full makes a card with description, file and members.
func full(t *testing.T, w *boardtest.World, listID int64) (card int64) {
	t.Helper()
	r := projects.By(w.Owner, w.Project.ID)
	card, _, err := w.Cards.Create(t.Context(), r, listID, cards.Draft{
		Name: "plan", Desc: "the plan", Files: map[string][]byte{"f": []byte("x")}, Members: []int64{w.Owner.UserID, w.Reader.UserID},
	})
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// wantCopy checks that a card has what the card of full has, except for its files.
func wantCopy(t *testing.T, w *boardtest.World, id int64, name string) {
	t.Helper()
	c, err := w.Cards.OnBoard(t.Context(), w.Project.ID, id)
	if err != nil || c.Name != name || c.Desc != "the plan" {
		t.Fatalf("the copy is %+v, %v", c, err)
	}
	people, err := w.Cards.Assigned(t.Context(), []int64{id})
	if err != nil || !slices.Equal(people[id], []int64{w.Owner.UserID, w.Reader.UserID}) {
		t.Errorf("members of the copy: %v, %v", people, err)
	}
}

func TestCopyCard(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, _ := w.Fill(t, w.Project, 2, 2)
		card := full(t, w, listIDs[0])
		last, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), listIDs[0], cards.Draft{Name: "last"})
		if err != nil {
			t.Fatal(err)
		}
		page, rev, stored := w.Page(t, w.Project), w.Rev(t, w.Project), len(w.Objects(t))

		id, at, err := w.Cards.Copy(t.Context(), projects.By(w.Admin, w.Project.ID), card, "plan (copy)")
		if err != nil || at != rev+2 {
			t.Fatalf("%d after %d: %v", at, rev, err)
		}
		wantCopy(t, w, id, "plan (copy)")
		w.Follow(t, page, w.Project, rev)
		w.CheckDense(t)
		if got := w.Events(t, w.Project, rev); len(got) != 2 || got[0].Name != "build_new_card" || got[1].Name != "update_cards_pos" {
			t.Errorf("events %v", got)
		}
		original, _ := w.Cards.OnBoard(t.Context(), w.Project.ID, card)
		is, _ := w.Cards.OnBoard(t.Context(), w.Project.ID, id)
		behind, _ := w.Cards.OnBoard(t.Context(), w.Project.ID, last)
		if is.Pos != original.Pos+1 || behind.Pos != is.Pos+1 {
			t.Errorf("the copy is at %d, the original at %d, what followed it at %d", is.Pos, original.Pos, behind.Pos)
		}
		if now := len(w.Objects(t)); now != stored {
			t.Errorf("%d stored files instead of %d", now, stored)
		}

		for name, want := range map[string]errs.Kind{"": errs.Invalid, "\u200b": errs.Invalid} {
			if _, _, err := w.Cards.Copy(t.Context(), projects.By(w.Admin, w.Project.ID), card, name); errs.KindOf(err) != want {
				t.Errorf("name %q: %v", name, err)
			}
		}
	})
}

func TestCopyList(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, inLists := w.Fill(t, w.Project, 3, 2)
		r := projects.By(w.Admin, w.Project.ID)
		full(t, w, listIDs[1])
		if _, err := w.Lists.Edit(t.Context(), r, listIDs[1], lists.Edit{Name: "middle", Desc: "about", Files: files.Changes{New: map[string][]byte{"g": []byte("y")}}}); err != nil {
			t.Fatal(err)
		}
		// What is not on the board is not copied.
		if _, err := w.Cards.Delete(t.Context(), r, inLists[1][0]); err != nil {
			t.Fatal(err)
		}
		page, rev, stored := w.Page(t, w.Project), w.Rev(t, w.Project), len(w.Objects(t))

		id, at, err := w.Lists.Copy(t.Context(), r, listIDs[1], "middle (copy)")
		if err != nil || at != rev+4 {
			t.Fatalf("%d after %d: %v", at, rev, err)
		}
		w.Follow(t, page, w.Project, rev)
		w.CheckDense(t)
		all, err := w.Lists.OnBoard(t.Context(), w.Project.ID)
		if err != nil {
			t.Fatal(err)
		}
		place := slices.IndexFunc(all, func(l lists.List) bool { return l.ID == id })
		if place < 1 || all[place-1].ID != listIDs[1] || all[place].Desc != "about" {
			t.Fatalf("lists %+v", all)
		}
		names, err := w.Cards.First(t.Context(), []int64{id}, 9)
		if err != nil || len(names[id]) != 2 || names[id][1] != "plan" {
			t.Fatalf("cards of the copy: %v, %v", names, err)
		}
		var made struct{ ID int64 }
		for _, e := range w.Events(t, w.Project, rev) {
			if e.Name == "build_new_card" {
				if err := json.Unmarshal(e.Payload, &made); err != nil {
					t.Fatal(err)
				}
			}
		}
		wantCopy(t, w, made.ID, "plan")
		if now := len(w.Objects(t)); now != stored {
			t.Errorf("%d stored files instead of %d", now, stored)
		}
	})
}

func TestCopyOfALargeList(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, _ := w.Fill(t, w.Project, 1, 1)
		insert(t, w, listIDs[0], 500)
		rev := w.Rev(t, w.Project)
		if _, _, err := w.Lists.Copy(t.Context(), projects.By(w.Owner, w.Project.ID), listIDs[0], "c"); errs.KindOf(err) != errs.Conflict {
			t.Fatalf("501 cards: %v", err)
		}
		if now := w.Rev(t, w.Project); now != rev {
			t.Errorf("revision %d instead of %d", now, rev)
		}
	})
}

func TestSortAndUndo(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, ids := w.Fill(t, w.Project, 2, 4)
		r, was := projects.By(w.Owner, w.Project.ID), ids[0]
		page, before := w.Page(t, w.Project), w.Rev(t, w.Project)
		now := []int64{was[3], was[0], was[2], was[1]}
		order := func() (got []int64) {
			for _, id := range was {
				c, err := w.Cards.OnBoard(t.Context(), w.Project.ID, id)
				if err != nil {
					t.Fatal(err)
				}
				for len(got) <= c.Pos {
					got = append(got, 0)
				}
				got[c.Pos] = id
			}
			return got
		}

		// A card of another list does not matter: someone may just have moved it there.
		rev, err := w.Cards.Sort(t.Context(), r, listIDs[0], []int64{was[3], ids[1][0], was[0], was[2]}, nil)
		if err != nil || rev != before+1 || !slices.Equal(order(), now) {
			t.Fatalf("%v at %d after %d: %v", order(), rev, before, err)
		}
		if again, err := w.Cards.Sort(t.Context(), r, listIDs[0], now, nil); err != nil || again != rev {
			t.Errorf("sorted again: %d, %v", again, err)
		}
		if _, err := w.Cards.Sort(t.Context(), r, listIDs[0], ids[1], nil); errs.KindOf(err) != errs.NotFound {
			t.Errorf("cards of another list only: %v", err)
		}
		if _, err := w.Cards.Sort(t.Context(), r, listIDs[0], was, &rev); err != nil || !slices.Equal(order(), was) {
			t.Fatalf("undone: %v, %v", order(), err)
		}
		rev, err = w.Cards.Sort(t.Context(), r, listIDs[0], now, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cards.Move(t.Context(), projects.By(w.Admin, w.Project.ID), was[0], listIDs[0], 3); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cards.Sort(t.Context(), r, listIDs[0], was, &rev); errs.KindOf(err) != errs.Conflict {
			t.Errorf("undone after another member's move: %v", err)
		}
		w.Follow(t, page, w.Project, before)
		w.CheckDense(t)
	})
}
