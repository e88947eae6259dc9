package bin

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of bin and archive to the namespace /project. None of
// them is known to old clients, who hear of what comes back by the contract's
// own events.
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "read_bin", m.reading(lists.InBin))
	socketio.On(rt.Project(), "read_archive", m.reading(lists.InArchive))
	socketio.On(rt.Project(), "restore_from_bin", m.restoring(lists.InBin))
	socketio.On(rt.Project(), "restore_from_archive", m.restoring(lists.InArchive))
	socketio.On(rt.Project(), "empty_from_bin", m.onEmpty)
	socketio.On(rt.Project(), "bin_from_archive", m.onDiscard)
}

type readRequest struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Text      string      `json:"text"`
	Before    string      `json:"before" event:"max=64"`
}

func (m *Module) reading(from lists.Place) func(context.Context, *socketio.Socket, readRequest) (any, error) {
	return func(ctx context.Context, _ *socketio.Socket, in readRequest) (any, error) {
		p, err := m.Read(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), from, in.Text, in.Before)
		if err != nil {
			return nil, err
		}
		return realtime.OK{"items": p.Items, "next": p.Next}, nil
	}
}

type restoreRequest struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Kind      Kind        `json:"kind"`
	ID        socketio.ID `json:"id" event:"required"`
	ListID    socketio.ID `json:"listId"`
	// Undoes is the number of the removal that this takes back.
	Undoes *int64 `json:"undoes"`
}

func (m *Module) restoring(from lists.Place) func(context.Context, *socketio.Socket, restoreRequest) (any, error) {
	return func(ctx context.Context, _ *socketio.Socket, in restoreRequest) (any, error) {
		if err := in.Kind.check(); err != nil {
			return nil, err
		}
		rev, err := m.Restore(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Kind, cards.Return{
			ID: int64(in.ID), From: from, ListID: int64(in.ListID), Since: in.Undoes,
		})
		if err != nil {
			return nil, err
		}
		return realtime.OK{"rev": rev}, nil
	}
}

type itemRequest struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Kind      Kind        `json:"kind"`
	ID        socketio.ID `json:"id" event:"required"`
}

func (m *Module) onEmpty(ctx context.Context, _ *socketio.Socket, in itemRequest) (any, error) {
	if err := in.Kind.check(); err != nil {
		return nil, err
	}
	rev, err := m.Empty(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Kind, int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

func (m *Module) onDiscard(ctx context.Context, _ *socketio.Socket, in itemRequest) (any, error) {
	if err := in.Kind.check(); err != nil {
		return nil, err
	}
	rev, err := m.Discard(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Kind, int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}
