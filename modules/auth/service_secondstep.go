package auth

import (
	"context"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// pendingLoginLifetime is how long a log-in waits for its second step.
const pendingLoginLifetime = 10 * time.Minute

// pendingLogin is a row of table half_login: the password was right, the code is
// required. Its secret in the cookie names no login, so it grants no access.
type pendingLogin struct {
	ID         string
	UserID     int64
	Persistent bool
	EndsAt     time.Time
}

// TableName is for GORM.
func (pendingLogin) TableName() string { return "half_login" }

// SecondSteps asks for a code after the password where a second factor is on. It
// is safe for concurrent use.
type SecondSteps struct {
	*shared
	audit    *Audit
	logins   *Logins
	browsers *Browsers
}

// begin makes a login in the transaction of ctx, or a pending one where a second
// factor is on.
func (s *SecondSteps) begin(ctx context.Context, u accounts.User, info RequestInfo, persistent bool) (loginResult, error) {
	_, err := s.repo.factor(ctx, u.ID, false)
	if isNotFound(err) {
		return s.logins.start(ctx, u, info, persistent)
	}
	if err != nil {
		return loginResult{}, err
	}
	if err := s.logins.logOut(ctx, info.LoginID); err != nil {
		return loginResult{}, err
	}
	secret := newSecret()
	p := pendingLogin{ID: hashSecret(secret), UserID: u.ID, Persistent: persistent, EndsAt: s.db.Now(ctx).Add(pendingLoginLifetime)}
	if err := s.repo.insertPendingLogin(ctx, &p); err != nil {
		return loginResult{}, err
	}
	return loginResult{Secret: secret, SecondStep: true}, nil
}

// checkPending is Unauthenticated if the browser has no pending login, or its
// time has run out.
func (s *SecondSteps) checkPending(ctx context.Context, info RequestInfo) error {
	_, err := s.pending(ctx, info)
	return err
}

func (s *SecondSteps) pending(ctx context.Context, info RequestInfo) (pendingLogin, error) {
	p, err := s.repo.pendingLogin(ctx, info.LoginID, s.db.Now(ctx))
	if isNotFound(err) {
		err = errs.Of(errs.Unauthenticated)
	}
	return p, err
}

// secondStep completes a log-in with a code of the app, or with a recovery code,
// which it uses up. Errors: Unauthenticated without a pending login; Invalid with
// the field code; Forbidden for suspended people; RateLimited.
func (s *SecondSteps) secondStep(ctx context.Context, code string, info RequestInfo) (loginResult, error) {
	p, err := s.pending(ctx, info)
	if err != nil {
		return loginResult{}, err
	}
	browser, err := s.browsers.known(ctx, p.UserID, info)
	if err != nil {
		return loginResult{}, err
	}
	g := guessAt(s.limits.secondSteps, s.limits.secondStepsOf, userKey(p.UserID), info, browser)
	if err := g.try(); err != nil {
		return loginResult{}, err
	}
	var result loginResult
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		result, err = s.finish(ctx, p, code, info)
		return err
	})
	if err == nil {
		g.right()
	}
	return result, err
}

func (s *SecondSteps) finish(ctx context.Context, p pendingLogin, code string, info RequestInfo) (loginResult, error) {
	u, err := s.credentials.Lock(ctx, p.UserID)
	if err != nil {
		return loginResult{}, err
	}
	// A password that was changed meanwhile has ended this log-in, too.
	isPending, err := s.repo.deletePendingLogin(ctx, p.ID)
	if err != nil {
		return loginResult{}, err
	}
	if !isPending {
		return loginResult{}, errs.Of(errs.Unauthenticated)
	}
	f, err := s.repo.factor(ctx, p.UserID, true)
	if isNotFound(err) { // switched off meanwhile, by another login
		err = errs.Of(errs.Unauthenticated)
	}
	if err != nil {
		return loginResult{}, err
	}
	used, err := s.useCode(ctx, f, code)
	if err != nil {
		return loginResult{}, err
	}
	if err := s.logins.checkNotSuspended(ctx, u.ID); err != nil {
		return loginResult{}, err
	}
	if err := s.audit.recordLogin(ctx, u, info); err != nil {
		return loginResult{}, err
	}
	if used != "" {
		if err := s.audit.recordAndNotify(ctx, u, used, info); err != nil {
			return loginResult{}, err
		}
	}
	return s.logins.start(ctx, u, info, p.Persistent)
}

// useCode uses up a code of the app or a recovery code, in the transaction of
// ctx, which has locked the factor's row. used is the recovery code's event,
// empty for a code of the app.
func (s *SecondSteps) useCode(ctx context.Context, f secondFactor, code string) (used eventKind, err error) {
	wrong := errs.Field("code", "auth.twoFactor.wrongCode")
	code = normalCode(code)
	if len(code) != factorDigits {
		ok, err := s.repo.deleteRecoveryCode(ctx, f.UserID, hashRecoveryCode(code))
		if err == nil && !ok {
			err = wrong
		}
		return eventCodeUsed, err
	}
	secret, err := s.seal.Open(factorPurpose(f.UserID), f.Secret)
	if err != nil {
		// The program has another secret than when the factor was set up: only
		// recovery codes still work.
		s.log.ErrorContext(ctx, "second factor cannot be opened: was TASKSTACK_SECRET_KEY changed?", "user", f.UserID, "error", err)
		return "", wrong
	}
	step, ok := matchStep(secret, code, s.db.Now(ctx), f.LastStep)
	if !ok {
		return "", wrong
	}
	if s.seal.Outdated(factorPurpose(f.UserID), f.Secret) {
		if err := s.repo.setFactorSecret(ctx, f.UserID, s.seal.Seal(factorPurpose(f.UserID), secret)); err != nil {
			return "", err
		}
	}
	return "", s.repo.setFactorStep(ctx, f.UserID, step)
}

// normalCode returns the form in which codes are compared: people type blanks,
// dashes and capitals.
func normalCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(text.Identifier(code))))
}
