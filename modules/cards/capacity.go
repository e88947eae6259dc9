package cards

import (
	"context"
	"sync"
)

// maxRemembered is how many boards a capacity keeps a number for.
const maxRemembered = 10_000

// capacity caches how many more cards each board may get before its cards are
// counted again, so that a new card does not count all others. The zero capacity
// is ready; it is safe for concurrent use.
type capacity struct {
	mu   sync.Mutex
	left map[int64]int // by project
}

// take reserves n cards of a board. It returns false if the cache does not know
// that they fit.
func (r *capacity) take(projectID int64, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left[projectID] < n {
		return false
	}
	r.left[projectID] -= n
	return true
}

// set stores half of what is left, because another server may use the rest.
func (r *capacity) set(projectID int64, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil || len(r.left) >= maxRemembered {
		r.left = map[int64]int{}
	}
	r.left[projectID] = left / 2
}

// fits reports whether a board may get n more cards, in the transaction that
// holds the project.
func (s *Service) fits(ctx context.Context, projectID int64, n int) (bool, error) {
	if s.capacity.take(projectID, n) {
		return true, nil
	}
	listIDs, err := s.lists.Projects(ctx, []int64{projectID})
	if err != nil {
		return false, err
	}
	count, err := s.repo.countIn(ctx, keysOf(listIDs))
	if err != nil || count+n > maxCards {
		return false, err
	}
	s.capacity.set(projectID, maxCards-count-n)
	return true, nil
}
