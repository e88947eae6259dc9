package versions

import (
	"context"
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the versions module.
type Module struct{ *Service }

// New wires versions; doc.go says what the module owns.
func New(k module.Kit, p People, b Boards) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, boards: b, people: p, log: k.Log}
	events.On(k.Bus, s.onReplaced)
	events.On(k.Bus, func(ctx context.Context, e lists.Purged) error {
		return s.repo.forgetItems(ctx, projects.TextOfList, e.IDs)
	})
	events.On(k.Bus, func(ctx context.Context, e cards.Purged) error {
		return s.repo.forgetItems(ctx, projects.TextOfCard, e.IDs)
	})
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "versions" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Run forgets old texts.
func (m *Module) Run(ctx context.Context) error { return m.sweep(ctx) }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
