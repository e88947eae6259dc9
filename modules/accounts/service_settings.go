package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Set turns a switch on or off. StayLoggedIn also decides how long the login
// that the actor has now lasts. Errors: Unauthenticated; Invalid for a switch
// there is not.
func (s *Service) Set(ctx context.Context, by Actor, setting Setting, on bool) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	column, ok := settingColumns[setting]
	if !ok {
		return errs.Field("setting", "accounts.settings.unknown")
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.repo.set(ctx, by.UserID, column, on); err != nil || setting != StayLoggedIn {
			return err
		}
		return s.repo.setPersistent(ctx, by.LoginID, on, s.db.Now(ctx).Add(lifetime(on)))
	})
}

// ChangeName gives the actor another name, everywhere at once: projects, links
// and drawn pictures follow. A change of case alone is one, too. Errors:
// Unauthenticated; Invalid with the fields newUsername, password; RateLimited.
func (s *Service) ChangeName(ctx context.Context, by Actor, name, password string, v Visit) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	name = text.Identifier(name)
	f := errs.Fields{}
	if err := s.checkNewName(ctx, f, u.ID, u.Name, name); err != nil {
		return err
	}
	if err := s.confirmInto(ctx, f, by, "password", password); err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lockConfirmed(ctx, by, u, "password", password); err != nil {
			return err
		}
		return s.rename(ctx, u.ID, name, v)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		return errs.Field("newUsername", "accounts.signup.nameTaken")
	}
	return err
}

func (s *Service) rename(ctx context.Context, userID int64, name string, v Visit) error {
	u, err := s.repo.lockUser(ctx, userID)
	if err != nil || u.Name == name {
		return err
	}
	before := u
	u.Name = name
	if isDrawn(u.AvatarURL) && !strings.EqualFold(before.Name[:1], name[:1]) {
		u.AvatarURL, u.SmallAvatarURL = drawnPictures(name)
	}
	if err := s.repo.rename(ctx, u); err != nil {
		return err
	}
	if err := s.recordEvent(ctx, u.ID, EventRenamed, v); err != nil {
		return err
	}
	return s.bus.Publish(ctx, Renamed{UserID: u.ID, OldName: before.Name, NewName: name, Person: u.person()})
}

// checkNewName adds what is wrong with a new name; own is the one the person
// has, whose letters may change their case.
func (s *Service) checkNewName(ctx context.Context, f errs.Fields, userID int64, own, name string) error {
	switch {
	case !ValidName(name):
		f.Add("newUsername", "accounts.signup.nameMalformed", "Min", MinNameLength, "Max", MaxNameLength)
		return nil
	case reserved(name, s.ReservedUserNames()) && !strings.EqualFold(name, own):
		f.Add("newUsername", "accounts.signup.nameTaken")
		return nil
	}
	taken, err := s.repo.nameOfOther(ctx, userID, name)
	if taken {
		f.Add("newUsername", "accounts.signup.nameTaken")
	}
	return err
}

// ChangeEmail lets a new address wait for its code, which a mail takes there,
// and tells the old one; until the code comes the old one stays valid. An
// address that was waiting is forgotten. Errors: Unauthenticated; Invalid with
// the fields newEmail, password; RateLimited.
func (s *Service) ChangeEmail(ctx context.Context, by Actor, email, password, continueTo string, v Visit) (caseID string, err error) {
	u, err := s.own(ctx, by)
	if err != nil {
		return "", err
	}
	email = text.Identifier(email)
	f := errs.Fields{}
	checkNewEmail(f, u, email)
	if err := s.confirmInto(ctx, f, by, "password", password); err != nil {
		return "", err
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	// Counted before it is looked up whose the address is: the answer tells.
	if err := take(s.limits.mailsByUser, userKey(u.ID)); err != nil {
		return "", err
	}
	caseID = newCase()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, "password", password)
		if err != nil {
			return err
		}
		return s.startEmailChange(ctx, u, email, caseID, continueTo, v)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		return "", errs.Field("newEmail", "accounts.signup.emailTaken")
	}
	return caseID, err
}

// startEmailChange lets an address wait for its code; u is locked. The address
// is looked up again: the unique keys know nothing of one that is verified here
// and pending there.
func (s *Service) startEmailChange(ctx context.Context, u user, email, caseID, continueTo string, v Visit) error {
	taken, err := s.repo.emailOfOther(ctx, u.ID, email)
	if err != nil {
		return err
	}
	if taken {
		return errs.Of(errs.Conflict)
	}
	if err := s.repo.releaseAddress(ctx, u.ID, email); err != nil {
		return err
	}
	code, now := newCode(), s.db.Now(ctx)
	u.EmailPendingVerification, u.EmailVerificationCaseID = &email, &caseID
	u.EmailVerificationCode, u.EmailVerificationSentAt = &code, &now
	if err := s.repo.setPendingEmail(ctx, u); err != nil {
		return err
	}
	if err := s.sendVerification(ctx, u, continueTo, v.Lang); err != nil {
		return err
	}
	return s.recordAndTell(ctx, u, EventEmailAsked, v)
}

// checkNewEmail adds what is wrong with a new address by itself.
func checkNewEmail(f errs.Fields, u user, email string) {
	switch {
	case !ValidEmail(email):
		f.Add("newEmail", "accounts.signup.emailMalformed", "Max", MaxEmailLength)
	case u.Email != nil && *u.Email == email:
		f.Add("newEmail", "accounts.settings.sameEmail")
	}
}

// CancelEmailChange forgets an address that waits for its code; the mail's link
// leads nowhere from then on. Errors: Unauthenticated.
func (s *Service) CancelEmailChange(ctx context.Context, by Actor) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.clearPendingEmail(ctx, by.UserID) })
}

// ChangePassword sets another password. All other logins of the actor end, and
// a mail tells them. Errors: Unauthenticated; Invalid with the fields
// old_password, newPassword, both of which must be right (defect H03);
// RateLimited.
func (s *Service) ChangePassword(ctx context.Context, by Actor, old, password string, v Visit) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	f := errs.Fields{}
	if err := s.confirmInto(ctx, f, by, "old_password", old); err != nil {
		return err
	}
	checkPassword(f, "newPassword", password)
	if err := f.Err(); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, "old_password", old)
		if err != nil {
			return err
		}
		if err := s.repo.setPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := s.repo.deleteResetOf(ctx, u.ID); err != nil {
			return err
		}
		if err := s.endLogins(ctx, u.ID, by.LoginID); err != nil {
			return err
		}
		return s.recordAndTell(ctx, u, EventPasswordChanged, v)
	})
}

// confirmInto is confirm for a form that is checked as a whole: a wrong password
// is added to the other problems of the form.
func (s *Service) confirmInto(ctx context.Context, f errs.Fields, by Actor, field, password string) error {
	_, err := s.confirm(ctx, by, field, password)
	if errs.KindOf(err) != errs.Invalid {
		return err
	}
	for name, m := range errs.As(err).Fields {
		f.Add(name, m.Key, m.Params...)
	}
	return nil
}
