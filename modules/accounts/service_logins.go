package accounts

import (
	"context"
	"errors"
	"sync"
	"unicode/utf8"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// LogIn starts a login for the person with this name, or else this verified
// address. A person who is not verified yet gets one by name only, and with it
// the verification that waits. Errors: Invalid, the same for an unknown name
// and a wrong password; Forbidden for suspended people; RateLimited.
func (s *Service) LogIn(ctx context.Context, name, password string, keep bool, v Visit) (Welcome, error) {
	name = text.Identifier(name)
	browser, err := s.browserFor(ctx, name, v)
	if err != nil {
		return Welcome{}, err
	}
	g := guessAt(s.limits.loginsByAccount, s.limits.loginsOfAccount, name, v, browser)
	fromAddress := limitKey(addressKey(v.Address))
	if browser == "" {
		err = try(s.limits.loginsByAddress, fromAddress)
	}
	if err := errors.Join(err, g.try()); err != nil {
		return Welcome{}, errs.As(err)
	}
	u, err := s.checkPassword(ctx, name, password)
	if errs.KindOf(err) == errs.Unavailable { // nothing was compared
		g.undo()
		s.undoAddress(browser, fromAddress)
	}
	if err != nil {
		return Welcome{}, err
	}
	g.right()
	s.undoAddress(browser, fromAddress)
	return s.logInChecked(ctx, u, password, keep, v)
}

// undoAddress takes an attempt of an address back, where one was counted.
func (s *Service) undoAddress(browser, address string) {
	if browser == "" {
		s.limits.loginsByAddress.Undo(address)
	}
}

// browserFor is the known browser of a visit for the account of this name or
// address; empty if it is unknown, or so is the account. A browser that has never
// logged in costs no look into the database.
func (s *Service) browserFor(ctx context.Context, name string, v Visit) (string, error) {
	if v.Devices == "" && v.LoginID == "" {
		return "", nil
	}
	u, err := s.find(ctx, name)
	if isNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.knownBrowser(ctx, u.ID, v)
}

// logInChecked goes on after the password of u was right.
func (s *Service) logInChecked(ctx context.Context, u user, password string, keep bool, v Visit) (w Welcome, err error) {
	var renewed string // hash
	if outdated(u.PasswordHash, s.cost) {
		if renewed, err = s.hash(ctx, password); err != nil {
			return Welcome{}, err
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
			if err := s.repo.updateAtLogin(ctx, after); err != nil {
				return err
			}
		}
		if err := s.checkNotSuspended(ctx, after.ID); err != nil {
			return err
		}
		w, err = s.begin(ctx, after, v, after.StayLoggedIn)
		if err != nil || w.SecondStep {
			return err
		}
		return s.recordLogin(ctx, after, v)
	})
	return w, err
}

// lockChecked holds the row of somebody whose password was checked before the
// transaction. Checking takes so long that the password may be another one by
// now, or the account gone: a wrong password then, and nothing of the old one
// may come back.
func (s *Service) lockChecked(ctx context.Context, checked user, password string) (user, error) {
	current, err := s.repo.lockUser(ctx, checked.ID)
	if err != nil && !isNotFound(err) {
		return user{}, err
	}
	if err != nil || current.PasswordHash != checked.PasswordHash && !passwordMatches(current.PasswordHash, password) {
		return user{}, errWrongLogin()
	}
	return current, nil
}

// lockConfirmed locks the row of the actor, whose password was confirmed before
// the transaction. Password and login are checked again: either may have been
// taken away meanwhile, by the account's real person. Errors: Invalid with the
// given field; Unauthenticated.
func (s *Service) lockConfirmed(ctx context.Context, by Actor, confirmed user, field, password string) (user, error) {
	current, err := s.lockChecked(ctx, confirmed, password)
	if errs.KindOf(err) == errs.Invalid {
		err = errs.Field(field, "accounts.wrongPassword")
	}
	if err != nil {
		return user{}, err
	}
	return current, s.checkStillSignedIn(ctx, by)
}

// checkStillSignedIn is Unauthenticated if the login that the actor came with
// has ended since. An actor without a login is the program itself, or a test.
func (s *Service) checkStillSignedIn(ctx context.Context, by Actor) error {
	if by.LoginID == "" {
		return nil
	}
	_, err := s.repo.login(ctx, by.LoginID)
	if isNotFound(err) {
		return errs.Of(errs.Unauthenticated)
	}
	return err
}

func errWrongLogin() error { return errs.New(errs.Invalid, "accounts.login.wrong") }

// confirm asks somebody who is signed in for the password once more, before
// something that whoever found the browser open must not do. Errors: Invalid
// with the given field; RateLimited.
func (s *Service) confirm(ctx context.Context, by Actor, field, password string) (user, error) {
	g := guessAt(s.limits.passwordsByUser, s.limits.passwordsOfUser, userKey(by.UserID), Visit{Address: by.LoginID}, "")
	if err := g.try(); err != nil {
		return user{}, err
	}
	u, err := s.repo.userByID(ctx, by.UserID)
	if err != nil {
		return user{}, err
	}
	right, err := s.matches(ctx, u.PasswordHash, password)
	if err != nil {
		return user{}, err
	}
	if !right {
		return user{}, errs.Field(field, "accounts.wrongPassword")
	}
	g.right()
	return u, nil
}

func (s *Service) checkPassword(ctx context.Context, name, password string) (user, error) {
	u, err := s.find(ctx, name)
	if err != nil && !isNotFound(err) {
		return user{}, err
	}
	hash := u.PasswordHash
	if err != nil {
		hash = s.dummyHash()
	}
	right, busy := s.matches(ctx, hash, password)
	if busy != nil {
		return user{}, busy
	}
	if !right || err != nil {
		return user{}, errWrongLogin()
	}
	return u, nil
}

// find looks up what somebody typed as a name or an address. What can be
// neither is looked up too, as an empty name that nobody has: the answer must
// not come faster.
func (s *Service) find(ctx context.Context, typed string) (user, error) {
	typed = text.Identifier(typed)
	if len(typed) > 4*MaxEmailLength || !utf8.ValidString(typed) {
		typed = ""
	}
	return s.repo.userByNameOrEmail(ctx, typed)
}

// startLogin makes a login in the transaction of ctx, in place of the one the
// browser had.
func (s *Service) startLogin(ctx context.Context, u user, v Visit, persistent bool) (Welcome, error) {
	if err := s.LogOut(ctx, v.LoginID); err != nil {
		return Welcome{}, err
	}
	secret, now := newSecret(), s.db.Now(ctx)
	l := login{
		ID: hashSecret(secret), UserID: u.ID, Token: newToken(), Device: deviceName(v.UserAgent), Address: v.Address,
		CreatedAt: now, LastSeenAt: now, EndsAt: now.Add(lifetime(persistent)), Persistent: persistent,
	}
	if err := s.repo.insertLogin(ctx, &l); err != nil {
		return Welcome{}, err
	}
	return Welcome{
		Actor: Actor{UserID: u.ID, Name: u.Name, LoginID: l.ID}, Secret: secret, Persistent: persistent,
		CaseID: verificationOf(u).CaseID,
	}, nil
}

// LogOut ends a login, at once and everywhere. Ending none, or one that has
// ended, is no error.
func (s *Service) LogOut(ctx context.Context, loginID string) error {
	if loginID == "" {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		existed, err := s.repo.deleteLogin(ctx, loginID)
		if err != nil || !existed {
			return err
		}
		return s.bus.Publish(ctx, LoginEnded{LoginID: loginID})
	})
}

// endLogins ends all logins of somebody but one, and those that wait for their
// second step, in the transaction of ctx; except may be empty.
func (s *Service) endLogins(ctx context.Context, userID int64, except string) error {
	if err := s.repo.deleteHalfLogins(ctx, userID); err != nil {
		return err
	}
	ids, err := s.repo.loginIDs(ctx, userID, except)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := s.repo.deleteLogins(ctx, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.bus.Publish(ctx, LoginEnded{LoginID: id}); err != nil {
			return err
		}
	}
	return nil
}

// identify says who a login belongs to, in one statement. Unauthenticated if
// there is no such login, it has ended, or its person is not verified: such a
// person is nobody everywhere.
func (s *Service) identify(ctx context.Context, loginID string) (identity, error) {
	who, err := s.repo.identity(ctx, loginID)
	if isNotFound(err) {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	if err != nil {
		return identity{}, err
	}
	now := s.db.Now(ctx)
	if !now.Before(who.EndsAt) {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	if now.Sub(who.LastSeenAt) >= seenInterval {
		s.seen.note(who.LoginID, who.Persistent)
	}
	if !who.SignUpComplete {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	return who, nil
}

func (i identity) actor() Actor { return Actor{UserID: i.UserID, Name: i.Name, LoginID: i.LoginID} }

// seenLogins collects which logins were in use until the worker writes it
// down, so that reading a page writes nothing. The zero value is ready.
type seenLogins struct {
	mu  sync.Mutex
	ids map[string]bool // id → persistent
}

func (s *seenLogins) note(id string, persistent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[id] = persistent
}

// take empties the collection.
func (s *seenLogins) take() (persistent, browser []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, p := range s.ids {
		if p {
			persistent = append(persistent, id)
		} else {
			browser = append(browser, id)
		}
	}
	s.ids = nil
	return persistent, browser
}
