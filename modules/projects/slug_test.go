package projects

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSlug has the cases of static/js/projects/slug.test.mjs.
func TestSlug(t *testing.T) {
	raw, err := os.ReadFile("testdata/slugs.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]string
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) < 20 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for title, want := range cases {
		if got := Slug(title, []string{"new", "settings", "reset_password_case_id"}); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}

func TestEverySlugIsAName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slug := Slug(rapid.String().Draw(t, "title"), []string{"new"})
		if !nameRule.MatchString(slug) || slug == "new" {
			t.Fatalf("%q is no name", slug)
		}
		if next := numbered(slug, "12"); !nameRule.MatchString(next) || !strings.HasSuffix(next, "-12") {
			t.Fatalf("%q is no name", next)
		}
	})
}
