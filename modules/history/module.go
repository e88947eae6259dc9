package history

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the history module.
type Module struct{ *Service }

// New wires history; doc.go says what the module owns.
func New(k module.Kit, people People, p Projects) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, people: people, projects: p}
	events.On(k.Bus, s.onListCreated)
	events.On(k.Bus, s.onListEdited)
	events.On(k.Bus, s.onListDeleted)
	events.On(k.Bus, s.onListArchived)
	events.On(k.Bus, s.onListRestored)
	events.On(k.Bus, s.onListGivenUp)
	events.On(k.Bus, s.onCardCreated)
	events.On(k.Bus, s.onCardEdited)
	events.On(k.Bus, s.onCardDeleted)
	events.On(k.Bus, s.onCardArchived)
	events.On(k.Bus, s.onCardRestored)
	events.On(k.Bus, s.onCardGivenUp)
	events.On(k.Bus, s.onCardsChangedList)
	events.On(k.Bus, s.onMemberAdded)
	events.On(k.Bus, s.onMemberRemoved)
	events.On(k.Bus, s.onProjectDeleting)
	events.On(k.Bus, s.onAccountDeleting)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "history" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the history of a project.
func (m *Module) Routes(r *web.Router) { r.GET("/:user/:project/history", r.Heavy(m.show)) }

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
