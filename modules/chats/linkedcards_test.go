package chats_test

import (
	"reflect"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

// TestLinkedCards: a card whose address is in a message is shown to those who may
// read its board when they ask, and to no one else.
func TestLinkedCards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m, ctx := chatsOf(w), t.Context()
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "To do")
		card := cards.MakeCard(t, w.Cards.Service, w.Owner, w.Project.ID, list, "Paint")
		names := func(by accounts.Actor) []string {
			t.Helper()
			all, err := m.LinkedCards(ctx, by, []int64{card, 987654, card})
			noError(t, err)
			found := []string{}
			for _, c := range all {
				if data := jsonOf(t, c); data["members"] == nil || data["chips"] == nil {
					t.Errorf("clients get no lists: %v", data)
				}
				found = append(found, c.Name+" in "+c.List)
			}
			return found
		}
		want := []string{"Paint in To do"}
		for _, by := range []accounts.Actor{w.Owner, w.Admin, w.Reader} {
			if got := names(by); !reflect.DeepEqual(got, want) {
				t.Errorf("%s sees %v, want %v", by.Name, got, want)
			}
		}
		_, err := w.Projects.SetVisibility(ctx, projects.By(w.Owner, w.Project.ID), "private")
		noError(t, err)
		if got := names(w.Stranger); len(got) != 0 {
			t.Errorf("a stranger sees %v", got)
		}
		if _, err := m.LinkedCards(ctx, w.Owner, make([]int64, 31)); err == nil {
			t.Error("31 cards at a time")
		}
	})
}
