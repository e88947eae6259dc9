package labels_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/labels"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// board is a project with labels and a list of cards.
type board struct {
	*boardtest.World
	*labels.Module
	t     *testing.T
	list  int64
	cards []int64
}

func eachBoard(t *testing.T, test func(t *testing.T, b *board)) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 1, 3)
		test(t, &board{World: w, Module: boardtest.Feature[*labels.Module](w), t: t, list: listIDs[0], cards: cardIDs[0]})
	})
}

func (b *board) as(by accounts.Actor) projects.Request { return projects.By(by, b.World.Project.ID) }

// mustCreate adds a label.
func (b *board) mustCreate(name string, colour labels.Colour) int64 {
	b.t.Helper()
	id, _, err := b.Create(b.t.Context(), b.as(b.Owner), labels.Draft{Name: name, Colour: colour})
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// must fails the test unless a change succeeded.
func (b *board) must(_ int64, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// shown is the board's labels and those of each card, as the snapshot has them.
func (b *board) shown() string {
	b.t.Helper()
	page, err := b.Projects.Board(b.t.Context(), b.Owner, b.World.Project.OwnerName, b.World.Project.Name)
	if err != nil {
		b.t.Fatal(err)
	}
	raw, err := json.Marshal(page.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	var data struct {
		Labels []struct {
			Name, Colour string
			ID           int64
			Pos          int
		}
		Lists map[string]struct {
			Cards map[int64]struct{ Parts struct{ Labels []int64 } }
		}
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		b.t.Fatal(err)
	}
	names := map[int64]string{}
	var text []string
	for i, l := range data.Labels {
		if l.Pos != i {
			b.t.Errorf("label %d has the position %d", i, l.Pos)
		}
		names[l.ID] = l.Name
		text = append(text, l.Name+":"+l.Colour)
	}
	for i, id := range b.cards {
		for _, list := range data.Lists {
			card, ok := list.Cards[id]
			if !ok {
				continue
			}
			var of []string
			for _, label := range card.Parts.Labels {
				of = append(of, names[label])
			}
			text = append(text, fmt.Sprintf("%d=%s", i, strings.Join(of, ",")))
		}
	}
	return strings.Join(text, " ")
}

func (b *board) wantShown(want string) {
	b.t.Helper()
	if got := b.shown(); got != want {
		b.t.Errorf("the board shows %q, want %q", got, want)
	}
}

func TestLabelsOnCards(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Admin)
		red, blue := b.mustCreate("Urgent", "red"), b.mustCreate("", "blue")
		b.must(b.SetOnCards(ctx, by, blue, b.cards[:2], true))
		b.must(b.SetOnCards(ctx, by, red, []int64{b.cards[0], b.cards[0]}, true))
		b.wantShown("Urgent:red :blue 0=Urgent, 1= 2=")

		rev := b.Rev(t, b.World.Project)
		b.must(b.SetOnCards(ctx, by, red, b.cards[:1], true))
		if got := b.Rev(t, b.World.Project); got != rev {
			t.Error("a label that the card has already is a change")
		}
		b.must(b.SetOnCards(ctx, by, red, b.cards, false))
		b.must(b.Edit(ctx, by, blue, labels.Draft{Name: " Later\t ", Colour: "teal"}))
		b.wantShown("Urgent:red Later:teal 0=Later 1=Later 2=")
		rev = b.Rev(t, b.World.Project)
		b.must(b.Edit(ctx, by, blue, labels.Draft{Name: "Later", Colour: "teal"}))
		if got := b.Rev(t, b.World.Project); got != rev {
			t.Error("the same name and colour are a change")
		}
		b.must(b.Move(ctx, by, blue, -7))
		b.wantShown("Later:teal Urgent:red 0=Later 1=Later 2=")
		b.must(b.Move(ctx, by, blue, 99))
		b.wantShown("Urgent:red Later:teal 0=Later 1=Later 2=")
	})
}

func TestACopyHasTheLabelsOfItsOriginal(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		red, blue := b.mustCreate("a", "red"), b.mustCreate("b", "blue")
		gone := b.mustCreate("c", "grey")
		for _, label := range []int64{red, blue, gone} {
			b.must(b.SetOnCards(t.Context(), b.as(b.Owner), label, b.cards[:1], true))
		}
		b.must(b.Delete(t.Context(), b.as(b.Owner), gone))
		card, _, err := b.Cards.Copy(t.Context(), b.as(b.Admin), b.cards[0], "copy")
		b.must(0, err)
		want := fmt.Sprintf("[%d,%d]", red, blue)
		if got := b.Part(t, b.World.Project, card, "labels"); got != want {
			t.Errorf("labels of the copied card: %s, want %s", got, want)
		}
		list, _, err := b.Lists.Copy(t.Context(), b.as(b.Admin), b.list, "copy")
		b.must(0, err)
		var first int64
		b.must(0, b.DB.From(t.Context()).Raw("SELECT MIN(id) FROM card WHERE list_id = ? AND pos = 0", list).Scan(&first).Error)
		if got := b.Part(t, b.World.Project, first, "labels"); got != want {
			t.Errorf("labels of the card in the copied list: %s, want %s", got, want)
		}
		// The copy has labels of its own.
		b.must(b.SetOnCards(t.Context(), b.as(b.Owner), red, b.cards[:1], false))
		if got := b.Part(t, b.World.Project, card, "labels"); got != want {
			t.Errorf("labels of the copy after the original lost one: %s, want %s", got, want)
		}
	})
}

func TestDeletedLabelComesBackWithItsCards(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Owner)
		a, c := b.mustCreate("a", "red"), b.mustCreate("c", "green")
		b.must(b.SetOnCards(ctx, by, a, b.cards[1:], true))
		b.must(b.Delete(ctx, by, a))
		b.wantShown("c:green 0= 1= 2=")
		for what, err := range map[string]error{
			"edit":   second(b.Edit(ctx, by, a, labels.Draft{Name: "x", Colour: "red"})),
			"move":   second(b.Move(ctx, by, a, 0)),
			"put":    second(b.SetOnCards(ctx, by, a, b.cards, true)),
			"delete": second(b.Delete(ctx, by, a)),
		} {
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s a deleted label: %v", what, err)
			}
		}
		b.must(b.Restore(ctx, by, a))
		b.wantShown("a:red c:green 0= 1=a 2=a")
		b.must(b.Restore(ctx, by, a))
		b.must(b.Delete(ctx, by, c))
		for n := 1; n < labels.MaxLabels; n++ {
			b.mustCreate("", "grey")
		}
		if _, err := b.Restore(ctx, by, c); errs.KindOf(err) != errs.Conflict {
			t.Errorf("restored beyond the limit: %v", err)
		}
	})
}

func second(_ int64, err error) error { return err }

func TestLimitOfLabelsHoldsForTwoAtOnce(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		for range labels.MaxLabels - 1 {
			b.mustCreate("", "grey")
		}
		var wg sync.WaitGroup
		failed := make([]error, 4)
		for i := range failed {
			wg.Go(func() {
				_, _, failed[i] = b.Create(t.Context(), b.as(b.Owner), labels.Draft{Colour: "red"})
			})
		}
		wg.Wait()
		refused := 0
		for _, err := range failed {
			if errs.KindOf(err) == errs.Conflict {
				refused++
			}
		}
		if refused != len(failed)-1 {
			t.Errorf("%d of %d refused: %v", refused, len(failed), failed)
		}
	})
}

func TestLabelsOfRemovedCards(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Owner)
		a := b.mustCreate("a", "red")
		b.must(b.SetOnCards(ctx, by, a, b.cards, true))
		b.must(b.Cards.Delete(ctx, by, b.cards[0]))
		b.must(b.Cards.Archive(ctx, by, b.cards[1]))
		b.wantShown("a:red 2=a")
		if _, err := b.SetOnCards(ctx, by, a, b.cards[:1], false); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a label of a card in the trash: %v", err)
		}
		before := b.Rev(t, b.World.Project)
		for from, id := range map[removal.Location]int64{removal.InTrash: b.cards[0], removal.InArchive: b.cards[1]} {
			b.must(b.Cards.Restore(ctx, by, removal.RestoreRequest{ID: id, From: from}))
		}
		for _, e := range b.Events(t, b.World.Project, before) {
			if e.Name == "build_new_card" && !strings.Contains(string(e.Payload), fmt.Sprintf(`"parts":{"labels":[%d]}`, a)) {
				t.Errorf("a restored card lost its label: %s", e.Payload)
			}
		}
		b.wantShown("a:red 0=a 1=a 2=a")
	})
}

func TestBadLabelsAreRefused(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Owner)
		id := b.mustCreate("a", "red")
		for draft, field := range map[labels.Draft]string{
			{Name: strings.Repeat("ü", labels.MaxNameLength+1), Colour: "red"}: "name",
			{Name: "\u200b", Colour: "red"}:                                    "name", {Name: "a\x00", Colour: "red"}: "name",
			{Name: "a", Colour: "pink"}: "colour", {Name: "a"}: "colour",
		} {
			_, _, err := b.Create(ctx, by, draft)
			_, editErr := b.Edit(ctx, by, id, draft)
			for _, err := range []error{err, editErr} {
				if e := errs.As(err); errs.KindOf(err) != errs.Invalid || e.Fields[field].Key == "" {
					t.Errorf("%q: %v", draft, err)
				}
			}
		}
		other := b.MakeProject(t, "other", true)
		listID := lists.MakeList(t, b.Lists.Service, b.Owner, other.ID, "list")
		foreign := cards.MakeCard(t, b.Cards.Service, b.Owner, other.ID, listID, "card")
		for what, err := range map[string]error{
			"a card of another project":     second(b.SetOnCards(ctx, by, id, []int64{foreign}, true)),
			"a label of another project":    second(b.SetOnCards(ctx, projects.By(b.Owner, other.ID), id, []int64{foreign}, true)),
			"a label of another, edited":    second(b.Edit(ctx, projects.By(b.Owner, other.ID), id, labels.Draft{Colour: "red"})),
			"a label of another, restored":  second(b.Restore(ctx, projects.By(b.Owner, other.ID), id)),
			"a label that never was":        second(b.Delete(ctx, by, 4711)),
			"a label, put by a stranger":    second(b.SetOnCards(ctx, b.as(b.Stranger), id, b.cards, true)),
			"a label, deleted by a visitor": second(b.Delete(ctx, b.as(accounts.Actor{}), id)),
		} {
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := b.SetOnCards(ctx, b.as(b.Reader), id, b.cards, true); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("put by a reader: %v", err)
		}
		for what, ids := range map[string][]int64{"no card": nil, "too many": numbersTo(labels.MaxCards + 1)} {
			if _, err := b.SetOnCards(ctx, by, id, ids, true); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		b.wantShown("a:red 0= 1= 2=")
	})
}

func numbersTo(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	return ids
}

func TestLabelEventsAreCarriedOutOnce(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		client := b.Connect(t, b.Admin)
		create := fmt.Sprintf(`{"projectId":%d,"name":"a","colour":"red","actionId":"create-1"}`, b.World.Project.ID)
		first, again := client.Call(t, "create_label", create), client.Call(t, "create_label", create)
		if !first.OK || !again.OK || first.ID == 0 || again.ID != first.ID || again.Rev != first.Rev {
			t.Errorf("%+v, then %+v", first, again)
		}
		b.wantShown("a:red 0= 1= 2=")
	})
}

func TestHistoryOfLabels(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Admin)
		var kinds []string
		events.On(b.Deps.Bus, func(_ context.Context, e projects.Happened) error {
			kinds = append(kinds, e.Kind)
			return nil
		})
		a := b.mustCreate("a", "red")
		b.must(b.SetOnCards(ctx, by, a, b.cards[:1], true))
		b.must(b.SetOnCards(ctx, by, a, b.cards[:1], false))
		b.must(b.Edit(ctx, by, a, labels.Draft{Name: "b", Colour: "red"}))
		b.must(b.Delete(ctx, by, a))
		b.must(b.Restore(ctx, by, a))
		want := []string{"labels.created", "labels.put", "labels.taken", "labels.edited", "labels.deleted", "labels.restored"}
		if !slices.Equal(kinds, want) {
			t.Errorf("%v, want %v", kinds, want)
		}
	})
}

func TestDeletionOfLabelsBecomesFinal(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		ctx, by := t.Context(), b.as(b.Owner)
		recent, old, kept := b.mustCreate("recent", "red"), b.mustCreate("old", "red"), b.mustCreate("kept", "red")
		b.must(b.SetOnCards(ctx, by, old, b.cards, true))
		for id, age := range map[int64]time.Duration{recent: 24*time.Hour - time.Minute, old: 24*time.Hour + time.Minute} {
			b.must(b.Delete(ctx, by, id))
			at := b.DB.Now(ctx).Add(-age)
			if err := b.DB.InTx(ctx, func(ctx context.Context) error {
				return b.DB.From(ctx).Exec("UPDATE label SET deleted_at = ? WHERE id = ?", at, id).Error
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		b.must(b.Restore(ctx, by, recent))
		if _, err := b.Restore(ctx, by, old); errs.KindOf(err) != errs.NotFound {
			t.Errorf("restored after the time to undo: %v", err)
		}
		b.must(b.SetOnCards(ctx, by, kept, b.cards[:1], true))
		b.wantShown("recent:red kept:red 0=kept 1= 2=")
	})
}

// TestTexts: the search index gets every change of what labels say of cards.
func TestTexts(t *testing.T) {
	eachBoard(t, func(t *testing.T, b *board) {
		var told []int64
		events.On(b.Deps.Bus, func(_ context.Context, e cards.TextsChanged) error {
			if e.ProjectID != b.World.Project.ID {
				t.Errorf("told of project %d", e.ProjectID)
			}
			told = append(told, e.IDs...)
			return nil
		})
		ctx, r := b.t.Context(), b.as(b.Owner)
		said := func() (all []string) {
			err := b.DB.InTx(ctx, func(ctx context.Context) error {
				texts, err := b.World.Cards.LockTexts(ctx, b.cards)
				all = nil
				for _, text := range texts {
					all = append(all, strings.Join(text.Other, "+"))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		urgent := b.mustCreate("Urgent", "red")
		unnamed := b.mustCreate("", "blue")
		later := b.mustCreate("Later", "green")
		for _, step := range []struct {
			what string
			do   func() (int64, error)
			told []int64
			said []string
		}{
			{"put", func() (int64, error) { return b.SetOnCards(ctx, r, urgent, b.cards[:2], true) }, b.cards[:2], []string{"Urgent", "Urgent", ""}},
			{"put again", func() (int64, error) { return b.SetOnCards(ctx, r, urgent, b.cards[:2], true) }, nil, []string{"Urgent", "Urgent", ""}},
			{"no name", func() (int64, error) { return b.SetOnCards(ctx, r, unnamed, b.cards[:1], true) }, b.cards[:1], []string{"Urgent", "Urgent", ""}},
			{"second", func() (int64, error) { return b.SetOnCards(ctx, r, later, b.cards[:1], true) }, b.cards[:1], []string{"Urgent+Later", "Urgent", ""}},
			{"renamed", func() (int64, error) { return b.Edit(ctx, r, urgent, labels.Draft{Name: "Now", Colour: "red"}) }, b.cards[:2], []string{"Now+Later", "Now", ""}},
			{"recoloured", func() (int64, error) { return b.Edit(ctx, r, urgent, labels.Draft{Name: "Now", Colour: "blue"}) }, nil, []string{"Now+Later", "Now", ""}},
			{"deleted", func() (int64, error) { return b.Delete(ctx, r, urgent) }, b.cards[:2], []string{"Later", "", ""}},
			{"restored", func() (int64, error) { return b.Restore(ctx, r, urgent) }, b.cards[:2], []string{"Now+Later", "Now", ""}},
			{"taken", func() (int64, error) { return b.SetOnCards(ctx, r, urgent, b.cards[1:2], false) }, b.cards[1:2], []string{"Now+Later", "", ""}},
		} {
			told = nil
			b.must(step.do())
			if !slices.Equal(told, step.told) {
				t.Errorf("%s: told of cards %v, want %v", step.what, told, step.told)
			}
			if got := said(); !slices.Equal(got, step.said) {
				t.Errorf("%s: cards say %q, want %q", step.what, got, step.said)
			}
		}
	})
}
