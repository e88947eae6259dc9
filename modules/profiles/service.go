package profiles

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Friends is what profiles needs of friends.
type Friends interface {
	AreFriends(ctx context.Context, a, b int64) (bool, error)
	Of(ctx context.Context, userID int64) ([]accounts.Person, error)
	Remove(ctx context.Context, by accounts.Actor, friendID int64) error
}

// Projects is what profiles needs of projects.
type Projects interface {
	OwnedBy(ctx context.Context, by accounts.Actor, owner accounts.Person) ([]projects.Project, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	Transfer(ctx context.Context, r projects.Request, nameOrEmail string) error
}

// Service decides what a viewer sees of a profile, and changes names and deletes
// accounts. It is safe for concurrent use.
type Service struct {
	accounts *accounts.Service
	auth     *auth.Module
	friends  Friends
	projects Projects
}

// Profile returns the profile of the person with this name, ignoring case.
// NotFound if there is none, or it is hidden from the actor.
func (s *Service) Profile(ctx context.Context, by accounts.Actor, name string) (Profile, error) {
	p, err := s.accounts.Profile(ctx, name)
	if err != nil {
		return Profile{}, err
	}
	own, isFriend := by.UserID == p.ID, false
	if by.SignedIn() && !own {
		if isFriend, err = s.friends.AreFriends(ctx, p.ID, by.UserID); err != nil {
			return Profile{}, err
		}
	}
	seen, ok := seenBy(p, own, isFriend)
	if !ok {
		return Profile{}, errs.Of(errs.NotFound)
	}
	return seen, nil
}

// Own is Profile for the actor's own: NotFound for another person's.
func (s *Service) Own(ctx context.Context, by accounts.Actor, name string) (Profile, error) {
	p, err := s.Profile(ctx, by, name)
	if err == nil && !p.Own {
		err = errs.Of(errs.NotFound)
	}
	return p, err
}

// Friends returns the friends of a profile's person that the actor may see.
func (s *Service) Friends(ctx context.Context, by accounts.Actor, p Profile) ([]accounts.Person, error) {
	people, err := s.friends.Of(ctx, p.ID)
	if err != nil || p.Own || len(people) == 0 {
		return people, err
	}
	ids := make([]int64, len(people))
	for i, person := range people {
		ids[i] = person.ID
	}
	private, err := s.accounts.PrivateAmong(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := map[int64]bool{}
	if by.SignedIn() && len(private) > 0 {
		own, err := s.friends.Of(ctx, by.UserID)
		if err != nil {
			return nil, err
		}
		for _, person := range own {
			known[person.ID] = true
		}
	}
	return withoutHidden(people, private, by.UserID, known), nil
}
