package removal

import (
	"context"
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the removal module.
type Module struct {
	db     *db.DB
	bus    *events.Bus
	boards Boards
}

// New wires removal; doc.go says what the module does.
func New(deps module.Deps, boards Boards) *Module {
	return &Module{db: deps.DB, bus: deps.Bus, boards: boards}
}

// Register returns the state machine for the items of a kind. The New of lists
// and of cards calls it.
func (m *Module) Register(kind Kind) *Machine {
	repo := repository{db: m.db, table: kind.Table, parent: kind.Parent}
	events.On(m.bus, func(ctx context.Context, e accounts.Deleting) error { return repo.forget(ctx, e.UserID) })
	return &Machine{kind: kind, db: m.db, repo: repo, boards: m.boards, bus: m.bus}
}

// Name is the folder's name.
func (m *Module) Name() string { return "removal" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
