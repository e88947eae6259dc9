package lists

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets registers the events of lists (contract, socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "create_list", projects.Write, m.onCreate)
	projects.On(m.boards, rt, "move_list", projects.Write, m.onMove)
	projects.On(m.boards, rt, "edit_list", projects.Write, m.onEdit)
	projects.On(m.boards, rt, "delete_list", projects.Write, m.onDelete)
	projects.On(m.boards, rt, "archive_list", projects.Write, m.onArchive)
	projects.On(m.boards, rt, "copy_list", projects.Write, m.onCopy)
}

type createList struct {
	projects.Target
	Name  *string        `json:"name" event:"required"`
	Desc  *string        `json:"listDesc" event:"required"`
	Files files.Incoming `json:"attachedFiles" event:"max=64"`
}

func (m *Module) onCreate(ctx context.Context, r projects.Request, in createList) (projects.Reply, error) {
	id, rev, err := m.Create(ctx, r.Confirming("create_list_successful"),
		Draft{Name: *in.Name, Desc: *in.Desc, Files: in.Files.Contents()})
	if err != nil {
		return nil, err
	}
	return projects.Reply{"rev": rev, "id": id}, nil
}

type moveList struct {
	projects.Target
	ID  socketio.ID `json:"id" event:"required"`
	Pos *int        `json:"pos" event:"required"`
	// Undoes is the revision of the move that this one undoes.
	Undoes *int64 `json:"undoes"`
}

func (m *Module) onMove(ctx context.Context, r projects.Request, in moveList) (projects.Reply, error) {
	return projects.Recorded(m.Move(ctx, r.Confirming("move_list_successful"), int64(in.ID), *in.Pos, in.Undoes))
}

type editList struct {
	projects.Target
	ID       socketio.ID    `json:"id" event:"required"`
	Name     *string        `json:"name" event:"required"`
	Desc     *string        `json:"listDesc" event:"required"`
	New      files.Incoming `json:"newAttachedFiles" event:"max=64"`
	Replaced files.Incoming `json:"replacedAttachedFiles" event:"max=64"`
	Removed  []string       `json:"removedAttachedFiles" event:"max=100"`
	Base     struct {
		Name *string `json:"name"`
		Desc *string `json:"listDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, r projects.Request, in editList) (projects.Reply, error) {
	return projects.Recorded(m.Edit(ctx, r.Confirming("edit_list_successful"), int64(in.ID), Edit{
		Name: *in.Name, Desc: *in.Desc, Base: projects.Base(in.Base),
		Files: files.Changes{New: in.New.Contents(), Replaced: in.Replaced.Contents(), Removed: in.Removed},
	}))
}

// removeListRequest names a list to delete or archive.
type removeListRequest struct {
	projects.Target
	ID socketio.ID `json:"id" event:"required"`
}

func (m *Module) onDelete(ctx context.Context, r projects.Request, in removeListRequest) (projects.Reply, error) {
	return projects.Recorded(m.Delete(ctx, r.Confirming("delete_list_successful"), int64(in.ID)))
}

// onArchive has no confirmation event: 2.x clients do not know it.
func (m *Module) onArchive(ctx context.Context, r projects.Request, in removeListRequest) (projects.Reply, error) {
	return projects.Recorded(m.Archive(ctx, r, int64(in.ID)))
}

type copyList struct {
	projects.Target
	ID   socketio.ID `json:"id" event:"required"`
	Name *string     `json:"name" event:"required"`
}

// onCopy has no confirmation event: 2.x clients do not know it.
func (m *Module) onCopy(ctx context.Context, r projects.Request, in copyList) (projects.Reply, error) {
	id, rev, err := m.Copy(ctx, r, int64(in.ID), *in.Name)
	if err != nil {
		return nil, err
	}
	return projects.Reply{"rev": rev, "id": id}, nil
}
