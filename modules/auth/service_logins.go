package auth

import (
	"context"
	"sync"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Logins begins, finds and ends logins, and suspends accounts
// (service_suspensions.go). It is safe for concurrent use.
type Logins struct {
	*shared
	audit *Audit
	seen  seenLogins
}

// start makes a login in the transaction of ctx, which replaces the one the
// browser had.
func (s *Logins) start(ctx context.Context, u accounts.User, info RequestInfo, persistent bool) (loginResult, error) {
	if err := s.logOut(ctx, info.LoginID); err != nil {
		return loginResult{}, err
	}
	secret, now := newSecret(), s.db.Now(ctx)
	l := login{
		ID: hashSecret(secret), UserID: u.ID, Token: newCSRFToken(), Device: deviceName(info.UserAgent), Address: info.Address,
		CreatedAt: now, LastSeenAt: now, EndsAt: now.Add(lifetime(persistent)), Persistent: persistent,
	}
	if err := s.repo.insertLogin(ctx, &l); err != nil {
		return loginResult{}, err
	}
	if info.Lang != "" && info.Lang != u.Lang { // mails without a request are in the language of the last log-in
		if err := s.credentials.SetLang(ctx, u.ID, info.Lang); err != nil {
			return loginResult{}, err
		}
	}
	_, token := u.PendingEmail()
	return loginResult{
		Actor: accounts.Actor{UserID: u.ID, Name: u.Name, LoginID: l.ID}, Secret: secret, Persistent: persistent,
		VerificationToken: token,
	}, nil
}

// identify returns the login with this id and its person, in one statement.
// Unauthenticated if there is no such login, it has ended, or its person is
// suspended or not verified.
func (s *Logins) identify(ctx context.Context, loginID string) (identity, error) {
	now := s.db.Now(ctx)
	who, err := s.repo.identity(ctx, loginID, now)
	if isNotFound(err) {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	if err != nil {
		return identity{}, err
	}
	if !now.Before(who.EndsAt) {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	if now.Sub(who.LastSeenAt) >= seenInterval {
		s.seen.add(who.LoginID, who.Persistent)
	}
	if !who.SignUpComplete {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	return who, nil
}

// checkStillSignedIn is Unauthenticated if the actor's login has ended since the
// request began. An actor without a login is the program itself, or a test.
func (s *Logins) checkStillSignedIn(ctx context.Context, by accounts.Actor) error {
	if by.LoginID == "" {
		return nil
	}
	_, err := s.repo.login(ctx, by.LoginID)
	if isNotFound(err) {
		return errs.Of(errs.Unauthenticated)
	}
	return err
}

// logOut ends a login, at once and everywhere. An empty id, or one of a login
// that has ended, is no error.
func (s *Logins) logOut(ctx context.Context, loginID string) error {
	if loginID == "" {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		l, err := s.repo.login(ctx, loginID)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		existed, err := s.repo.deleteLogin(ctx, loginID)
		if err != nil || !existed {
			return err
		}
		return s.bus.Publish(ctx, LoginEnded{LoginID: loginID, UserID: l.UserID})
	})
}

// endLogins ends all logins of a person but one, and the pending ones, in the
// transaction of ctx; except may be empty.
func (s *Logins) endLogins(ctx context.Context, userID int64, except string) error {
	if err := s.repo.deletePendingLogins(ctx, userID); err != nil {
		return err
	}
	ids, err := s.repo.loginIDs(ctx, userID, except)
	if err != nil {
		return err
	}
	ended := make([]login, len(ids))
	for i, id := range ids {
		ended[i] = login{ID: id, UserID: userID}
	}
	return s.deleteAndPublish(ctx, ended)
}

// endOfDeleted ends the logins of an account that is being deleted.
func (s *Logins) endOfDeleted(ctx context.Context, e accounts.Deleting) error {
	return s.endLogins(ctx, e.UserID, "")
}

// deleteEnded deletes at most tidyBatch logins after their end and returns how
// many.
func (s *Logins) deleteEnded(ctx context.Context) (int, error) {
	ended, err := s.repo.endedLogins(ctx, s.db.Now(ctx), tidyBatch)
	if err != nil {
		return 0, err
	}
	return len(ended), s.deleteAndPublish(ctx, ended)
}

func (s *Logins) deleteAndPublish(ctx context.Context, ended []login) error {
	if len(ended) == 0 {
		return nil
	}
	ids := make([]string, len(ended))
	for i, l := range ended {
		ids[i] = l.ID
	}
	if err := s.repo.deleteLogins(ctx, ids); err != nil {
		return err
	}
	for _, l := range ended {
		if err := s.bus.Publish(ctx, LoginEnded{LoginID: l.ID, UserID: l.UserID}); err != nil {
			return err
		}
	}
	return nil
}

// SetPersistent decides whether the actor stays logged in when the browser is
// closed: by the login the actor has, and by those to come. Errors:
// Unauthenticated.
func (s *Logins) SetPersistent(ctx context.Context, by accounts.Actor, on bool) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.credentials.SetStayLoggedIn(ctx, by.UserID, on); err != nil {
			return err
		}
		return s.repo.setPersistent(ctx, by.LoginID, on, s.db.Now(ctx).Add(lifetime(on)))
	})
}

// loginInfo is a login as its person sees it in a list.
type loginInfo struct {
	ID         string
	Device     string // empty if unknown
	Address    string
	CreatedAt  time.Time
	LastSeenAt time.Time
	// Current is true for the login of the request.
	Current bool
}

// List returns the actor's logins: that of the request first, then the last used
// ones.
func (s *Logins) List(ctx context.Context, by accounts.Actor) ([]loginInfo, error) {
	rows, err := s.repo.logins(ctx, by.UserID, s.db.Now(ctx))
	if err != nil {
		return nil, err
	}
	all := make([]loginInfo, 0, len(rows))
	for _, current := range []bool{true, false} {
		for _, l := range rows {
			if (l.ID == by.LoginID) == current {
				all = append(all, loginInfo{
					ID: l.ID, Device: l.Device, Address: l.Address, CreatedAt: l.CreatedAt, LastSeenAt: l.LastSeenAt, Current: current,
				})
			}
		}
	}
	return all, nil
}

// Reachable reports whether an account may be sent mails of what it misses, and when
// its person was last here: the zero time if no login has been used lately. False
// for suspended accounts.
func (s *Logins) Reachable(ctx context.Context, userID int64) (lastSeen time.Time, ok bool, err error) {
	suspended, err := s.repo.suspensions(ctx, []int64{userID}, s.db.Now(ctx))
	if err != nil || len(suspended) > 0 {
		return time.Time{}, false, err
	}
	rows, err := s.repo.logins(ctx, userID, s.db.Now(ctx))
	if err != nil || len(rows) == 0 {
		return time.Time{}, true, err
	}
	return rows[0].LastSeenAt, true, nil
}

// endLogin ends one of the actor's logins. NotFound for another person's, and for
// one that has ended.
func (s *Logins) endLogin(ctx context.Context, by accounts.Actor, id string, info RequestInfo) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		l, err := s.repo.login(ctx, id)
		if err != nil {
			return err
		}
		if l.UserID != by.UserID {
			return errs.Of(errs.NotFound)
		}
		if err := s.audit.record(ctx, by.UserID, eventLoginEnded, info); err != nil {
			return err
		}
		return s.logOut(ctx, id)
	})
}

// EndOtherLogins ends all logins of the actor but that of the request.
func (s *Logins) EndOtherLogins(ctx context.Context, by accounts.Actor, info RequestInfo) error {
	return s.endAndRecord(ctx, by, by.LoginID, eventOthersEnded, info)
}

// endAllLogins ends all logins of the actor.
func (s *Logins) endAllLogins(ctx context.Context, by accounts.Actor, info RequestInfo) error {
	return s.endAndRecord(ctx, by, "", eventAllEnded, info)
}

func (s *Logins) endAndRecord(ctx context.Context, by accounts.Actor, except string, kind eventKind, info RequestInfo) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.audit.record(ctx, by.UserID, kind, info); err != nil {
			return err
		}
		return s.endLogins(ctx, by.UserID, except)
	})
}

// storeSeen stores when logins were last used, as collected since the last call.
func (s *Logins) storeSeen(ctx context.Context) {
	persistent, browser := s.seen.take()
	if len(persistent)+len(browser) == 0 {
		return
	}
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		if err := s.repo.seen(ctx, persistent, true, now); err != nil {
			return err
		}
		return s.repo.seen(ctx, browser, false, now)
	})
	if err != nil {
		s.log.WarnContext(ctx, "last use of logins not stored", "logins", len(persistent)+len(browser), "error", err)
	}
}

func (i identity) actor() accounts.Actor {
	return accounts.Actor{UserID: i.UserID, Name: i.Name, LoginID: i.LoginID}
}

// seenLogins collects the used logins until the worker stores them, so that a
// read request writes nothing. The zero value is ready.
type seenLogins struct {
	mu  sync.Mutex
	ids map[string]bool // id → persistent
}

func (s *seenLogins) add(id string, persistent bool) {
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
