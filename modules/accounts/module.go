package accounts

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"sync"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the accounts module.
type Module struct {
	*Service
	// Credentials are for auth.
	Credentials Credentials
	Exports     *Exports
	publicURL   string
	startPage   web.Handler
}

// New wires accounts; doc.go says what the module owns.
func New(deps module.Deps) *Module {
	l := newLimits(deps)
	pictures := &pictures{db: deps.DB, repo: repository{deps.DB}, objects: deps.Objects, limit: l.pictures, refused: deps.Refused}
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, credentials: Credentials{deps.DB}, bus: deps.Bus, log: deps.Log, pictures: pictures,
		routeNames: func() []string { return nil },
		internal:   map[string]func(context.Context, int64, json.RawMessage){},
	}
	s.streams = s.newStreams(deps.Realtime)
	return &Module{Service: s, Credentials: s.credentials, Exports: &Exports{db: deps.DB, limit: l.exports}, publicURL: deps.PublicURL}
}

// Connect collects what each module adds to an export.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if e, ok := each.(Exporting); ok {
			m.Exports.AddExport(e.Export)
		}
	}
}

// Name is the folder's name.
func (m *Module) Name() string { return "accounts" }

// AddStartPage registers the page that signed-in people see at "/". Without one,
// "/" redirects them to their profile.
func (m *Module) AddStartPage(page web.Handler) { m.startPage = page }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the start page, the pictures and the choice of the language. The
// first segments of all routes are names that no person may have.
func (m *Module) Routes(r *web.Router) {
	m.routeNames = sync.OnceValue(r.FirstSegments)
	r.GET("/", m.start, web.Everyone)
	r.GET("/avatars/:key", m.picture, web.Everyone)
	r.POST("/language", m.setLanguage, web.WithoutToken(), web.WhileReadOnly(), web.Everyone)
	// A wrong method on a one-segment route is 404, not 405 (contract, http.md
	// section 1).
	r.GET("/language", func(*web.Context) error { return errs.Of(errs.NotFound) }, web.Everyone)
}

var (
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Host    = (*Module)(nil)

	_ Exporting = (*Module)(nil)
)
