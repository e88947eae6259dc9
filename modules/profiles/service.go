package profiles

import (
	"context"

	"taskstack.org/modules/accounts"
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
	Transfer(ctx context.Context, by accounts.Actor, projectID int64, nameOrEmail string) error
}

// Service decides who sees what of whom. It is safe for concurrent use.
type Service struct {
	accounts *accounts.Service
	friends  Friends
	projects Projects
}

// Profile is the profile of the person with this name, ignoring case. NotFound
// if there is none, or none that the actor may see.
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

// Own is Profile for one's own: NotFound for everybody else's.
func (s *Service) Own(ctx context.Context, by accounts.Actor, name string) (Profile, error) {
	p, err := s.Profile(ctx, by, name)
	if err == nil && !p.Own {
		err = errs.Of(errs.NotFound)
	}
	return p, err
}

// Friends are the friends of a profile's person that the actor may know of.
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

// Inherited are the actor's projects that others work in: what they could hand
// over before they leave.
func (s *Service) Inherited(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error) {
	owned, err := s.projects.Owned(ctx, by)
	return inherited(owned), err
}

// DeleteAccount deletes the actor's account, in one transaction: projects with
// an heir are handed over before, all others go with it. With complete set,
// every project that others work in must have been decided on, so that nobody's
// work goes by mistake. Errors: those of accounts.Delete; Invalid with the field
// heirs if one is undecided or an heir is no collaborator any more.
func (s *Service) DeleteAccount(ctx context.Context, by accounts.Actor, d accounts.Deletion, heirs []Heir, complete bool) error {
	if err := s.onlyOwn(ctx, by, heirs); err != nil {
		return err
	}
	d.First = func(ctx context.Context) error {
		if complete {
			if err := s.allDecided(ctx, by, heirs); err != nil {
				return err
			}
		}
		return s.handOver(ctx, by, heirs)
	}
	return s.accounts.Delete(ctx, by, d)
}

// onlyOwn refuses a choice about a project that is none of the actor's own. So
// the transaction goes through as many choices as there are projects, however
// many were sent.
func (s *Service) onlyOwn(ctx context.Context, by accounts.Actor, heirs []Heir) error {
	if len(heirs) == 0 {
		return nil
	}
	owned, err := s.projects.Owned(ctx, by)
	if err != nil {
		return err
	}
	own := make(map[int64]bool, len(owned))
	for _, p := range owned {
		own[p.ID] = true
	}
	for _, h := range heirs {
		if !own[h.ProjectID] {
			return noHeir(h, nil)
		}
	}
	return nil
}

// noHeir says of a choice that it cannot be carried out.
func noHeir(h Heir, cause error) error {
	return &errs.Error{
		Kind: errs.Invalid, Cause: cause,
		Fields: map[string]errs.Message{"heirs": errs.Text("profiles.delete.noHeir", "Name", h.Name)},
	}
}

func (s *Service) allDecided(ctx context.Context, by accounts.Actor, heirs []Heir) error {
	decided := map[int64]bool{}
	for _, h := range heirs {
		decided[h.ProjectID] = true
	}
	open, err := s.Inherited(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range open {
		if !decided[p.ID] {
			return errs.Field("heirs", "profiles.delete.undecided", "Project", p.Name)
		}
	}
	return nil
}

func (s *Service) handOver(ctx context.Context, by accounts.Actor, heirs []Heir) error {
	for _, h := range heirs {
		if h.Name == "" {
			continue
		}
		err := s.projects.Transfer(ctx, by, h.ProjectID, h.Name)
		switch errs.KindOf(err) { //nolint:exhaustive // the others are no fault of the choice
		case errs.Invalid, errs.Conflict, errs.NotFound, errs.Forbidden:
			return noHeir(h, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
