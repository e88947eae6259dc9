package text

import "testing"

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"🌻🌻🌻", 3, "🌻🌻🌻"},
		{"🌻🌻🌻🌻", 3, "🌻🌻…"},
		{"a\x00b\xffc", 3, "abc"},
		{"abcd", 1, "…"},
	} {
		if got := Cut(c.in, c.most); got != c.want {
			t.Errorf("%q, %d: %q, want %q", c.in, c.most, got, c.want)
		}
	}
}
