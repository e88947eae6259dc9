package cards

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the cards module.
type Module struct{ *Service }

// New wires cards; doc.go says what the module owns.
func New(k module.Kit, boards Boards, l Lists, f Files) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, boards: boards, lists: l, files: f, bus: k.Bus}
	boards.AddHomeCount("cards", s.homeCounts)
	l.SetContents(contents{s})
	f.SetOwners(files.OfCard, s.owner, s.attach)
	f.SetOfProject(files.OfCard, s.idsOf)
	events.On(k.Bus, s.onMemberRemoved)
	events.On(k.Bus, s.onAccountDeleting)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "cards" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
