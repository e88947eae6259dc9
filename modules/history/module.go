package history

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the history module.
type Module struct{ *Service }

// New wires history; doc.go says what the module owns.
func New(deps module.Deps, people People, p Projects) *Module {
	s := &Service{db: deps.DB, repo: repository{deps.DB}, people: people, projects: p}
	events.On(deps.Bus, s.onHappened)
	events.On(deps.Bus, s.onListCreated)
	events.On(deps.Bus, s.onListEdited)
	events.On(deps.Bus, s.onCardCreated)
	events.On(deps.Bus, s.onCardEdited)
	events.On(deps.Bus, s.onCardsChangedList)
	events.On(deps.Bus, s.onMemberAdded)
	events.On(deps.Bus, s.onMemberRemoved)
	events.On(deps.Bus, s.onProjectDeleting)
	events.On(deps.Bus, s.onAccountDeleting)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "history" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the history of a project.
func (m *Module) Routes(r *web.Router) {
	r.GET("/:user/:project/history", r.Heavy(m.show), projects.Audience(projects.ReadHistory))
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
