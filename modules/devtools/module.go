package devtools

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is devtools wired into the program.
type Module struct{ outbox *mail.Outbox }

// New wires devtools; doc.go says what they show.
func New(deps module.Deps) *Module { return &Module{outbox: deps.Outbox} }

// Name is the module's folder.
func (m *Module) Name() string { return "devtools" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes registers the pages, on a development server and for its own machine.
func (m *Module) Routes(r *web.Router) {
	if !r.Development() {
		return
	}
	r.GET("/dev/components", r.LocalDevelopment(m.components), web.Everyone)
	if m.outbox == nil {
		return
	}
	r.GET("/dev/outbox", r.LocalDevelopment(m.list), web.Everyone)
	r.GET("/dev/outbox/:id", r.LocalDevelopment(m.read), web.Everyone)
	r.GET("/dev/outbox/:id/html", r.LocalDevelopment(m.html), web.Everyone)
}

var (
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
