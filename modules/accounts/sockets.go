package accounts

import (
	"context"

	"taskstack.org/platform/realtime"
)

// userKind is the kind of a person's room.
const userKind = "user"

// UserRoom returns the name of the room of all sockets of a user.
func UserRoom(userID int64) string { return realtime.RoomOf(userKind, userID) }

// Sockets adds the event by which a page asks for what it missed.
func (m *Module) Sockets(rt *realtime.Server) {
	On(rt, "sync_user", m.onSync)
}

// syncUser asks for what followed an event.
type syncUser struct {
	Since *int64 `json:"since" event:"required"`
}

func (m *Module) onSync(ctx context.Context, by Actor, in syncUser) (realtime.OK, error) {
	events, rev, complete, err := m.Missed(ctx, by, *in.Since)
	if err != nil {
		return nil, err
	}
	if !complete {
		return realtime.OK{"rev": rev, "reset": true}, nil
	}
	if events == nil {
		events = []realtime.Event{}
	}
	return realtime.OK{"rev": rev, "events": events}, nil
}
