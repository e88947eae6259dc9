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
	MembersOf(ctx context.Context, projectID int64) ([]projects.Member, error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
}

// Rooms is what presence needs of the rooms of boards on this server.
type Rooms interface {
	// In are the ids of the sockets in a project's room.
	In(ctx context.Context, projectID int64) ([]string, error)
	// Tell sends an event to a project's room, on this server only: every
	// server tells its own.
	Tell(projectID int64, event string, args ...any) error
}

// Service knows who is on which board. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	boards Boards
	rooms  Rooms
	seats  *seats
	// server names this process, anew at every start.
	server string
	log    *slog.Logger

	mu    sync.Mutex
	known map[int64]known
}

// known is what a room was told last.
type known struct {
	rows    []row
	present Present
}

// On is who is on a board, as its room was told last.
func (s *Service) On(projectID int64) Present {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.known[projectID]
	if !ok {
		return Present{People: []Person{}}
	}
	return k.present
}

// Flush writes what has changed on this server's boards and tells their rooms.
func (s *Service) Flush(ctx context.Context) error {
	ids := s.seats.takeChanged()
	if len(ids) == 0 {
		return nil
	}
	err := s.write(ctx, ids)
	if err != nil {
		s.seats.putBack(ids)
		return err
	}
	return s.tell(ctx, ids)
}

func (s *Service) write(ctx context.Context, ids []int64) error {
	slices.Sort(ids)
	return s.db.InTx(ctx, func(ctx context.Context) error {
		rows := s.seats.rows(ids)
		for i := range rows {
			rows[i].ServerID, rows[i].SeenAt = s.server, s.db.Now(ctx)
		}
		return s.repo.replace(ctx, s.server, ids, rows)
	})
}

// Look takes those off the boards who are in their rooms no longer, and tells
// rooms what other servers have written.
func (s *Service) Look(ctx context.Context) error {
	ids := s.seats.taken()
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		if err := s.keepThoseInRoom(ctx, id); err != nil {
			return err
		}
	}
	return s.tell(ctx, ids)
}

// keepThoseInRoom takes those off a board who are in its room no longer.
func (s *Service) keepThoseInRoom(ctx context.Context, projectID int64) error {
	sockets, err := s.rooms.In(ctx, projectID)
	if err != nil {
		return fmt.Errorf("who is in the room of project %d: %w", projectID, err)
	}
	inRoom := make(map[socketID]bool, len(sockets))
	for _, socket := range sockets {
		inRoom[socketID(socket)] = true
	}
	s.seats.keepOnly(projectID, inRoom)
	return nil
}

// Beat renews this server's rows.
func (s *Service) Beat(ctx context.Context) error {
	if len(s.seats.taken()) == 0 {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		return s.repo.beat(ctx, s.server, now, now.Add(-2*TTL))
	})
}

// tell lets the rooms of some boards know who is there, if that has changed.
func (s *Service) tell(ctx context.Context, ids []int64) error {
	rows, err := s.repo.of(ctx, ids, s.db.Now(ctx).Add(-TTL))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.tellOne(ctx, id, rows[id]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellOne(ctx context.Context, id int64, rows []row) error {
	s.mu.Lock()
	last, ok := s.known[id]
	nobody := len(rows) == 0 || !s.seats.has(id)
	if nobody {
		delete(s.known, id)
	}
	s.mu.Unlock()
	if nobody || ok && slices.EqualFunc(rows, last.rows, sameRow) {
		return nil
	}
	members, err := s.boards.MembersOf(ctx, id)
	if err != nil {
		return err
	}
	present := presentOf(rows, members)
	s.mu.Lock()
	s.known[id] = known{rows: rows, present: present}
	s.mu.Unlock()
	if ok && last.present.Visitors == present.Visitors && slices.Equal(last.present.People, present.People) {
		return nil
	}
	return s.rooms.Tell(id, "presence_changed", present)
}

// membersChanged has a board's people named anew: who was counted may be a
// member now, or the other way round.
func (s *Service) membersChanged(projectID int64) {
	s.mu.Lock()
	delete(s.known, projectID)
	s.mu.Unlock()
	s.seats.touch(projectID)
}

// personChanged has the boards' people named anew where somebody is shown.
func (s *Service) personChanged(userID int64) {
	s.mu.Lock()
	var shown []int64
	for id, k := range s.known {
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

// run does all that in its rhythm until ctx ends, and then takes this server's
// people off their boards.
func (s *Service) run(ctx context.Context) error {
	flush, look, beat := time.NewTicker(flushEvery), time.NewTicker(lookEvery), time.NewTicker(beatEvery)
	defer flush.Stop()
	defer look.Stop()
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return s.end(context.WithoutCancel(ctx))
		case <-flush.C:
			err = s.Flush(ctx)
		case <-look.C:
			err = s.Look(ctx)
		case <-beat.C:
			err = s.Beat(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "who is on the boards could not be kept up to date", "error", err)
		}
	}
}

func (s *Service) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.forget(ctx, s.server) })
	if err != nil {
		// The rows end by themselves.
		s.log.WarnContext(ctx, "people could not be taken off their boards", "error", err)
	}
	return nil
}
