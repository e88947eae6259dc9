package projects

import (
	"context"
	"embed"
	"io/fs"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Accounts is what projects needs of the accounts module.
type Accounts interface {
	People
	// ReservedNames are the names neither users nor projects may have.
	ReservedNames() []string
	// AddGreeter registers what log-in says about a page that it leads back to.
	AddGreeter(g accounts.Greeter)
}

// Module is the projects module.
type Module struct {
	*Service
	streams  *realtime.Streams
	accounts Accounts
	kit      module.Kit
}

// New wires projects; doc.go says what the module owns.
func New(k module.Kit, a Accounts, friends Friends) *Module {
	repo := repository{k.DB}
	streams := k.Realtime.ProjectStreams(repo)
	s := &Service{
		db: k.DB, repo: repo, bus: k.Bus, log: k.Log, people: a, friends: friends,
		streams: streams, users: k.Realtime, reserved: a.ReservedNames,
	}
	s.listen(k.Bus)
	m := &Module{Service: s, streams: streams, accounts: a, kit: k}
	a.AddGreeter(m.greet)
	return m
}

// Name is the folder's name.
func (m *Module) Name() string { return "projects" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Run keeps rooms up to date whose events could not be read at first, and
// forgets old actions.
func (m *Module) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return m.streams.Run(ctx) })
	group.Go(func() error { return m.sweep(ctx) })
	return group.Wait()
}

// Routes adds the pages.
func (m *Module) Routes(r *web.Router) {
	r.GET("/new", signedInOrHome(m.newForm))
	r.POST("/new", signedInOrHome(m.create))
	r.GET("/invite/:code", m.invitation)
	r.POST("/invite/:code", m.join)
	r.GET("/:user/:project", r.Heavy(m.board))
}

// signedInOrHome sends visitors who are not signed in to the home page
// (contract, http.md section 7).
func signedInOrHome(h web.Handler) web.Handler {
	return func(c *web.Context) error {
		if !accounts.ActorFrom(c.Ctx()).SignedIn() {
			return c.SeeOther("/")
		}
		return h(c)
	}
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
