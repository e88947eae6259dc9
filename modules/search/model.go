package search

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/text"
)

const (
	// maxPerSource is how many results of a kind are shown.
	maxPerSource = 20
	// maxTexts is how many results of a source of texts are shown.
	maxTexts = 10
	// maxText is how long the searched name of a project or person may be, in
	// characters.
	maxText = 32
	// maxTyped is how long a searched text may be, in characters; maxQueryWords is
	// how many of its words count, maxTerms how many terms of the index.
	maxTyped      = 128
	maxQueryWords = 8
	maxTerms      = 12
	// pageSize is how many cards are read at a time until enough of them are
	// visible, maxPages how often.
	pageSize = 60
	maxPages = 5
	// entriesOfOne is how many entries of the index a search for one word reads, of
	// the board that is open and twice of the others. Of several words it reads the
	// entries of the rarest until entriesOfSeveral are of cards that have all words.
	// entriesCounted is up to how many are counted to learn which is the rarest.
	entriesOfOne     = 2_000
	entriesOfSeveral = 600
	entriesCounted   = 5_000
	// maxLists is how many names of lists are compared.
	maxLists = 5_000
	// maxExcerpt is how many characters of a description are shown.
	maxExcerpt = 90
	// fillAtOnce is how many cards are indexed in a transaction, scanAtOnce how many
	// are looked at together.
	fillAtOnce = 200
	scanAtOnce = 5_000
)

// searchEvery and searchBurst limit how often a person may search: faster than
// typing. fillEvery is how often cards that are not indexed are looked for.
const (
	searchEvery = 200 * time.Millisecond
	searchBurst = 30
	fillEvery   = time.Hour
)

// isShown reports whether a member or visitor sees a card: on the board, or in the
// archive if they may restore it.
func isShown(in projects.Access, c cards.Card, list lists.List) bool {
	for _, place := range []removal.Location{c.RemovedAs, list.RemovedAs} {
		if place != removal.OnBoard && (place != removal.InArchive || !in.Can(projects.Write)) {
			return false
		}
	}
	return true
}

func hitOf(q text.Query, in projects.Access, c cards.Card, list lists.List) CardHit {
	hit := CardHit{
		ID: c.ID, Name: q.Split(c.Name), Excerpt: excerpt(q, c.Desc), List: list.Name, ProjectID: in.ID,
		Project: in.Called(), URLPath: in.URL() + "?card=" + strconv.FormatInt(c.ID, 10),
		Archived: c.RemovedAs != removal.OnBoard || list.RemovedAs != removal.OnBoard,
	}
	if hit.Archived {
		hit.URLPath = in.URL() + "?window=archive"
	}
	return hit
}

// excerpt returns the line of a description with the first match, split like a
// name; nil if nothing matches.
func excerpt(q text.Query, desc string) []string {
	for line := range strings.Lines(desc) {
		pieces := q.Split(strings.TrimSpace(line))
		if len(pieces) == 1 {
			continue
		}
		if runes := []rune(pieces[0]); len(runes) > maxExcerpt/3 {
			kept := string(runes[len(runes)-maxExcerpt/3:])
			if _, words, ok := strings.Cut(kept, " "); ok {
				kept = words
			}
			pieces[0] = "…" + kept
		}
		return cut(pieces, maxExcerpt)
	}
	return nil
}

// cut keeps the first characters of pieces.
func cut(pieces []string, left int) []string {
	for i, piece := range pieces {
		n := utf8.RuneCountInString(piece)
		if n <= left {
			left -= n
			continue
		}
		kept := string([]rune(piece)[:left]) + "…"
		if i%2 == 1 { // a match is not cut
			kept = piece + "…"
		}
		return append(pieces[:i:i], kept)
	}
	return pieces
}
