package profiles

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the profiles module.
type Module struct {
	*Service
	kit module.Kit
}

// New wires profiles; doc.go says what it needs the others for.
func New(k module.Kit, a *accounts.Service, f Friends, p Projects) *Module {
	return &Module{Service: &Service{accounts: a, friends: f, projects: p}, kit: k}
}

// Name is the folder's name.
func (m *Module) Name() string { return "profiles" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the pages, the pictures and the entries of the account menu.
func (m *Module) Routes(r *web.Router) {
	r.GET("/avatars/:key", m.picture)
	r.GET("/.well-known/change-password", m.findChangePassword)
	r.GET("/:user", r.Heavy(m.profile))
	r.POST("/:user", m.act, web.OnStaleToken(m.staleAct), web.WithFile(), web.OnSignedOut(notOwnProfile))
	r.GET("/:user/projects", r.Heavy(m.projectsTab))
	r.GET("/:user/friends", r.Heavy(m.friendsTab))
	r.GET("/:user/settings", m.settings)
	r.POST("/:user/settings", m.change, web.OnStaleToken(m.staleSettings), web.WithJSON())
	r.POST("/:user/settings/export", m.export)
	r.AddNavItem(views.NavItem{Text: "profiles.nav.profile", Icon: "user", URL: func(v *views.Viewer) string { return v.GoToURL }})
	r.AddNavItem(views.NavItem{Text: "profiles.nav.settings", Icon: "settings", URL: func(v *views.Viewer) string { return v.GoToURL + "/settings" }})
}

var ( // Guards: what the host will find when it asks.
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
