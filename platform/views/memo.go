package views

import (
	"html/template"
	"io/fs"
	"strings"

	"taskstack.org/platform/bytecache"
)

// memoBytes is how much of rendered pieces is kept per language: a card is about one
// kilobyte, a list what its cards are.
const memoBytes = 24 << 20

// pieces renders pieces by their names: those that are on a page hundreds of
// times and mostly look as they did a second ago, and those that fill a slot.
type pieces struct {
	set  *template.Template
	seen *bytecache.Cache[string, template.HTML]
	// fillers are the pieces that fill a slot, by the slot's name.
	fillers map[string][]filler
}

func newPieces(fsys fs.FS, files []string) (*pieces, error) {
	fillers, err := fillersOf(fsys, files)
	return &pieces{seen: bytecache.New[string, template.HTML](memoBytes), fillers: fillers}, err
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
	p.seen.Put(key, html, len(key)+len(html))
	return html, nil
}
