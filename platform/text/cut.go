package text

import (
	"strings"
	"unicode/utf8"
)

// Cut returns a text that both databases store in a column of most characters: without
// what is not UTF-8 and without NUL. One that is longer ends with "…".
func Cut(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	runes := 0
	for i := range s {
		if runes == most-1 {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}
