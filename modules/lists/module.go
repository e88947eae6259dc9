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
type Module struct {
	*Service
	exporter
}

// New wires lists; doc.go says what the module owns.
func New(deps module.Deps, boards Boards, f Files, r Removal) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, boards: boards, files: f, bus: deps.Bus}
	s.Machine = r.Register(s.kind())
	boards.AddSharedBoardPart(s.addToBoard)
	events.On(deps.Bus, s.onProjectCreated)
	events.On(deps.Bus, s.onProjectDeleting)
	return &Module{s, exporter{s}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "lists" }

// FileOwner implements files.Owning.
func (m *Module) FileOwner() (files.Kind, files.OwnerModule) {
	return files.OfList, fileOwner{m.Service}
}

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Host    = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
	_ files.Owning       = (*Module)(nil)
)
