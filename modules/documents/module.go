package documents

import (
	"embed"
	"io/fs"
	"net/http"
	"slices"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
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

// Site is what the pages say of this server beyond what is always true.
type Site struct {
	Operator config.Operator
	// Mail is how mails leave: config.MailOutbox, MailSMTP or MailSES.
	Mail string
	// SessionCookie is the name of the cookie that keeps people logged in.
	SessionCookie string
	// DeviceCookie is the name of the one that tells a known browser.
	DeviceCookie string
}

// Module is documents wired into the program.
type Module struct{ site Site }

// New wires documents; doc.go says what the module owns.
func New(site Site) *Module { return &Module{site: site} }

// Name is the folder's name.
func (m *Module) Name() string { return "documents" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Page is any of the documents.
type Page struct {
	views.Shell
	Site
	// Rights is the table of who may do what in a project, its columns Who.
	Rights []projects.Rule
	Who    []projects.Who
}

// columns are everybody but the suspended, who are nobody everywhere.
func columns() []projects.Who {
	return slices.DeleteFunc(slices.Clone(projects.Everybody), func(w projects.Who) bool { return w == projects.Suspended })
}

// Routes adds the pages.
func (m *Module) Routes(r *web.Router) {
	for name, paths := range addresses {
		for _, path := range paths {
			r.GET(path, func(c *web.Context) error {
				return c.Page(http.StatusOK, "documents/"+name, &Page{Site: m.site, Rights: projects.Rules, Who: columns()})
			})
		}
	}
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
