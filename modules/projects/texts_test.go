package projects_test

import (
	"testing"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

func TestMerge(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		what                  string
		base                  projects.Base
		current, wanted, want projects.Text
		conflicts             []string
	}{
		{
			"no base: the last one wins",
			projects.Base{},
			projects.Text{Name: "theirs", Desc: "theirs"},
			projects.Text{Name: "mine", Desc: "old"},
			projects.Text{Name: "mine", Desc: "old"},
			nil,
		},
		{
			"nobody else wrote",
			projects.Base{Name: text("a"), Desc: text("b")},
			projects.Text{Name: "a", Desc: "b"},
			projects.Text{Name: "x", Desc: "y"},
			projects.Text{Name: "x", Desc: "y"},
			nil,
		},
		{
			"one writes the name, the other the description",
			projects.Base{Name: text("a"), Desc: text("b")},
			projects.Text{Name: "a", Desc: "theirs"},
			projects.Text{Name: "mine", Desc: "b"},
			projects.Text{Name: "mine", Desc: "theirs"},
			nil,
		},
		{
			"both write the same",
			projects.Base{Name: text("a"), Desc: text("b")},
			projects.Text{Name: "a", Desc: "same"},
			projects.Text{Name: "a", Desc: "same"},
			projects.Text{Name: "a", Desc: "same"},
			nil,
		},
		{
			"both write the description",
			projects.Base{Name: text("a"), Desc: text("b")},
			projects.Text{Name: "theirs", Desc: "theirs"},
			projects.Text{Name: "a", Desc: "mine"},
			projects.Text{},
			[]string{"desc"},
		},
		{
			"both write both",
			projects.Base{Name: text("a"), Desc: text("b")},
			projects.Text{Name: "theirs", Desc: "theirs"},
			projects.Text{Name: "mine", Desc: "mine"},
			projects.Text{},
			[]string{"name", "desc"},
		},
		{
			"only one base is known",
			projects.Base{Desc: text("b")},
			projects.Text{Name: "theirs", Desc: "b"},
			projects.Text{Name: "mine", Desc: "b"},
			projects.Text{Name: "mine", Desc: "b"},
			nil,
		},
	} {
		got, err := c.base.Merge(c.current, c.wanted, "desc")
		if len(c.conflicts) == 0 {
			if err != nil || got != c.want {
				t.Errorf("%s: %+v, %v", c.what, got, err)
			}
			continue
		}
		e := errs.As(err)
		if e.Kind != errs.Conflict || len(e.Fields) != len(c.conflicts) || e.Current["desc"] != "theirs" {
			t.Errorf("%s: %+v", c.what, e)
			continue
		}
		for _, field := range c.conflicts {
			if _, ok := e.Fields[field]; !ok {
				t.Errorf("%s: no word about %s", c.what, field)
			}
		}
	}
}
