package files

import (
	"strings"
	"testing"

	"taskstack.org/platform/errs"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a.txt": true, " ä 🦊.pdf": true, `quote".txt`: true, "100%": true, "a;b=c": true, "..a": true, strings.Repeat("ü", 128): true,
		"": false, "  ": false, ".": false, "..": false, "a/b": false, `a\b`: false, "a\r\nSet-Cookie: x": false, "a\x00": false,
		"\x7f": false, "a\u2028b": false, "a\xff": false, strings.Repeat("ü", 129): false,
	} {
		if validName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestPlans(t *testing.T) {
	rows := func(names ...string) (all []attachment) {
		for _, n := range names {
			all = append(all, attachment{Name: n, URL: routePrefix + n})
		}
		return all
	}
	contents := func(names ...string) map[string][]byte {
		m := map[string][]byte{}
		for _, n := range names {
			m[n] = []byte(n)
		}
		return m
	}
	eight := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	for _, c := range []struct {
		name                 string
		existing             []attachment
		c                    Changes
		add, replace, remove int
		kind                 errs.Kind
	}{
		{"eight at once", nil, Changes{New: contents(eight...)}, 8, 0, 0, ""},
		{"a ninth", rows(eight...), Changes{New: contents("9")}, 0, 0, 0, errs.Invalid},
		{"a ninth for another", rows(eight...), Changes{New: contents("9"), Removed: []string{"3"}}, 1, 0, 1, ""},
		{"a name that is there", rows("a"), Changes{New: contents("a")}, 0, 0, 0, errs.Conflict},
		{"removed and given again", rows("a"), Changes{New: contents("a"), Removed: []string{"a"}}, 0, 1, 0, ""},
		{"replaced", rows("a"), Changes{Replaced: contents("a")}, 0, 1, 0, ""},
		{"replaced, also called removed", rows("a"), Changes{Replaced: contents("a"), Removed: []string{"a"}}, 0, 1, 0, ""},
		{"replaced, gone meanwhile", nil, Changes{Replaced: contents("a")}, 1, 0, 0, ""},
		{"removed twice, and an unknown one", rows("a", "b"), Changes{Removed: []string{"a", "a", "x"}}, 0, 0, 1, ""},
		{"fewer of too many", rows(append(eight, "9", "10")...), Changes{Removed: []string{"1"}}, 0, 0, 1, ""},
	} {
		p, err := c.c.planFor(c.existing, ofEvents())
		if c.kind != "" {
			if err == nil || errs.KindOf(err) != c.kind {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil || len(p.add) != c.add || len(p.replace) != c.replace || len(p.remove) != c.remove {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
}

func TestContentDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"a b.txt":      `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`,
		`q".txt`:       `attachment; filename="q_.txt"; filename*=UTF-8''q%22.txt`,
		"ä\r\nX: y":    "attachment; filename=\"___X: y\"; filename*=UTF-8''%C3%A4%0D%0AX%3A%20y",
		"100%;x'y+z.c": `attachment; filename="100_;x'y+z.c"; filename*=UTF-8''100%25%3Bx%27y%2Bz.c`,
	} {
		if got := contentDisposition("attachment", name); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
}
