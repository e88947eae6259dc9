package lists_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

func TestNewProjectBeginsWithLists(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		create := func(name string, lists ...string) (projects.Project, error) {
			return w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: name, Lists: lists})
		}
		p, err := create("with-lists", "To do", "Doing", "Done")
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Projects.Board(t.Context(), w.Owner, p.OwnerName, p.Name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(b.Data["lists"])
		if err != nil {
			t.Fatal(err)
		}
		var stored map[string]struct {
			Name string
			Pos  int
		}
		if err := json.Unmarshal(raw, &stored); err != nil {
			t.Fatal(err)
		}
		names := make([]string, 3)
		for _, l := range stored {
			names[l.Pos] = l.Name
		}
		if len(stored) != 3 || !slices.Equal(names, []string{"To do", "Doing", "Done"}) {
			t.Errorf("%s", raw)
		}
		// Lists that cannot be made leave no project behind.
		for name, lists := range map[string][]string{
			"too-long": {strings.Repeat("x", 65)}, "empty": {"To do", ""}, "too-many": strings.Split(strings.Repeat("x,", 10)+"x", ","),
		} {
			if _, err := create(name, lists...); errs.KindOf(err) != errs.Invalid || errs.As(err).Fields["lists"].Key == "" {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := w.Projects.AccessByPath(t.Context(), w.Owner, w.Owner.Name, name); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: the project was made all the same: %v", name, err)
			}
		}
	})
}
