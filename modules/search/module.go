package search

import (
	"embed"
	"io/fs"
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the search module.
type Module struct{ *Service }

// New wires search; doc.go says what it is for.
func New(k module.Kit, people People, p Projects, f Friends) *Module {
	s := &Service{people: people, projects: p, friends: f}
	if k.RateLimit {
		s.limit = ratelimit.New(searchEvery, searchBurst, k.Now).OnRefuse(k.Refused.Func("searches"))
	}
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "search" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the search, which answers JSON only.
func (m *Module) Routes(r *web.Router) { r.GET("/search", r.Heavy(m.search)) }

func (m *Module) search(c *web.Context) error {
	hits, err := m.Find(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Query("q"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, hits)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
