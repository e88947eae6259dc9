package bin

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/module"
)

//go:embed locales
var locales embed.FS

// Module is the bin module.
type Module struct{ *Service }

// New wires the bin; doc.go says what the module does.
func New(k module.Kit, people People, boards Boards, l Lists, c Cards, f Files) *Module {
	return &Module{&Service{
		db: k.DB, people: people, boards: boards, lists: l, cards: c, files: f, log: k.Log, now: k.Now, wake: make(chan struct{}, 1),
	}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "bin" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
)
