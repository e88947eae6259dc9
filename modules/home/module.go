package home

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Accounts is what home needs of accounts.
type Accounts interface {
	People
	// AddStartPage registers the page that signed-in people see at "/".
	AddStartPage(page web.Handler)
}

// Module is the home module.
type Module struct{ *Service }

// New wires home; doc.go says what it offers.
func New(deps module.Deps, a Accounts, p Projects) *Module {
	m := &Module{&Service{
		db: deps.DB, repo: repository{deps.DB}, projects: p, people: a, bus: deps.Bus,
	}}
	a.AddStartPage(m.home)
	p.AddBoardPart(m.boardPart)
	return m
}

// Connect adds the parts and counts of other modules, and what people do not want of them.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if guest, ok := each.(module.HomeGuest); ok {
			m.AddPart(each.Name(), guest.HomePart)
		}
		if counter, ok := each.(module.BadgeCounter); ok {
			m.AddBadgeCount(counter.BadgeCount)
		}
		if chooser, ok := each.(module.NotificationChooser); ok {
			m.choosers = append(m.choosers, chooser)
		}
	}
}

// Name is the folder's name.
func (m *Module) Name() string { return "home" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the pages and fills the badge of all others.
func (m *Module) Routes(r *web.Router) {
	r.CountBadge(m.BadgeCount)
	r.GET("/notifications", m.notifications, web.SignedIn)
	r.POST("/notifications", m.markRead, web.SignedIn)
	r.POST("/stars", m.setStar, web.SignedIn)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Host    = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
