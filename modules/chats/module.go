package chats

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

// Module is the chats module.
type Module struct{ *Service }

// New wires chats; doc.go says what the module owns.
func New(k module.Kit, people People, boards Boards) *Module {
	s := &Service{db: k.DB, repo: repository{k.DB}, people: people, boards: boards, users: k.Realtime}
	boards.AddBoardPart(s.addToBoard)
	events.On(k.Bus, s.onProjectCreated)
	events.On(k.Bus, s.onProjectRenamed)
	events.On(k.Bus, s.onProjectDeleting)
	events.On(k.Bus, s.onMemberAdded)
	events.On(k.Bus, s.onMemberRemoved)
	events.On(k.Bus, s.onAccountDeleting)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "chats" }

// addToBoard tells whether a project has a chat group; only members care.
func (s *Service) addToBoard(ctx context.Context, b *projects.Board) error {
	if !b.Role.IsMember() {
		return nil
	}
	_, found, err := s.repo.ofProject(ctx, b.ID)
	if found {
		b.Data["chatGroupStatus"] = activated
	}
	return err
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
)
