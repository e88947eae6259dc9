package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is what is wrong with a text that a person typed.
type Problem int

// The problems.
const (
	NoProblem Problem = iota
	// Invisible is a text without a visible character.
	Invisible
	TooLong
	// Unstorable is a text with broken or control characters.
	Unstorable
)

// ProblemOfLine returns what is wrong with a name: one line of 1 to most characters
// (Unicode code points), at least one of them visible. Line converts typed text to
// this form.
func ProblemOfLine(name string, most int) Problem {
	breaks := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, breaks):
		return Unstorable
	case utf8.RuneCountInString(name) > most:
		return TooLong
	case !Visible(name):
		return Invisible
	}
	return NoProblem
}
