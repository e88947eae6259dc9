package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/text"
)

// Widths of a picture, in pixels (contract, http.md section 10).
const (
	largePicture = 280
	smallPicture = 50
)

// picturePath is where uploaded pictures are shown; what follows is the key of
// the object.
const picturePath = "/avatars/"

const (
	largeSuffix = ".png"
	smallSuffix = "-s.png"
)

// pictureKey is the form of the keys of uploaded pictures, by which they differ
// from other modules' objects.
var pictureKey = regexp.MustCompile(`\A[0-9a-f]{32}(-s)?\.png\z`)

// Profile is the profile of the verified person with this name, ignoring case.
// NotFound if there is none.
func (s *Service) Profile(ctx context.Context, name string) (Profile, error) {
	if !ValidName(name) {
		return Profile{}, errs.Of(errs.NotFound)
	}
	u, err := s.repo.userByNameOrEmail(ctx, name)
	if err != nil {
		return Profile{}, err
	}
	if !u.SignUpComplete {
		return Profile{}, errs.Of(errs.NotFound)
	}
	return u.profile(), nil
}

// Account is the actor's own. Unauthenticated if nobody is signed in.
func (s *Service) Account(ctx context.Context, by Actor) (Account, error) {
	u, err := s.own(ctx, by)
	if err != nil {
		return Account{}, err
	}
	a := Account{Profile: u.profile(), StayLoggedIn: u.StayLoggedIn, BlockRequests: u.BlockAllFriendshipRequests}
	v := verificationOf(u)
	a.NewEmail, a.CaseID = v.Email, v.CaseID
	return a, nil
}

// own is the row of whoever acts.
func (s *Service) own(ctx context.Context, by Actor) (user, error) {
	if !by.SignedIn() {
		return user{}, errs.Of(errs.Unauthenticated)
	}
	return s.repo.userByID(ctx, by.UserID)
}

// EditProfile changes the actor's text and picture and returns the profile.
// Errors: Unauthenticated; Invalid with the fields newProfileDesc and
// newProfilePic; RateLimited.
func (s *Service) EditProfile(ctx context.Context, by Actor, e ProfileEdit) (Profile, error) {
	if !by.SignedIn() {
		return Profile{}, errs.Of(errs.Unauthenticated)
	}
	if e.Desc != nil {
		desc := text.Block(*e.Desc)
		e.Desc = &desc
	}
	if err := e.validate(); err != nil {
		return Profile{}, err
	}
	key, err := s.storePicture(ctx, by, e.Picture)
	if err != nil {
		return Profile{}, err
	}
	var u user
	err = s.db.InTx(ctx, func(ctx context.Context) (err error) {
		if u, err = s.repo.lockUser(ctx, by.UserID); err != nil {
			return err
		}
		return s.edit(ctx, &u, e, key)
	})
	if err != nil && key != "" {
		s.deletePictures(context.WithoutCancel(ctx), picturePath+key+largeSuffix)
	}
	return u.profile(), err
}

// edit changes a row that this transaction holds.
func (s *Service) edit(ctx context.Context, u *user, e ProfileEdit, key string) error {
	before := u.AvatarURL
	if e.Desc != nil {
		u.ProfileDesc = *e.Desc
	}
	switch {
	case key != "":
		u.AvatarURL, u.SmallAvatarURL = picturePath+key+largeSuffix, picturePath+key+smallSuffix
	case e.Drawn && !isDrawn(before):
		u.AvatarURL, u.SmallAvatarURL = drawnPictures(u.Name)
	}
	if err := s.repo.updateProfile(ctx, *u); err != nil || u.AvatarURL == before {
		return err
	}
	s.deletePicturesLater(ctx, before)
	return s.bus.Publish(ctx, PictureChanged{UserID: u.ID, Person: u.person()})
}

// storePicture makes both sizes of an uploaded file and stores them; the key
// they share is empty if there is no file.
func (s *Service) storePicture(ctx context.Context, by Actor, file []byte) (key string, err error) {
	if file == nil {
		return "", nil
	}
	if err := take(s.limits.picturesByUser, userKey(by.UserID)); err != nil {
		return "", err
	}
	squares, err := picture.Squares(ctx, file, largePicture, smallPicture)
	switch {
	case errors.Is(err, picture.ErrBusy):
		s.refused.Add(ctx, "pictures_waiting")
		return "", &errs.Error{Kind: errs.Unavailable, RetryAfter: 5 * time.Second, Cause: err}
	case errors.Is(err, picture.ErrTooLarge):
		return "", errs.Field("newProfilePic", "accounts.profile.pictureTooLarge")
	case errors.Is(err, picture.ErrFormat):
		return "", errs.Field("newProfilePic", "accounts.profile.noPicture")
	case err != nil:
		return "", fmt.Errorf("make a picture: %w", err)
	}
	key = storage.NewKey()
	for i, suffix := range []string{largeSuffix, smallSuffix} {
		if err := s.storage.Put(ctx, key+suffix, bytes.NewReader(squares[i]), int64(len(squares[i])), "image/png"); err != nil {
			s.deletePictures(context.WithoutCancel(ctx), picturePath+key+largeSuffix)
			return "", fmt.Errorf("store a picture: %w", err)
		}
	}
	return key, nil
}

// deletePicturesLater deletes both sizes of a picture once the transaction has
// committed, if it is one that was uploaded here.
func (s *Service) deletePicturesLater(ctx context.Context, largeURL string) {
	s.db.AfterCommit(ctx, func(ctx context.Context) { s.deletePictures(ctx, largeURL) })
}

func (s *Service) deletePictures(ctx context.Context, largeURL string) {
	key, ok := strings.CutPrefix(largeURL, picturePath)
	if !ok {
		return
	}
	key = strings.TrimSuffix(key, largeSuffix)
	if err := s.storage.Delete(ctx, key+largeSuffix, key+smallSuffix); err != nil {
		s.log.WarnContext(ctx, "a picture is left to the sweeper", "key", key, "error", err)
	}
}

// OpenPicture opens an uploaded picture by the last part of its address; the
// caller closes it. Pictures are public: whoever has the address may see it.
// NotFound if there is none.
func (s *Service) OpenPicture(ctx context.Context, key string) (storage.Object, error) {
	if !pictureKey.MatchString(key) {
		return nil, errs.Of(errs.NotFound)
	}
	o, err := s.storage.Open(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errs.Because(errs.NotFound, err)
	}
	return o, err
}
