package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// sentAgainWithin is how long a sign-up that is sent again continues the first one.
const sentAgainWithin = 10 * time.Minute

// SignUps makes accounts. It is safe for concurrent use.
type SignUps struct {
	*shared
	hasher        *hasher
	people        *accounts.Service
	audit         *Audit
	logins        *Logins
	verifications *Verifications
}

// SignUp is the form of a sign-up.
type SignUp struct {
	Name, Email, Password string
	// Keep asks for a login that outlives the browser.
	Keep bool
	// Continue is the local path to go to after verification; empty for none.
	Continue string
	// ProvenEmail is the address whose mails the person has shown to read: with it
	// the account needs no verification. Empty for none.
	ProvenEmail string
	// Invited is true if the path that follows is an invitation that is valid.
	Invited bool
}

// isProven reports whether the address needs no verification.
func (in SignUp) isProven() bool {
	return in.ProvenEmail != "" && strings.EqualFold(in.Email, in.ProvenEmail)
}

// signUp makes an account that waits for its verification, starts a login, which
// grants no access until then, and sends the mail. For a proven address it makes a
// verified account and sends none. A sign-up that is sent again, by a second press or
// because its answer got lost, continues the first one. Errors: Invalid with the
// fields username, useremail, password; Forbidden where sign-up is closed; RateLimited.
func (s *SignUps) signUp(ctx context.Context, in SignUp, info RequestInfo) (loginResult, error) {
	if err := s.policy.check(in.Invited); err != nil {
		return loginResult{}, err
	}
	in.Name, in.Email = text.Identifier(in.Name), text.Identifier(in.Email)
	// Counted before anything is looked up: the answer reveals which addresses
	// have accounts. Problems of the form itself are always reported.
	if err := take(s.limits.signUpsByAddress, addressKey(info.Address)); err != nil {
		return loginResult{}, cmp.Or(s.checkForm(in).Err(), err)
	}
	result, err := s.make(ctx, in, info)
	if errs.KindOf(err) != errs.Invalid {
		return result, err
	}
	u, again, lookErr := s.sentBefore(ctx, in)
	if lookErr != nil || !again {
		return loginResult{}, cmp.Or(lookErr, err)
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		result, err = s.logins.start(ctx, u, info, in.Keep)
		return err
	})
	return result, err
}

// sentBefore returns the account that the same form has made a moment ago, which is
// not verified yet. The password counts too: others may know name and address.
func (s *SignUps) sentBefore(ctx context.Context, in SignUp) (u accounts.User, ok bool, err error) {
	u, err = s.credentials.Find(ctx, in.Name)
	if isNotFound(err) {
		return u, false, nil
	}
	if err != nil || u.SignUpComplete || u.EmailPendingVerification == nil || !strings.EqualFold(*u.EmailPendingVerification, in.Email) ||
		s.db.Now(ctx).Sub(u.CreatedAt) >= sentAgainWithin {
		return u, false, err
	}
	ok, err = s.hasher.matches(ctx, u.PasswordHash, in.Password)
	return u, ok, err
}

// make makes an account; see signUp.
func (s *SignUps) make(ctx context.Context, in SignUp, info RequestInfo) (loginResult, error) {
	if err := s.check(ctx, in); err != nil {
		return loginResult{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return loginResult{}, fmt.Errorf("hash password: %w", err)
	}
	var result loginResult
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.insert(ctx, in, hash)
		if err != nil {
			return err
		}
		if err := s.audit.record(ctx, u.ID, eventSignedUp, info); err != nil {
			return err
		}
		if in.isProven() {
			if u, err = s.complete(ctx, u); err != nil {
				return err
			}
		}
		if result, err = s.logins.start(ctx, u, info, in.Keep); err != nil || in.isProven() {
			return err
		}
		return s.verifications.send(ctx, u, in.Continue, info.Lang)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		return loginResult{}, s.explainConflict(ctx, in, err)
	}
	return result, err
}

// Create makes an account with a verified address, without login or mail: for
// the demo data, not for the web. Errors as of signUp.
func (s *SignUps) Create(ctx context.Context, in SignUp) (accounts.Actor, error) {
	if err := s.check(ctx, in); err != nil {
		return accounts.Actor{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return accounts.Actor{}, fmt.Errorf("hash password: %w", err)
	}
	var u accounts.User
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if u, err = s.insert(ctx, in, hash); err != nil {
			return err
		}
		return s.credentials.CompleteVerification(ctx, u)
	})
	return accounts.Actor{UserID: u.ID, Name: u.Name}, err
}

// complete verifies the address of a new account, and returns the account as it
// is now.
func (s *SignUps) complete(ctx context.Context, u accounts.User) (accounts.User, error) {
	if err := s.credentials.CompleteVerification(ctx, u); err != nil {
		return u, err
	}
	return s.credentials.ByID(ctx, u.ID)
}

// insert stores a new account in the transaction of ctx.
func (s *SignUps) insert(ctx context.Context, in SignUp, hash string) (accounts.User, error) {
	// Checked again: hashing takes long enough for a concurrent sign-up.
	if err := s.check(ctx, in); err != nil {
		return accounts.User{}, err
	}
	if err := s.credentials.ReleaseAddress(ctx, 0, in.Email); err != nil {
		return accounts.User{}, err
	}
	now, token, code := s.db.Now(ctx), newVerificationToken(), newCode()
	u := accounts.User{
		Name: in.Name, PasswordHash: hash, EmailPrivate: true, StayLoggedIn: in.Keep,
		EmailPendingVerification: &in.Email, EmailVerificationToken: &token, EmailVerificationCode: &code,
		EmailVerificationSentAt: &now, CreatedAt: now,
	}
	err := s.credentials.Insert(ctx, &u)
	return u, err
}

// explainConflict turns a unique key that a concurrent sign-up has taken into the
// message of its field.
func (s *SignUps) explainConflict(ctx context.Context, in SignUp, conflict error) error {
	if err := s.check(ctx, in); err != nil {
		return err
	}
	// The other account does not exist any more, so a retry succeeds.
	return errs.Because(errs.Conflict, conflict)
}

// checkForm returns the problems of the fields by themselves.
func (s *SignUps) checkForm(in SignUp) errs.Fields {
	f := errs.Fields{}
	checkPassword(f, "password", in.Password)
	if !accounts.ValidEmail(in.Email) {
		f.Add("useremail", "auth.signup.emailMalformed", "Max", accounts.MaxEmailLength)
	} else {
		s.policy.checkAddress(f, "useremail", in.Email)
	}
	s.people.CheckName(f, "username", in.Name)
	return f
}

// check returns all problems of the fields at once.
func (s *SignUps) check(ctx context.Context, in SignUp) error {
	f := s.checkForm(in)
	// Malformed input is not looked up: no row can have it.
	name, email := in.Name, in.Email
	if _, bad := f["username"]; bad {
		name = ""
	}
	if _, bad := f["useremail"]; bad {
		email = ""
	}
	if name == "" && email == "" {
		return f.Err()
	}
	nameTaken, emailTaken, err := s.credentials.Taken(ctx, name, email)
	if err != nil {
		return err
	}
	if nameTaken {
		f.Add("username", accounts.NameTaken)
	}
	if emailTaken {
		f.Add("useremail", "auth.signup.emailTaken")
	}
	return f.Err()
}

// nameFree checks whether a sign-up with a name is possible, for the form that
// asks while the name is typed. Errors: Invalid with the field username, which
// says why not; RateLimited.
func (s *SignUps) nameFree(ctx context.Context, name string, info RequestInfo) error {
	if err := take(s.limits.namesByAddress, addressKey(info.Address)); err != nil {
		return err
	}
	name = text.Identifier(name)
	f := errs.Fields{}
	if s.people.CheckName(f, "username", name); len(f) == 0 {
		taken, _, err := s.credentials.Taken(ctx, name, "")
		if err != nil {
			return err
		}
		if taken {
			f.Add("username", accounts.NameTaken)
		}
	}
	return f.Err()
}
