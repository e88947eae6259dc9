package projects

import (
	"context"

	"taskstack.org/modules/accounts"
)

// Search finds among the projects somebody owns, and those they work in, the
// ones whose names contain a text, ignoring case: at most limit of each, by
// owner and name.
func (s *Service) Search(ctx context.Context, by accounts.Actor, text string, limit int) (owned, collab []Project, err error) {
	if owned, err = s.repo.ownedNamed(ctx, by.UserID, text, limit); err != nil {
		return nil, nil, err
	}
	collab, err = s.repo.joinedNamed(ctx, by.UserID, text, limit)
	return owned, collab, err
}
