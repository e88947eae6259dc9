package realtime

import (
	"context"
	"fmt"

	"taskstack.org/platform/socketio"
)

// FollowedStreams returns streams that every server follows itself, from its start
// and without sockets: those with the given ids. Their events are for servers:
// StreamOptions.Delivered is called with each, on every server, once and in order,
// and sends to the server's own sockets what it means for them. A socket gets what
// follows its connection.
//
// So one row of a log is enough for an event with many recipients, and one hint.
func (s *Server) FollowedStreams(o StreamOptions, log Log, ids ...int64) *Streams {
	o.Internal = func(string) bool { return true }
	streams := NewStreams(serverRooms{}, o, log, s.opts.Hints, s.opts.Log)
	streams.followed = ids
	s.own = append(s.own, func(ctx context.Context, _ *socketio.Socket) error { return streams.follow(ctx) })
	return streams
}

// Follow makes this server follow a stream from the event after rev on, unless it
// follows it already. A transaction that holds the stream's row may call it before
// it commits the server's first event of the stream: it waits for no one who waits
// for the database.
func (s *Streams) Follow(id, rev int64) {
	st := s.hold(id)
	defer s.release(id, st)
	if st.followed.Load() {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.started {
		return
	}
	s.hints.Hold(s.opts.Kind, id, true)
	st.started, st.behind, st.delivered = true, false, rev
	st.followed.Store(true)
}

// follow follows the streams of FollowedStreams from their ends on, unless that has
// been done.
func (s *Streams) follow(ctx context.Context) error {
	if len(s.followed) == 0 || s.following.Load() {
		return nil
	}
	for _, id := range s.followed {
		// Before the number is read: a hint of what follows it must not be missed.
		s.hints.Hold(s.opts.Kind, id, true)
	}
	revs, err := s.log.Revs(ctx, s.followed)
	if err != nil {
		return fmt.Errorf("ends of the streams %s: %w", s.opts.Kind, err)
	}
	for _, id := range s.followed {
		s.Follow(id, revs[id])
	}
	s.following.Store(true)
	return nil
}

// serverRooms are those of streams that servers follow: never empty, and without
// sockets.
type serverRooms struct{}

func (serverRooms) Len(string) int                                 { return 1 }
func (serverRooms) Send(string, string, ...any) error              { return nil }
func (serverRooms) Expel(string, ...string) error                  { return nil }
func (serverRooms) Of(context.Context, string) ([][]string, error) { return nil, nil }
