package views

import (
	"html/template"
	"io/fs"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// memoSize is how many rendered pieces are kept per language; a card is about
// one kilobyte.
const memoSize = 16_384

// pieces renders pieces by their names: those that are on a page hundreds of
// times and mostly look as they did a second ago, and those that fill a slot.
type pieces struct {
	set  *template.Template
	seen *lru.Cache[string, template.HTML]
	// fillers are the pieces that fill a slot, by the slot's name.
	fillers map[string][]filler
}

func newPieces(fsys fs.FS, files []string) (*pieces, error) {
	seen, err := lru.New[string, template.HTML](memoSize)
	if err != nil {
		return nil, err
	}
	fillers, err := fillersOf(fsys, files)
	return &pieces{seen: seen, fillers: fillers}, err
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
	html := template.HTML(b.String()) //nolint:security // rendered by html/template just now
	p.seen.Add(key, html)
	return html, nil
}
