package trash_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/oldclient"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/trash"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

func trashOf(w *boardtest.World) *trash.Module { return boardtest.Feature[*trash.Module](w) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second(_ int64, err error) error { return err }

func filesNew(f map[string][]byte) files.Changes { return files.Changes{New: f} }

// describe is everything a page shows, in order.
func describe(b *oldclient.Board) (all []string) {
	for _, id := range b.Shown {
		l := b.Lists[id]
		all = append(all, fmt.Sprint(id, l.Name, l.Desc, l.Files))
		for _, card := range l.Shown {
			all = append(all, fmt.Sprint(card, *l.Cards[card]))
		}
	}
	return all
}

func read(t testing.TB, w *boardtest.World, from removal.Location) []trash.Item {
	t.Helper()
	p, err := trashOf(w).Read(t.Context(), w.Owner, w.Project.ID, from, "", "")
	must(t, err)
	return p.Items
}

// leave takes a member out of the project by hand: how people leave is the
// matter of projects.
func leave(t testing.TB, w *boardtest.World, who accounts.Actor) {
	t.Helper()
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("DELETE FROM project_collaborator_link WHERE user_id = ?", who.UserID).Error
	}))
}

func count(t testing.TB, w *boardtest.World, table string) (n int) {
	t.Helper()
	must(t, w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM "+table).Scan(&n).Error)
	return n
}

// age makes everything off the board look older.
func age(t testing.TB, w *boardtest.World, by time.Duration) {
	t.Helper()
	at := w.DB.Now(t.Context()).Add(-by)
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		for _, table := range []string{"list", "card"} {
			if err := w.DB.From(ctx).Exec("UPDATE "+table+" SET removed_at = ? WHERE removed_as IS NOT NULL", at).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestTheTrashKeepsThingsForThirtyDays and the archive for ever.
func TestTheTrashKeepsThingsForThirtyDays(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 120)
		file := files.Changes{New: map[string][]byte{"f": {1}}}
		for _, card := range []int64{cardIDs[0][0], cardIDs[1][0], cardIDs[1][1], cardIDs[2][0]} {
			must(t, second(w.Cards.Edit(ctx, projects.By(w.Owner, p), card, cards.Edit{Name: "c", Files: file, NewMembers: []int64{w.Owner.UserID}})))
		}
		must(t, second(w.Lists.Edit(ctx, projects.By(w.Owner, p), listIDs[1], lists.Edit{Name: "l", Files: file})))
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), cardIDs[0][0])))
		must(t, second(w.Cards.Archive(ctx, projects.By(w.Owner, p), cardIDs[1][0])))
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), listIDs[1])))
		must(t, second(w.Lists.Archive(ctx, projects.By(w.Owner, p), listIDs[2])))
		var purged []int64
		events.On(w.Deps.Bus, func(_ context.Context, e cards.Purged) error { purged = append(purged, e.IDs...); return nil })

		age(t, w, 30*24*time.Hour-time.Hour)
		must(t, trashOf(w).Sweep(ctx))
		if n := count(t, w, "card"); n != 360 || len(read(t, w, removal.InTrash)) != 2 {
			t.Fatalf("%d cards before their time", n)
		}
		age(t, w, 30*24*time.Hour+time.Hour)
		must(t, trashOf(w).Sweep(ctx))
		must(t, trashOf(w).Sweep(ctx)) // another server does the same
		if n := count(t, w, "card"); n != 240 || len(purged) != 120 {
			t.Errorf("%d cards are left, %d told of", n, len(purged))
		}
		// The archived card of the deleted list, and that of the archived list.
		if objects, rows := len(w.Objects(t)), count(t, w, "card_attached_file"); objects != 2 || rows != 2 || count(t, w, "list_attached_file") != 0 {
			t.Errorf("%d objects, %d rows", objects, rows)
		}
		if items := read(t, w, removal.InArchive); len(items) != 2 || len(read(t, w, removal.InTrash)) != 0 {
			t.Errorf("the archive shows %+v", items)
		}
	})
}

// TestUndoingIsForTheLastChangeOnly: what has happened to the thing itself since
// stands; that others moved it aside does not matter.
func TestUndoingIsForTheLastChangeOnly(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 4)
		card, list := cardIDs[0][2], listIDs[0]
		restore := func(kind trash.Kind, id, undoes int64) error {
			return second(trashOf(w).Restore(ctx, projects.By(w.Owner, p), kind, removal.RestoreRequest{ID: id, From: removal.InTrash, Since: &undoes}))
		}
		refused := func(what string, err error) {
			t.Helper()
			if errs.KindOf(err) != errs.Conflict || errs.As(err).Message.Key != "removal.error.changed" {
				t.Errorf("%s: %v", what, err)
			}
		}
		whole := fmt.Sprint(describe(w.Page(t, w.Project)))
		back := func(what string) {
			t.Helper()
			if got := fmt.Sprint(describe(w.Page(t, w.Project))); got != whole {
				t.Errorf("%s: the board is\n%s, was\n%s", what, got, whole)
			}
		}

		rev, err := w.Cards.Delete(ctx, projects.By(w.Owner, p), card)
		must(t, err)
		must(t, second(w.Cards.Move(ctx, projects.By(w.Admin, p), cardIDs[0][0], list, 1))) // its neighbours may move
		must(t, restore(trash.Card, card, rev))
		must(t, second(w.Cards.Move(ctx, projects.By(w.Admin, p), cardIDs[0][0], list, 0)))
		back("a card's deletion undone")
		refused("undone twice", restore(trash.Card, card, rev))
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Admin, p), card)))
		refused("deleted again by somebody else", restore(trash.Card, card, rev))
		must(t, restore(trash.Card, card, w.Rev(t, w.Project)))

		rev, err = w.Lists.Delete(ctx, projects.By(w.Owner, p), list)
		must(t, err)
		must(t, restore(trash.List, list, rev))
		back("a list's deletion undone")
		refused("a list undone twice", restore(trash.List, list, rev))

		rev, err = w.Lists.Move(ctx, projects.By(w.Owner, p), list, 1, nil)
		must(t, err)
		must(t, second(w.Lists.Move(ctx, projects.By(w.Owner, p), list, 0, &rev)))
		back("a list's move undone")
		_, err = w.Lists.Move(ctx, projects.By(w.Owner, p), list, 1, &rev)
		refused("a list moved since", err)

		positions := []cards.Position{{ID: cardIDs[0][3], ListID: list, Pos: 3}, {ID: cardIDs[0][1], ListID: list, Pos: 1}, {ID: cardIDs[1][0], ListID: listIDs[1], Pos: 0}}
		page, before := w.Page(t, w.Project), w.Rev(t, w.Project)
		rev, err = w.Cards.MoveMany(ctx, projects.By(w.Owner, p), []int64{cardIDs[0][3], cardIDs[0][1], cardIDs[1][0]}, listIDs[1], 2)
		must(t, err)
		must(t, second(w.Cards.MoveBack(ctx, projects.By(w.Owner, p), positions, rev)))
		back("several cards' move undone")
		w.Follow(t, page, w.Project, before)
		rev, err = w.Cards.MoveMany(ctx, projects.By(w.Owner, p), []int64{cardIDs[0][3], cardIDs[0][1]}, listIDs[1], 2)
		must(t, err)
		must(t, second(w.Cards.Edit(ctx, projects.By(w.Admin, p), cardIDs[0][1], cards.Edit{Name: "mine now"})))
		_, err = w.Cards.MoveBack(ctx, projects.By(w.Owner, p), positions[:2], rev)
		refused("a card edited since", err)
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Admin, p), list)))
		_, err = w.Cards.MoveBack(ctx, projects.By(w.Owner, p), positions[:1], rev)
		refused("its list deleted since", err)
	})
}

// TestWhoMayDoWhat: only those who may change the board see and use the trash.
func TestWhoMayDoWhat(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		other := w.MakeProject(t, "other", false)
		listIDs, cardIDs := w.Fill(t, other, 2, 3)
		link := func(kind files.Kind, id int64) string {
			of, err := w.Files.Of(t.Context(), kind, []int64{id})
			must(t, err)
			return of[id][0].URL[len(boardtest.PublicURL+"/files/"):][:32]
		}
		_, err := w.Cards.Edit(t.Context(), projects.By(w.Owner, other.ID), cardIDs[0][0], cards.Edit{Name: "c", Files: filesNew(map[string][]byte{"f": {1}})})
		must(t, err)
		_, err = w.Cards.Edit(t.Context(), projects.By(w.Owner, other.ID), cardIDs[0][1], cards.Edit{Name: "c", Files: filesNew(map[string][]byte{"f": {1}})})
		must(t, err)
		alone, inList := link(files.OfCard, cardIDs[0][0]), link(files.OfCard, cardIDs[0][1])
		must(t, second(w.Cards.Delete(t.Context(), projects.By(w.Owner, other.ID), cardIDs[0][0])))
		must(t, second(w.Lists.Archive(t.Context(), projects.By(w.Owner, other.ID), listIDs[0])))
		before := w.Rev(t, other)

		for who, c := range map[string]struct {
			by   accounts.Actor
			want errs.Kind
		}{
			"reader": {w.Reader, errs.Forbidden}, "stranger": {w.Stranger, errs.Forbidden}, "nobody": {w.Nobody, errs.Forbidden},
			"foreign project": {w.Owner, errs.NotFound}, // the ids are of another one
		} {
			p := other.ID
			if c.want == errs.NotFound {
				p = w.Project.ID
			}
			ctx := t.Context()
			for verb, err := range map[string]error{
				"delete list":  second(w.Lists.Delete(ctx, projects.By(c.by, p), listIDs[1])),
				"archive list": second(w.Lists.Archive(ctx, projects.By(c.by, p), listIDs[1])),
				"archive card": second(w.Cards.Archive(ctx, projects.By(c.by, p), cardIDs[1][0])),
				"restore list": second(trashOf(w).Restore(ctx, projects.By(c.by, p), trash.List, removal.RestoreRequest{ID: listIDs[0], From: removal.InArchive})),
				"restore card": second(trashOf(w).Restore(ctx, projects.By(c.by, p), trash.Card, removal.RestoreRequest{ID: cardIDs[0][0], From: removal.InTrash})),
				"empty card":   second(trashOf(w).Empty(ctx, projects.By(c.by, p), trash.Card, cardIDs[0][0])),
				"discard list": second(trashOf(w).Discard(ctx, projects.By(c.by, p), trash.List, listIDs[0])),
			} {
				if errs.KindOf(err) != c.want {
					t.Errorf("%s, %s: %v", who, verb, err)
				}
			}
			if _, err := trashOf(w).Read(ctx, c.by, other.ID, removal.InTrash, "", ""); c.want == errs.Forbidden && errs.KindOf(err) != errs.Forbidden {
				t.Errorf("%s reads the trash: %v", who, err)
			}
			for _, key := range []string{alone, inList} {
				_, err := w.Files.Find(ctx, c.by, key)
				if (c.want == errs.Forbidden) != (err != nil) {
					t.Errorf("%s opens a file off the board: %v", who, err)
				}
			}
		}
		// Into a list of another project, or one that is not on the board.
		foreign := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "foreign")
		for _, to := range []int64{foreign, listIDs[0]} {
			_, err := trashOf(w).Restore(t.Context(), projects.By(w.Owner, other.ID), trash.Card, removal.RestoreRequest{ID: cardIDs[0][0], From: removal.InTrash, ListID: to})
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("restored into list %d: %v", to, err)
			}
		}
		if rev := w.Rev(t, other); rev != before {
			t.Errorf("something happened: %d events", rev-before)
		}
	})
}

// TestReadingGoesOnWhereItStopped and finds by name.
func TestReadingGoesOnWhereItStopped(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := w.Project.ID
		_, cardIDs := w.Fill(t, w.Project, 4, 40)
		for _, list := range cardIDs[1:] {
			for _, id := range list {
				must(t, second(w.Cards.Archive(t.Context(), projects.By(w.Admin, p), id)))
			}
		}
		for range 7 {
			id := lists.MakeList(t, w.Lists.Service, w.Owner, p, "100%_list!")
			must(t, second(w.Lists.Archive(t.Context(), projects.By(w.Owner, p), id)))
		}
		seen := map[string]bool{}
		next, pages := "", 0
		for range 10 { // three are right, more do not end
			ctx, n := db.CountStatements(t.Context())
			got, err := trashOf(w).Read(ctx, w.Admin, p, removal.InArchive, "", next)
			must(t, err)
			if n.Load() > 13 {
				t.Errorf("%d statements", n.Load())
			}
			for _, item := range got.Items {
				seen[string(item.Kind)+strconv.FormatInt(item.ID, 10)] = true
			}
			pages++
			if next = got.Next; next == "" {
				break
			}
		}
		if len(seen) != 127 || pages != 3 {
			t.Errorf("%d things on %d pages", len(seen), pages)
		}
		for text, want := range map[string]int{"100%_LIST!": 7, "%": 7, "!": 7, "_": 7, "0_%": 0, "nothing": 0, "CARD": 50} {
			got, err := trashOf(w).Read(t.Context(), w.Admin, p, removal.InArchive, text, "")
			if err != nil || len(got.Items) != want {
				t.Errorf("%q finds %d, error %v", text, len(got.Items), err)
			}
		}
		for _, bad := range []string{"x", "1.list", "1.chat.2", "-.list.1"} {
			if _, err := trashOf(w).Read(t.Context(), w.Admin, p, removal.InArchive, "", bad); errs.KindOf(err) != errs.Invalid {
				t.Errorf("cursor %q: %v", bad, err)
			}
		}
	})
}

// TestADeletedProjectTakesEverythingAlong, on the board or not.
func TestADeletedProjectTakesEverythingAlong(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		keep := w.MakeProject(t, "keep", true)
		w.Fill(t, keep, 1, 1)
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 2)
		file := filesNew(map[string][]byte{"f": {1}})
		for _, id := range slices.Concat(cardIDs...) {
			must(t, second(w.Cards.Edit(ctx, projects.By(w.Owner, p), id, cards.Edit{Name: "c", Files: file, NewMembers: []int64{w.Reader.UserID}})))
		}
		must(t, second(w.Cards.Delete(ctx, projects.By(w.Owner, p), cardIDs[0][0])))
		must(t, second(w.Cards.Archive(ctx, projects.By(w.Owner, p), cardIDs[1][0])))
		must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), listIDs[1])))
		must(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, projects.Deleting{ProjectID: p})
		}))
		for table, want := range map[string]int{"list": 1, "card": 1, "card_user_assignment": 0, "card_attached_file": 0} {
			if n := count(t, w, table); n != want {
				t.Errorf("%d rows of %s", n, table)
			}
		}
		if n := len(w.Objects(t)); n != 0 {
			t.Errorf("%d objects", n)
		}
	})
}

// TestALongListComesBackInOneGo: with all its cards, by no more statements than a
// short one.
func TestALongListComesBackInOneGo(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, _ := w.Fill(t, w.Project, 2, 2)
		const many = 600
		must(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			rows := make([]map[string]any, many)
			for i := range rows {
				rows[i] = map[string]any{"list_id": listIDs[1], "name": "card", "card_desc": strings.Repeat("ü", 2048), "pos": i + 2}
			}
			return w.DB.From(ctx).Table("card").Create(rows).Error
		}))
		restore := func(id int64) int64 {
			must(t, second(w.Lists.Delete(ctx, projects.By(w.Owner, p), id)))
			page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
			counting, n := db.CountStatements(ctx)
			must(t, second(w.Lists.Restore(counting, projects.By(w.Owner, p), removal.RestoreRequest{ID: id, From: removal.InTrash})))
			w.Follow(t, page, w.Project, rev)
			return n.Load()
		}
		short, long := restore(listIDs[0]), restore(listIDs[1])
		if long > short {
			t.Errorf("%d statements for 2 cards, %d for %d", short, long, many+2)
		}
		if got := len(w.Page(t, w.Project).Lists[strconv.FormatInt(listIDs[1], 10)].Shown); got != many+2 {
			t.Errorf("%d cards are back", got)
		}
	})
}
