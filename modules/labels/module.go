package labels

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the labels module.
type Module struct {
	*Service
	log *slog.Logger
}

// New makes the module; doc.go says what it owns.
func New(deps module.Deps, b Boards, c Cards) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, boards: b, cards: c, bus: deps.Bus}
	c.AddPart(cards.Part{Name: "labels", Of: s.ofCards, OfBoard: s.ofBoard, Copy: s.copy})
	c.AddTexts(s.texts)
	return &Module{s, deps.Log}
}

// Name returns the folder's name.
func (m *Module) Name() string { return "labels" }

// Locales returns the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// RunJobs deletes labels for good.
func (m *Module) RunJobs(ctx context.Context) error {
	return module.Repeat(ctx, time.Hour, m.log, "delete old labels", m.Sweep)
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
