package friends

import "taskstack.org/platform/module"

// Module is the friends module.
type Module struct{ *Service }

// New wires friends; doc.go says what the module owns.
func New(k module.Kit) *Module { return &Module{&Service{repo: repository{k.DB}}} }

// Name is the folder's name.
func (m *Module) Name() string { return "friends" }

var _ module.Module = (*Module)(nil)
