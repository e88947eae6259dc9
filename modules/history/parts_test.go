package history_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/history"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// told is a history as in the JSON, the oldest first.
func told(t *testing.T, w *boardtest.World, f history.Filter) []map[string]any {
	t.Helper()
	all, err := historyOf(w).Of(t.Context(), w.Owner, "olive", "board", f)
	noError(t, err)
	raw, err := json.Marshal(all)
	noError(t, err)
	var rows []map[string]any
	noError(t, json.Unmarshal(raw, &rows))
	return rows
}

// onlyNew are the rows that are not in before.
func onlyNew(rows, before []map[string]any) []map[string]any {
	known := map[any]bool{}
	for _, row := range before {
		known[row["cursor"]] = true
	}
	return slices.DeleteFunc(rows, func(row map[string]any) bool { return known[row["cursor"]] })
}

// TestWhoAsksGetsEverything goes through what the contract has no table for.
func TestWhoAsksGetsEverything(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
		list, card := listIDs[0], cardIDs[0][0]
		all := history.Filter{All: true}
		for _, c := range []struct {
			what string
			do   func() error
			want map[string]any
		}{
			{"a list's edit", func() error {
				_, err := w.Lists.Edit(ctx, projects.By(w.Admin, p), list, lists.Edit{Name: "L", Desc: "d", Files: files.Changes{New: map[string][]byte{"f": {1}}}})
				return err
			}, map[string]any{"type": "historyListEdited_event", "name": "L", "oldName": "list A", "descChanged": true, "newFilesNames": "f", "userName": "adam"}},
			{"a card's edit", func() error {
				_, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), card, cards.Edit{Name: "card", NewMembers: []int64{w.Reader.UserID, w.Admin.UserID}})
				return err
			}, map[string]any{"type": "historyCardEdited_event", "name": "card", "listName": "L", "newMembersNames": "rita, adam", "userName": "olive", "oldName": nil}},
			{"a card's archiving", func() error { _, err := w.Cards.Archive(ctx, projects.By(w.Owner, p), card); return err }, map[string]any{"type": "historyCardArchived_event", "listName": "L"}},
			{"its restoration", func() error {
				_, err := w.Cards.Restore(ctx, projects.By(w.Admin, p), removal.RestoreRequest{ID: card, From: removal.InArchive})
				return err
			}, map[string]any{"type": "historyCardRestored_event", "listName": "L", "from": "archive", "userName": "adam"}},
			{"a list's archiving", func() error { _, err := w.Lists.Archive(ctx, projects.By(w.Owner, p), list); return err }, map[string]any{"type": "historyListArchived_event", "cardsNames": "card, card", "cardsCount": 2.0}},
			{"its deletion", func() error {
				_, err := w.Lists.Relocate(ctx, projects.By(w.Owner, p), list, removal.InArchive, removal.InTrash)
				return err
			}, map[string]any{"type": "historyListDeleted_event", "deletedCardsNames": "card, card"}},
			{"its end", func() error {
				_, err := w.Lists.Relocate(ctx, projects.By(w.Owner, p), list, removal.InTrash, removal.PermanentlyDeleted)
				return err
			}, map[string]any{"type": "historyListGivenUp_event", "name": "L"}},
			{"a member's removal", func() error { _, err := w.Projects.Remove(ctx, projects.By(w.Owner, p), w.Reader.UserID); return err }, map[string]any{"type": "historyMemberRemoved_event", "name": "rita", "id": float64(w.Reader.UserID), "left": false}},
			{"a member's leaving", func() error { _, err := w.Projects.Remove(ctx, projects.By(w.Admin, p), w.Admin.UserID); return err }, map[string]any{"type": "historyMemberRemoved_event", "name": "adam", "left": true}},
		} {
			before := told(t, w, all)
			noError(t, c.do())
			added := onlyNew(told(t, w, all), before)
			if len(added) != 1 {
				t.Errorf("%s is %d rows: %v", c.what, len(added), added)
				continue
			}
			for key, want := range c.want {
				if got := added[0][key]; got != want {
					t.Errorf("%s: %s is %v, want %v", c.what, key, got, want)
				}
			}
		}
		// An edit that changes nothing adds no entry, and old pages receive the five kinds only.
		before := told(t, w, all)
		_, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), cardIDs[1][0], cards.Edit{Name: "card"})
		noError(t, err)
		if after := told(t, w, all); len(after) != len(before) {
			t.Errorf("%d rows, were %d", len(after), len(before))
		}
		for _, row := range told(t, w, history.Filter{}) {
			switch row["type"] {
			case "historyListCreated_event", "historyListDeleted_event", "historyCardCreated_event", "historyCardDeleted_event", "historyCardChangedList_event":
			default:
				t.Errorf("old pages get %v", row["type"])
			}
		}
	})
}

// TestEventsOfOtherModules: an event of any module is an entry, with its details
// and by its kind; lists of names are one text. A kind that the column cannot
// hold undoes the change.
func TestEventsOfOtherModules(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		publish := func(e projects.Happened) error {
			return w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.Deps.Bus.Publish(ctx, e) })
		}
		type details struct {
			Colour string   `json:"colour"`
			Cards  []string `json:"cardsNames"`
		}
		put := projects.Happened{ProjectID: w.Project.ID, Kind: "labels.put", ID: 7, Name: "a card", Details: details{"red", []string{"x", "y"}}, By: w.Admin}
		noError(t, publish(put))
		noError(t, publish(projects.Happened{ProjectID: w.Project.ID, Kind: "labels.deleted", ID: 8, Name: "b", By: w.Owner}))
		rows := told(t, w, history.Filter{All: true, Kinds: []history.Kind{"labels.put"}})
		if len(rows) != 1 {
			t.Fatalf("%d entries of the kind, want 1", len(rows))
		}
		for key, want := range map[string]any{"type": "labels.put", "id": 7.0, "name": "a card", "colour": "red", "cardsNames": "x, y", "userName": "adam"} {
			if rows[0][key] != want {
				t.Errorf("%s is %v, want %v", key, rows[0][key], want)
			}
		}
		if n := len(told(t, w, history.Filter{All: true})); n != 4 { // and two members who joined
			t.Errorf("%d entries of all kinds, want 4", n)
		}
		if n := len(told(t, w, history.Filter{})); n != 0 {
			t.Errorf("old pages get %d entries, want 0", n)
		}
		put.Kind = "labels." + strings.Repeat("x", 26)
		if err := publish(put); err == nil {
			t.Error("a kind of 33 characters is accepted")
		}
		put.Kind, put.Details = "labels.put", "no object"
		if err := publish(put); err == nil {
			t.Error("details that are no object are accepted")
		}
	})
}

// TestPartsJoinWithoutGapOrDouble, although everything happened within seconds
// and lies in six tables.
func TestPartsJoinWithoutGapOrDouble(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 3, 4)
		for i, card := range cardIDs[0] {
			by := []accounts.Actor{w.Owner, w.Admin}[i%2]
			_, err := w.Cards.Move(t.Context(), projects.By(by, w.Project.ID), card, listIDs[1], 0)
			noError(t, err)
			_, err = w.Cards.Edit(t.Context(), projects.By(by, w.Project.ID), card, cards.Edit{Name: fmt.Sprint("edited ", i)})
			noError(t, err)
			_, err = w.Cards.Delete(t.Context(), projects.By(by, w.Project.ID), card)
			noError(t, err)
		}
		whole := told(t, w, history.Filter{All: true})
		var kinds []string
		for _, row := range whole[len(whole)-6:] {
			kinds = append(kinds, strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(row["type"]), "history"), "_event"))
		}
		if want := "CardChangedList CardEdited CardDeleted CardChangedList CardEdited CardDeleted"; strings.Join(kinds, " ") != want {
			t.Errorf("the last happened as %v", kinds)
		}
		if len(whole) != 3+12+3*4+2 { // lists, cards, what was done to four of them, two members
			t.Errorf("%d rows", len(whole))
		}
		inParts(t, w, whole)
		// Rows of the Flask application have no number, and here one second: then the tables decide.
		noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
			for _, table := range []string{"history_list_created", "history_card_created", "history_card_deleted", "history_card_changed_list", "history_change"} {
				if err := w.DB.From(ctx).Exec("UPDATE "+table+" SET rev = 0, datetime = ?", w.DB.Now(ctx)).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		inParts(t, w, told(t, w, history.Filter{All: true}))
		for name, c := range map[string]struct {
			f    history.Filter
			want int
		}{
			"moves":            {history.Filter{Kinds: []history.Kind{history.CardChangedList}}, 4},
			"moves of one":     {history.Filter{Kinds: []history.Kind{history.CardChangedList}, UserID: w.Admin.UserID}, 2},
			"edits, not asked": {history.Filter{Kinds: []history.Kind{history.CardEdited}}, 0},
			"edits":            {history.Filter{All: true, Kinds: []history.Kind{history.CardEdited, history.ListEdited}}, 4},
			"all of one":       {history.Filter{All: true, UserID: w.Admin.UserID}, 2*3 + 1},
			"of a stranger":    {history.Filter{All: true, UserID: w.Stranger.UserID}, 0},
		} {
			if got := told(t, w, c.f); len(got) != c.want {
				t.Errorf("%s: %d rows, want %d: %v", name, len(got), c.want, got)
			}
		}
	})
}

// inParts reads a history in parts of several sizes and compares them with the
// whole.
func inParts(t *testing.T, w *boardtest.World, whole []map[string]any) {
	t.Helper()
	for _, limit := range []int{1, 3, 7, 100} {
		f := history.Filter{All: true, Limit: limit}
		var joined []map[string]any
		for parts := 0; ; parts++ {
			if parts > len(whole)+1 {
				t.Fatalf("parts of %d do not end", limit)
			}
			part := told(t, w, f)
			joined = append(slices.Clone(part), joined...)
			if len(part) < limit {
				break
			}
			before, err := history.ParseCursor(fmt.Sprint(part[0]["cursor"]))
			noError(t, err)
			f.Before = before
		}
		if fmt.Sprint(joined) != fmt.Sprint(whole) {
			t.Errorf("in parts of %d: %d rows, want %d", limit, len(joined), len(whole))
		}
	}
}

// TestHistoryForgets: a deleted project is forgotten as a whole, a deleted
// account as a name.
func TestHistoryForgets(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		keep := w.MakeProject(t, "keep", true)
		w.Fill(t, keep, 1, 1)
		list := lists.MakeList(t, w.Lists.Service, w.Admin, w.Project.ID, "of adam")
		_, err := w.Lists.Edit(t.Context(), projects.By(w.Admin, w.Project.ID), list, lists.Edit{Name: "renamed by him"})
		noError(t, err)
		publish := func(e any) {
			t.Helper()
			noError(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.Deps.Bus.Publish(ctx, e) }))
		}
		publish(accounts.Deleting{UserID: w.Admin.UserID, Name: "adam"})
		rows := told(t, w, history.Filter{All: true})
		if len(rows) != 3 || slices.ContainsFunc(rows, func(row map[string]any) bool { return row["userName"] == "adam" || row["name"] == "adam" }) {
			t.Errorf("%v", rows)
		}
		publish(projects.Deleting{ProjectID: w.Project.ID})
		if rows := told(t, w, history.Filter{All: true}); len(rows) != 0 {
			t.Errorf("%v", rows)
		}
		all, err := historyOf(w).Of(t.Context(), w.Owner, "olive", "keep", history.Filter{})
		if err != nil || len(all) != 2 {
			t.Errorf("%d rows of another project, error %v", len(all), err)
		}
	})
}

func TestBadQueries(t *testing.T) {
	for _, query := range []string{
		"types=some", "kind=nothing", "kind=listCreated,", "kind=labels.", "kind=.put", "kind=labels.put2", "kind=labels." + strings.Repeat("x", 26), "person=x", "person=-1", "person=0", "limit=0", "limit=201", "limit=x", "before=x", "before=1.2", "before=1.2.3", "before=.",
	} {
		q, err := url.ParseQuery(query)
		noError(t, err)
		if _, err := history.FilterFrom(q); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", query, err)
		}
	}
	q, _ := url.ParseQuery("types=all&kind=listCreated,memberAdded,labels.put&person=3&limit=200&before=1700000000.7.5.12")
	f, err := history.FilterFrom(q)
	if err != nil || !f.All || len(f.Kinds) != 3 || f.UserID != 3 || f.Limit != history.MaxLimit || f.Before == nil {
		t.Errorf("%+v, %v", f, err)
	}
}
