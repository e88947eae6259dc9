package auth

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Administration is what administrators of the site see of an account, and do with
// it beside Logins.SuspendFor. The caller decides who may. None of it shows or sets
// a password, or begins a login. It is safe for concurrent use.
type Administration struct {
	*shared
	audit  *Audit
	logins *Logins
	resets *Resets
}

// AccountLogin is a login of an account.
type AccountLogin struct {
	Device                string // empty if unknown
	Address               string
	CreatedAt, LastSeenAt time.Time
}

// AccountState is how an account can be logged in to.
type AccountState struct {
	Logins []AccountLogin
	// TwoSteps reports whether a second factor is on.
	TwoSteps bool
	// Suspension is nil for an account that is not suspended.
	Suspension *Suspension
}

// State returns the state of an account, in three statements.
func (s *Administration) State(ctx context.Context, userID int64) (AccountState, error) {
	var state AccountState
	rows, err := s.repo.logins(ctx, userID, s.db.Now(ctx))
	if err != nil {
		return state, err
	}
	for _, l := range rows {
		state.Logins = append(state.Logins, AccountLogin{Device: l.Device, Address: l.Address, CreatedAt: l.CreatedAt, LastSeenAt: l.LastSeenAt})
	}
	_, err = s.repo.factor(ctx, userID, false)
	if err != nil && !isNotFound(err) {
		return state, err
	}
	state.TwoSteps = err == nil
	suspended, err := s.logins.Suspensions(ctx, userID)
	if one, ok := suspended[userID]; ok {
		state.Suspension = &one
	}
	return state, err
}

// Verify completes the pending verification of an account's address without its
// code. Errors: NotFound; Conflict if no address waits, or if another account has
// verified it. lang is that of the notice to the address that is replaced.
func (s *Administration) Verify(ctx context.Context, userID int64, lang string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.credentials.Lock(ctx, userID)
		if err != nil {
			return err
		}
		if email, _ := u.PendingEmail(); email == "" {
			return errs.New(errs.Conflict, "auth.administration.nothingPending")
		}
		isNew := !u.SignUpComplete
		err = s.credentials.CompleteVerification(ctx, u)
		if errs.KindOf(err) == errs.Conflict {
			return &errs.Error{Kind: errs.Conflict, Message: errs.Text("auth.verify.addressTaken"), Cause: err}
		}
		if err != nil || isNew {
			return err
		}
		// As after the code: a reader of the old address's mails must not set a password.
		if err := s.repo.deleteResetOf(ctx, u.ID); err != nil {
			return err
		}
		return s.audit.recordAndNotify(ctx, u, eventEmailChanged, RequestInfo{Lang: lang})
	})
}

// SendReset sends the account's verified address a code to set a new password,
// after the commit of the transaction of ctx. Errors: NotFound; Conflict if the
// account has no verified address; Unavailable.
func (s *Administration) SendReset(ctx context.Context, userID int64, lang string) error {
	u, err := s.credentials.ByID(ctx, userID)
	if err != nil {
		return err
	}
	if u.Email == nil || !u.SignUpComplete {
		return errs.New(errs.Conflict, "auth.administration.noAddress")
	}
	if len(s.resets.requests) >= resetQueue {
		return errs.Of(errs.Unavailable)
	}
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		// The address and the browser of the administrator are not the account's concern.
		r := resetRequest{token: s.resets.newToken(s.db.Now(ctx)), name: u.Name, from: RequestInfo{Lang: lang}}
		select {
		case s.resets.requests <- r:
		default: // taken by others since
			s.log.WarnContext(ctx, "password reset not sent: too many are waiting", "user", u.ID)
		}
	})
	return nil
}

// EndLogins ends all logins of an account. It returns how many there were.
func (s *Administration) EndLogins(ctx context.Context, userID int64) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.credentials.Lock(ctx, userID); err != nil {
			return err
		}
		rows, err := s.repo.logins(ctx, userID, s.db.Now(ctx))
		if err != nil {
			return err
		}
		n = len(rows)
		if err := s.audit.record(ctx, userID, eventAllEnded, RequestInfo{}); err != nil {
			return err
		}
		return s.logins.endLogins(ctx, userID, "")
	})
	return n, err
}

// Proof is what a person proves with who they are: the password, and a code where a
// second factor is on.
type Proof struct{ Password, Code string }

// HasSecondFactor reports whether the actor's second factor is on.
func (s *Passwords) HasSecondFactor(ctx context.Context, by accounts.Actor) (bool, error) {
	_, err := s.repo.factor(ctx, by.UserID, false)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// Proved checks the proof of the actor and runs done in a transaction in which
// password, login and code are checked again and the code is used up. Errors:
// Invalid with the fields password, code; Unauthenticated; RateLimited; the errors
// of done.
func (s *Passwords) Proved(ctx context.Context, by accounts.Actor, p Proof, info RequestInfo, done func(ctx context.Context) error) error {
	c := passwordOf(p.Password)
	confirmed, err := s.confirm(ctx, by, c)
	if err != nil {
		return err
	}
	twoSteps, err := s.HasSecondFactor(ctx, by)
	if err != nil {
		return err
	}
	g := guessAt(s.limits.secondSteps, s.limits.secondStepsOf, userKey(by.UserID), info, by.LoginID)
	if twoSteps {
		if err := g.try(); err != nil {
			return err
		}
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, confirmed, c)
		if err != nil {
			return err
		}
		if err := s.useFactor(ctx, u, p.Code, info); err != nil {
			return err
		}
		return done(ctx)
	})
	if err == nil && twoSteps {
		g.right()
	}
	return err
}

// useFactor uses up a code of the person's second factor, if one is on.
func (s *Passwords) useFactor(ctx context.Context, u accounts.User, code string, info RequestInfo) error {
	f, err := s.repo.factor(ctx, u.ID, true)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	used, err := s.steps.useCode(ctx, f, code)
	if err != nil || used == "" {
		return err
	}
	return s.audit.recordAndNotify(ctx, u, used, info)
}
