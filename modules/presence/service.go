package presence

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
)

// Boards is what presence needs of projects.
type Boards interface {
	projects.Registrar
	OnJoined(joined func(r projects.Request))
	OnEvicted(evicted func(ctx context.Context, projectID int64))
	MembersOf(ctx context.Context, projectID int64) ([]projects.Member, error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
}

// Rooms is what presence needs of the rooms of boards on this server.
type Rooms interface {
	// In are the ids of the sockets in a project's room.
	In(ctx context.Context, projectID int64) ([]string, error)
	// Emit sends an event to a project's room, on this server only: every
	// server sends to its own.
	Emit(projectID int64, event string, args ...any) error
}

// Service knows the people on boards. It is safe for concurrent use.
type Service struct {
	db          *db.DB
	repo        repository
	boards      Boards
	rooms       Rooms
	connections *connections
	// server names this process, anew at every start.
	server string
	log    *slog.Logger

	mu   sync.Mutex
	sent map[int64]sent
}

// sent is what a room got last.
type sent struct {
	rows    []row
	present Present
}

// On returns the people on a board, as its room got them last.
func (s *Service) On(projectID int64) Present {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.sent[projectID]
	if !ok {
		return Present{People: []Person{}}
	}
	return k.present
}

// Flush writes what has changed on this server's boards and notifies their rooms.
func (s *Service) Flush(ctx context.Context) error {
	ids := s.connections.takeChanged()
	if len(ids) == 0 {
		return nil
	}
	err := s.write(ctx, ids)
	if err != nil {
		s.connections.markChanged(ids)
		return err
	}
	return s.notify(ctx, ids)
}

func (s *Service) write(ctx context.Context, ids []int64) error {
	slices.Sort(ids)
	return s.db.InTx(ctx, func(ctx context.Context) error {
		rows := s.connections.rows(ids)
		for i := range rows {
			rows[i].ServerID, rows[i].SeenAt = s.server, s.db.Now(ctx)
		}
		return s.repo.replace(ctx, s.server, ids, rows)
	})
}

// poll removes sockets that are not in the rooms of their boards, and notifies
// rooms of what other servers have written.
func (s *Service) poll(ctx context.Context) error {
	ids := s.connections.boardIDs()
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		if err := s.retainThoseInRoom(ctx, id); err != nil {
			return err
		}
	}
	return s.notify(ctx, ids)
}

// retainThoseInRoom removes the sockets from a board that are not in its room.
func (s *Service) retainThoseInRoom(ctx context.Context, projectID int64) error {
	sockets, err := s.rooms.In(ctx, projectID)
	if err != nil {
		return fmt.Errorf("sockets in the room of project %d: %w", projectID, err)
	}
	inRoom := make(map[socketID]bool, len(sockets))
	for _, socket := range sockets {
		inRoom[socketID(socket)] = true
	}
	s.connections.retain(projectID, inRoom)
	return nil
}

// heartbeat renews this server's rows.
func (s *Service) heartbeat(ctx context.Context) error {
	if len(s.connections.boardIDs()) == 0 {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		return s.repo.heartbeat(ctx, s.server, now, now.Add(-2*TTL))
	})
}

// notify sends the people on some boards to their rooms, if they have changed.
func (s *Service) notify(ctx context.Context, ids []int64) error {
	rows, err := s.repo.of(ctx, ids, s.db.Now(ctx).Add(-TTL))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.notifyOne(ctx, id, rows[id]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) notifyOne(ctx context.Context, id int64, rows []row) error {
	s.mu.Lock()
	last, ok := s.sent[id]
	empty := len(rows) == 0 || !s.connections.has(id)
	if empty {
		delete(s.sent, id)
	}
	s.mu.Unlock()
	if empty || ok && slices.EqualFunc(rows, last.rows, sameRow) {
		return nil
	}
	members, err := s.boards.MembersOf(ctx, id)
	if err != nil {
		return err
	}
	present := presentOf(rows, members)
	s.mu.Lock()
	s.sent[id] = sent{rows: rows, present: present}
	s.mu.Unlock()
	if ok && last.present.Visitors == present.Visitors && slices.Equal(last.present.People, present.People) {
		return nil
	}
	return s.rooms.Emit(id, "presence_changed", present)
}

// membersChanged names a board's people anew: a visitor may have become a member,
// or a member a visitor.
func (s *Service) membersChanged(projectID int64) {
	s.mu.Lock()
	delete(s.sent, projectID)
	s.mu.Unlock()
	s.connections.refresh(projectID)
}

// personChanged names the people anew on the boards that show a person.
func (s *Service) personChanged(userID int64) {
	s.mu.Lock()
	var shown []int64
	for id, k := range s.sent {
		if slices.ContainsFunc(k.present.People, func(p Person) bool { return p.ID == userID }) {
			shown = append(shown, id)
		}
	}
	s.mu.Unlock()
	for _, id := range shown {
		s.membersChanged(id)
	}
}

func sameRow(a, b row) bool {
	return a.ServerID == b.ServerID && a.UserID == b.UserID && a.State == b.State && a.Amount == b.Amount
}

// run flushes, polls and sends heartbeats until ctx ends, and then removes this
// server's people from their boards.
func (s *Service) run(ctx context.Context) error {
	flush, poll, heartbeat := time.NewTicker(flushEvery), time.NewTicker(pollEvery), time.NewTicker(heartbeatEvery)
	defer flush.Stop()
	defer poll.Stop()
	defer heartbeat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return s.end(context.WithoutCancel(ctx))
		case <-flush.C:
			err = s.Flush(ctx)
		case <-poll.C:
			err = s.poll(ctx)
		case <-heartbeat.C:
			err = s.heartbeat(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "presence on boards could not be kept up to date", "error", err)
		}
	}
}

func (s *Service) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.forget(ctx, s.server) })
	if err != nil {
		// The rows end by themselves.
		s.log.WarnContext(ctx, "people could not be removed from their boards", "error", err)
	}
	return nil
}
