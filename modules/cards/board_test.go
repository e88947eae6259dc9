package cards_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// writer makes random changes to one board, with ids that exist or existed.
type writer struct {
	w    *boardtest.World
	by   accounts.Actor
	rand *rand.Rand

	mu           *sync.Mutex
	lists, cards *[]int64 // shared by all writers
}

func (r writer) pick(of *[]int64) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(*of) == 0 {
		return 1 << 30
	}
	return (*of)[r.rand.IntN(len(*of))]
}

func (r writer) add(to *[]int64, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if id != 0 {
		*to = append(*to, id)
	}
}

func (r writer) forget(from *[]int64, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*from = slices.DeleteFunc(*from, func(known int64) bool { return known == id })
}

// act makes one change.
func (r writer) act(ctx context.Context) error {
	p, pos := r.w.Project.ID, r.rand.IntN(8)-1
	file := map[string][]byte{fmt.Sprintf("f%d", r.rand.IntN(3)): []byte("x")}
	people := []int64{r.w.Owner.UserID, r.w.Reader.UserID, r.w.Stranger.UserID}[:r.rand.IntN(4)]
	switch n := r.rand.IntN(20); {
	case n == 0:
		id, _, err := r.w.Lists.Create(ctx, projects.By(r.by, p), lists.Draft{Name: "new", Files: file})
		r.add(r.lists, id)
		return err
	case n < 4:
		id, _, err := r.w.Cards.Create(ctx, projects.By(r.by, p), r.pick(r.lists), cards.Draft{Name: "new", Files: file, Members: people})
		r.add(r.cards, id)
		return err
	case n < 6:
		_, err := r.w.Lists.Move(ctx, projects.By(r.by, p), r.pick(r.lists), pos, nil)
		return err
	case n < 11:
		_, err := r.w.Cards.Move(ctx, projects.By(r.by, p), r.pick(r.cards), r.pick(r.lists), pos)
		return err
	case n < 14:
		some := []int64{r.pick(r.cards), r.pick(r.cards), r.pick(r.cards)}
		_, err := r.w.Cards.MoveMany(ctx, projects.By(r.by, p), some, r.pick(r.lists), pos)
		return err
	case n < 17:
		_, err := r.w.Cards.Edit(ctx, projects.By(r.by, p), r.pick(r.cards), cards.Edit{
			Name: "edited", Desc: "d", Files: files.Changes{Replaced: file, Removed: []string{"f0"}},
			NewMembers: people, RemovedMembers: []int64{r.w.Owner.UserID},
		})
		return err
	case n < 18:
		_, err := r.w.Lists.Edit(ctx, projects.By(r.by, p), r.pick(r.lists), lists.Edit{Name: "edited", Files: files.Changes{New: file}})
		return err
	case n < 19 || r.rand.IntN(6) > 0:
		id := r.pick(r.cards)
		_, err := r.w.Cards.Delete(ctx, projects.By(r.by, p), id)
		r.forget(r.cards, id)
		return err
	}
	id := r.pick(r.lists)
	_, err := r.w.Lists.Delete(ctx, projects.By(r.by, p), id)
	r.forget(r.lists, id)
	return err
}

// TestConcurrentWriters checks the invariant of the board: under concurrent
// changes, positions are 0…n−1 and a page that follows the log ends equal to the
// database.
func TestConcurrentWriters(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 4, 4)
		all := slices.Concat(cardIDs...)
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)

		const writers, actions = 8, 40
		var mu sync.Mutex
		var done [writers]int
		var wg sync.WaitGroup
		for i := range writers {
			r := writer{w: w, by: w.Owner, rand: rand.New(rand.NewPCG(uint64(i), 7)), mu: &mu, lists: &listIDs, cards: &all}
			if i%2 == 1 {
				r.by = w.Admin
			}
			wg.Go(func() {
				for range actions {
					err := r.act(t.Context())
					switch {
					case err == nil:
						done[i]++
					case errors.Is(err, errs.Of(errs.NotFound)), errs.KindOf(err) == errs.NotFound, errs.KindOf(err) == errs.Conflict:
						// Another writer deleted it, or the file exists.
					default:
						t.Errorf("writer %d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		for i, n := range done {
			if n < actions/4 {
				t.Errorf("writer %d got only %d of %d actions through", i, n, actions)
			}
		}
		w.Follow(t, page, w.Project, rev)
		checkObjects(t, w)
	})
}

// checkObjects fails unless the storage has exactly the objects that rows refer to.
func checkObjects(t *testing.T, w *boardtest.World) {
	t.Helper()
	var keys []string
	err := w.DB.From(t.Context()).Raw(`SELECT storage_key FROM list_attached_file
UNION ALL SELECT storage_key FROM card_attached_file`).Scan(&keys).Error
	if err != nil {
		t.Fatal(err)
	}
	stored := w.Objects(t)
	slices.Sort(keys)
	slices.Sort(stored)
	if !slices.Equal(keys, stored) {
		t.Errorf("%d objects for %d rows", len(stored), len(keys))
	}
}

// TestStatements checks the number of statements of a board and a move (targets.md).
func TestStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		small, large := w.MakeProject(t, "small", true), w.MakeProject(t, "large", true)
		smallLists, smallCards := w.Fill(t, small, 2, 2)
		w.Fill(t, large, 20, 25)
		read := func(name string) int64 {
			ctx, n := db.CountStatements(t.Context())
			if _, err := w.Projects.Board(ctx, w.Owner, "olive", name); err != nil {
				t.Fatal(err)
			}
			return n.Load()
		}
		boardParts, sharedParts, _ := w.Projects.Contributions()
		budget := int64(9 + boardParts + sharedParts + len(w.Cards.PartNames()))
		a, b := read("small"), read("large")
		if a != b || a > budget {
			t.Errorf("a small board takes %d statements, a large one %d, the budget is %d", a, b, budget)
		}
		// Of a board that has not changed: the transaction, the project, its members, and what depends on the reader.
		if again := read("large"); again > int64(4+boardParts) {
			t.Errorf("a board that has not changed takes %d statements", again)
		}
		ctx, n := db.CountStatements(t.Context())
		if _, err := w.Cards.Move(ctx, projects.By(w.Owner, small.ID), smallCards[0][0], smallLists[1], 1); err != nil {
			t.Fatal(err)
		}
		// The socket takes one more, for the actor.
		if n.Load() > 11 {
			t.Errorf("a move to another list takes %d statements", n.Load())
		}
		t.Logf("board %d statements, move %d", a, n.Load())
	})
}

func TestEventsOfMoveMany(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 3)
		var moves []cards.Move
		events.On(w.Deps.Bus, func(_ context.Context, e cards.ChangedList) error {
			moves = append(moves, e.Moves...)
			return nil
		})
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		ids := []int64{cardIDs[2][1], cardIDs[0][0], cardIDs[1][2], cardIDs[1][0], cardIDs[0][0]}
		ctx, n := db.CountStatements(t.Context())
		last, err := w.Cards.MoveMany(ctx, projects.By(w.Admin, w.Project.ID), ids, listIDs[1], 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(w.Events(t, w.Project, rev)); got != 4 || last != rev+4 {
			t.Errorf("%d events, the last number %d after %d", got, last, rev)
		}
		w.Follow(t, page, w.Project, rev)
		if len(moves) != 2 {
			t.Errorf("cards that changed their list: %v, want 2", moves)
		}
		if n.Load() > 11 {
			t.Errorf("%d statements", n.Load())
		}
		// By position, then position of the list, then id; one card of list B is not moved.
		want := fmt.Sprint([]int64{cardIDs[1][1], cardIDs[0][0], cardIDs[1][0], cardIDs[2][1], cardIDs[1][2]})
		if got := fmt.Sprint(page.Lists[fmt.Sprint(listIDs[1])].Shown); got != want {
			t.Errorf("list B is %s, want %s", got, want)
		}
	})
}

// TestPositionsWithGaps checks that positions with gaps, which this program never
// writes, are shown without them and corrected.
func TestPositionsWithGaps(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 3)
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(
				w.DB.From(ctx).Exec("UPDATE card SET pos = pos * 3 + 5").Error,
				w.DB.From(ctx).Exec("UPDATE list SET pos = pos * 2 + 1").Error,
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		if _, err := w.Lists.Move(t.Context(), projects.By(w.Owner, w.Project.ID), listIDs[2], 0, nil); err != nil {
			t.Fatal(err)
		}
		for i, list := range listIDs {
			if _, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "last"}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Cards.Move(t.Context(), projects.By(w.Owner, w.Project.ID), cardIDs[i][2], list, 0); err != nil {
				t.Fatal(err)
			}
		}
		w.Follow(t, page, w.Project, rev)
	})
}

func TestTextsAreStoredUnchanged(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		name, desc := " <b>🦊</b> \"'&\\ é ", " \r\n\t%s {{.}} </script> 👩‍👩‍👧 \n"
		file := map[string][]byte{"🦊 \"é\".txt ": []byte("x")}
		list, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: name, Desc: desc, Files: file})
		if err != nil {
			t.Fatal(err)
		}
		card, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: name, Desc: desc, Files: file})
		if err != nil {
			t.Fatal(err)
		}
		l := w.Page(t, w.Project).Lists[fmt.Sprint(list)]
		c := l.Cards[fmt.Sprint(card)]
		if l.Name != name || l.Desc != desc || c.Name != name || c.Desc != desc {
			t.Errorf("%q, %q; %q, %q", l.Name, l.Desc, c.Name, c.Desc)
		}
		for typed := range file {
			if l.Files[typed] == "" || c.Files[typed] == "" {
				t.Errorf("%v, %v", l.Files, c.Files)
			}
		}
	})
}

// TestPastedText checks pasted names and descriptions: a row of a spreadsheet, a
// coloured build log, characters that change the direction of surrounding text.
func TestPastedText(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "List")
		const log = "\x1b[31mERROR\x1b[0m in\ta.go\n\x08done"
		id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "Invoice\t42\tpaid\n\u202e", Desc: log})
		if err != nil {
			t.Fatal(err)
		}
		read := func(want string, wantDesc string) {
			t.Helper()
			var name, desc string
			row := w.DB.From(t.Context()).Raw("SELECT name, card_desc FROM card WHERE id = ?", id).Row()
			if err := row.Scan(&name, &desc); err != nil || name != want || desc != wantDesc {
				t.Errorf("stored %q, %q, %v", name, desc, err)
			}
		}
		read("Invoice 42 paid ", "ERROR in\ta.go\ndone")
		edit := cards.Edit{Name: "cafe\u0301\tbar", Desc: "\x1b]0;title\x07text"}
		if _, err := w.Cards.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), id, edit); err != nil {
			t.Fatal(err)
		}
		read("cafe\u0301 bar", "text")
		for _, name := range []string{"", "\t\n", "\u3164", "\u2800\u200b", "\ufeff", "\u202e\u2066", "a\x00b"} {
			_, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: name})
			if e := errs.As(err); err == nil || e.Kind != errs.Invalid || e.Fields["name"].Key == "" {
				t.Errorf("a card called %q: %v", name, err)
			}
			_, _, err = w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: name})
			if e := errs.As(err); err == nil || e.Kind != errs.Invalid || e.Fields["name"].Key == "" {
				t.Errorf("a list called %q: %v", name, err)
			}
		}
	})
}

// TestTitles checks titles longer than the names of 2.x clients: they are kept
// whole, sent as a short name and the whole title, and a 2.x client that edits
// something else does not cut them.
func TestTitles(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		by := projects.By(w.Owner, w.Project.ID)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "List")
		long := strings.Repeat("ü", 62) + " 🦊" + strings.Repeat("é", 192)
		short := strings.Repeat("ü", 62) + "…" // without the blank in front
		id, _, err := w.Cards.Create(t.Context(), by, list, cards.Draft{Name: long})
		if err != nil {
			t.Fatal(err)
		}
		expect := func(what, name, title string) {
			t.Helper()
			var sent struct{ Name, Title string }
			events := w.Events(t, w.Project, 0)
			if err := json.Unmarshal(events[len(events)-1].Payload, &sent); err != nil {
				t.Fatal(err)
			}
			stored := name
			if title != "" {
				stored = title
			}
			card, err := w.Cards.OnBoard(t.Context(), w.Project.ID, id)
			if err != nil || card.Name != stored || sent.Name != name || sent.Title != title {
				t.Errorf("%s: stored %q, sent %q and title %q, %v", what, card.Name, sent.Name, sent.Title, err)
			}
		}
		edit := func(e cards.Edit) {
			t.Helper()
			if _, err := w.Cards.Edit(t.Context(), by, id, e); err != nil {
				t.Fatal(err)
			}
		}
		expect("created", short, long)
		edit(cards.Edit{Name: short, Desc: "by a 2.x client"})
		expect("a 2.x client edits the description", short, long)
		edit(cards.Edit{Name: short, Base: projects.Base{Name: &long}})
		expect("a member wants the short title", short, "")
		edit(cards.Edit{Name: long, Base: projects.Base{Name: &short}})
		edit(cards.Edit{Name: "by a 2.x client", Desc: "text"})
		expect("a 2.x client edits the name", "by a 2.x client", "")
		for _, err := range []error{
			func() error { _, err := w.Cards.Edit(t.Context(), by, id, cards.Edit{Name: long + "x"}); return err }(),
			func() error {
				_, _, err := w.Cards.Create(t.Context(), by, list, cards.Draft{Name: long + "x"})
				return err
			}(),
		} {
			if e := errs.As(err); err == nil || e.Kind != errs.Invalid || e.Fields["name"].Key != "cards.error.name" {
				t.Errorf("a title of 257 characters: %v", err)
			}
		}
	})
}
