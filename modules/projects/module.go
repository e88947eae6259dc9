package projects

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
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
}

// Auth is what projects needs of the auth module.
type Auth interface {
	// AddGreeter registers what log-in says about an invitation that follows it.
	AddGreeter(g auth.Greeter)
	// AddArrival registers what a sign-up does for an invitation that follows it.
	AddArrival(a auth.Arrival)
}

// Module is the projects module.
type Module struct {
	*Service
	boardReader
	membership
	linkManager
	settings
	sweeper
	deleted

	streams  *realtime.Streams
	accounts Accounts
	deps     module.Deps
}

// New wires projects; doc.go says what the module owns.
func New(deps module.Deps, a Accounts, friends Friends, login Auth) *Module {
	repo := repository{deps.DB}
	var s *Service
	streams := newStreams(deps.Realtime, repo, func(ctx context.Context, id int64, e realtime.Event) { rooms{s}.onDelivered(ctx, id, e) })
	s = &Service{
		db: deps.DB, repo: repo, bus: deps.Bus, log: deps.Log, people: a, friends: friends,
		streams: streams, reserved: a.ReservedNames,
		eventRights: map[string]EventRight{}, shared: newSharedBoards(),
	}
	listeners{s}.listen(deps.Bus)
	m := &Module{
		Service: s, boardReader: boardReader{s}, membership: membership{s}, linkManager: linkManager{s},
		settings: settings{s}, sweeper: sweeper{s}, deleted: deleted{s}, streams: streams, accounts: a, deps: deps,
	}
	login.AddGreeter(m.greet)
	login.AddArrival(m.arrive)
	return m
}

// Name is the folder's name.
func (m *Module) Name() string { return "projects" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Run keeps rooms up to date with other servers, and those whose events could not
// be read at first.
func (m *Module) Run(ctx context.Context) error { return m.streams.Run(ctx) }

// RunJobs deletes old results and events, and what was deleted long ago.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return module.Repeat(ctx, resultSweep, m.deps.Log, "delete old results and events", m.sweep)
	})
	group.Go(func() error {
		return module.Repeat(ctx, time.Hour, m.deps.Log, "delete projects permanently", m.EndDeleted)
	})
	return group.Wait()
}

// Routes adds the pages.
func (m *Module) Routes(r *web.Router) {
	r.GET(trashPath, m.showDeleted, web.SignedIn)
	r.POST(trashPath, m.restoreDeleted, web.SignedIn)
	r.GET("/new", signedInOrHome(m.newForm), web.SignedIn)
	r.POST("/new", signedInOrHome(m.create), web.SignedIn)
	r.GET(invitePath+":code", m.invitation, web.Everyone)
	r.POST(invitePath+":code", m.join, web.SignedIn)
	r.GET("/:user/:project", r.Heavy(m.board), Audience(Read))
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
	_ module.Jobs    = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
	_ module.Searchable  = (*Module)(nil)

	_ module.Notifier  = (*Module)(nil)
	_ module.HomeGuest = (*Module)(nil)
)
