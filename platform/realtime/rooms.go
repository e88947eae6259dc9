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

// Rooms sends to rooms; a Namespace of the Socket.IO server is one.
type Rooms interface {
	// Len is how many sockets of this server are in a room.
	Len(room string) int
	// Send sends an event to a room.
	Send(room, event string, args ...any) error
	// Expel takes the sockets that are in one room out of others.
	Expel(from string, out ...string) error
	// Of names, for each socket in a room, on any server, all its rooms.
	Of(ctx context.Context, room string) ([][]string, error)
}

// Member is a socket that can enter and leave rooms.
type Member interface {
	Join(rooms ...string)
	Leave(rooms ...string)
	Rooms() []string
}

// maxFollowed is how many projects one socket may follow; a page follows one.
const maxFollowed = 50

// namespaceRooms are the rooms of a namespace.
type namespaceRooms struct{ ns *socketio.Namespace }

func (r namespaceRooms) Len(room string) int { return r.ns.Len(room) }

func (r namespaceRooms) Send(room, event string, args ...any) error {
	return r.ns.To(room).Emit(event, args...)
}

func (r namespaceRooms) Expel(from string, out ...string) error { return r.ns.In(from).Leave(out...) }

func (r namespaceRooms) Of(ctx context.Context, room string) ([][]string, error) {
	sockets, err := r.ns.In(room).Sockets(ctx)
	rooms := make([][]string, len(sockets))
	for i, s := range sockets {
		rooms[i] = s.Rooms
	}
	return rooms, err
}

// ProjectRoom is the room of everybody who follows a project, in the project
// namespace.
func ProjectRoom(projectID int64) string { return "project:" + strconv.FormatInt(projectID, 10) }

// seatRoom is the part of a project's room that one person's sockets are in;
// all who are not signed in share that of id 0.
func seatRoom(projectID, userID int64) string {
	return ProjectRoom(projectID) + ":user:" + strconv.FormatInt(userID, 10)
}

// Join takes a person's socket into a project's room; userID is 0 for somebody
// who is not signed in. Every event above the returned number will reach it;
// what lies between that and what the client knows is the client's to ask for.
// A socket that follows fifty projects already gets TooLarge.
func (s *Streams) Join(ctx context.Context, socket Member, projectID, userID int64) (rev int64, err error) {
	if !mayFollow(socket, projectID) {
		return 0, errs.Of(errs.TooLarge)
	}
	st := s.hold(projectID)
	defer s.release(projectID, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.known || s.rooms.Len(ProjectRoom(projectID)) == 0 {
		if st.delivered, err = s.log.Rev(ctx, projectID); err != nil {
			return 0, err
		}
		st.known, st.behind = true, false
	}
	socket.Join(ProjectRoom(projectID), seatRoom(projectID, userID))
	return st.delivered, nil
}

func mayFollow(socket Member, projectID int64) bool {
	followed := 0
	for _, room := range socket.Rooms() {
		if room == ProjectRoom(projectID) {
			return true // it asks again, as after a reconnect
		}
		if id, ok := strings.CutPrefix(room, "project:"); ok && !strings.Contains(id, ":") {
			followed++
		}
	}
	return followed < maxFollowed
}

// Leave takes a person's socket out of a project's room.
func (s *Streams) Leave(socket Member, projectID, userID int64) {
	socket.Leave(ProjectRoom(projectID), seatRoom(projectID, userID))
}

// Evict takes all of a person's sockets out of a project's room, after telling
// them so: they may not follow it any more.
func (s *Streams) Evict(ctx context.Context, projectID, userID int64) {
	seat := seatRoom(projectID, userID)
	err := errors.Join(s.rooms.Send(seat, "project_closed"), s.rooms.Expel(seat, ProjectRoom(projectID), seat))
	if err != nil {
		s.logger.ErrorContext(ctx, "person could not be taken out of a room", "user", userID, "project", projectID, "error", err)
	}
	s.evicted(ctx, projectID)
}

// Following are the people who have sockets in a project's room; 0 stands for
// all who are not signed in.
func (s *Streams) Following(ctx context.Context, projectID int64) ([]int64, error) {
	sockets, err := s.rooms.Of(ctx, ProjectRoom(projectID))
	if err != nil {
		return nil, fmt.Errorf("who follows project %d: %w", projectID, err)
	}
	var people []int64
	for _, rooms := range sockets {
		for _, room := range rooms {
			if id, ok := strings.CutPrefix(room, ProjectRoom(projectID)+":user:"); ok {
				if n, err := strconv.ParseInt(id, 10, 64); err == nil && !slices.Contains(people, n) {
					people = append(people, n)
				}
			}
		}
	}
	return people, nil
}

// End sends a project's last event, which is in no log since the project is
// gone, and empties its room.
func (s *Streams) End(ctx context.Context, projectID int64, last Event) {
	st := s.hold(projectID)
	defer s.release(projectID, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	people, err := s.Following(ctx, projectID)
	rooms := []string{ProjectRoom(projectID)}
	for _, id := range people {
		rooms = append(rooms, seatRoom(projectID, id))
	}
	st.known = false
	err = errors.Join(err, s.rooms.Send(ProjectRoom(projectID), last.Name, last.args()...), s.rooms.Expel(ProjectRoom(projectID), rooms...))
	if err != nil {
		s.logger.ErrorContext(ctx, "room of a deleted project could not be closed", "project", projectID, "error", err)
	}
}
