package cards

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the cards module.
type Module struct {
	*Service
	mover
	removedCards
	texts
	exporter
	copier
}

// New wires cards; doc.go says what the module owns.
func New(deps module.Deps, boards Boards, l Lists, f Files, r Removal) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, boards: boards, lists: l, files: f, bus: deps.Bus}
	s.Machine = r.Register(s.kind())
	boards.AddHomeCount("cards", s.homeCounts)
	boards.AddOutline(s.outline)
	events.On(deps.Bus, listeners{s}.onMemberRemoved)
	events.On(deps.Bus, listeners{s}.onAccountDeleting)
	return &Module{s, mover{s}, removedCards{s}, texts{s}, exporter{s}, copier{s}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "cards" }

// ListContents implements lists.Container.
func (m *Module) ListContents() lists.Contents { return contents{m.removedCards} }

// FileOwner implements files.Owning.
func (m *Module) FileOwner() (files.Kind, files.OwnerModule) {
	return files.OfCard, fileOwner{m.Service}
}

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module   = (*Module)(nil)
	_ module.Sockets  = (*Module)(nil)
	_ module.Notifier = (*Module)(nil)
	_ module.Locales  = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
	_ files.Owning       = (*Module)(nil)
	_ lists.Container    = (*Module)(nil)
)
