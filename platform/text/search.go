package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxTerm is how many characters of a word are indexed.
const maxTerm = 24

// Searchable returns the words of a text as a search compares them, separated by
// single blanks: without case, accents, width and Unicode form. A word with ä, ö or
// ü is followed by its spelling with ae, oe or ue. A run of a script without blanks
// between words, such as 日本語, is one word; so is an emoji.
func Searchable(s string) string {
	var words []string
	for _, w := range wordsOf(s) {
		words = append(words, w.folded())
		if german := w.german(); german != "" {
			words = append(words, german)
		}
	}
	return strings.Join(words, " ")
}

// Terms returns what an index has of a text that Searchable returned, each term
// once: the beginning of a word, and of a run without blanks every pair of
// neighbouring characters and the last character.
func Terms(searchable string) []string {
	var terms []string
	seen := map[string]bool{}
	add := func(term string) {
		if !seen[term] {
			seen[term] = true
			terms = append(terms, term)
		}
	}
	for word := range strings.FieldsSeq(searchable) {
		for _, term := range termsOf(word) {
			add(term)
		}
	}
	return terms
}

func termsOf(word string) []string {
	runes := []rune(word)
	if !isDense(runes[0]) {
		return []string{string(runes[:min(len(runes), maxTerm)])}
	}
	terms := make([]string, len(runes))
	for i := range runes {
		terms[i] = string(runes[i:min(i+2, len(runes))])
	}
	return terms
}

// Query is what a person looks for: words, of which a text must have all. The zero
// value matches nothing.
type Query struct{ words []string }

// NewQuery returns the query of a typed text with at most the given number of
// words; what follows them is ignored.
func NewQuery(typed string, words int) Query {
	var q Query
	if !utf8.ValidString(typed) {
		return q
	}
	for _, w := range wordsOf(typed) {
		if len(q.words) < words {
			q.words = append(q.words, w.folded())
		}
	}
	return q
}

// Empty reports whether the query has no word.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Term is what a query needs of an index.
type Term struct {
	// Prefix begins a term of the index.
	Prefix string
	// Partial says that what begins with the prefix need not match: the prefix is a
	// part of a long word or of a run without blanks.
	Partial bool
	// Part is what a text that Searchable returned, with a blank before it, contains.
	Part string
}

// Terms returns the terms of which a text must have all.
func (q Query) Terms() []Term {
	var terms []Term
	for _, word := range q.words {
		part := " " + word
		runes := []rune(word)
		if isDense(runes[0]) {
			part = word
		}
		for _, term := range termsOf(word) {
			// The last character of a run begins a pair, or ends the text.
			if !isDense(runes[0]) || len(runes) == 1 || utf8.RuneCountInString(term) == 2 {
				terms = append(terms, Term{Prefix: term, Partial: len(runes) > maxTerm || isDense(runes[0]) && len(runes) > 2, Part: part})
			}
		}
	}
	return terms
}

// Matches reports whether the texts together have every word of the query: as the
// beginning of a word, or anywhere in a run of a script without blanks.
func (q Query) Matches(texts ...string) bool {
	if q.Empty() {
		return false
	}
	all := " " + Searchable(strings.Join(texts, "\n"))
	for _, word := range q.words {
		r, _ := utf8.DecodeRuneInString(word)
		if !strings.Contains(all, word) || !isDense(r) && !strings.Contains(all, " "+word) {
			return false
		}
	}
	return true
}

// Split cuts a text into pieces that the query does not match and pieces that it
// matches, in turn, beginning with one that it does not match, which may be empty.
func (q Query) Split(s string) []string {
	pieces, end := []string{}, 0
	for _, w := range wordsOf(s) {
		for from := 0; from < len(w); {
			start, n := q.matchIn(w, from)
			if n == 0 {
				break
			}
			pieces = append(pieces, s[end:w[start].start], s[w[start].start:w[start+n-1].end])
			from, end = start+n, w[start+n-1].end
		}
	}
	return append(pieces, s[end:])
}

// matchIn returns the first match at or behind a character of a word, and how many
// characters the longest match there has; 0 if there is none.
func (q Query) matchIn(w word, from int) (start, n int) {
	for start = from; start < len(w); start++ {
		for _, wanted := range q.words {
			n = max(n, w[start:].lengthOf(wanted))
		}
		if n > 0 || !w.dense() {
			break
		}
	}
	if !w.dense() && start > 0 {
		return start, 0
	}
	return start, n
}

// lengthOf returns how many characters at the beginning of the word are what is
// wanted; 0 if it does not begin so.
func (w word) lengthOf(wanted string) int {
	for _, spelling := range []func(character) string{func(c character) string { return c.folded }, character.german} {
		var b strings.Builder
		for i, c := range w {
			b.WriteString(spelling(c))
			if strings.HasPrefix(b.String(), wanted) {
				return i + 1
			}
		}
	}
	return 0
}

// word is a word or a run without blanks.
type word []character

// character is a letter with its accents, and its position.
type character struct {
	folded     string
	umlaut     bool
	start, end int
}

func (c character) german() string {
	if c.umlaut {
		return c.folded + "e"
	}
	return c.folded
}

func (w word) dense() bool {
	r, _ := utf8.DecodeRuneInString(w[0].folded)
	return isDense(r)
}

func (w word) folded() string {
	var b strings.Builder
	for _, c := range w {
		b.WriteString(c.folded)
	}
	return b.String()
}

// german returns the spelling with ae, oe and ue; empty if that is the same.
func (w word) german() string {
	var b strings.Builder
	for _, c := range w {
		b.WriteString(c.german())
	}
	if b.String() == w.folded() {
		return ""
	}
	return b.String()
}

// kind is what a character is to the words of a text.
type kind int

const (
	between  kind = iota // ends a word
	spaced               // of a script with blanks between words
	dense                // of a script without
	single               // a word by itself
	attached             // belongs to the character before it
)

func wordsOf(s string) []word {
	var all []word
	last := between
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		start, end := i, i+size
		i = end
		k := kindOf(r)
		if k == attached && last != between {
			w := all[len(all)-1]
			c := &w[len(w)-1]
			raw := s[c.start:end]
			c.folded, c.umlaut, c.end = fold(raw), isUmlaut(raw), end
			continue
		}
		if k == between || k == attached {
			last = between
			continue
		}
		raw := s[start:end]
		c := character{folded: fold(raw), umlaut: isUmlaut(raw), start: start, end: end}
		if c.folded == "" {
			continue
		}
		if k != last || k == single {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], c)
		last = k
	}
	return all
}

func kindOf(r rune) kind {
	switch {
	case r < utf8.RuneSelf:
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return spaced
		}
		return between
	case r == utf8.RuneError:
		return between
	case isDense(r):
		return dense
	case r >= '\u1160' && r <= '\u11ff': // the second and third part of a Korean syllable
		return attached
	case unicode.In(r, unicode.M, unicode.Cf, unicode.Sk):
		return attached
	case unicode.In(r, unicode.L, unicode.N):
		return spaced
	case unicode.Is(unicode.So, r):
		return single
	}
	return between
}

// isDense reports whether a character is a letter of a script that has no blanks
// between words.
func isDense(r rune) bool {
	return r == 'ー' || r == 'ｰ' || unicode.IsLetter(r) &&
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// isUmlaut reports whether a character is ä, ö or ü in either Unicode form.
func isUmlaut(s string) bool {
	if len(s) == 1 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(norm.NFC.String(s))
	return strings.ContainsRune("äöüÄÖÜ", r)
}

// undecomposed are letters that Unicode does not take apart.
var undecomposed = strings.NewReplacer("ı", "i", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "æ", "ae", "œ", "oe", "þ", "th") // read-only

// fold returns a character in the form that is compared.
func fold(s string) string {
	if len(s) == 1 {
		return strings.ToLower(s)
	}
	s = strings.Map(func(r rune) rune {
		if isAccent(r) || !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.So) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	// A fold may have an accent of its own: İ becomes i with a dot above.
	s = strings.Map(func(r rune) rune {
		if isAccent(r) {
			return -1
		}
		return r
	}, cases.Fold().String(s))
	return norm.NFC.String(undecomposed.Replace(s))
}

// isAccent reports whether a mark can be left out in typing: those of Latin, Greek
// and Cyrillic letters, and the points of Hebrew and Arabic. Marks of other scripts
// are vowels or make another letter.
func isAccent(r rune) bool {
	return r >= '\u0300' && r <= '\u036f' || r >= '\u0591' && r <= '\u05c7' || r >= '\u064b' && r <= '\u065f' || r == '\u0670'
}
