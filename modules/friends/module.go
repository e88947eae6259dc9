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
type Module struct {
	*Service
	requester
}

// New wires friends; doc.go says what the module owns.
func New(deps module.Deps, people People) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, people: people, bus: deps.Bus}
	if deps.RateLimit {
		s.requests = ratelimit.New(requestEvery, requestBurst, deps.Now).OnRefuse(deps.Refused.Func("friend_requests")).Over(deps.SharedLimits, "friend_requests")
	}
	events.On(deps.Bus, s.renamed)
	events.On(deps.Bus, s.deleteConnections)
	return &Module{s, requester{s}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "friends" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the form for a request and the route that answers requests.
func (m *Module) Routes(r *web.Router) {
	r.GET("/new-friend", m.newForm, web.SignedIn)
	r.POST("/new-friend", m.create, web.SignedIn)
	r.POST("/friend-requests", m.answerRequest, web.SignedIn)
	r.GET(blocksPath, m.showBlocks, web.SignedIn)
	r.POST(blocksPath, m.changeBlocks, web.SignedIn)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ module.HomeGuest    = (*Module)(nil)
	_ module.BadgeCounter = (*Module)(nil)
	_ module.Searchable   = (*Module)(nil)
	_ module.Notifier     = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
