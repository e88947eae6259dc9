package projects

import "testing"

func TestCollapsedLists(t *testing.T) {
	for _, c := range []struct {
		cookie  string
		viewer  int64
		isFirst bool
	}{
		{"5.12.15", 5, true},
		{"5.12.15", 6, false}, // another person in the same browser
		{"0.12", 0, true},     // a visitor
		{"5.121", 5, false},
		{"5", 5, false},
		{"", 5, false},
		{"5.x<.%00", 5, false},
	} {
		page := BoardPage{collapsed: collapsedLists(c.cookie, c.viewer)}
		if page.Collapsed(12) != c.isFirst {
			t.Errorf("cookie %q, viewer %d: list 12 is collapsed: %v", c.cookie, c.viewer, !c.isFirst)
		}
	}
}
