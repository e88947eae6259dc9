package trash

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of trash and archive to the namespace /project. None of
// them is known to old clients, who receive what comes back by the contract's
// own events.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "read_bin", projects.Write, m.reading(removal.InTrash))
	projects.On(m.boards, rt, "read_archive", projects.Write, m.reading(removal.InArchive))
	projects.On(m.boards, rt, "restore_from_bin", projects.Write, m.restoring(removal.InTrash))
	projects.On(m.boards, rt, "restore_from_archive", projects.Write, m.restoring(removal.InArchive))
	projects.On(m.boards, rt, "empty_from_bin", projects.Write, m.onEmpty)
	projects.On(m.boards, rt, "bin_from_archive", projects.Write, m.onDiscard)
}

type readRequest struct {
	projects.Target
	Text   string `json:"text"`
	Before string `json:"before" event:"max=64"`
}

func (m *Module) reading(from removal.Location) func(context.Context, projects.Request, readRequest) (projects.Reply, error) {
	return func(ctx context.Context, r projects.Request, in readRequest) (projects.Reply, error) {
		p, err := m.Read(ctx, r.By, r.ProjectID, from, in.Text, in.Before)
		if err != nil {
			return nil, err
		}
		return projects.Reply{"items": p.Items, "next": p.Next}, nil
	}
}

type restoreRequest struct {
	projects.Target
	Kind   Kind        `json:"kind"`
	ID     socketio.ID `json:"id" event:"required"`
	ListID socketio.ID `json:"listId"`
	// Undoes is the number of the removal that this takes back.
	Undoes *int64 `json:"undoes"`
}

func (m *Module) restoring(from removal.Location) func(context.Context, projects.Request, restoreRequest) (projects.Reply, error) {
	return func(ctx context.Context, r projects.Request, in restoreRequest) (projects.Reply, error) {
		if err := in.Kind.check(); err != nil {
			return nil, err
		}
		return projects.Recorded(m.Restore(ctx, r, in.Kind, removal.RestoreRequest{
			ID: int64(in.ID), From: from, ListID: int64(in.ListID), Since: in.Undoes,
		}))
	}
}

type itemRequest struct {
	projects.Target
	Kind Kind        `json:"kind"`
	ID   socketio.ID `json:"id" event:"required"`
}

func (m *Module) onEmpty(ctx context.Context, r projects.Request, in itemRequest) (projects.Reply, error) {
	if err := in.Kind.check(); err != nil {
		return nil, err
	}
	return projects.Recorded(m.Empty(ctx, r, in.Kind, int64(in.ID)))
}

func (m *Module) onDiscard(ctx context.Context, r projects.Request, in itemRequest) (projects.Reply, error) {
	if err := in.Kind.check(); err != nil {
		return nil, err
	}
	return projects.Recorded(m.Discard(ctx, r, in.Kind, int64(in.ID)))
}
