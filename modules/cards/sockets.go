package cards

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of cards (contract, socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "create_card", m.onCreate)
	socketio.On(rt.Project(), "move_card", m.onMove)
	socketio.On(rt.Project(), "move_cards", m.onMoveMany)
	socketio.On(rt.Project(), "edit_card", m.onEdit)
	socketio.On(rt.Project(), "put_cards_back", m.onMoveBack)
	socketio.On(rt.Project(), "delete_card", m.onDelete)
	socketio.On(rt.Project(), "archive_card", m.onArchive)
}

type createCard struct {
	ProjectID socketio.ID    `json:"projectId" event:"required"`
	ListID    socketio.ID    `json:"listId" event:"required"`
	Name      *string        `json:"name" event:"required"`
	Desc      *string        `json:"cardDesc" event:"required"`
	Files     files.Incoming `json:"attachedFiles" event:"max=64"`
	Members   []socketio.ID  `json:"members" event:"max=500"`
}

func (m *Module) onCreate(ctx context.Context, s *socketio.Socket, in createCard) (any, error) {
	ctx = realtime.ConfirmingTo(ctx, s, "create_card_successful")
	id, rev, err := m.Create(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ListID), Draft{
		Name: *in.Name, Desc: *in.Desc, Files: in.Files.Contents(), Members: numbers(in.Members),
	})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev, "id": id}, nil
}

type moveCard struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	ID        socketio.ID `json:"id" event:"required"`
	ListID    socketio.ID `json:"listId" event:"required"`
	Pos       *int        `json:"pos" event:"required"`
}

// onMove has no confirmation event: the broadcast is it.
func (m *Module) onMove(ctx context.Context, _ *socketio.Socket, in moveCard) (any, error) {
	rev, err := m.Move(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID), int64(in.ListID), *in.Pos)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

type moveCards struct {
	ProjectID socketio.ID   `json:"projectId" event:"required"`
	IDs       []socketio.ID `json:"ids" event:"required,max=500"`
	ListID    socketio.ID   `json:"listId" event:"required"`
	Pos       *int          `json:"pos" event:"required"`
}

func (m *Module) onMoveMany(ctx context.Context, s *socketio.Socket, in moveCards) (any, error) {
	ctx = realtime.ConfirmingTo(ctx, s, "move_cards_successful")
	rev, err := m.MoveMany(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), numbers(in.IDs), int64(in.ListID), *in.Pos)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// moveBack takes moves back: the cards come to the spots they had.
type moveBack struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Cards     []struct {
		ID     socketio.ID `json:"id" event:"required"`
		ListID socketio.ID `json:"listId" event:"required"`
		Pos    int         `json:"pos"`
	} `json:"cards" event:"required,max=500"`
	// Undoes is the number of the last of the moves.
	Undoes *int64 `json:"undoes" event:"required"`
}

func (m *Module) onMoveBack(ctx context.Context, _ *socketio.Socket, in moveBack) (any, error) {
	spots := make([]Spot, len(in.Cards))
	for i, c := range in.Cards {
		spots[i] = Spot{ID: int64(c.ID), ListID: int64(c.ListID), Pos: c.Pos}
	}
	rev, err := m.MoveBack(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), spots, *in.Undoes)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// editCard ignores the client's listId: it is what the sender believes, and
// the card may have moved meanwhile (defect D29).
type editCard struct {
	ProjectID      socketio.ID    `json:"projectId" event:"required"`
	ID             socketio.ID    `json:"id" event:"required"`
	Name           *string        `json:"name" event:"required"`
	Desc           *string        `json:"cardDesc" event:"required"`
	New            files.Incoming `json:"newAttachedFiles" event:"max=64"`
	Replaced       files.Incoming `json:"replacedAttachedFiles" event:"max=64"`
	Removed        []string       `json:"removedAttachedFiles" event:"max=100"`
	NewMembers     []socketio.ID  `json:"newMembers" event:"max=500"`
	RemovedMembers []socketio.ID  `json:"removedMembers" event:"max=500"`
	Base           struct {
		Name *string `json:"name"`
		Desc *string `json:"cardDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, s *socketio.Socket, in editCard) (any, error) {
	ctx = realtime.ConfirmingTo(ctx, s, "edit_card_successful")
	rev, err := m.Edit(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID), Edit{
		Name: *in.Name, Desc: *in.Desc, Base: projects.Base(in.Base),
		Files:      files.Changes{New: in.New.Contents(), Replaced: in.Replaced.Contents(), Removed: in.Removed},
		NewMembers: numbers(in.NewMembers), RemovedMembers: numbers(in.RemovedMembers),
	})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// takeCard names a card that is to leave the board.
type takeCard struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	ID        socketio.ID `json:"id" event:"required"`
}

func (m *Module) onDelete(ctx context.Context, s *socketio.Socket, in takeCard) (any, error) {
	ctx = realtime.ConfirmingTo(ctx, s, "delete_card_successful")
	rev, err := m.Delete(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// onArchive has no confirmation event: old clients do not know it.
func (m *Module) onArchive(ctx context.Context, _ *socketio.Socket, in takeCard) (any, error) {
	rev, err := m.Archive(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

func numbers(ids []socketio.ID) []int64 {
	all := make([]int64, len(ids))
	for i, id := range ids {
		all[i] = int64(id)
	}
	return all
}
