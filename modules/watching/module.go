package watching

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the watching module.
type Module struct{ *Service }

// New makes the module; doc.go says what it owns.
func New(deps module.Deps, p People, b Boards, l Lists, c Cards) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, people: p, boards: b, lists: l, cards: c, bus: deps.Bus}
	b.AddBoardPart(s.addToBoard)
	events.On(deps.Bus, s.onCardCreated)
	events.On(deps.Bus, s.onCardEdited)
	events.On(deps.Bus, s.onCardsMoved)
	events.On(deps.Bus, s.onCardsPurged)
	events.On(deps.Bus, s.onListEdited)
	events.On(deps.Bus, s.onListsPurged)
	events.On(deps.Bus, s.onHappened)
	events.On(deps.Bus, s.onMemberRemoved)
	return &Module{s}
}

// Name returns the folder's name.
func (m *Module) Name() string { return "watching" }

// Locales returns the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module   = (*Module)(nil)
	_ module.Sockets  = (*Module)(nil)
	_ module.Locales  = (*Module)(nil)
	_ module.Notifier = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
