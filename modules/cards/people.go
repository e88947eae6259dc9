package cards

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// listeners unassign people from cards.
type listeners struct{ *Service }

// onMemberRemoved unassigns a former member from all cards of the project, those in
// the trash and the archive too. Clients do the same when they get the event of the
// removal.
func (s listeners) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	all, err := s.lists.All(ctx, e.ProjectID)
	if err != nil {
		return err
	}
	return s.repo.unassignIn(ctx, keysOf(all), e.UserID)
}

// onAccountDeleting unassigns a person from all cards. By then they are a member
// of no project.
func (s listeners) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	return s.repo.unassignEverywhere(ctx, e.UserID)
}
