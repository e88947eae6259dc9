package projects

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxNameLength is the length of a name, in characters (contract, http.md section 6).
const maxNameLength = 32

// latin spells the letters that have no ASCII letter under their marks.
// static/js/projects/slug.js has the same.
var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i",
)

// notInSlug are runs of characters that a slug has a hyphen for.
var notInSlug = regexp.MustCompile(`[^a-z0-9_]+`)

// Slug makes the name in a project's address from its title: lower-case Latin
// letters, digits, _ and hyphens, of 3 to 32 characters, and none of the reserved
// names. A title in another script gives "board". The page makes the same while the
// title is typed.
func Slug(title string, reserved []string) string {
	s := latin.Replace(strings.ToLower(norm.NFC.String(title)))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	s = strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
	s = strings.TrimRight(s[:min(len(s), maxNameLength)], "-")
	switch {
	case s == "":
		return "board"
	case len(s) < 3 || isReserved(s, reserved):
		return s + "-board"
	}
	return s
}

// numbered returns the name with a number behind it, "plans-2".
func numbered(name, n string) string {
	return strings.TrimRight(name[:min(len(name), maxNameLength-1-len(n))], "-") + "-" + n
}
