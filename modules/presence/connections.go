package presence

import (
	"sync"
)

// socketID names a socket of this server.
type socketID string

// connection is one socket on one board.
type connection struct {
	userID int64
	state  State
}

// connections are the sockets of this server on boards. They are safe for
// concurrent use.
type connections struct {
	mu      sync.Mutex
	boards  map[int64]map[socketID]connection
	changed map[int64]bool
}

func newConnections() *connections {
	return &connections{boards: map[int64]map[socketID]connection{}, changed: map[int64]bool{}}
}

// add adds a socket to a board, or keeps the connection it has.
func (s *connections) add(projectID int64, id socketID, userID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boards[projectID] == nil {
		s.boards[projectID] = map[socketID]connection{}
	}
	if old, ok := s.boards[projectID][id]; !ok || old.userID != userID {
		s.boards[projectID][id] = connection{userID: userID, state: Here}
		s.changed[projectID] = true
	}
}

// set sets how present a socket is. It returns false for a socket that is not on
// the board.
func (s *connections) set(projectID int64, id socketID, state State) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.boards[projectID][id]
	if ok && old.state != state {
		s.boards[projectID][id] = connection{userID: old.userID, state: state}
		s.changed[projectID] = true
	}
	return ok
}

// remove removes a socket from all boards.
func (s *connections) remove(id socketID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for projectID, board := range s.boards {
		if _, ok := board[id]; ok {
			s.removeFrom(projectID, id)
		}
	}
}

// retain removes the sockets from a board that are not in its room.
func (s *connections) retain(projectID int64, inRoom map[socketID]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.boards[projectID] {
		if !inRoom[id] {
			s.removeFrom(projectID, id)
		}
	}
}

func (s *connections) removeFrom(projectID int64, id socketID) {
	delete(s.boards[projectID], id)
	if len(s.boards[projectID]) == 0 {
		delete(s.boards, projectID)
	}
	s.changed[projectID] = true
}

// refresh marks a board as changed, if a socket of this server is on it.
func (s *connections) refresh(projectID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.boards[projectID]; ok {
		s.changed[projectID] = true
	}
}

// has reports whether a socket of this server is on a board.
func (s *connections) has(projectID int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.boards[projectID]) > 0
}

// boardIDs returns the boards that have a socket of this server.
func (s *connections) boardIDs() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.boards))
	for id := range s.boards {
		ids = append(ids, id)
	}
	return ids
}

// takeChanged returns the boards that have changed since the last call.
func (s *connections) takeChanged() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.changed))
	for id := range s.changed {
		ids = append(ids, id)
	}
	clear(s.changed)
	return ids
}

// markChanged marks boards as changed whose rows could not be written.
func (s *connections) markChanged(ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.changed[id] = true
	}
}

// rows returns the rows of this server for some boards.
func (s *connections) rows(ids []int64) []row {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []row
	for _, id := range ids {
		people := map[int64]*row{}
		for _, c := range s.boards[id] {
			if people[c.userID] == nil {
				people[c.userID] = &row{ProjectID: id, UserID: c.userID}
			}
			r := people[c.userID]
			r.State, r.Amount = morePresent(r.State, c.state), r.Amount+1
		}
		for _, r := range people {
			all = append(all, *r)
		}
	}
	return all
}
