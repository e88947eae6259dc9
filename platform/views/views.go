// Package views renders the pages. Templates are found by walking folders and
// named by their path without suffix; each language has its own parsed set, so
// that {{t "key"}} costs a map look-up.
package views

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"taskstack.org/platform/i18n"
)

// Viewer is who looks at a page.
type Viewer struct {
	ID   int64
	Name string
	// Called is the display name, or else the name.
	Called  string
	PicURL  string
	GoToURL string
	// Token is the anti-CSRF token of the viewer's login: every form carries
	// it (piece components/_token).
	Token string
}

// NavItem is one entry of the account menu, added by a module.
type NavItem struct {
	// Text is a catalogue key.
	Text string
	// Icon is the name of an icon; empty for an arrow.
	Icon string
	// URL returns the entry's address for a viewer; empty hides the entry. It is called
	// for every page, and must not query the database.
	URL func(v *Viewer) string
}

// Shell is what every page has around its content. Page structs embed it; the
// web layer fills it.
type Shell struct {
	Lang     string
	Path     string
	Viewer   *Viewer
	NavItems []NavItem
	Flash    []string
	Theme    string
	// Now is the server's time, for scripts on devices with a wrong clock.
	Now time.Time
	Dev bool
	// Banners are what the site tells everyone.
	Banners []Banner
	// ShowsBadge is true if the header has a badge; Badge is its number.
	ShowsBadge bool
	Badge      int
}

// Banner is a sentence that the site tells everyone at the top of every page.
type Banner struct {
	// Kind is "" or "warning".
	Kind, Text string
}

// SetShell lets the web layer fill the shell of any page.
func (s *Shell) SetShell(v Shell) { *s = v }

// Page is a struct that embeds Shell, by pointer.
type Page interface{ SetShell(Shell) }

// BadgeAsker is a page whose badge is empty until its script has asked: the
// page needs its connection anyway, and is not worth waiting for a number.
type BadgeAsker interface{ AsksForBadge() }

// BadgeKnower is a page that has read all that its badge counts.
type BadgeKnower interface {
	// KnownBadge returns the number, false if the page does not know it.
	KnownBadge() (count int, known bool)
}

// Assets gives static files their address.
type Assets interface {
	// URL is the address of a file named by its path below static/, such as
	// "css/app.css"; a file that was not built is an error.
	URL(name string) (string, error)
	// Scripts are the addresses of all files that the scripts named so load at
	// once, without themselves; scripts that were not built are an error.
	Scripts(names ...string) ([]string, error)
}

// RemoteAssets are Assets that may be on another server, a CDN.
type RemoteAssets interface {
	// CDN is the beginning of their addresses there, and the address on this server of
	// the script that loads from here what is missing there; empty without a CDN.
	CDN() (base, fallback string)
	// Integrity is the hash by which a browser checks the file at an address of
	// theirs; empty for files of this server.
	Integrity(url string) string
}

// TextsURL is the address of the script that brings a page's other scripts
// their texts. It changes with them, so that browsers may keep it.
func TextsURL(lang string, c *i18n.Catalogue) string {
	return TextsPath(lang) + "?v=" + c.Lex(lang).Version
}

// TextsPath is that address without the version.
func TextsPath(lang string) string { return "/texts-" + lang + ".js" }

// Views is the set of all templates. It exists before it is loaded because
// modules are given it while they are wired, and only then are all their texts
// known. It can be loaded again at any time, which development does.
type Views struct {
	loaded  atomic.Pointer[loaded]
	buffers sync.Pool
}

// loaded is what Load has made, as a whole.
type loaded struct {
	catalogue *i18n.Catalogue
	assets    Assets
	languages map[string]*language
}

// New makes an empty set, to be loaded before the first page is rendered.
func New() *Views {
	v := &Views{buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
	v.loaded.Store(&loaded{})
	return v
}

// Load reads the templates below fsys for every language. A page is parsed
// when it is rendered for the first time, since all of them take 80 MB and a
// third of a second; Check parses all. A template that several pages share and
// that does not parse is an error; pages then stay as they were.
func (v *Views) Load(fsys fs.FS, catalogue *i18n.Catalogue, assets Assets) error {
	next := &loaded{catalogue: catalogue, assets: assets, languages: map[string]*language{}}
	shared, pages, err := find(fsys)
	if err != nil {
		return err
	}
	for _, lang := range i18n.Languages() {
		l, err := newLanguage(fsys, lang, catalogue, funcs(lang, catalogue, assets), shared, pages)
		if err != nil {
			return err
		}
		next.languages[lang] = l
	}
	v.loaded.Store(next)
	return nil
}

// Check parses every page and piece. A template that does not parse, or that
// names an unknown asset or piece, is an error.
func (v *Views) Check() error {
	for _, l := range v.loaded.Load().languages {
		if err := l.check(); err != nil {
			return err
		}
	}
	return nil
}

// IsLoaded reports whether Load has succeeded.
func (v *Views) IsLoaded() bool { return v.loaded.Load().catalogue != nil }

// Forget deletes what is kept of rendered pieces: those of one database may have
// the keys of another's.
func (v *Views) Forget() {
	for _, l := range v.loaded.Load().languages {
		l.pieces.seen.Purge()
	}
}

// find sorts the files: layouts, components and pieces (leading underscore)
// are shared by all pages.
func find(fsys fs.FS) (shared, pages []string, err error) {
	err = fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		dir := strings.SplitN(file, "/", 2)[0]
		if dir == "layouts" || dir == "components" || strings.HasPrefix(path.Base(file), "_") {
			shared = append(shared, file)
		} else {
			pages = append(pages, file)
		}
		return nil
	})
	return shared, pages, err
}

func funcs(lang string, c *i18n.Catalogue, assets Assets) template.FuncMap {
	return template.FuncMap{
		"t":         func(key string, params ...any) string { return c.T(lang, key, params...) },
		"asset":     assets.URL,
		"scripts":   assets.Scripts,
		"integrity": func(url string) template.HTMLAttr { return integrity(assets, url) },
		"cdn":       func() map[string]any { return cdn(assets) },
		"texts":     func() string { return TextsURL(lang, c) },
		"args":      args,
		"timeTag":   timeTag,
		"faceOf":    FaceOf,
	}
}

// integrity returns the attributes of an element that loads a file from a CDN;
// nothing for a file of this server.
func integrity(assets Assets, url string) template.HTMLAttr {
	remote, ok := assets.(RemoteAssets)
	if !ok || remote.Integrity(url) == "" {
		return ""
	}
	return template.HTMLAttr(` integrity="` + remote.Integrity(url) + `" crossorigin="anonymous"`) //nolint:security // base64 only
}

// cdn returns where the bundle is if that is not this server, nil if it is.
func cdn(assets Assets) map[string]any {
	remote, ok := assets.(RemoteAssets)
	if !ok {
		return nil
	}
	base, fallback := remote.CDN()
	if base == "" {
		return nil
	}
	return map[string]any{"Base": base, "Fallback": fallback}
}

// args makes the map a piece is called with.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("args wants names and values in pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: name %v is not a text", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// timeTag shows a time in UTC; the script puts it into the viewer's zone.
func timeTag(t time.Time) template.HTML {
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `">` + t.Format("2006-01-02 15:04") + `</time>`) //nolint:security // digits only
}

// Catalogue is the texts the pages are written with.
func (v *Views) Catalogue() *i18n.Catalogue { return v.loaded.Load().catalogue }

// AssetURL is the address of a static file; see Assets. It may be called once
// the views are loaded.
func (v *Views) AssetURL(name string) (string, error) { return v.loaded.Load().assets.URL(name) }

// Has reports whether a page exists.
func (v *Views) Has(page string) bool {
	l := v.loaded.Load().languages[i18n.English]
	return l != nil && l.pages[page] != nil
}

// maxKept is how large a buffer may be that waits for the next page.
const maxKept = 4 << 20

// Render writes a page, named by its path without suffix ("projects/home"), in
// a language. It is rendered whole before the first byte is written, so an
// error leaves w untouched.
func (v *Views) Render(w io.Writer, lang, page string, data any) error {
	l := v.loaded.Load().languages[lang]
	if l == nil {
		return fmt.Errorf("no language %q", lang)
	}
	t, err := l.page(page)
	if err != nil {
		return err
	}
	buf, ok := v.buffers.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	buf.Reset()
	defer func() {
		if buf.Cap() <= maxKept {
			v.buffers.Put(buf)
		}
	}()
	if err := t.ExecuteTemplate(buf, page, data); err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	_, err = w.Write(buf.Bytes())
	return err
}
