package cards

import (
	"context"
	"sync"
)

// maxRooms is how many boards a room remembers.
const maxRooms = 10_000

// room remembers how many more cards boards may get before they have to be
// counted again, so that not every new card counts all others. The zero room is
// ready; it is safe for concurrent use.
type room struct {
	mu   sync.Mutex
	left map[int64]int // by project
}

// take uses up room for n cards, if it is known that there is so much.
func (r *room) take(projectID int64, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left[projectID] < n {
		return false
	}
	r.left[projectID] -= n
	return true
}

// set remembers half of what is left: another server may give away the rest.
func (r *room) set(projectID int64, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil || len(r.left) >= maxRooms {
		r.left = map[int64]int{}
	}
	r.left[projectID] = left / 2
}

// fits reports whether a board may get n more cards, in the transaction that
// holds the project.
func (s *Service) fits(ctx context.Context, projectID int64, n int) (bool, error) {
	if s.room.take(projectID, n) {
		return true, nil
	}
	listIDs, err := s.lists.Projects(ctx, []int64{projectID})
	if err != nil {
		return false, err
	}
	count, err := s.repo.countIn(ctx, keysOf(listIDs))
	if err != nil || count+n > MaxCards {
		return false, err
	}
	s.room.set(projectID, MaxCards-count-n)
	return true, nil
}
