package views

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"text/template/parse"

	"taskstack.org/platform/i18n"
)

// language is all templates in one language.
type language struct {
	fsys      fs.FS
	lang      string
	catalogue *i18n.Catalogue
	funcs     template.FuncMap
	// shared are the templates that pages and pieces use, as they were parsed:
	// html/template changes what it executes, so each page gets copies.
	shared map[string]*parse.Tree
	pieces *pieces
	pages  map[string]*lazyTemplate
}

// lazyTemplate is a template that is parsed when it is used for the first time.
type lazyTemplate struct {
	file string
	once sync.Once
	t    *template.Template
	err  error
}

func newLanguage(fsys fs.FS, lang string, catalogue *i18n.Catalogue, funcs template.FuncMap, shared, pages []string) (*language, error) {
	l := &language{fsys: fsys, lang: lang, catalogue: catalogue, funcs: funcs, shared: map[string]*parse.Tree{}, pages: map[string]*lazyTemplate{}}
	var err error
	if l.pieces, err = newPieces(l, shared); err != nil {
		return nil, err
	}
	funcs["memo"], funcs["slot"], funcs["slotOf"] = l.pieces.memo, l.pieces.slot, l.pieces.slotOf
	for _, file := range shared {
		t, err := l.parseFile(file)
		if err != nil {
			return nil, err
		}
		for _, t := range t.Templates() {
			if t.Tree != nil {
				l.shared[t.Name()] = t.Tree
			}
		}
	}
	for _, file := range pages {
		l.pages[name(file)] = &lazyTemplate{file: file}
	}
	return l, nil
}

// page returns a page, ready to be executed.
func (l *language) page(page string) (*template.Template, error) {
	lazy := l.pages[page]
	if lazy == nil {
		return nil, fmt.Errorf("no page %q in language %q", page, l.lang)
	}
	return lazy.get(l)
}

func (lazy *lazyTemplate) get(l *language) (*template.Template, error) {
	lazy.once.Do(func() {
		if lazy.t, lazy.err = l.parseFile(lazy.file); lazy.err == nil {
			lazy.err = l.complete(lazy.t, lazy.file)
		}
	})
	return lazy.t, lazy.err
}

func (l *language) check() error {
	for _, lazy := range l.pages {
		if _, err := lazy.get(l); err != nil {
			return err
		}
	}
	return l.pieces.check()
}

// complete gives a template copies of all that it uses, directly or not, and
// escapes it.
func (l *language) complete(t *template.Template, file string) error {
	var add func(used string) error
	add = func(used string) error {
		tree := l.shared[used]
		if tree == nil || t.Lookup(used) != nil {
			return nil // what is missing, escape finds
		}
		if _, err := t.AddParseTree(used, tree.Copy()); err != nil {
			return fmt.Errorf("template %s: %w", used, err)
		}
		return eachUsed(tree.Root, add)
	}
	for _, own := range t.Templates() {
		if own.Tree == nil {
			continue
		}
		if err := eachUsed(own.Tree.Root, add); err != nil {
			return err
		}
	}
	return escape(t, file)
}

// eachUsed calls visit with the name of every template that a node uses.
func eachUsed(node parse.Node, visit func(name string) error) error {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := eachUsed(child, visit); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return eachUsedInBranches(&n.BranchNode, visit)
	case *parse.RangeNode:
		return eachUsedInBranches(&n.BranchNode, visit)
	case *parse.WithNode:
		return eachUsedInBranches(&n.BranchNode, visit)
	case *parse.TemplateNode:
		return visit(n.Name)
	}
	return nil
}

func eachUsedInBranches(n *parse.BranchNode, visit func(name string) error) error {
	if err := eachUsed(n.List, visit); err != nil {
		return err
	}
	return eachUsed(n.ElseList, visit)
}

// escape executes a template for the first time, which escapes it and finds
// every piece that is missing; what it fails on for want of data does not count.
func escape(t *template.Template, file string) error {
	var escape *template.Error
	if err := t.ExecuteTemplate(io.Discard, name(file), nil); errors.As(err, &escape) {
		return fmt.Errorf("template %s: %w", file, err)
	}
	return nil
}

// parseFile parses one file, without what it uses.
func (l *language) parseFile(file string) (*template.Template, error) {
	text, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name(file)).Funcs(l.funcs).Parse(l.withTexts(string(text)))
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", file, err)
	}
	return t, nil
}

// constantText finds {{t "key"}}: a text that is always the same.
var constantText = regexp.MustCompile(`{{t "([^"]+)"}}`)

// withTexts writes such texts into the template, escaped for elements and
// quoted attributes alike, so that a board of 500 cards does not look each of
// them up 500 times. Texts with placeholders stay calls.
func (l *language) withTexts(source string) string {
	return constantText.ReplaceAllStringFunc(source, func(call string) string {
		key := constantText.FindStringSubmatch(call)[1]
		if text := l.catalogue.T(l.lang, key); text != key && !strings.Contains(text, "{{") {
			return template.HTMLEscapeString(text)
		}
		return call
	})
}

func name(file string) string { return strings.TrimSuffix(file, ".html") }
