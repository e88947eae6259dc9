package revisions

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

// Module is the revisions module.
type Module struct{ *Service }

// New wires revisions; doc.go says what the module owns.
func New(deps module.Deps, p People, b Boards) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, boards: b, people: p, log: deps.Log}
	events.On(deps.Bus, s.onReplaced)
	events.On(deps.Bus, func(ctx context.Context, e lists.Purged) error {
		return s.repo.deleteItems(ctx, projects.TextOfList, e.IDs)
	})
	events.On(deps.Bus, func(ctx context.Context, e cards.Purged) error {
		return s.repo.deleteItems(ctx, projects.TextOfCard, e.IDs)
	})
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "revisions" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// RunJobs deletes old texts until ctx ends.
func (m *Module) RunJobs(ctx context.Context) error {
	return module.Repeat(ctx, sweepEvery, m.log, "delete old texts", m.sweep)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
