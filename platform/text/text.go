// Package text cleans what people type and paste before it is checked and
// stored: the same text in one form, without what cannot be seen or changes how
// its surroundings are shown.
package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// escapes are the escape sequences of terminals: colours and movements (CSI), titles
// and links (OSC), and the two-character ones.
var escapes = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[ -/]*[0-~]")

// Line cleans a text of one line, such as a name: tabs and line breaks become
// blanks, other control characters, terminal escapes and bidirectional controls
// are dropped. The Unicode form stays as it was typed; searches fold it. A NUL
// stays, for checks to refuse.
func Line(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return clean(s, func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return ' '
		case r == 0:
			return r
		case unicode.IsControl(r) || isBidiControl(r):
			return -1
		}
		return r
	})
}

// Block cleans a text of several lines, such as a description: line breaks and
// tabs stay, other control characters and terminal escapes are
// dropped. A NUL stays, for checks to refuse.
func Block(s string) string {
	return clean(s, func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == 0:
			return r
		case r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r):
			return -1
		}
		return r
	})
}

func clean(s string, one func(r rune) rune) string {
	if isPlain(s) || !utf8.ValidString(s) { // what is broken is for checks to refuse
		return s
	}
	return strings.Map(one, escapes.ReplaceAllString(s, ""))
}

// isPlain reports whether a text has printable ASCII only, which is left as it is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// isBidiControl reports whether a character changes the direction of the text
// after it: embeddings, overrides and isolates.
func isBidiControl(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// Visible reports whether a text has a character that can be seen: not only
// blanks, control and format characters, fillers and variation selectors.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !isInvisible(r)
	})
}

func isInvisible(r rune) bool {
	return r == '\u2800' || r == '\U0001d159' || // a Braille cell and a note head without ink
		unicode.In(r, unicode.Cf, unicode.Zs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Identifier cleans what a person types to be recognised by, such as a user name
// or an address: keyboards add blanks around it, and some type it in full width.
func Identifier(s string) string {
	if isPlain(s) {
		return strings.Trim(s, " ")
	}
	return strings.TrimFunc(norm.NFKC.String(s), func(r rune) bool {
		return r == '\t' || unicode.In(r, unicode.Zs, unicode.Cf) || isInvisible(r)
	})
}
