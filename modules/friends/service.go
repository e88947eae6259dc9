package friends

import "context"

// Service holds the rules of friendship. It is safe for concurrent use.
type Service struct{ repo repository }

// AreFriends tells whether two people are friends of each other. Nobody is a
// friend of somebody who is not signed in (id 0).
func (s *Service) AreFriends(ctx context.Context, a, b int64) (bool, error) {
	if a == 0 || b == 0 {
		return false, nil
	}
	return s.repo.exists(ctx, a, b)
}
