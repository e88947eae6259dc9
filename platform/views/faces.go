package views

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// tints is how many colours faces have, --color-face-1 and so on.
const tints = 8

// Face is a person without a picture of their own: the initials and the number
// of a colour. static/js/components/face.js computes the same.
type Face struct {
	Initials string
	Tint     int
	// Pic is the address of the person's own picture, empty if the initials are
	// shown instead.
	Pic string
}

// FaceOf returns how a person of a name is shown. A default picture of the
// server, which clients of the old application need, counts as none.
func FaceOf(name, picURL string) Face {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(name))) // a hash never fails
	face := Face{Initials: initials(name), Tint: 1 + int(h.Sum32()%tints), Pic: picURL}
	if strings.Contains(picURL, "/default_avatar/") {
		face.Pic = ""
	}
	return face
}

// initials returns the first letters of the first and of the last word of a
// name, or the first two letters of its only word, as capital letters.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) == 0 {
		return "?"
	}
	letters := []rune(words[0])
	if len(words) > 1 {
		letters = []rune{letters[0], []rune(words[len(words)-1])[0]}
	}
	return string(upper(letters[:min(len(letters), 2)]))
}

func upper(letters []rune) []rune {
	all := make([]rune, len(letters))
	for i, r := range letters {
		all[i] = unicode.ToUpper(r)
	}
	return all
}
