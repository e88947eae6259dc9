package auth

import (
	"context"
	"errors"
	"fmt"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Passwords logs people in by their password, confirms it before sensitive
// changes, and changes it. It is safe for concurrent use.
type Passwords struct {
	*shared
	hasher   *hasher
	audit    *Audit
	logins   *Logins
	browsers *Browsers
	steps    *SecondSteps
}

// logIn starts a login for the person with this name, or else this verified
// address. A person who is not verified yet can log in by name only, and gets the
// token of the pending verification. Errors: Invalid, the same for an unknown
// name and a wrong password; Forbidden for suspended people; RateLimited;
// Unavailable.
func (s *Passwords) logIn(ctx context.Context, name, password string, keep bool, info RequestInfo) (loginResult, error) {
	name = text.Identifier(name)
	browser, err := s.browsers.forName(ctx, name, info)
	if err != nil {
		return loginResult{}, err
	}
	g := guessAt(s.limits.loginsByAccount, s.limits.loginsOfAccount, name, info, browser)
	fromAddress := limitKey(addressKey(info.Address))
	if browser == "" {
		err = try(s.limits.loginsByAddress, fromAddress)
	}
	if err := errors.Join(err, g.try()); err != nil {
		return loginResult{}, errs.As(err)
	}
	u, err := s.checkPassword(ctx, name, password)
	if errs.KindOf(err) == errs.Unavailable { // nothing was compared
		g.undo()
		s.undoAddress(browser, fromAddress)
	}
	if err != nil {
		return loginResult{}, err
	}
	g.right()
	s.undoAddress(browser, fromAddress)
	return s.logInChecked(ctx, u, password, keep, info)
}

// undoAddress undoes an attempt of an address, where one was counted.
func (s *Passwords) undoAddress(browser, address string) {
	if browser == "" {
		s.limits.loginsByAddress.Undo(address)
	}
}

// logInChecked continues after the password of u was right.
func (s *Passwords) logInChecked(ctx context.Context, u accounts.User, password string, keep bool, info RequestInfo) (result loginResult, err error) {
	var renewed string // hash
	if outdated(u.PasswordHash, s.hasher.cost) {
		if renewed, err = s.hasher.hash(ctx, password); err != nil {
			return loginResult{}, err
		}
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		current, err := s.lockChecked(ctx, u, password)
		if err != nil {
			return err
		}
		after := current
		after.StayLoggedIn = keep || current.StayLoggedIn
		if renewed != "" && current.PasswordHash == u.PasswordHash {
			after.PasswordHash = renewed
		}
		if after.StayLoggedIn != current.StayLoggedIn || after.PasswordHash != current.PasswordHash {
			if err := s.credentials.UpdateAtLogin(ctx, after); err != nil {
				return err
			}
		}
		if err := s.logins.checkNotSuspended(ctx, after.ID); err != nil {
			return err
		}
		result, err = s.steps.begin(ctx, after, info, after.StayLoggedIn)
		if err != nil || result.SecondStep {
			return err
		}
		return s.audit.recordLogin(ctx, after, info)
	})
	return result, err
}

func (s *Passwords) checkPassword(ctx context.Context, name, password string) (accounts.User, error) {
	u, err := s.credentials.Find(ctx, name)
	if err != nil && !isNotFound(err) {
		return accounts.User{}, err
	}
	hash := u.PasswordHash
	if err != nil {
		hash = s.hasher.dummyHash()
	}
	right, busy := s.hasher.matches(ctx, hash, password)
	if busy != nil {
		return accounts.User{}, busy
	}
	if !right || err != nil {
		return accounts.User{}, errWrongLogin()
	}
	return u, nil
}

func errWrongLogin() error { return errs.New(errs.Invalid, "auth.login.wrong") }

// lockChecked locks the row of a person whose password was checked before the
// transaction. Checking takes so long that the password may have changed
// meanwhile, or the account may be deleted: that is a wrong password.
func (s *Passwords) lockChecked(ctx context.Context, checked accounts.User, password string) (accounts.User, error) {
	current, err := s.credentials.Lock(ctx, checked.ID)
	if err != nil && !isNotFound(err) {
		return accounts.User{}, err
	}
	if err != nil || current.PasswordHash != checked.PasswordHash && !passwordMatches(current.PasswordHash, password) {
		return accounts.User{}, errWrongLogin()
	}
	return current, nil
}

// Confirmation is the password that a form asks for once more, because an open
// browser alone must not be enough for the change.
type Confirmation struct {
	Field    string // of the form
	Password string
}

// Confirmed checks the password of the actor and runs change in a transaction in
// which password and login are checked again: either may have been changed or
// ended meanwhile by the account's owner. A wrong password is added to f; change
// does not run if f has problems. Errors: Invalid with the fields of f and the
// confirmation's; Unauthenticated; RateLimited; the errors of change.
func (s *Passwords) Confirmed(ctx context.Context, by accounts.Actor, c Confirmation, f errs.Fields, change func(ctx context.Context) error) error {
	return s.confirmed(ctx, by, c, f, func(ctx context.Context, _ accounts.User) error { return change(ctx) })
}

// confirmed is Confirmed for changes that use the locked row.
func (s *Passwords) confirmed(ctx context.Context, by accounts.Actor, c Confirmation, f errs.Fields, change func(ctx context.Context, u accounts.User) error) error {
	u, err := s.confirmInto(ctx, f, by, c)
	if err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, c)
		if err != nil {
			return err
		}
		return change(ctx, u)
	})
}

// lockConfirmed locks the row of the actor, whose password was confirmed before
// the transaction, and checks password and login again. Errors: Invalid with the
// confirmation's field; Unauthenticated.
func (s *Passwords) lockConfirmed(ctx context.Context, by accounts.Actor, confirmed accounts.User, c Confirmation) (accounts.User, error) {
	current, err := s.lockChecked(ctx, confirmed, c.Password)
	if errs.KindOf(err) == errs.Invalid {
		err = errs.Field(c.Field, "auth.wrongPassword")
	}
	if err != nil {
		return accounts.User{}, err
	}
	return current, s.logins.checkStillSignedIn(ctx, by)
}

// confirm checks the password of the actor and returns the row, also with a wrong
// password. Errors: Unauthenticated; Invalid with the confirmation's field;
// RateLimited.
func (s *Passwords) confirm(ctx context.Context, by accounts.Actor, c Confirmation) (accounts.User, error) {
	if !by.SignedIn() {
		return accounts.User{}, errs.Of(errs.Unauthenticated)
	}
	g := guessAt(s.limits.passwordsByUser, s.limits.passwordsOfUser, userKey(by.UserID), RequestInfo{Address: by.LoginID}, "")
	if err := g.try(); err != nil {
		return accounts.User{}, err
	}
	u, err := s.credentials.ByID(ctx, by.UserID)
	if err != nil {
		return accounts.User{}, err
	}
	right, err := s.hasher.matches(ctx, u.PasswordHash, c.Password)
	if err != nil {
		return accounts.User{}, err
	}
	if !right {
		return u, errs.Field(c.Field, "auth.wrongPassword")
	}
	g.right()
	return u, nil
}

// confirmInto is confirm for a form that is checked as a whole: a wrong password
// is added to the other problems of the form.
func (s *Passwords) confirmInto(ctx context.Context, f errs.Fields, by accounts.Actor, c Confirmation) (accounts.User, error) {
	u, err := s.confirm(ctx, by, c)
	if errs.KindOf(err) != errs.Invalid {
		return u, err
	}
	for name, m := range errs.As(err).Fields {
		f.Add(name, m.Key, m.Params...)
	}
	return u, nil
}

// ChangePassword sets another password, ends all other logins of the actor and
// notifies the actor by mail. Errors: Unauthenticated; Invalid with the fields
// old_password, newPassword, both of which must be right (defect H03);
// RateLimited.
func (s *Passwords) ChangePassword(ctx context.Context, by accounts.Actor, old, password string, info RequestInfo) error {
	f, c := errs.Fields{}, Confirmation{Field: "old_password", Password: old}
	u, err := s.confirmInto(ctx, f, by, c)
	if err != nil {
		return err
	}
	checkPassword(f, "newPassword", password)
	if err := f.Err(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, c)
		if err != nil {
			return err
		}
		if err := s.credentials.SetPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := s.repo.deleteResetOf(ctx, u.ID); err != nil {
			return err
		}
		if err := s.logins.endLogins(ctx, u.ID, by.LoginID); err != nil {
			return err
		}
		return s.audit.recordAndNotify(ctx, u, eventPasswordChanged, info)
	})
}
