package presence

import (
	"context"
	"crypto/rand"
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/socketio"
)

//go:embed locales
var locales embed.FS

// Module is the presence module.
type Module struct{ *Service }

// New wires presence; doc.go says what the module owns.
func New(deps module.Deps, b Boards) *Module {
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, boards: b, rooms: rooms{deps.Realtime.Of(projects.Namespace)}, connections: newConnections(),
		server: rand.Text(), log: deps.Log, sent: map[int64]sent{},
	}
	events.After(deps.Bus, func(_ context.Context, e projects.MemberAdded) { s.membersChanged(e.ProjectID) })
	events.After(deps.Bus, func(_ context.Context, e projects.MemberRemoved) { s.membersChanged(e.ProjectID) })
	events.After(deps.Bus, func(_ context.Context, e accounts.Renamed) { s.personChanged(e.UserID) })
	events.After(deps.Bus, func(_ context.Context, e accounts.PersonChanged) { s.personChanged(e.UserID) })
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "presence" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Run keeps the people on boards up to date until ctx ends.
func (m *Module) Run(ctx context.Context) error { return m.run(ctx) }

// rooms are the rooms of boards.
type rooms struct{ ns *socketio.Namespace }

func (r rooms) In(ctx context.Context, projectID int64) ([]string, error) {
	sockets, err := r.ns.In(projects.Room(projectID)).Local().Sockets(ctx)
	ids := make([]string, len(sockets))
	for i, s := range sockets {
		ids[i] = s.ID
	}
	return ids, err
}

func (r rooms) Emit(projectID int64, event string, args ...any) error {
	return r.ns.In(projects.Room(projectID)).Local().Emit(event, args...)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
)
