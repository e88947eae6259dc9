package text_test

import (
	"slices"
	"strings"
	"testing"

	"taskstack.org/platform/text"
)

func TestSearchable(t *testing.T) {
	for in, want := range map[string]string{
		"Fix the LOGIN, v2.3":         "fix the login v2 3",
		"Größe":                       "grosse groesse",
		"Gro\u0308ße":                 "grosse groesse",
		"Müller-Lüdenscheidt":         "muller mueller ludenscheidt luedenscheidt",
		"Cafe\u0301 CAFÉ":             "cafe cafe",
		"İstanbul ISTANBUL ılık":      "istanbul istanbul ilik",
		"Łódź Æther Øre":              "lodz aether ore",
		"ﬁnal ｆｕｌｌ":                   "final full",
		"日本語の本":                       "日本語の本",
		"iPhone修理":                    "iphone 修理",
		"ﾃｽﾄ":                         "テスト",
		"か\u3099":                     "が",
		"สวัสดี":                      "สวัสดี",
		"한국어 \u1112\u1161\u11ab":      "한국어 한",
		"हिन्दी":                      "हिन्दी",
		"ΑΘΗΝΆ Σίσυφος":               "αθηνα σισυφοσ",
		"Ship 🚀🚀 it":                  "ship 🚀 🚀 it",
		"❤\ufe0f":                     "❤",
		"کتاب\u200cها":                "کتابها",
		"מָרָק":                       "מרק",
		"":                            "",
		" -_/.:% ":                    "",
		"snake_case":                  "snake case",
		"\u0301":                      "",
		"a\u00adb":                    "ab",
		"½ ² №":                       "12 2 no",
		"\u0301a\u0301a":              "aa",
		"<img src=x onerror=alert(1)": "img src x onerror alert 1",
	} {
		got := text.Searchable(in)
		if got != want {
			t.Errorf("Searchable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTerms(t *testing.T) {
	for in, want := range map[string][]string{
		"log login log":         {"log", "login"},
		"日本語":                   {"日本", "本語", "語"},
		"本":                     {"本"},
		strings.Repeat("x", 30): {strings.Repeat("x", 24)},
		"":                      nil,
	} {
		if got := text.Terms(in); !slices.Equal(got, want) {
			t.Errorf("Terms(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuery(t *testing.T) {
	for _, tt := range []struct {
		typed, in string
		matches   bool
		split     []string
	}{
		{"log", "Login page", true, []string{"", "Log", "in page"}},
		{"gin", "Login page", false, []string{"Login page"}},
		{"page log", "Login page", true, []string{"", "Log", "in ", "page", ""}},
		{"page nothing", "Login page", false, []string{"Login ", "page", ""}},
		{"MULLER", "Herr Müller", true, []string{"Herr ", "Müller", ""}},
		{"mueller", "Herr Mu\u0308ller", true, []string{"Herr ", "Mu\u0308ller", ""}},
		{"mue", "Müller", true, []string{"", "Mü", "ller"}},
		{"mu", "Mu\u0308ller", true, []string{"", "Mu\u0308", "ller"}},
		{"müll", "Muller", true, []string{"", "Mull", "er"}},
		{"strasse", "Straße", true, []string{"", "Straße", ""}},
		{"stras", "Straße", true, []string{"", "Straß", "e"}},
		{"本語", "日本語の本", true, []string{"日", "本語", "の本"}},
		{"本", "日本語の本", true, []string{"日", "本", "語の", "本", ""}},
		{"語本", "日本語の本", false, []string{"日本語の本"}},
		{"🚀", "Ship 🚀 it", true, []string{"Ship ", "🚀", " it"}},
		{"log login", "login", true, []string{"", "login", ""}},
		{"<b>", "a <b>", true, []string{"a <", "b", ">"}},
		{"", "a", false, []string{"a"}},
		{"%", "100%", false, []string{"100%"}},
		{"\xff", "a", false, []string{"a"}},
		{"a", "", false, []string{""}},
	} {
		q := text.NewQuery(tt.typed, 8)
		if got := q.Matches(tt.in); got != tt.matches {
			t.Errorf("%q matches %q: %v", tt.typed, tt.in, got)
		}
		split := q.Split(tt.in)
		if !slices.Equal(split, tt.split) {
			t.Errorf("%q splits %q into %q, want %q", tt.typed, tt.in, split, tt.split)
		}
	}
	if q := text.NewQuery("a b c d", 2); !q.Matches("a b") {
		t.Error("a third word of two counts")
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("mue 本語", "Herr Mu\u0308ller 日本語 🚀 \xff")
	f.Fuzz(func(t *testing.T, typed, in string) {
		q := text.NewQuery(typed, 8)
		if got := strings.Join(q.Split(in), ""); got != in {
			t.Errorf("%q splits %q into %q", typed, in, got)
		}
		// What is indexed of a text is found by it.
		line := " " + text.Searchable(in)
		terms := text.Terms(line)
		if !q.Matches(in) {
			return
		}
		for _, wanted := range q.Terms() {
			if !slices.ContainsFunc(terms, func(term string) bool { return strings.HasPrefix(term, wanted.Prefix) }) {
				t.Errorf("%q matches %q, but no term of %q begins with %q", typed, in, terms, wanted.Prefix)
			}
		}
	})
}
