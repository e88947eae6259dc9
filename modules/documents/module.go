package documents

import (
	"embed"
	"io/fs"
	"net/http"
	"net/url"

	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// addresses are the pages and where they answer.
var addresses = map[string][]string{
	"privacy": {"/privacy", "/datenschutz"},
	"imprint": {"/imprint", "/impressum"},
	"help":    {"/help", "/hilfe"},
	"contact": {"/contact", "/kontakt"},
	"guide":   {"/guide", "/anleitung"},
}

// Module is documents wired into the program.
type Module struct{ host string }

// New wires documents; doc.go says what the module owns.
func New(k module.Kit) *Module {
	u, err := url.Parse(k.PublicURL)
	if err != nil {
		return &Module{}
	}
	return &Module{host: u.Hostname()}
}

// Name is the folder's name.
func (m *Module) Name() string { return "documents" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Page is any of the documents.
type Page struct {
	views.Shell
	// Host is the name people type; the operator's mail addresses end with it.
	Host string
}

// Routes adds the pages.
func (m *Module) Routes(r *web.Router) {
	for name, paths := range addresses {
		for _, path := range paths {
			r.GET(path, func(c *web.Context) error {
				return c.Page(http.StatusOK, "documents/"+name, &Page{Host: m.host})
			})
		}
	}
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
