package cards_test

import (
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// insert inserts n cards into a list without the service.
func insert(t *testing.T, w *boardtest.World, listID int64, n int) {
	t.Helper()
	pool, err := w.DB.Pool()
	if err == nil {
		_, err = pool.ExecContext(t.Context(), `INSERT INTO card (list_id, name, card_desc, pos)
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT ?, 'card', '', 1000 + a.i * 100 + b.i FROM n a JOIN n b LIMIT ?`, listID, n)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestLimitOfCards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 2) // fills the cache of the capacity
		create := func() error {
			_, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, p), listIDs[0], cards.Draft{Name: "card"})
			return err
		}
		restore := func(id int64) error {
			_, err := w.Cards.Restore(t.Context(), projects.By(w.Owner, p), removal.RestoreRequest{ID: id, From: removal.InTrash})
			return err
		}
		must := func(_ int64, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(w.Cards.Delete(t.Context(), projects.By(w.Owner, p), cardIDs[1][0]))
		must(w.Lists.Delete(t.Context(), projects.By(w.Owner, p), listIDs[2]))
		// Another server has an empty cache.
		w = w.Another(t)
		insert(t, w, listIDs[1], 9995) // and 3 existing ones
		for range 2 {
			if err := create(); err != nil {
				t.Fatalf("card %d: %v", 9999, err)
			}
		}
		if e := errs.As(create()); e == nil || e.Kind != errs.Invalid || e.Fields["name"].Key != "cards.error.boardFull" {
			t.Errorf("card 10,001: %v", e)
		}
		if e := errs.As(restore(cardIDs[1][0])); e == nil || e.Kind != errs.Conflict || e.Message.Key != "cards.error.boardFull" {
			t.Errorf("a card from the bin: %v", e)
		}
		if _, err := w.Lists.Restore(t.Context(), projects.By(w.Owner, p), removal.RestoreRequest{ID: listIDs[2], From: removal.InTrash}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a list with two cards: %v", err)
		}
		must(w.Cards.Delete(t.Context(), projects.By(w.Owner, p), cardIDs[0][0]))
		if _, err := w.Lists.Restore(t.Context(), projects.By(w.Owner, p), removal.RestoreRequest{ID: listIDs[2], From: removal.InTrash}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a list with two cards where one fits: %v", err)
		}
		if err := restore(cardIDs[1][0]); err != nil {
			t.Errorf("a card where one fits: %v", err)
		}
		must(w.Cards.Move(t.Context(), projects.By(w.Owner, p), cardIDs[0][1], listIDs[1], 0)) // moves nothing in
		insert(t, w, listIDs[1], 100)
		if b, err := w.Projects.Board(t.Context(), w.Owner, w.Project.OwnerName, w.Project.Name); err != nil || b == nil {
			t.Errorf("a larger board from earlier: %v", err)
		}
		if err := create(); err == nil {
			t.Error("a larger board grows")
		}
	})
}
