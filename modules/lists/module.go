package lists

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

// Module is the lists module.
type Module struct{ *Service }

// New wires lists; doc.go says what the module owns.
func New(k module.Kit, boards Boards, f Files) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, boards: boards, files: f, bus: k.Bus, contents: nothing{}}
	boards.AddBoardPart(s.addToBoard)
	boards.AddHomeCount("lists", s.repo.counts)
	f.SetOwners(files.OfList, s.owner, s.attach)
	f.SetOfProject(files.OfList, s.idsOf)
	events.On(k.Bus, s.onProjectDeleting)
	events.On(k.Bus, s.onAccountDeleting)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "lists" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
