package trash_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/trash"
	"taskstack.org/platform/errs"
)

// TestPartsJoinWithoutGapOrDouble, whether everything was removed in one second
// or in several, with exactly one part, two, or one thing more.
func TestPartsJoinWithoutGapOrDouble(t *testing.T) {
	for _, c := range []struct{ lists, cards, seconds, parts int }{
		{0, 50, 1, 1}, {0, 51, 1, 2}, {50, 0, 1, 1}, {50, 50, 1, 2}, {20, 80, 1, 2}, {51, 50, 1, 3}, {25, 25, 3, 1}, {30, 70, 4, 2}, {60, 90, 7, 3},
	} {
		t.Run(fmt.Sprintf("%d lists, %d cards, %d seconds", c.lists, c.cards, c.seconds), func(t *testing.T) {
			testenv.EachMigrated(t, func(t *testing.T, uri string) {
				w := boardtest.New(t, uri)
				removeRows(t, w, c.lists, c.cards, c.seconds)
				var got []trash.Item
				next, parts := "", 0
				for ; parts == 0 || next != ""; parts++ {
					if parts > 10 {
						t.Fatal("the parts do not end")
					}
					page, err := trashOf(w).Read(t.Context(), w.Admin, w.Project.ID, removal.InArchive, "", next)
					must(t, err)
					if len(page.Items) > 50 || page.Next != "" && len(page.Items) != 50 {
						t.Errorf("a part of %d, then %q", len(page.Items), page.Next)
					}
					got, next = append(got, page.Items...), page.Next
				}
				if parts != c.parts || len(got) != c.lists+c.cards {
					t.Errorf("%d things in %d parts, want %d in %d", len(got), parts, c.lists+c.cards, c.parts)
				}
				seen := map[string]bool{}
				for i, item := range got {
					seen[fmt.Sprint(item.Kind, item.ID)] = true
					if i > 0 && !before(got[i-1], item) {
						t.Errorf("%s %d at %v comes behind %s %d at %v", item.Kind, item.ID, item.RemovedAt, got[i-1].Kind, got[i-1].ID, got[i-1].RemovedAt)
					}
					if item.ExpiresAt != nil {
						t.Errorf("the archive gives %s %d up at %v", item.Kind, item.ID, item.ExpiresAt)
					}
				}
				if len(seen) != len(got) {
					t.Errorf("%d things are there twice", len(got)-len(seen))
				}
			})
		})
	}
}

// before reports the order: the latest first, within a second lists before cards,
// then the youngest.
func before(a, b trash.Item) bool {
	if !a.RemovedAt.Equal(b.RemovedAt) {
		return a.RemovedAt.After(b.RemovedAt)
	}
	if a.Kind != b.Kind {
		return a.Kind == trash.List
	}
	return a.ID > b.ID
}

// removeRows writes archived rows as they are after being archived one by one.
func removeRows(t *testing.T, w *boardtest.World, nLists, nCards, seconds int) {
	t.Helper()
	listIDs, _ := w.Fill(t, w.Project, 1, 0)
	now := w.DB.Now(t.Context())
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		for table, n := range map[string]int{"list": nLists, "card": nCards} {
			for i := range n {
				row := map[string]any{
					"name": fmt.Sprint(table, i), "pos": 0, "removed_as": "archive", "removed_by": w.Owner.UserID, "changed_rev": 1,
					"removed_at": now.Add(-time.Duration(i%seconds) * time.Second),
				}
				if table == "list" {
					row["project_id"], row["list_desc"] = w.Project.ID, ""
				} else {
					row["list_id"], row["card_desc"] = listIDs[0], ""
				}
				if err := w.DB.From(ctx).Table(table).Create(row).Error; err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// TestTheTrashInNumbers: 30 days to the second, ten names of a list's cards, 64
// characters to search for.
func TestTheTrashInNumbers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 12)
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), cardIDs[0][0])))
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), listIDs[1])))
		items := read(t, w, removal.InTrash)
		for _, item := range items {
			if got := item.ExpiresAt.Sub(item.RemovedAt); got != 30*24*time.Hour {
				t.Errorf("%s is given up after %v", item.Kind, got)
			}
			if item.Kind == trash.List && (item.CardCount != 12 || len(item.CardNames) != 10) {
				t.Errorf("of %d cards %d are named", item.CardCount, len(item.CardNames))
			}
		}
		const kept = 30*24*time.Hour - time.Minute
		age(t, w, kept)
		must(t, trashOf(w).Sweep(ctx))
		if n := len(read(t, w, removal.InTrash)); n != 2 {
			t.Errorf("%d things a minute before the end of 30 days", n)
		}
		age(t, w, kept+2*time.Minute)
		must(t, trashOf(w).Sweep(ctx))
		if n, rows := len(read(t, w, removal.InTrash)), count(t, w, "card"); n != 0 || rows != 11 {
			t.Errorf("%d things and %d cards a minute after 30 days", n, rows)
		}
		for _, c := range []struct {
			text string
			want errs.Kind
		}{{strings.Repeat("ü", 64), ""}, {strings.Repeat("ü", 65), errs.Invalid}} {
			if _, err := trashOf(w).Read(ctx, w.Owner, p, removal.InTrash, c.text, ""); errs.KindOf(err) != c.want {
				t.Errorf("searching for %d characters: %v", len(c.text)/2, err)
			}
		}
	})
}

// TestTheSweeperRunsWhenTheTrashIsEmptied: what was given up goes at once, not at
// the next full hour.
func TestTheSweeperRunsWhenTheTrashIsEmptied(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := w.Project.ID
		_, cardIDs := w.Fill(t, w.Project, 1, 2)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- trashOf(w).Run(ctx) }()
		for _, id := range cardIDs[0] {
			must(t, second(w.Cards.Delete(t.Context(), projects.By(w.Owner, p), id)))
			must(t, second(trashOf(w).Empty(t.Context(), projects.By(w.Owner, p), trash.Card, id)))
			end := time.Now().Add(20 * time.Second)
			for slices.Contains(cardRows(t, w), id) {
				if time.Now().After(end) {
					t.Fatalf("card %d is still there", id)
				}
				time.Sleep(10 * time.Millisecond) // between two looks at a state that lasts
			}
		}
		stop()
		must(t, <-ended)
	})
}

func cardRows(t *testing.T, w *boardtest.World) (ids []int64) {
	t.Helper()
	must(t, w.DB.From(t.Context()).Raw("SELECT id FROM card").Scan(&ids).Error)
	return ids
}

// TestAtMostFiveHundredAtOnce: exactly as many may be moved and moved back.
func TestAtMostFiveHundredAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 1)
		must(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			rows := make([]map[string]any, 500)
			for i := range rows {
				rows[i] = map[string]any{"list_id": listIDs[0], "name": "card", "card_desc": "", "pos": i + 1}
			}
			return w.DB.From(ctx).Table("card").Create(rows).Error
		}))
		ids := slices.DeleteFunc(cardRows(t, w), func(id int64) bool { return id == cardIDs[1][0] })
		if len(ids) != 501 {
			t.Fatalf("%d cards", len(ids))
		}
		positions := make([]cards.Position, len(ids))
		for i, id := range ids {
			positions[i] = cards.Position{ID: id, ListID: listIDs[0], Pos: i}
		}
		before := w.Rev(t, w.Project)
		for what, err := range map[string]error{
			"501 moved":  second(w.Cards.MoveMany(ctx, projects.By(w.Owner, p), ids, listIDs[1], 0)),
			"501 back":   second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), positions, before)),
			"none moved": second(w.Cards.MoveMany(ctx, projects.By(w.Owner, p), nil, listIDs[1], 0)),
			"none back":  second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), nil, before)),
			"one twice":  second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), []cards.Position{positions[0], positions[0]}, before)),
		} {
			if errs.KindOf(err) != errs.Invalid || w.Rev(t, w.Project) != before {
				t.Errorf("%s: %v", what, err)
			}
		}
		// 500 different ones, some named twice.
		rev, err := w.Cards.MoveMany(ctx, projects.By(w.Owner, p), append(slices.Clone(ids[:500]), ids[:7]...), listIDs[1], 0)
		must(t, err)
		if rev != before+500 {
			t.Errorf("%d events for 500 cards", rev-before)
		}
		must(t, second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), positions[:500], rev)))
		w.CheckDense(t)
	})
}

// TestSearchFindsBothUnicodeForms searches in names as macOS types them, with
// an accent of its own, and as others do.
func TestSearchFindsBothUnicodeForms(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		for _, name := range []string{"caf\u00e9 one", "cafe\u0301 two", "tea"} {
			id, _, err := w.Lists.Create(ctx, projects.By(w.Owner, p), lists.Draft{Name: name})
			must(t, err)
			must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), id)))
		}
		for _, wanted := range []string{"caf\u00e9", "cafe\u0301"} {
			page, err := trashOf(w).Read(ctx, w.Owner, p, removal.InTrash, wanted, "")
			must(t, err)
			if len(page.Items) != 2 {
				t.Errorf("searching for %+q finds %d items, want 2", wanted, len(page.Items))
			}
		}
	})
}
