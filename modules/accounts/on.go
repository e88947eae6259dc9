package accounts

import (
	"context"

	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// On registers the handler of an event of the root namespace, which is about no
// project. Its audience is people who are signed in: realtime refuses it to
// others. It decodes the argument into In, checks its fields (see socketio.On),
// and passes who sends it.
func On[In any](rt *realtime.Server, event string, handle func(ctx context.Context, by Actor, in In) (realtime.OK, error)) {
	socketio.On(rt.Root(), event, func(ctx context.Context, _ *socketio.Socket, in In) (any, error) {
		reply, err := handle(ctx, ActorFrom(ctx), in)
		if reply == nil {
			return nil, err // a nil map in an interface is not nil
		}
		return reply, err
	})
}
