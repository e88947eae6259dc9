package documents

import (
	"embed"
	"io/fs"
	"net/http"
	"slices"

	"taskstack.org/modules/projects"
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
type Module struct{ site module.Site }

// New wires documents; doc.go says what the module owns.
func New(deps module.Deps) *Module { return &Module{site: deps.Site} }

// Name is the folder's name.
func (m *Module) Name() string { return "documents" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Page is any of the documents.
type Page struct {
	views.Shell
	module.Site
	// Rights is the table of who may do what in a project, its columns the principals Who.
	Rights []projects.Rule
	Who    []projects.Principal
}

// columns returns all principals but suspended people, who have no permission anywhere.
func columns() []projects.Principal {
	return slices.DeleteFunc(slices.Clone(projects.Principals), func(w projects.Principal) bool { return w == projects.Suspended })
}

// Routes adds the pages.
func (m *Module) Routes(r *web.Router) {
	for name, paths := range addresses {
		for _, path := range paths {
			r.GET(path, func(c *web.Context) error {
				return c.Page(http.StatusOK, "documents/"+name, &Page{Site: m.site, Rights: projects.Rules, Who: columns()})
			}, web.Everyone)
		}
	}
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
