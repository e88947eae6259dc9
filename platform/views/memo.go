package views

import (
	"html/template"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// memoSize is how many rendered pieces are kept per language; a card is about
// one kilobyte.
const memoSize = 16_384

// pieces renders pieces that stand on a page hundreds of times and mostly look
// as they did a second ago, once per look.
type pieces struct {
	set  *template.Template
	seen *lru.Cache[string, template.HTML]
}

func newPieces() (*pieces, error) {
	seen, err := lru.New[string, template.HTML](memoSize)
	return &pieces{seen: seen}, err
}

// memo is the template function {{memo "cards/_card" KEY DATA}}: what the piece
// makes of the data, kept under the key. The key must name everything of the
// data that the piece shows.
func (p *pieces) memo(piece, key string, data any) (template.HTML, error) {
	key = piece + "\x00" + key
	if html, ok := p.seen.Get(key); ok {
		return html, nil
	}
	var b strings.Builder
	if err := p.set.ExecuteTemplate(&b, piece, data); err != nil {
		return "", err
	}
	html := template.HTML(b.String()) //nolint:gosec // rendered by html/template just now
	p.seen.Add(key, html)
	return html, nil
}
