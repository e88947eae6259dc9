package home

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Accounts is what home needs of accounts.
type Accounts interface {
	// SetHome says what signed-in people see at "/".
	SetHome(home web.Handler)
}

// Module is the home module.
type Module struct {
	*Service
	accounts Accounts
}

// New wires home; doc.go says what it offers.
func New(a Accounts, p Projects, f Friends) *Module {
	s := &Service{projects: p, friends: f}
	s.AddCount(f.CountWaiting)
	return &Module{Service: s, accounts: a}
}

// Name is the folder's name.
func (m *Module) Name() string { return "home" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes takes "/" over for people who are signed in, and fills the badge of
// all pages.
func (m *Module) Routes(r *web.Router) {
	m.accounts.SetHome(m.home)
	r.CountNews(m.CountNew)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
