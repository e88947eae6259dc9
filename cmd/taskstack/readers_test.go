package main

import (
	"net/http"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

// TestReadersGetNoControlsForChanges checks the page of a board for a member who
// may only read.
func TestReadersGetNoControlsForChanges(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	b := s.makeBoard(s.people[projects.Owner].Actor, "readers", projects.Private)
	path := "/" + b.OwnerName + "/" + b.Name
	for _, c := range []struct {
		who      projects.Principal
		controls bool
	}{{projects.AccessOnly, false}, {projects.Admin, true}} {
		w := s.walk(c.who)
		doc, _ := w.open(http.MethodGet, path, "", nil)
		if doc == nil {
			t.Fatalf("no page for %s", c.who)
		}
		for _, selector := range []string{
			`#w-cardWin [data-target="actions"]`, `#w-listWin [data-action="click:remove"]`,
			`#w-cardWin .fileAdder`, `#w-listWin .fileAdder`, "cards-composer", "lists-composer", "cards-selection", ".card[id] .cardMenuButton",
		} {
			if found := doc.Find(selector).Length() > 0; found != c.controls {
				t.Errorf("%s for %s: %v", selector, c.who, found)
			}
		}
	}
}
