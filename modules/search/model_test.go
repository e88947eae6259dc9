package search

import (
	"slices"
	"strings"
	"testing"

	"taskstack.org/platform/text"
)

func TestExcerpt(t *testing.T) {
	q := text.NewQuery("log", maxQueryWords)
	for desc, want := range map[string][]string{
		"":                                      nil,
		"nothing":                               nil,
		"a\n  then log in ":                     {"then ", "log", " in"},
		"log\nlogs":                             {"", "log", ""},
		strings.Repeat("word ", 20) + "log out": {"…word word word word word ", "log", " out"},
		strings.Repeat("語", 40) + " log":        {"…", "log", ""},
		"log " + strings.Repeat("x", 100):       {"", "log", " " + strings.Repeat("x", 86) + "…"},
		strings.Repeat("y ", 40) + "log logs":   {"…" + strings.Repeat("y ", 14), "log", " ", "log", "s"},
	} {
		got := excerpt(q, desc)
		if !slices.Equal(got, want) {
			t.Errorf("excerpt of %q is %q, want %q", desc, got, want)
		}
	}
}
