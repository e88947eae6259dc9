package cards_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/views"
	"taskstack.org/templates"
)

// stars is a module that adds a part to cards: some cards have stars.
type stars struct{ w *boardtest.World }

type starView struct{ Text string }

func newStars(t *testing.T, w *boardtest.World) *stars {
	t.Helper()
	s := &stars{w: w}
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("CREATE TABLE star (card_id INTEGER NOT NULL PRIMARY KEY, n INTEGER NOT NULL)").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Cards.AddPart(cards.Part{Name: "stars", Of: s.of})
	events.On(w.Deps.Bus, s.onCreated)
	return s
}

func (s *stars) of(ctx context.Context, _ int64, cardIDs []int64) (map[int64]cards.PartData, error) {
	var rows []struct{ CardID, N int64 }
	err := s.w.DB.From(ctx).Raw("SELECT card_id, n FROM star WHERE card_id IN ?", cardIDs).Scan(&rows).Error
	data := map[int64]cards.PartData{}
	for _, r := range rows {
		data[r.CardID] = cards.PartData{JSON: r.N, View: starView{Text: strings.Repeat("*", int(r.N))}}
	}
	return data, err
}

func (s *stars) onCreated(ctx context.Context, e cards.Created) error {
	raw, ok := e.Parts["stars"]
	if !ok {
		return nil
	}
	var n int
	if json.Unmarshal(raw, &n) != nil {
		return errs.Field("parts", "stars.error.number")
	}
	return s.w.DB.From(ctx).Exec("INSERT INTO star (card_id, n) VALUES (?, ?)", e.ID, n).Error
}

// put gives a card stars, as a change of the board.
func (s *stars) put(ctx context.Context, r projects.Request, cardID int64, n int) error {
	_, err := s.w.Projects.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		card, err := s.w.Cards.OnBoard(ctx, in.ID, cardID)
		if err != nil {
			return nil, err
		}
		if err := s.w.DB.From(ctx).Exec("DELETE FROM star WHERE card_id = ?", card.ID).Error; err != nil {
			return nil, err
		}
		if err := s.w.DB.From(ctx).Exec("INSERT INTO star (card_id, n) VALUES (?, ?)", card.ID, n).Error; err != nil {
			return nil, err
		}
		return []projects.Event{{Name: "stars_put", Payload: map[string]any{"id": card.ID, "stars": n, "in": card.List.Name}}}, nil
	})
	return err
}

// TestPartOfCards follows a part that another module adds to cards: into the
// snapshot, into the events of new, restored and moved cards, and through the
// module's own event.
func TestPartOfCards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		r := projects.Request{By: w.Owner, ProjectID: w.Project.ID}
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
		must := func(_ int64, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		before := statements(t, w)
		s := newStars(t, w)
		w.Projects.ForgetBoards()
		if after := statements(t, w); after != before+1 {
			t.Errorf("a board takes %d statements with a part, %d without", after, before)
		}
		card := cardIDs[0][0]
		must(0, s.put(t.Context(), r, card, 3))
		wantParts(t, "in the snapshot", snapshot(t, w, w.Project), map[int64]string{card: `{"stars":3}`})

		rev := w.Rev(t, w.Project)
		must(w.Cards.Delete(t.Context(), r, card))
		if err := s.put(t.Context(), r, card, 1); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a deleted card gets stars: %v", err)
		}
		must(w.Cards.Restore(t.Context(), r, removal.RestoreRequest{ID: card, From: removal.InTrash}))
		wantBuilt(t, w, rev, "a restored card", map[int64]string{card: `{"stars":3}`})

		rev = w.Rev(t, w.Project)
		must(w.Lists.Archive(t.Context(), r, listIDs[0]))
		must(w.Lists.Restore(t.Context(), r, removal.RestoreRequest{ID: listIDs[0], From: removal.InArchive}))
		wantBuilt(t, w, rev, "a restored list", map[int64]string{card: `{"stars":3}`, cardIDs[0][1]: ""})

		rev = w.Rev(t, w.Project)
		client := w.Connect(t, w.Owner)
		create := func(stars string) boardtest.Ack {
			return client.Call(t, "create_card", fmt.Sprintf(
				`{"projectId":%d,"listId":%d,"name":"made","cardDesc":"","attachedFiles":{},"members":[],"parts":{"stars":%s,"votes":1}}`,
				r.ProjectID, listIDs[1], stars))
		}
		if a := create(`"many"`); a.Error != "invalid" || w.Rev(t, w.Project) != rev {
			t.Errorf("a card with a part that its module refuses: %+v", a)
		}
		made := create("2")
		if !made.OK {
			t.Fatalf("%+v", made)
		}
		wantBuilt(t, w, rev, "a new card", map[int64]string{made.ID: `{"stars":2}`})
		w.Follow(t, w.Page(t, w.Project), w.Project, w.Rev(t, w.Project))
	})
}

// statements is how many statements a board takes.
func statements(t *testing.T, w *boardtest.World) int64 {
	t.Helper()
	ctx, n := db.CountStatements(t.Context())
	if _, err := w.Projects.Board(ctx, w.Owner, w.Project.OwnerName, w.Project.Name); err != nil {
		t.Fatal(err)
	}
	return n.Load()
}

// wantParts compares the key "parts" of all cards of a snapshot.
func wantParts(t *testing.T, where string, raw []byte, want map[int64]string) {
	t.Helper()
	var boardLists map[int64]struct {
		Cards map[int64]struct {
			Parts json.RawMessage `json:"parts"`
		} `json:"cards"`
	}
	if err := json.Unmarshal(raw, &boardLists); err != nil {
		t.Fatal(err)
	}
	for _, l := range boardLists {
		for id, c := range l.Cards {
			if string(c.Parts) != want[id] {
				t.Errorf("parts of card %d %s: %s, want %s", id, where, c.Parts, want[id])
			}
		}
	}
}

// wantBuilt compares the key "parts" of all build_new_card above a revision.
func wantBuilt(t *testing.T, w *boardtest.World, rev int64, what string, want map[int64]string) {
	t.Helper()
	got := map[int64]string{}
	for _, e := range w.Events(t, w.Project, rev) {
		if e.Name != "build_new_card" {
			continue
		}
		var payload struct {
			ID    int64           `json:"id"`
			Parts json.RawMessage `json:"parts"`
		}
		if err := json.Unmarshal(e.Payload, &payload); err != nil {
			t.Fatal(err)
		}
		got[payload.ID] = string(payload.Parts)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("parts in the event of %s: %v, want %v", what, got, want)
	}
}

func TestPartWithoutNameOrTwice(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	of := func(context.Context, int64, []int64) (map[int64]cards.PartData, error) { return nil, nil }
	w.Cards.AddPart(cards.Part{Name: "stars", Of: of})
	for _, p := range []cards.Part{{Of: of}, {Name: "stars", Of: of}, {Name: "votes"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("part %q is added", p.Name)
				}
			}()
			w.Cards.AddPart(p)
		}()
	}
}

// TestFailingPart checks that a board is not shown without what a part knows.
func TestFailingPart(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	w.Fill(t, w.Project, 1, 1)
	broken := errors.New("broken")
	w.Cards.AddPart(cards.Part{Name: "stars", Of: func(context.Context, int64, []int64) (map[int64]cards.PartData, error) { return nil, broken }})
	if _, err := w.Projects.Board(t.Context(), w.Owner, w.Project.OwnerName, w.Project.Name); !errors.Is(err, broken) {
		t.Errorf("a board with a broken part: %v", err)
	}
}

type cardPage struct {
	views.Shell
	Card cards.View
}

// TestPiecesOfAPart renders a card with the pieces that a module has for its
// part, in each slot, and the template that the script fills.
func TestPiecesOfAPart(t *testing.T) {
	fsys := fstest.MapFS{
		"x/page.html": {Data: []byte(`{{memo "cards/_card" (.Card.CacheKey true) (args "Card" .Card "CanWrite" true)}}` +
			`<template>{{template "cards/_card" (args "Card" nil "CanWrite" true)}}</template>`)},
	}
	for _, slot := range []string{"_cardCover", "_cardChips", "_cardBadges"} {
		piece := `<i data-part="stars" data-slot="` + slot + `">{{with .Card}}{{with .Part "stars"}}{{.Text}}{{end}}{{end}}</i>`
		fsys["stars/"+slot+".html"] = &fstest.MapFile{Data: []byte(piece)}
	}
	for _, file := range []string{"cards/_card.html", "cards/_faces.html", "components/_avatar.html"} {
		text, err := templates.Files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fsys[file] = &fstest.MapFile{Data: text}
	}
	catalogue, err := i18n.New(fstest.MapFS{"locales/en.json": {Data: []byte("{}")}, "locales/de.json": {Data: []byte("{}")}})
	if err != nil {
		t.Fatal(err)
	}
	v := views.New()
	if err := v.Load(fsys, catalogue, noAssets{}); err != nil {
		t.Fatal(err)
	}
	page := func(parts cards.Parts) string {
		t.Helper()
		var b strings.Builder
		if err := v.Render(&b, "en", "x/page", &cardPage{Card: cards.View{ID: 1, Fields: cards.Fields{Name: "n"}, Parts: parts}}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for text, parts := range map[string]cards.Parts{
		"":     nil,
		"*":    {"stars": {JSON: 1, View: starView{"*"}}},
		"***":  {"stars": {JSON: 1, View: starView{"***"}}},
		"&lt;": {"stars": {JSON: 1, View: starView{"<"}}},
	} {
		html := page(parts)
		for _, slot := range []string{"_cardCover", "_cardChips", "_cardBadges"} {
			element := `<i data-part="stars" data-slot="` + slot + `">`
			if !strings.Contains(html, element+text+"</i>") || strings.Count(html, element) != 2 {
				t.Errorf("%s with %q: %s", slot, text, html)
			}
		}
	}
}

type noAssets struct{}

func (noAssets) URL(name string) (string, error) { return "", errors.New("no asset " + name) }

func (noAssets) Scripts(...string) ([]string, error) { return nil, nil }
