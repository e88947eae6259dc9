package chats

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of chats (contract, socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "create_project_chat_group", switching("successfully_created_project_chat_group", m.Activate))
	socketio.On(rt.Project(), "delete_project_chat_group", switching("successfully_deleted_project_chat_group", m.Deactivate))
}

type ofProject struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
}

// switching handles an event that only names a project.
func switching(confirmation string, do func(context.Context, accounts.Actor, int64) (int64, error),
) func(context.Context, *socketio.Socket, ofProject) (any, error) {
	return func(ctx context.Context, s *socketio.Socket, in ofProject) (any, error) {
		rev, err := do(realtime.ConfirmingTo(ctx, s, confirmation), accounts.ActorFrom(ctx), int64(in.ProjectID))
		if err != nil {
			return nil, err
		}
		return realtime.OK{"rev": rev}, nil
	}
}
