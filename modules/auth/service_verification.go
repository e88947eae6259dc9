package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// verification is an address that waits for its code.
type verification struct {
	Name, Email, Token string
	// NewAccount is true at sign-up, false when the address of an account is
	// changed.
	NewAccount bool
	userID     int64
}

func verificationOf(u accounts.User) verification {
	v := verification{Name: u.Name, NewAccount: !u.SignUpComplete, userID: u.ID}
	v.Email, v.Token = u.PendingEmail()
	return v
}

// Verifications verifies addresses by codes in mails, at sign-up and when an
// address is changed. It is safe for concurrent use.
type Verifications struct {
	*shared
	audit     *Audit
	passwords *Passwords
}

// verification returns the pending verification with this token; NotFound if
// there is none. The token is secret: its holder may see name and address.
func (s *Verifications) verification(ctx context.Context, token string) (verification, error) {
	u, err := s.pending(ctx, token, false)
	return verificationOf(u), err
}

func (s *Verifications) pending(ctx context.Context, token string, lock bool) (accounts.User, error) {
	if !tokenPattern.MatchString(token) {
		return accounts.User{}, errs.Of(errs.NotFound)
	}
	u, err := s.credentials.ByVerificationToken(ctx, token, lock)
	if err == nil && (u.EmailPendingVerification == nil || u.EmailVerificationCode == nil) {
		err = errs.Of(errs.NotFound)
	}
	if err == nil && changeExpired(u, s.db.Now(ctx)) {
		err = errs.Of(errs.NotFound)
	}
	return u, err
}

// changeExpired reports whether a change of address has waited too long for its
// code. A sign-up does not expire: the worker deletes the whole account.
func changeExpired(u accounts.User, now time.Time) bool {
	return u.SignUpComplete && (u.EmailVerificationSentAt == nil || now.Sub(*u.EmailVerificationSentAt) >= unverifiedLife)
}

// verify confirms an address by the code of its mail and completes the sign-up.
// It starts no login, and notifies the address that is replaced. Errors:
// NotFound; Invalid for a wrong code; Conflict if another account has verified
// the address meanwhile; RateLimited.
func (s *Verifications) verify(ctx context.Context, token, code string, info RequestInfo) (verification, error) {
	who, err := s.pending(ctx, token, false)
	if err != nil {
		return verification{}, err
	}
	if err := guessAt(s.limits.codesByUser, s.limits.codesOfUser, userKey(who.ID), info, "").try(); err != nil {
		return verification{}, err
	}
	var confirmed verification
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.pending(ctx, token, true)
		if err != nil {
			return err
		}
		confirmed = verificationOf(u)
		if *u.EmailVerificationCode == "" || subtle.ConstantTimeCompare([]byte(*u.EmailVerificationCode), []byte(text.Identifier(strings.TrimSpace(code)))) != 1 {
			return errs.New(errs.Invalid, "auth.verify.wrongCode")
		}
		if err := s.credentials.CompleteVerification(ctx, u); err != nil {
			return err
		}
		if confirmed.NewAccount {
			return nil
		}
		// A reader of the old address's mails must not set a password.
		if err := s.repo.deleteResetOf(ctx, u.ID); err != nil {
			return err
		}
		return s.audit.recordAndNotify(ctx, u, eventEmailChanged, info)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		err = &errs.Error{Kind: errs.Conflict, Message: errs.Text("auth.verify.addressTaken"), Cause: err}
	}
	return confirmed, err
}

// resendVerification sends the mail once more, with the same code, so that both
// mails work. Errors: NotFound, RateLimited.
func (s *Verifications) resendVerification(ctx context.Context, token, continueTo, lang string) error {
	who, err := s.pending(ctx, token, false)
	if err != nil {
		return err
	}
	if err := take(s.limits.mailsByUser, userKey(who.ID)); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.pending(ctx, token, true)
		if err != nil {
			return err
		}
		if err := s.send(ctx, u, continueTo, lang); err != nil {
			return err
		}
		return s.credentials.SetVerificationSent(ctx, u.ID, s.db.Now(ctx))
	})
}

// send adds the mail to the queue, in the transaction of ctx.
func (s *Verifications) send(ctx context.Context, u accounts.User, continueTo, lang string) error {
	msg, err := s.audit.writer.verify(lang, verifyMail{verification: verificationOf(u), Code: *u.EmailVerificationCode, Continue: continueTo})
	if err != nil {
		return err
	}
	return s.audit.mails.Enqueue(ctx, msg)
}

// mayCorrectAddress reports whether a browser may still correct the address of a
// sign-up: it has a login of that account.
func (s *Verifications) mayCorrectAddress(ctx context.Context, v verification, info RequestInfo) (bool, error) {
	if !v.NewAccount {
		return false, nil
	}
	return s.isOwnBrowser(ctx, v, info)
}

// isOwnBrowser reports whether a browser has a login of the account.
func (s *Verifications) isOwnBrowser(ctx context.Context, v verification, info RequestInfo) (bool, error) {
	if info.LoginID == "" {
		return false, nil
	}
	l, err := s.repo.login(ctx, info.LoginID)
	if isNotFound(err) {
		return false, nil
	}
	return l.UserID == v.userID, err
}

// correctAddress replaces a mistyped address of a sign-up before it is verified,
// with a new token and code: the mail to the wrong address becomes worthless. It
// returns the new token. Errors: NotFound; Forbidden in a browser that
// mayCorrectAddress refuses; Invalid with the field useremail; RateLimited.
func (s *Verifications) correctAddress(ctx context.Context, token, email, continueTo string, info RequestInfo) (newToken string, err error) {
	v, err := s.verification(ctx, token)
	if err != nil {
		return "", err
	}
	may, err := s.mayCorrectAddress(ctx, v, info)
	if err != nil {
		return "", err
	}
	if !may {
		return "", errs.Of(errs.Forbidden)
	}
	email = text.Identifier(email)
	if !accounts.ValidEmail(email) {
		return "", errs.Field("useremail", "auth.signup.emailMalformed", "Max", accounts.MaxEmailLength)
	}
	f := errs.Fields{}
	if s.policy.checkAddress(f, "useremail", email); len(f) > 0 {
		return "", f.Err()
	}
	if err := take(s.limits.mailsByUser, userKey(v.userID)); err != nil {
		return "", err
	}
	newToken = newVerificationToken()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.pending(ctx, token, true)
		if err != nil {
			return err
		}
		// The login may have ended, and the account been verified, since the check.
		may, err := s.mayCorrectAddress(ctx, verificationOf(u), info)
		if err != nil {
			return err
		}
		if !may {
			return errs.Of(errs.Forbidden)
		}
		if u, err = s.setPending(ctx, u, email, newToken); err != nil {
			return err
		}
		if err := s.audit.record(ctx, u.ID, eventEmailAsked, info); err != nil {
			return err
		}
		return s.send(ctx, u, continueTo, info.Lang)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		err = errs.Field("useremail", "auth.signup.emailTaken")
	}
	return newToken, err
}

// setPending stores an address that waits for a new code; u is locked. Conflict
// if another account has the address: it is looked up although there are unique
// keys, because none of them covers an address that is verified for one account
// and pending for another.
func (s *Verifications) setPending(ctx context.Context, u accounts.User, email, token string) (accounts.User, error) {
	taken, err := s.credentials.EmailOfOther(ctx, u.ID, email)
	if err != nil {
		return u, err
	}
	if taken {
		return u, errs.Of(errs.Conflict)
	}
	code, now := newCode(), s.db.Now(ctx)
	u.EmailPendingVerification, u.EmailVerificationToken = &email, &token
	u.EmailVerificationCode, u.EmailVerificationSentAt = &code, &now
	return u, s.credentials.SetPendingEmail(ctx, u)
}

// ChangeEmail starts the change of the actor's address: a mail with a code goes
// to the new one, a notice to the old one, which stays valid until the code is
// entered. A change that was pending is cancelled. It returns the token of the
// verification. Errors: Unauthenticated; Invalid with the fields newEmail,
// password; RateLimited.
func (s *Verifications) ChangeEmail(ctx context.Context, by accounts.Actor, email, password, continueTo string, info RequestInfo) (token string, err error) {
	email = text.Identifier(email)
	f, c := errs.Fields{}, Confirmation{Field: "password", Password: password}
	u, err := s.passwords.confirmInto(ctx, f, by, c)
	if err != nil {
		return "", err
	}
	s.checkNewEmail(f, u, email)
	if err := f.Err(); err != nil {
		return "", err
	}
	// Counted before the address is looked up: the answer reveals whether it has
	// an account.
	if err := take(s.limits.mailsByUser, userKey(u.ID)); err != nil {
		return "", err
	}
	token = newVerificationToken()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.passwords.lockConfirmed(ctx, by, u, c)
		if err != nil {
			return err
		}
		return s.startChange(ctx, u, email, token, continueTo, info)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		return "", errs.Field("newEmail", "auth.signup.emailTaken")
	}
	return token, err
}

func (s *Verifications) startChange(ctx context.Context, u accounts.User, email, token, continueTo string, info RequestInfo) error {
	if err := s.credentials.ReleaseAddress(ctx, u.ID, email); err != nil {
		return err
	}
	u, err := s.setPending(ctx, u, email, token)
	if err != nil {
		return err
	}
	if err := s.send(ctx, u, continueTo, info.Lang); err != nil {
		return err
	}
	return s.audit.recordAndNotify(ctx, u, eventEmailAsked, info)
}

// checkNewEmail adds the problems of a new address by itself to f.
func (s *Verifications) checkNewEmail(f errs.Fields, u accounts.User, email string) {
	switch {
	case !accounts.ValidEmail(email):
		f.Add("newEmail", "auth.signup.emailMalformed", "Max", accounts.MaxEmailLength)
	case u.Email != nil && *u.Email == email:
		f.Add("newEmail", "auth.settings.sameEmail")
	default:
		s.policy.checkAddress(f, "newEmail", email)
	}
}

// CancelEmailChange cancels a pending change of the address; the link of its mail
// stops working. Errors: Unauthenticated.
func (s *Verifications) CancelEmailChange(ctx context.Context, by accounts.Actor) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.credentials.ClearPendingEmail(ctx, by.UserID) })
}
