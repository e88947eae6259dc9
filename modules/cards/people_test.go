package cards_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/projects"
)

// TestFormerMembersAreUnassigned checks that a former member is unassigned from the
// cards of that project only, and a deleted account from all cards.
func TestFormerMembersAreUnassigned(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		other := w.MakeProject(t, "other", true)
		for _, p := range []projects.Project{w.Project, other} {
			lists, _ := w.Fill(t, p, 2, 0)
			for _, list := range lists {
				_, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, p.ID), list, cards.Draft{Name: "c", Members: []int64{w.Admin.UserID, w.Reader.UserID}})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		check := func(when string, want ...int) {
			t.Helper()
			var got []int
			for _, p := range []projects.Project{w.Project, other} {
				for _, by := range []accounts.Actor{w.Admin, w.Reader} {
					var n int
					err := w.DB.From(t.Context()).Raw(`SELECT COUNT(*) FROM card_user_assignment a JOIN card ON card.id = a.card_id
JOIN list ON list.id = card.list_id WHERE list.project_id = ? AND a.user_id = ?`, p.ID, by.UserID).Scan(&n).Error
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, n)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: admin and reader are on %v cards, want %v", when, fmt.Sprint(got), fmt.Sprint(want))
			}
		}
		check("before", 2, 2, 2, 2)
		if _, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Admin.UserID); err != nil {
			t.Fatal(err)
		}
		check("the admin was removed from the first", 0, 2, 2, 2)
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, accounts.Deleting{UserID: w.Reader.UserID})
		})
		if err != nil {
			t.Fatal(err)
		}
		check("the reader went", 0, 0, 2, 0)
	})
}
