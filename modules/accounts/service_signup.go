package accounts

import (
	"context"
	"errors"

	"taskstack.org/platform/errs"
)

// NameFree tells whether somebody could sign up with a name now, for the form
// that asks while it is typed. Errors: Invalid with the field username, which
// says why not; RateLimited.
func (s *Service) NameFree(ctx context.Context, name string, v Visit) error {
	if err := take(s.limits.namesByAddress, addressKey(v.Address)); err != nil {
		return err
	}
	f := errs.Fields{}
	if s.checkName(f, name); len(f) == 0 {
		taken, _, err := s.repo.taken(ctx, name, "")
		if err != nil {
			return err
		}
		if taken {
			f.Add("username", "accounts.signup.nameTaken")
		}
	}
	return f.Err()
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
