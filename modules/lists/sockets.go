package lists

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
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
	ProjectID socketio.ID    `json:"projectId"`
	Name      *string        `json:"name"`
	Desc      *string        `json:"listDesc"`
	Files     files.Incoming `json:"attachedFiles"`
}

func (m *Module) onCreate(ctx context.Context, s *socketio.Socket, in createList) (any, error) {
	if in.ProjectID == 0 || in.Name == nil || in.Desc == nil {
		return nil, errs.Of(errs.Invalid)
	}
	id, rev, err := m.Create(realtime.ConfirmingTo(ctx, s, "create_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID),
		Draft{Name: *in.Name, Desc: *in.Desc, Files: in.Files.Contents()})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev, "id": id}, nil
}

type moveList struct {
	ProjectID socketio.ID `json:"projectId"`
	ID        socketio.ID `json:"id"`
	Pos       *int        `json:"pos"`
	// Undoes is the number of the move that this one takes back.
	Undoes *int64 `json:"undoes"`
}

func (m *Module) onMove(ctx context.Context, s *socketio.Socket, in moveList) (any, error) {
	if in.ProjectID == 0 || in.ID == 0 || in.Pos == nil {
		return nil, errs.Of(errs.Invalid)
	}
	rev, err := m.Move(realtime.ConfirmingTo(ctx, s, "move_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID), *in.Pos, in.Undoes)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

type editList struct {
	ProjectID socketio.ID    `json:"projectId"`
	ID        socketio.ID    `json:"id"`
	Name      *string        `json:"name"`
	Desc      *string        `json:"listDesc"`
	New       files.Incoming `json:"newAttachedFiles"`
	Replaced  files.Incoming `json:"replacedAttachedFiles"`
	Removed   []string       `json:"removedAttachedFiles"`
	Base      struct {
		Name *string `json:"name"`
		Desc *string `json:"listDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, s *socketio.Socket, in editList) (any, error) {
	if in.ProjectID == 0 || in.ID == 0 || in.Name == nil || in.Desc == nil {
		return nil, errs.Of(errs.Invalid)
	}
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
	ProjectID socketio.ID `json:"projectId"`
	ID        socketio.ID `json:"id"`
}

func (m *Module) onDelete(ctx context.Context, s *socketio.Socket, in takeList) (any, error) {
	if in.ProjectID == 0 || in.ID == 0 {
		return nil, errs.Of(errs.Invalid)
	}
	rev, err := m.Delete(realtime.ConfirmingTo(ctx, s, "delete_list_successful"), accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// onArchive has no confirmation event: old clients do not know it.
func (m *Module) onArchive(ctx context.Context, _ *socketio.Socket, in takeList) (any, error) {
	if in.ProjectID == 0 || in.ID == 0 {
		return nil, errs.Of(errs.Invalid)
	}
	rev, err := m.Archive(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}
