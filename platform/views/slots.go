package views

import (
	"cmp"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// middle is the order of a piece that declares none.
const middle = 50

// declaredOrder finds {{/* order 20: … */}} at the beginning of a piece.
var declaredOrder = regexp.MustCompile(`\A{{-? ?/\* order ([0-9]+):`)

// filler is a piece that fills a slot.
type filler struct {
	piece string
	order int
}

// fillersOf returns the pieces of modules by file name, which is the slot they
// fill, in the order that they declare; pieces of the same order follow their
// folders.
func fillersOf(fsys fs.FS, files []string) (map[string][]filler, error) {
	slots := map[string][]filler{}
	for _, file := range files {
		if dir, _, _ := strings.Cut(file, "/"); dir == "layouts" || dir == "components" {
			continue
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		f := filler{piece: name(file), order: middle}
		if m := declaredOrder.FindSubmatch(text); m != nil {
			if f.order, err = strconv.Atoi(string(m[1])); err != nil {
				return nil, fmt.Errorf("template %s: order: %w", file, err)
			}
		}
		slot := path.Base(f.piece)
		slots[slot] = append(slots[slot], f)
	}
	for _, fillers := range slots {
		slices.SortStableFunc(fillers, func(a, b filler) int { return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.piece, b.piece)) })
	}
	return slots, nil
}

// slot is the template function {{slot "_boardMenuView" DATA}}: every piece of
// that file name. A module shows something on another's page by having such a
// file; where no module has, the result is empty.
func (p *pieces) slot(slot string, data any) (template.HTML, error) {
	return p.fill(slot, "", data)
}

// slotOf is the template function {{slotOf "_adminPage" MODULE DATA}}: the piece of
// that file name in one module's folder.
func (p *pieces) slotOf(slot, folder string, data any) (template.HTML, error) {
	return p.fill(slot, folder+"/", data)
}

// fill renders the pieces of a slot whose names have a prefix.
func (p *pieces) fill(slot, prefix string, data any) (template.HTML, error) {
	var b strings.Builder
	for _, f := range p.fillers[slot] {
		if !strings.HasPrefix(f.piece, prefix) {
			continue
		}
		if err := p.execute(&b, f.piece, data); err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil //nolint:security // rendered by html/template just now
}
