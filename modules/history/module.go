package history

import (
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

// Module is the history module.
type Module struct{ *Service }

// New wires history; doc.go says what the module owns.
func New(k module.Kit, p Projects) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, projects: p}
	events.On(k.Bus, s.onListCreated)
	events.On(k.Bus, s.onListDeleted)
	events.On(k.Bus, s.onCardCreated)
	events.On(k.Bus, s.onCardDeleted)
	events.On(k.Bus, s.onCardsChangedList)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "history" }

// Routes adds the history of a project.
func (m *Module) Routes(r *web.Router) { r.GET("/:user/:project/history", m.show) }

var (
	_ module.Module = (*Module)(nil)
	_ module.Routes = (*Module)(nil)
)
