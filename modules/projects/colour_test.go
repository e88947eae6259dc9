package projects_test

import (
	"context"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

func TestColourOfABoard(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		var happened []projects.Happened
		events.On(w.Deps.Bus, func(_ context.Context, e projects.Happened) error { happened = append(happened, e); return nil })
		colour := func() projects.Colour {
			t.Helper()
			b, err := w.Projects.Board(t.Context(), w.Reader, w.Project.OwnerName, w.Project.Name)
			if err != nil {
				t.Fatal(err)
			}
			if b.Data["colour"] != b.Colour() {
				t.Errorf("the snapshot says %v, the page %v", b.Data["colour"], b.Colour())
			}
			return b.Colour()
		}
		set := func(c projects.Colour) error {
			_, err := w.Projects.SetColour(t.Context(), projects.By(w.Owner, w.Project.ID), c)
			return err
		}
		first := colour()
		for _, bad := range []projects.Colour{"", "mauve", "Teal", "teal "} {
			if err := set(bad); errs.KindOf(err) != errs.Invalid || errs.As(err).Fields["colour"].Key == "" || colour() != first {
				t.Errorf("colour %q: %v", bad, err)
			}
		}
		rev := w.Rev(t, w.Project)
		if err := set("dusk"); err != nil || colour() != "dusk" {
			t.Fatalf("dusk: %v, the board is %s", err, colour())
		}
		sent := w.Events(t, w.Project, rev)
		if len(sent) != 1 || sent[0].Name != "project_colour_changed" {
			t.Errorf("events %v", sent)
		}
		if len(happened) != 1 || happened[0].Kind != "projects.recoloured" || happened[0].By != w.Owner {
			t.Errorf("history %+v", happened)
		}
		if err := set("dusk"); err != nil || len(w.Events(t, w.Project, rev)) != 1 || len(happened) != 1 {
			t.Errorf("the same colour again: %v, %d entries", err, len(happened))
		}
	})
}

func TestColourOfAProjectThatChoseNone(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		seen := map[projects.Colour]bool{}
		for _, name := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
			seen[w.MakeProject(t, name, true).Colour()] = true
		}
		if len(seen) != 8 || seen["dusk"] || seen["lagoon"] {
			t.Errorf("eight projects have the colours %v, want the plain ones, each once", seen)
		}
		mustExec(t, w, "UPDATE project SET colour = 'mauve' WHERE id = ?", w.Project.ID)
		in, err := w.Projects.Access(t.Context(), w.Owner, w.Project.ID)
		if err != nil || !in.Colour().Valid() {
			t.Errorf("an unknown colour: %q, %v", in.Colour(), err)
		}
		p, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "chosen", Colour: "sunset"})
		if err != nil || p.Colour() != "sunset" {
			t.Errorf("created as %s: %v", p.Colour(), err)
		}
		_, err = w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "refused", Colour: "mauve"})
		if errs.KindOf(err) != errs.Invalid || errs.As(err).Fields["colour"].Key == "" {
			t.Errorf("created in an unknown colour: %v", err)
		}
	})
}
