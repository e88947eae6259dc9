package projects_test

import (
	"slices"
	"strings"
	"testing"

	"taskstack.org/modules/projects"
)

func TestMentioned(t *testing.T) {
	members := []projects.Member{{ID: 1, Name: "ana"}, {ID: 2, Name: "Ben-2"}, {ID: 3, Name: "chloe_"}}
	for _, tc := range []struct {
		before, after string
		want          []int64
		line          string
	}{
		{"", "@ana please", []int64{1}, "@ana please"},
		{"", "first\n  ask @BEN-2, @ana and @ana  \nlast", []int64{2, 1}, "ask @BEN-2, @ana and @ana"},
		{"(@ana)", "(@ana) and **@chloe_**", []int64{3}, "(@ana) and **@chloe_**"},
		{"", "mail ana@ana.org, me@ben-2, @@ana, @anas, @nobody, ana, /@ana", nil, ""},
		{"@ana", "@ANA", nil, ""},
		{"@ana", "", nil, ""},
		{"", "@ana " + strings.Repeat("ä", 300), []int64{1}, "@ana " + strings.Repeat("ä", 195) + "…"},
	} {
		ids, line := projects.Mentioned(members, tc.before, tc.after)
		if !slices.Equal(ids, tc.want) || line != tc.line {
			t.Errorf("%q after %q: %v, %q", tc.after, tc.before, ids, line)
		}
	}
}
