package lists

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of lists (contract, socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "create_list", m.onCreate)
	socketio.On(rt.Project(), "move_list", m.onMove)
	socketio.On(rt.Project(), "edit_list", m.onEdit)
	socketio.On(rt.Project(), "delete_list", m.onDelete)
	socketio.On(rt.Project(), "archive_list", m.onArchive)
}

type createList struct {
	ProjectID socketio.ID    `json:"projectId" event:"required"`
	Name      *string        `json:"name" event:"required"`
	Desc      *string        `json:"listDesc" event:"required"`
	Files     files.Incoming `json:"attachedFiles" event:"max=64"`
}

func (m *Module) onCreate(ctx context.Context, s *socketio.Socket, in createList) (any, error) {
	id, rev, err := m.Create(realtime.ConfirmingTo(ctx, s, "create_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID),
		Draft{Name: *in.Name, Desc: *in.Desc, Files: in.Files.Contents()})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev, "id": id}, nil
}

type moveList struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	ID        socketio.ID `json:"id" event:"required"`
	Pos       *int        `json:"pos" event:"required"`
	// Undoes is the number of the move that this one takes back.
	Undoes *int64 `json:"undoes"`
}

func (m *Module) onMove(ctx context.Context, s *socketio.Socket, in moveList) (any, error) {
	rev, err := m.Move(realtime.ConfirmingTo(ctx, s, "move_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID), *in.Pos, in.Undoes)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

type editList struct {
	ProjectID socketio.ID    `json:"projectId" event:"required"`
	ID        socketio.ID    `json:"id" event:"required"`
	Name      *string        `json:"name" event:"required"`
	Desc      *string        `json:"listDesc" event:"required"`
	New       files.Incoming `json:"newAttachedFiles" event:"max=64"`
	Replaced  files.Incoming `json:"replacedAttachedFiles" event:"max=64"`
	Removed   []string       `json:"removedAttachedFiles" event:"max=100"`
	Base      struct {
		Name *string `json:"name"`
		Desc *string `json:"listDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, s *socketio.Socket, in editList) (any, error) {
	rev, err := m.Edit(realtime.ConfirmingTo(ctx, s, "edit_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID), Edit{
		Name: *in.Name, Desc: *in.Desc, Base: projects.Base(in.Base),
		Files: files.Changes{New: in.New.Contents(), Replaced: in.Replaced.Contents(), Removed: in.Removed},
	})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// takeList names a list that is to leave the board.
type takeList struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	ID        socketio.ID `json:"id" event:"required"`
}

func (m *Module) onDelete(ctx context.Context, s *socketio.Socket, in takeList) (any, error) {
	rev, err := m.Delete(realtime.ConfirmingTo(ctx, s, "delete_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// onArchive has no confirmation event: old clients do not know it.
func (m *Module) onArchive(ctx context.Context, _ *socketio.Socket, in takeList) (any, error) {
	rev, err := m.Archive(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}
