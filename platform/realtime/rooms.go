package realtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
)

// Room returns the name of the room of one entity: a kind and an id.
func Room(kind, id string) string { return kind + ":" + id }

// RoomOf is Room for an entity with a number.
func RoomOf(kind string, id int64) string { return Room(kind, strconv.FormatInt(id, 10)) }

// Rooms are the sockets of this server in rooms; a Namespace of the Socket.IO
// server implements it.
type Rooms interface {
	// Len returns how many sockets of this server are in a room.
	Len(room string) int
	// Send sends an event to a room.
	Send(room, event string, args ...any) error
	// Expel removes the sockets that are in one room from others.
	Expel(from string, out ...string) error
	// Of returns, for each socket in a room, all its rooms.
	Of(ctx context.Context, room string) ([][]string, error)
}

// Socket can join and leave rooms.
type Socket interface {
	Join(rooms ...string)
	Leave(rooms ...string)
	Rooms() []string
}

// maxFollowed is how many streams of a kind one socket may follow; a page
// follows one.
const maxFollowed = 50

// namespaceRooms are the rooms of a namespace on this server.
type namespaceRooms struct{ ns *socketio.Namespace }

func (r namespaceRooms) Len(room string) int { return r.ns.Len(room) }

func (r namespaceRooms) Send(room, event string, args ...any) error {
	return r.ns.To(room).Local().Emit(event, args...)
}

func (r namespaceRooms) Expel(from string, out ...string) error {
	return r.ns.In(from).Local().Leave(out...)
}

func (r namespaceRooms) Of(ctx context.Context, room string) ([][]string, error) {
	sockets, err := r.ns.In(room).Local().Sockets(ctx)
	rooms := make([][]string, len(sockets))
	for i, s := range sockets {
		rooms[i] = s.Rooms
	}
	return rooms, err
}

// room is the room of all sockets that follow a stream.
func (s *Streams) room(id int64) string { return RoomOf(s.opts.Kind, id) }

// followerRoom is the part of a stream's room that one follower's sockets are
// in; all sockets without a login share that of id 0.
func (s *Streams) followerRoom(id, follower int64) string {
	if s.opts.FollowerKind == "" {
		return s.room(id)
	}
	return s.followerPrefix(id) + strconv.FormatInt(follower, 10)
}

func (s *Streams) followerPrefix(id int64) string {
	return s.room(id) + ":" + s.opts.FollowerKind + ":"
}

// Join adds a socket to a stream's room; follower is 0 for a socket without a
// login. The socket receives every event above the returned number; the client
// asks for those between that and its own last one. A socket that follows fifty
// streams already gets TooLarge.
func (s *Streams) Join(ctx context.Context, socket Socket, id, follower int64) (rev int64, err error) {
	if !s.mayFollow(socket, id) {
		return 0, errs.Of(errs.TooLarge)
	}
	st := s.hold(id)
	defer s.release(id, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.started || s.rooms.Len(s.room(id)) == 0 {
		// Before the number is read: a hint of what follows it must not be missed.
		s.hints.Hold(s.opts.Kind, id, true)
		if st.delivered, err = s.log.Rev(ctx, id); err != nil {
			return 0, err
		}
		st.started, st.behind = true, false
	}
	socket.Join(s.room(id), s.followerRoom(id, follower))
	return st.delivered, nil
}

func (s *Streams) mayFollow(socket Socket, id int64) bool {
	followed := 0
	for _, room := range socket.Rooms() {
		if room == s.room(id) {
			return true // the client repeats the request, as after a reconnect
		}
		if rest, ok := strings.CutPrefix(room, Room(s.opts.Kind, "")); ok && !strings.Contains(rest, ":") {
			followed++
		}
	}
	return followed < maxFollowed
}

// Leave removes a socket from a stream's room.
func (s *Streams) Leave(socket Socket, id, follower int64) {
	socket.Leave(s.room(id), s.followerRoom(id, follower))
}

// Evict sends the event StreamOptions.Closed to all sockets of a follower on this
// server and removes them from a stream's room: they lost the permission to follow
// it. StreamOptions.Delivered calls it on every server.
func (s *Streams) Evict(ctx context.Context, id, follower int64) {
	room := s.followerRoom(id, follower)
	err := errors.Join(s.rooms.Send(room, s.opts.Closed), s.rooms.Expel(room, s.room(id), room))
	if err != nil {
		s.logger.ErrorContext(ctx, "follower could not be removed from a room", s.opts.FollowerKind, follower, s.opts.Kind, id, "error", err)
	}
	for _, fn := range s.onEvict {
		fn(ctx, id)
	}
}

// OnEvict registers a function that is called with a stream's id after a
// follower was removed from its room. It is called before the server serves.
func (s *Streams) OnEvict(fn func(ctx context.Context, id int64)) { s.onEvict = append(s.onEvict, fn) }

// Following returns the followers that have sockets of this server in a stream's
// room; 0 is all sockets without a login.
func (s *Streams) Following(ctx context.Context, id int64) ([]int64, error) {
	sockets, err := s.rooms.Of(ctx, s.room(id))
	if err != nil {
		return nil, fmt.Errorf("followers of %s: %w", s.room(id), err)
	}
	var followers []int64
	for _, rooms := range sockets {
		for _, room := range rooms {
			if digits, ok := strings.CutPrefix(room, s.followerPrefix(id)); ok {
				if n, err := strconv.ParseInt(digits, 10, 64); err == nil && !slices.Contains(followers, n) {
					followers = append(followers, n)
				}
			}
		}
	}
	return followers, nil
}

// End empties a stream's room, on every server, because its entity is deleted.
func (s *Streams) End(ctx context.Context, id int64) {
	s.end(ctx, id)
	s.hints.Publish(s.opts.Kind, id, Event{})
}

// end sends StreamOptions.Last, which is in no log, and empties the room.
func (s *Streams) end(ctx context.Context, id int64) {
	st := s.hold(id)
	defer s.release(id, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	followers, err := s.Following(ctx, id)
	rooms := []string{s.room(id)}
	for _, f := range followers {
		rooms = append(rooms, s.followerRoom(id, f))
	}
	if s.opts.Last != "" {
		last := Event{Rev: st.delivered + 1, Name: s.opts.Last}
		err = errors.Join(err, s.rooms.Send(s.room(id), last.Name, last.args(s.opts.Key)...))
	}
	if s.opts.Ended != nil {
		s.opts.Ended(ctx, id)
	}
	st.started = false
	s.hints.Hold(s.opts.Kind, id, false)
	if err = errors.Join(err, s.rooms.Expel(s.room(id), rooms...)); err != nil {
		s.logger.ErrorContext(ctx, "room of an ended stream could not be emptied", s.opts.Kind, id, "error", err)
	}
}

// ownRooms are the rooms of all namespaces on this server.
type ownRooms struct{ s *Server }

func (r ownRooms) Len(room string) int {
	n := 0
	for _, ns := range r.s.namespaces {
		n += ns.Len(room)
	}
	return n
}

func (r ownRooms) Send(room, event string, args ...any) error {
	return r.s.Root().To(room).Local().Emit(event, args...)
}

func (r ownRooms) Expel(from string, out ...string) error {
	var all []error
	for _, ns := range r.s.namespaces {
		all = append(all, ns.In(from).Local().Leave(out...))
	}
	return errors.Join(all...)
}

func (r ownRooms) Of(context.Context, string) ([][]string, error) { return nil, nil }
