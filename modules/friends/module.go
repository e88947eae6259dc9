package friends

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the friends module.
type Module struct{ *Service }

// New wires friends; doc.go says what the module owns.
func New(k module.Kit, people People) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, people: people, bus: k.Bus, users: k.Realtime}
	if k.RateLimit {
		s.requests = ratelimit.New(requestEvery, requestBurst, k.Now).OnRefuse(k.Refused.Func("friend_requests"))
	}
	events.On(k.Bus, s.renamed)
	events.On(k.Bus, s.forget)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "friends" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the form for a request, and what answers requests.
func (m *Module) Routes(r *web.Router) {
	r.GET("/new-friend", m.newForm)
	r.POST("/new-friend", m.create)
	r.POST("/friend-requests", m.decide)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
