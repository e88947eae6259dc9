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
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

//go:embed locales
var locales embed.FS

// Module is the presence module.
type Module struct{ *Service }

// New wires presence; doc.go says what the module owns.
func New(k module.Kit, b Boards) *Module {
	s := &Service{
		db: k.DB, repo: repository{k.DB}, boards: b, rooms: rooms{k.Realtime.Project()}, seats: newSeats(),
		server: rand.Text(), log: k.Log, known: map[int64]known{},
	}
	events.After(k.Bus, func(_ context.Context, e projects.MemberAdded) { s.membersChanged(e.ProjectID) })
	events.After(k.Bus, func(_ context.Context, e projects.MemberRemoved) { s.membersChanged(e.ProjectID) })
	events.After(k.Bus, func(_ context.Context, e accounts.Renamed) { s.personChanged(e.UserID) })
	events.After(k.Bus, func(_ context.Context, e accounts.PictureChanged) { s.personChanged(e.UserID) })
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "presence" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Run keeps who is there up to date.
func (m *Module) Run(ctx context.Context) error { return m.run(ctx) }

// rooms are the rooms of boards.
type rooms struct{ ns *socketio.Namespace }

func (r rooms) In(ctx context.Context, projectID int64) ([]string, error) {
	sockets, err := r.ns.In(realtime.ProjectRoom(projectID)).Local().Sockets(ctx)
	ids := make([]string, len(sockets))
	for i, s := range sockets {
		ids[i] = s.ID
	}
	return ids, err
}

func (r rooms) Tell(projectID int64, event string, args ...any) error {
	return r.ns.In(realtime.ProjectRoom(projectID)).Local().Emit(event, args...)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
)
