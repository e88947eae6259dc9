package trash

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the trash module.
type Module struct{ *Service }

// New wires the trash; doc.go says what the module does.
func New(deps module.Deps, people People, boards Boards, l Lists, c Cards, f Files) *Module {
	return &Module{&Service{
		db: deps.DB, people: people, boards: boards, lists: l, cards: c, files: f, log: deps.Log, now: deps.Now, wake: make(chan struct{}, 1),
	}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "trash" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
