package views

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"taskstack.org/platform/bytecache"
)

// memoBytes is how much of rendered pieces is kept per language: a card is about one
// kilobyte, a list what its cards are.
const memoBytes = 24 << 20

// pieces renders pieces by their names: those that are on a page hundreds of
// times and mostly look as they did a second ago, and those that fill a slot.
type pieces struct {
	files map[string]*lazyTemplate
	lang  *language
	seen  *bytecache.Cache[string, template.HTML]
	// fillers are the pieces that fill a slot, by the slot's name.
	fillers map[string][]filler
}

func newPieces(l *language, files []string) (*pieces, error) {
	p := &pieces{lang: l, seen: bytecache.New[string, template.HTML](memoBytes), files: map[string]*lazyTemplate{}}
	for _, file := range files {
		p.files[name(file)] = &lazyTemplate{file: file}
	}
	var err error
	p.fillers, err = fillersOf(l.fsys, files)
	return p, err
}

// execute renders a piece.
func (p *pieces) execute(w io.Writer, piece string, data any) error {
	lazy := p.files[piece]
	if lazy == nil {
		return fmt.Errorf("no piece %q", piece)
	}
	t, err := lazy.get(p.lang)
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, piece, data)
}

// check parses every piece by itself.
func (p *pieces) check() error {
	for _, lazy := range p.files {
		if _, err := lazy.get(p.lang); err != nil {
			return err
		}
	}
	return nil
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
	if err := p.execute(&b, piece, data); err != nil {
		return "", err
	}
	html := template.HTML(b.String()) //nolint:security // rendered by html/template just now
	p.seen.Put(key, html, len(key)+len(html))
	return html, nil
}
