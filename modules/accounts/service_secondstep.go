package accounts

import (
	"context"
	"time"

	"taskstack.org/platform/errs"
)

// halfLife is how long a log-in waits for its second step.
const halfLife = 10 * time.Minute

// halfLogin is a row of table half_login: the password was right, the code is
// still to come. Its secret in the cookie stands for no login, so whoever has it
// is nobody.
type halfLogin struct {
	ID         string
	UserID     int64
	Persistent bool
	EndsAt     time.Time
}

// TableName is for GORM.
func (halfLogin) TableName() string { return "half_login" }

// begin makes a login in the transaction of ctx, or its first step where a
// second factor is on.
func (s *Service) begin(ctx context.Context, u user, v Visit, persistent bool) (Welcome, error) {
	_, err := s.repo.factor(ctx, u.ID, false)
	if isNotFound(err) {
		return s.startLogin(ctx, u, v, persistent)
	}
	if err != nil {
		return Welcome{}, err
	}
	if err := s.LogOut(ctx, v.LoginID); err != nil {
		return Welcome{}, err
	}
	secret := newSecret()
	h := halfLogin{ID: hashSecret(secret), UserID: u.ID, Persistent: persistent, EndsAt: s.db.Now(ctx).Add(halfLife)}
	if err := s.repo.insertHalfLogin(ctx, &h); err != nil {
		return Welcome{}, err
	}
	return Welcome{Secret: secret, SecondStep: true}, nil
}

// WaitsForSecondStep tells whether a browser is between the two steps;
// Unauthenticated if not, or if it has waited too long.
func (s *Service) WaitsForSecondStep(ctx context.Context, v Visit) error {
	_, err := s.waitingForSecondStep(ctx, v)
	return err
}

func (s *Service) waitingForSecondStep(ctx context.Context, v Visit) (halfLogin, error) {
	h, err := s.repo.halfLogin(ctx, v.LoginID, s.db.Now(ctx))
	if isNotFound(err) {
		err = errs.Of(errs.Unauthenticated)
	}
	return h, err
}

// SecondStep finishes a log-in with a code of the app, or with a recovery code,
// which is used up by it. Errors: Unauthenticated without a first step; Invalid
// with the field code; Forbidden for suspended people; RateLimited.
func (s *Service) SecondStep(ctx context.Context, code string, v Visit) (Welcome, error) {
	h, err := s.waitingForSecondStep(ctx, v)
	if err != nil {
		return Welcome{}, err
	}
	browser, err := s.knownBrowser(ctx, h.UserID, v)
	if err != nil {
		return Welcome{}, err
	}
	g := guessAt(s.limits.secondSteps, s.limits.secondStepsOf, userKey(h.UserID), v, browser)
	if err := g.try(); err != nil {
		return Welcome{}, err
	}
	var w Welcome
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		w, err = s.finishLogin(ctx, h, code, v)
		return err
	})
	if err == nil {
		g.right()
	}
	return w, err
}

func (s *Service) finishLogin(ctx context.Context, h halfLogin, code string, v Visit) (Welcome, error) {
	u, err := s.repo.lockUser(ctx, h.UserID)
	if err != nil {
		return Welcome{}, err
	}
	// A password that was changed meanwhile has ended this log-in, too.
	waits, err := s.repo.deleteHalfLogin(ctx, h.ID)
	if err != nil {
		return Welcome{}, err
	}
	if !waits {
		return Welcome{}, errs.Of(errs.Unauthenticated)
	}
	f, err := s.repo.factor(ctx, h.UserID, true)
	if isNotFound(err) { // switched off in the meantime, elsewhere
		err = errs.Of(errs.Unauthenticated)
	}
	if err != nil {
		return Welcome{}, err
	}
	used, err := s.useCode(ctx, f, code)
	if err != nil {
		return Welcome{}, err
	}
	if err := s.checkNotSuspended(ctx, u.ID); err != nil {
		return Welcome{}, err
	}
	if err := s.recordLogin(ctx, u, v); err != nil {
		return Welcome{}, err
	}
	if used != "" {
		if err := s.recordAndTell(ctx, u, used, v); err != nil {
			return Welcome{}, err
		}
	}
	return s.startLogin(ctx, u, v, h.Persistent)
}
