package devtools

import (
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

// Module is devtools wired into the program.
type Module struct{ outbox *mail.Outbox }

// New makes the module. outbox is nil where mails are really sent: there is
// nothing to show then.
func New(outbox *mail.Outbox) *Module { return &Module{outbox: outbox} }

// Name is the module's folder.
func (m *Module) Name() string { return "devtools" }

// Routes registers the pages, on a development server and for its own machine.
func (m *Module) Routes(r *web.Router) {
	if !r.Development() {
		return
	}
	r.GET("/dev/components", r.LocalDevelopment(m.components))
	if m.outbox == nil {
		return
	}
	r.GET("/dev/outbox", r.LocalDevelopment(m.list))
	r.GET("/dev/outbox/:id", r.LocalDevelopment(m.read))
	r.GET("/dev/outbox/:id/html", r.LocalDevelopment(m.html))
}

var _ module.Routes = (*Module)(nil) // Guard: what the host will find when it asks.
