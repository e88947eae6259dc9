package accounts

import (
	"context"

	"taskstack.org/platform/errs"
)

// Profile returns the profile of the verified person with this name, ignoring
// case. NotFound if there is none.
func (s *Service) Profile(ctx context.Context, name string) (Profile, error) {
	if !validName(name) {
		return Profile{}, errs.Of(errs.NotFound)
	}
	u, err := s.verified(ctx, name)
	if err != nil {
		return Profile{}, err
	}
	return u.profile(), nil
}

// Account returns the actor's own account. Unauthenticated for a visitor.
func (s *Service) Account(ctx context.Context, by Actor) (Account, error) {
	u, err := s.own(ctx, by)
	if err != nil {
		return Account{}, err
	}
	a := Account{Profile: u.profile(), StayLoggedIn: u.StayLoggedIn, BlockRequests: u.BlockAllFriendshipRequests}
	a.NewEmail, a.VerificationToken = u.PendingEmail()
	return a, nil
}

// own returns the actor's row.
func (s *Service) own(ctx context.Context, by Actor) (User, error) {
	if !by.SignedIn() {
		return User{}, errs.Of(errs.Unauthenticated)
	}
	return s.credentials.ByID(ctx, by.UserID)
}

// EditProfile changes the actor's display name, text and picture and returns the
// profile. Errors: Unauthenticated; Invalid with the fields newDisplayName,
// newProfileDesc and newProfilePic; RateLimited.
func (s *Service) EditProfile(ctx context.Context, by Actor, e ProfileEdit) (Profile, error) {
	if !by.SignedIn() {
		return Profile{}, errs.Of(errs.Unauthenticated)
	}
	e = e.cleaned()
	if err := e.validate(); err != nil {
		return Profile{}, err
	}
	key, err := s.pictures.store(ctx, by, e.Picture)
	if err != nil {
		return Profile{}, err
	}
	var u User
	err = s.db.InTx(ctx, func(ctx context.Context) (err error) {
		if u, err = s.credentials.Lock(ctx, by.UserID); err != nil {
			return err
		}
		return s.edit(ctx, &u, e, key)
	})
	if err != nil && key != "" {
		s.pictures.objects.Discard(ctx, keysOf(key)...)
	}
	return u.profile(), err
}

// edit changes a row that this transaction has locked.
func (s *Service) edit(ctx context.Context, u *User, e ProfileEdit, key string) error {
	before := *u
	if e.DisplayName != nil {
		u.DisplayName = *e.DisplayName
	}
	if e.Desc != nil {
		u.ProfileDesc = *e.Desc
	}
	switch {
	case key != "":
		if err := s.pictures.objects.Use(ctx, keysOf(key)...); err != nil {
			return err
		}
		u.AvatarURL, u.SmallAvatarURL = picturePath+key+largeSuffix, picturePath+key+smallSuffix
	case e.Drawn && !isDrawn(u.AvatarURL):
		u.AvatarURL, u.SmallAvatarURL = drawnPictures(u.Name)
	}
	if err := s.repo.updateProfile(ctx, *u); err != nil || u.Person() == before.Person() {
		return err
	}
	if u.AvatarURL != before.AvatarURL {
		if err := s.pictures.delete(ctx, before.AvatarURL); err != nil {
			return err
		}
	}
	return s.bus.Publish(ctx, PersonChanged{UserID: u.ID, Person: u.Person()})
}
