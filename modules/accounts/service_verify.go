package accounts

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Verification is an address that waits for its code.
type Verification struct {
	Name, Email, CaseID string
	// NewAccount is true at sign-up, false when the address of an account is
	// changed.
	NewAccount bool
	userID     int64
}

func verificationOf(u user) Verification {
	v := Verification{Name: u.Name, NewAccount: !u.SignUpComplete, userID: u.ID}
	if u.EmailPendingVerification != nil && u.EmailVerificationCaseID != nil {
		v.Email, v.CaseID = *u.EmailPendingVerification, *u.EmailVerificationCaseID
	}
	return v
}

// Verification is what waits under a case id; NotFound if nothing does. The id
// is secret: whoever has it may see name and address.
func (s *Service) Verification(ctx context.Context, caseID string) (Verification, error) {
	u, err := s.waiting(ctx, caseID, false)
	return verificationOf(u), err
}

func (s *Service) waiting(ctx context.Context, caseID string, lock bool) (user, error) {
	if !casePattern.MatchString(caseID) {
		return user{}, errs.Of(errs.NotFound)
	}
	u, err := s.repo.userByCase(ctx, caseID, lock)
	if err == nil && (u.EmailPendingVerification == nil || u.EmailVerificationCode == nil) {
		err = errs.Of(errs.NotFound)
	}
	if err == nil && u.changeExpired(s.db.Now(ctx)) {
		err = errs.Of(errs.NotFound)
	}
	return u, err
}

// changeExpired tells whether a change of address has waited too long for its
// code. Sign-ups have their own end: the whole account goes.
func (u user) changeExpired(now time.Time) bool {
	return u.SignUpComplete && (u.EmailVerificationSentAt == nil || now.Sub(*u.EmailVerificationSentAt) >= unverifiedLife)
}

// Verify confirms an address by the code of its mail and completes the
// sign-up. It logs nobody in. Errors: NotFound; Invalid for a wrong code;
// Conflict if another account has the address by now; RateLimited. An address
// that is replaced is told so.
func (s *Service) Verify(ctx context.Context, caseID, code string, v Visit) (Verification, error) {
	who, err := s.waiting(ctx, caseID, false)
	if err != nil {
		return Verification{}, err
	}
	if err := guessAt(s.limits.codesByUser, s.limits.codesOfUser, userKey(who.ID), v, "").try(); err != nil {
		return Verification{}, err
	}
	var confirmed Verification
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.waiting(ctx, caseID, true)
		if err != nil {
			return err
		}
		confirmed = verificationOf(u)
		if *u.EmailVerificationCode == "" || subtle.ConstantTimeCompare([]byte(*u.EmailVerificationCode), []byte(text.Identifier(strings.TrimSpace(code)))) != 1 {
			return errs.New(errs.Invalid, "accounts.verify.wrongCode")
		}
		if err := s.repo.completeVerification(ctx, u); err != nil {
			return err
		}
		if confirmed.NewAccount {
			return nil
		}
		// Whoever reads the old address's mails must not set a password.
		if err := s.repo.deleteResetOf(ctx, u.ID); err != nil {
			return err
		}
		return s.recordAndTell(ctx, u, EventEmailChanged, v)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		err = &errs.Error{Kind: errs.Conflict, Message: errs.Text("accounts.verify.addressTaken"), Cause: err}
	}
	return confirmed, err
}

// ResendVerification sends the mail once more, with the code it had, so that
// both mails work. Errors: NotFound, RateLimited.
func (s *Service) ResendVerification(ctx context.Context, caseID, continueTo, lang string) error {
	who, err := s.waiting(ctx, caseID, false)
	if err != nil {
		return err
	}
	if err := take(s.limits.mailsByUser, userKey(who.ID)); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.waiting(ctx, caseID, true)
		if err != nil {
			return err
		}
		if err := s.sendVerification(ctx, u, continueTo, lang); err != nil {
			return err
		}
		return s.repo.setVerificationSent(ctx, u.ID, s.db.Now(ctx))
	})
}

// sendVerification hands the mail to the queue, in the transaction of ctx.
func (s *Service) sendVerification(ctx context.Context, u user, continueTo, lang string) error {
	msg, err := s.writer.verify(lang, verifyMail{Verification: verificationOf(u), Code: *u.EmailVerificationCode, Continue: continueTo})
	if err != nil {
		return err
	}
	return s.mails.Enqueue(ctx, msg)
}

// MayMend tells whether the browser of a visit may still change the address it
// signed up with: it has the login that the sign-up, or a log-in, has begun.
func (s *Service) MayMend(ctx context.Context, v Verification, visit Visit) (bool, error) {
	if !v.NewAccount || visit.LoginID == "" {
		return false, nil
	}
	l, err := s.repo.login(ctx, visit.LoginID)
	if isNotFound(err) {
		return false, nil
	}
	return l.UserID == v.userID, err
}

// MendAddress puts another address in place of a mistyped one before it was
// verified, with a new case and code: what was mailed to the wrong address is
// worth nothing any more. Errors: NotFound; Forbidden in another browser than
// the one that has signed up; Invalid with the field useremail; RateLimited.
func (s *Service) MendAddress(ctx context.Context, caseID, email, continueTo string, v Visit) (newCaseID string, err error) {
	waiting, err := s.Verification(ctx, caseID)
	if err != nil {
		return "", err
	}
	may, err := s.MayMend(ctx, waiting, v)
	if err != nil {
		return "", err
	}
	if !may {
		return "", errs.Of(errs.Forbidden)
	}
	email = text.Identifier(email)
	if !ValidEmail(email) {
		return "", errs.Field("useremail", "accounts.signup.emailMalformed", "Max", MaxEmailLength)
	}
	if err := take(s.limits.mailsByUser, userKey(waiting.userID)); err != nil {
		return "", err
	}
	newCaseID = newCase()
	err = s.db.InTx(ctx, func(ctx context.Context) error { return s.mendAddress(ctx, caseID, newCaseID, email, continueTo, v) })
	if errors.Is(err, errs.Of(errs.Conflict)) {
		err = errs.Field("useremail", "accounts.signup.emailTaken")
	}
	return newCaseID, err
}

func (s *Service) mendAddress(ctx context.Context, caseID, newCaseID, email, continueTo string, v Visit) error {
	u, err := s.waiting(ctx, caseID, true)
	if err != nil {
		return err
	}
	// The login may have ended, and the account been verified, since it was asked.
	may, err := s.MayMend(ctx, verificationOf(u), v)
	if err != nil {
		return err
	}
	if !may {
		return errs.Of(errs.Forbidden)
	}
	taken, err := s.repo.emailOfOther(ctx, u.ID, email)
	if err != nil {
		return err
	}
	if taken {
		return errs.Of(errs.Conflict)
	}
	code, now := newCode(), s.db.Now(ctx)
	u.EmailPendingVerification, u.EmailVerificationCaseID = &email, &newCaseID
	u.EmailVerificationCode, u.EmailVerificationSentAt = &code, &now
	if err := s.repo.setPendingEmail(ctx, u); err != nil {
		return err
	}
	if err := s.recordEvent(ctx, u.ID, EventEmailAsked, v); err != nil {
		return err
	}
	return s.sendVerification(ctx, u, continueTo, v.Lang)
}
