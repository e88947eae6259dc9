package profiles

import (
	"context"
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the profiles module.
type Module struct {
	*Service
	exports *accounts.Exports
	deps    module.Deps
}

// New wires profiles; doc.go says what it needs the others for.
func New(deps module.Deps, a *accounts.Module, au *auth.Module, f Friends, p Projects) *Module {
	m := &Module{Service: &Service{accounts: a.Service, auth: au, friends: f, projects: p}, exports: a.Exports, deps: deps}
	events.On(deps.Bus, func(ctx context.Context, e accounts.PersonChanged) error { return m.deliverPicture(ctx, e.Person) })
	events.On(deps.Bus, func(ctx context.Context, e accounts.Renamed) error { return m.deliverPicture(ctx, e.Person) })
	return m
}

// Name is the folder's name.
func (m *Module) Name() string { return "profiles" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the pages and the entries of the account menu.
func (m *Module) Routes(r *web.Router) {
	r.GET("/.well-known/change-password", m.findChangePassword, web.Everyone)
	r.GET("/:user", r.Heavy(m.profile), web.Everyone)
	r.POST("/:user", m.submit, web.OnStaleToken(m.staleSubmit), web.WithFile(), web.OnSignedOut(notOwnProfile), web.SignedIn)
	r.GET("/:user/projects", r.Heavy(m.projectsTab), web.Everyone)
	r.GET("/:user/friends", r.Heavy(m.friendsTab), web.Everyone)
	r.GET("/:user/settings", m.settings, web.OwnProfile)
	r.POST("/:user/settings", m.change, web.OnStaleToken(m.staleSettings), web.WithJSON(), web.OwnProfile)
	r.POST("/:user/settings/export", m.export, web.OwnProfile)
	r.AddNavItem(views.NavItem{Text: "profiles.nav.profile", Icon: "user", URL: func(v *views.Viewer) string { return v.GoToURL }})
	r.AddNavItem(views.NavItem{Text: "profiles.nav.settings", Icon: "settings", URL: func(v *views.Viewer) string { return v.GoToURL + "/settings" }})
}

var ( // Guards: what the host will find when it asks.
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
