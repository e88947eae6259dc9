package presence

import (
	"sync"
)

// socketID names a socket of this server.
type socketID string

// seat is what one socket is on one board.
type seat struct {
	userID int64
	state  State
}

// seats are the sockets of this server on boards. Safe for concurrent use.
type seats struct {
	mu      sync.Mutex
	boards  map[int64]map[socketID]seat
	changed map[int64]bool
}

func newSeats() *seats {
	return &seats{boards: map[int64]map[socketID]seat{}, changed: map[int64]bool{}}
}

// sit gives a socket a seat, or keeps the one it has.
func (s *seats) sit(projectID int64, id socketID, userID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boards[projectID] == nil {
		s.boards[projectID] = map[socketID]seat{}
	}
	if old, ok := s.boards[projectID][id]; !ok || old.userID != userID {
		s.boards[projectID][id] = seat{userID: userID, state: Here}
		s.changed[projectID] = true
	}
}

// set says how present a socket is; false if it has no seat there.
func (s *seats) set(projectID int64, id socketID, state State) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.boards[projectID][id]
	if ok && old.state != state {
		s.boards[projectID][id] = seat{userID: old.userID, state: state}
		s.changed[projectID] = true
	}
	return ok
}

// leave takes a socket off all boards.
func (s *seats) leave(id socketID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for projectID, board := range s.boards {
		if _, ok := board[id]; ok {
			s.remove(projectID, id)
		}
	}
}

// keepOnly takes everybody off a board who is not in its room any more.
func (s *seats) keepOnly(projectID int64, inRoom map[socketID]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.boards[projectID] {
		if !inRoom[id] {
			s.remove(projectID, id)
		}
	}
}

func (s *seats) remove(projectID int64, id socketID) {
	delete(s.boards[projectID], id)
	if len(s.boards[projectID]) == 0 {
		delete(s.boards, projectID)
	}
	s.changed[projectID] = true
}

// touch has a board looked at again.
func (s *seats) touch(projectID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.boards[projectID]; ok {
		s.changed[projectID] = true
	}
}

// has tells whether anybody of this server is on a board.
func (s *seats) has(projectID int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.boards[projectID]) > 0
}

// taken are the boards that somebody of this server is on.
func (s *seats) taken() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.boards))
	for id := range s.boards {
		ids = append(ids, id)
	}
	return ids
}

// takeChanged are the boards that changed since the last time.
func (s *seats) takeChanged() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.changed))
	for id := range s.changed {
		ids = append(ids, id)
	}
	clear(s.changed)
	return ids
}

// putBack has boards written again whose rows could not be.
func (s *seats) putBack(ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.changed[id] = true
	}
}

// rows are what this server knows of some boards.
func (s *seats) rows(ids []int64) []row {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []row
	for _, id := range ids {
		people := map[int64]*row{}
		for _, seat := range s.boards[id] {
			if people[seat.userID] == nil {
				people[seat.userID] = &row{ProjectID: id, UserID: seat.userID}
			}
			r := people[seat.userID]
			r.State, r.Amount = better(r.State, seat.state), r.Amount+1
		}
		for _, r := range people {
			all = append(all, *r)
		}
	}
	return all
}
