package search

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"

	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the search module.
type Module struct {
	*Service
	bus *events.Bus
	log *slog.Logger
}

// New wires search; doc.go says what it is for.
func New(deps module.Deps, b Boards, l Lists, c Cards) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, boards: b, lists: l, cards: c}
	if deps.RateLimit {
		s.limit = ratelimit.New(searchEvery, searchBurst, deps.Now).OnRefuse(deps.Refused.Func("searches")).Over(deps.SharedLimits, "searches")
	}
	return &Module{s, deps.Bus, deps.Log}
}

// Connect adds the sources of all modules. It subscribes to events here, behind all
// other modules: what they keep of a new card is there when it is indexed.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if searchable, ok := each.(module.Searchable); ok {
			for _, source := range searchable.SearchSources() {
				m.AddSource(source)
			}
		}
		if searchable, ok := each.(module.TextSearchable); ok {
			for _, source := range searchable.TextSources() {
				m.AddTextSource(source)
			}
		}
	}
	events.On(m.bus, m.onCreated)
	events.On(m.bus, m.onEdited)
	events.On(m.bus, m.onTextsChanged)
	events.On(m.bus, m.onPurged)
}

// Name is the folder's name.
func (m *Module) Name() string { return "search" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// RunJobs indexes the cards of a database that is older than the search.
func (m *Module) RunJobs(ctx context.Context) error {
	return module.Repeat(ctx, fillEvery, m.log, "index cards for the search", m.Fill)
}

// Routes adds the search and the page of its results.
func (m *Module) Routes(r *web.Router) {
	r.GET("/search", r.Heavy(m.search), web.SignedIn)
	r.GET("/search/everything", r.Heavy(m.everything), web.Everyone)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Host    = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)
)
