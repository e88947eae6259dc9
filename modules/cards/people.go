package cards

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// onMemberRemoved takes the cards of a project off somebody who leaves it, those
// in the bin and the archive too. Boards do the same by themselves when they
// hear who left.
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	all, err := s.lists.All(ctx, e.ProjectID)
	if err != nil {
		return err
	}
	return s.repo.unassignIn(ctx, keysOf(all), e.UserID)
}

// onAccountDeleting takes all cards off somebody who is no member anywhere by
// now, wherever a card may still name them, and forgets what they removed.
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	if err := s.repo.unassignEverywhere(ctx, e.UserID); err != nil {
		return err
	}
	return s.repo.forget(ctx, e.UserID)
}
