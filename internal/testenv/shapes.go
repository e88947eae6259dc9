package testenv

import (
	"strings"
	"unicode"
)

// WrongShapes are the ways in which a code, token or secret can be nearly right.
// Tests of every secret go through all of them.
func WrongShapes(right string) map[string]string {
	flip := func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}
	other := byte('A')
	if right[len(right)/2] == other {
		other = 'B'
	}
	shapes := map[string]string{
		"empty": "", "a blank": " ", "NUL": "\x00", "a prefix": right[:len(right)-1], "half": right[:len(right)/2], "one letter": right[:1],
		"the end": right[1:], "one letter more": right + "A", "one letter before": "A" + right, "with NUL": right + "\x00",
		"with NUL before": "\x00" + right, "one letter changed": right[:len(right)/2] + string(other) + right[len(right)/2+1:],
		"twice": right + right, "not UTF-8": right + "\xff", "a wildcard": "%", "as many wildcards": strings.Repeat("_", len(right)),
		"in brackets": "[" + right + "]", "huge": strings.Repeat(right, 1000), "backwards": reversed(right),
	}
	if flipped := strings.Map(flip, right); flipped != right {
		shapes["other case"] = flipped
	}
	for name, wrong := range shapes {
		if wrong == right {
			delete(shapes, name)
		}
	}
	return shapes
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
