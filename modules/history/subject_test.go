package history_test

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/history"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// kindsOf are the kinds of a history, the oldest first.
func kindsOf(rows []map[string]any) []string {
	kinds := make([]string, len(rows))
	for i, row := range rows {
		kinds[i], _ = row["type"].(string)
	}
	return kinds
}

// TestActivityOfOneItem: what a card's or list's window shows is about that one
// only: not about a neighbour, not about an item of another kind or project with
// the same number, and in parts as well.
func TestActivityOfOneItem(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), projects.By(w.Owner, w.Project.ID)
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
		list, card, neighbour := listIDs[0], cardIDs[0][0], cardIDs[0][1]
		do := func(_ int64, err error) { t.Helper(); noError(t, err) }
		for _, id := range []int64{card, neighbour} {
			do(w.Cards.Edit(ctx, p, id, cards.Edit{Name: "renamed"}))
			do(w.Cards.Move(ctx, p, id, listIDs[1], 0))
			do(w.Cards.Archive(ctx, p, id))
			do(w.Cards.Restore(ctx, p, removal.RestoreRequest{ID: id, From: removal.InArchive}))
		}
		do(w.Lists.Edit(ctx, p, list, lists.Edit{Name: "L"}))
		last := w.Rev(t, w.Project) + 1
		publish := func(subject projects.Subject, kind string) {
			noError(t, w.DB.InTx(ctx, func(ctx context.Context) error {
				return w.Deps.Bus.Publish(ctx, projects.Happened{ProjectID: w.Project.ID, Rev: last, Kind: kind, ID: card, Subject: subject, By: w.Owner})
			}))
		}
		publish(projects.CardSubject, "votes.given")
		publish(projects.ListSubject, "votes.sorted") // the list with the card's number
		publish("", "votes.deleted")                  // a vote with the card's number

		of := func(subject projects.Subject, id int64) history.Filter {
			return history.Filter{All: true, Subject: subject, SubjectID: id}
		}
		want := []string{
			"historyCardCreated_event", "historyCardEdited_event", "historyCardChangedList_event", "historyCardArchived_event", "historyCardRestored_event", "votes.given",
		}
		if got := kindsOf(told(t, w, of(projects.CardSubject, card))); !slices.Equal(got, want) {
			t.Errorf("activity of the card:\n%v, want\n%v", got, want)
		}
		lately := kindsOf(told(t, w, of(projects.ListSubject, list)))
		lately = slices.DeleteFunc(lately, func(kind string) bool { return kind == "votes.sorted" }) // if the two have one number
		if want := []string{"historyListCreated_event", "historyListEdited_event"}; !slices.Equal(lately, want) {
			t.Errorf("activity of the list: %v, want %v", lately, want)
		}
		elsewhere := w.MakeProject(t, "elsewhere", false)
		others, err := historyOf(w).Of(ctx, w.Owner, "olive", elsewhere.Name, of(projects.CardSubject, card))
		noError(t, err)
		if len(others) != 0 {
			t.Errorf("%d entries by way of another project", len(others))
		}

		var inParts []string
		f := of(projects.CardSubject, card)
		f.Limit = 2
		for range 4 {
			part := told(t, w, f)
			inParts = append(kindsOf(part), inParts...)
			if len(part) == 0 {
				break
			}
			cursor, _ := part[0]["cursor"].(string)
			f.Before, err = history.ParseCursor(cursor)
			noError(t, err)
		}
		if !slices.Equal(inParts, want) {
			t.Errorf("in parts of two:\n%v, want\n%v", inParts, want)
		}
	})
}

func TestSubjectOfAFilter(t *testing.T) {
	for _, query := range []string{"card=x", "card=0", "card=-1", "list=1.5", "card=1&list=2", "card=99999999999999999999"} {
		q, err := url.ParseQuery(query)
		noError(t, err)
		if _, err := history.FilterFrom(q); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", query, err)
		}
	}
	for _, subject := range []projects.Subject{projects.CardSubject, projects.ListSubject} {
		f, err := history.FilterFrom(url.Values{string(subject): {strconv.Itoa(7)}})
		if err != nil || f.Subject != subject || f.SubjectID != 7 {
			t.Errorf("%s=7: %+v, %v", subject, f, err)
		}
	}
}
