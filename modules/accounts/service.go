package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/text"
)

// Service is what can be done with accounts. Safe for concurrent use.
type Service struct {
	db      *db.DB
	repo    repository
	bus     *events.Bus
	log     *slog.Logger
	cost    int // of new password hashes
	limits  limits
	refused *refused.Counter
	// hashes are the places for hashing passwords; nil for no bound.
	hashes *ratelimit.Places
	seen   seenLogins
	// mails takes what is to be sent; writer writes it.
	mails  mailQueue
	writer *mailWriter
	seal   *seal.Sealer
	// resets are requests for a new password, which the worker looks into.
	resets chan resetRequest
	// storage holds uploaded pictures.
	storage storage.Storage
	// exports are the other modules' shares of an export.
	exports []ExportPart
	// routeNames are the first segments of all routes.
	routeNames []string
	// dummyHash is compared with for names nobody has, so that the answer
	// takes as long as for those somebody has (defect H14).
	dummyHash func() string
}

// mailQueue takes mails in the transaction that causes them and sends them
// after its commit.
type mailQueue interface {
	Enqueue(ctx context.Context, m mail.Message) error
}

// Visit is where a request comes from.
type Visit struct {
	Address   string // of the client
	UserAgent string
	Lang      string // the language of mails the request causes
	// LoginID is the login the browser has so far, ended or not; empty if none.
	LoginID string
	// Devices is what the browser keeps of having logged in before.
	Devices string
}

// SignUp is what somebody sends who wants an account.
type SignUp struct {
	Name, Email, Password string
	// Keep asks for a login that survives the browser's end.
	Keep bool
	// Continue is the local path to go to after verification; empty for none.
	Continue string
}

// Welcome is a login that has begun, or its first step.
type Welcome struct {
	Actor Actor
	// Secret goes into the cookie, for as long as Persistent says.
	Secret     string
	Persistent bool
	// CaseID is the verification that is waiting, empty if there is none.
	CaseID string
	// SecondStep is true while a code is still to come: Secret then stands for
	// no login yet.
	SecondStep bool
}

// SignUp makes an account that waits for its verification, starts a login
// (which counts as nobody until then) and sends the mail. Errors: Invalid with
// the fields username, useremail, password; RateLimited.
func (s *Service) SignUp(ctx context.Context, in SignUp, v Visit) (Welcome, error) {
	in.Name, in.Email = text.Identifier(in.Name), text.Identifier(in.Email)
	// Counted before anything is looked up: the answer tells which addresses
	// have accounts. What is wrong with the form itself is always said.
	if err := take(s.limits.signUpsByAddress, addressKey(v.Address)); err != nil {
		return Welcome{}, cmp.Or(s.checkForm(in).Err(), err)
	}
	if err := s.checkSignUp(ctx, in); err != nil {
		return Welcome{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return Welcome{}, fmt.Errorf("hash password: %w", err)
	}
	var w Welcome
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.insert(ctx, in, hash)
		if err != nil {
			return err
		}
		if err := s.recordEvent(ctx, u.ID, EventSignedUp, v); err != nil {
			return err
		}
		if w, err = s.startLogin(ctx, u, v, in.Keep); err != nil {
			return err
		}
		return s.sendVerification(ctx, u, in.Continue, v.Lang)
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		return Welcome{}, s.whoWasFaster(ctx, in, err)
	}
	return w, err
}

// Create makes an account whose address counts as verified, without login or
// mail: for the demo data, not for the web. Errors as of SignUp.
func (s *Service) Create(ctx context.Context, in SignUp) (Actor, error) {
	if err := s.checkSignUp(ctx, in); err != nil {
		return Actor{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return Actor{}, fmt.Errorf("hash password: %w", err)
	}
	var u user
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if u, err = s.insert(ctx, in, hash); err != nil {
			return err
		}
		return s.repo.completeVerification(ctx, u)
	})
	return Actor{UserID: u.ID, Name: u.Name}, err
}

// insert stores a new account in the transaction of ctx.
func (s *Service) insert(ctx context.Context, in SignUp, hash string) (user, error) {
	// Checked once more: hashing takes long enough for somebody else to be faster.
	if err := s.checkSignUp(ctx, in); err != nil {
		return user{}, err
	}
	u := s.newUser(ctx, in, hash)
	if err := s.repo.releaseAddress(ctx, 0, in.Email); err != nil {
		return user{}, err
	}
	err := s.repo.insertUser(ctx, &u)
	return u, err
}

// whoWasFaster turns a unique key that was taken at the last moment into the
// message of its field.
func (s *Service) whoWasFaster(ctx context.Context, in SignUp, conflict error) error {
	if err := s.checkSignUp(ctx, in); err != nil {
		return err
	}
	// Whoever it was is gone again, so trying once more will do.
	return errs.Because(errs.Conflict, conflict)
}

// checkForm finds what is wrong with the fields by themselves, regardless of who else has
// an account.
func (s *Service) checkForm(in SignUp) errs.Fields {
	f := errs.Fields{}
	checkPassword(f, "password", in.Password)
	if !ValidEmail(in.Email) {
		f.Add("useremail", "accounts.signup.emailMalformed", "Max", MaxEmailLength)
	}
	s.checkName(f, in.Name)
	return f
}

// checkSignUp finds everything wrong with the fields at once.
func (s *Service) checkSignUp(ctx context.Context, in SignUp) error {
	f := s.checkForm(in)
	// What is malformed is not looked up: no row can have it.
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
	nameTaken, emailTaken, err := s.repo.taken(ctx, name, email)
	if err != nil {
		return err
	}
	if nameTaken {
		f.Add("username", "accounts.signup.nameTaken")
	}
	if emailTaken {
		f.Add("useremail", "accounts.signup.emailTaken")
	}
	return f.Err()
}

// checkName adds what is wrong with a new name, whoever may have it.
func (s *Service) checkName(f errs.Fields, name string) {
	switch {
	case !ValidName(name):
		f.Add("username", "accounts.signup.nameMalformed", "Min", MinNameLength, "Max", MaxNameLength)
	case reserved(name, s.ReservedUserNames()):
		f.Add("username", "accounts.signup.nameTaken")
	}
}

// NameFree tells whether somebody could sign up with a name now, for the form
// that asks while it is typed. Errors: Invalid with the field username, which
// says why not; RateLimited.
func (s *Service) NameFree(ctx context.Context, name string, v Visit) error {
	if err := take(s.limits.namesByAddress, addressKey(v.Address)); err != nil {
		return err
	}
	name = text.Identifier(name)
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

func (s *Service) newUser(ctx context.Context, in SignUp, hash string) user {
	now := s.db.Now(ctx)
	caseID, code := newCase(), newCode()
	u := user{
		Name: in.Name, PasswordHash: hash, EmailPrivate: true, StayLoggedIn: in.Keep,
		EmailPendingVerification: &in.Email, EmailVerificationCaseID: &caseID, EmailVerificationCode: &code,
		EmailVerificationSentAt: &now, CreatedAt: now,
	}
	u.AvatarURL, u.SmallAvatarURL = drawnPictures(in.Name)
	return u
}

// ReservedNames are the names no user and no project may have, ignoring case.
func (s *Service) ReservedNames() []string {
	return append(contractNames[:len(contractNames):len(contractNames)], s.routeNames...)
}

// ReservedUserNames are the names no new user may have, ignoring case: those of
// ReservedNames, and further ones. An account that has one keeps it.
func (s *Service) ReservedUserNames() []string { return append(s.ReservedNames(), futureNames...) }

// onceDummyHash makes the dummy hash when it is first needed: it takes a
// quarter of a second, which the start of the program does not have to wait.
func onceDummyHash(cost int) func() string {
	return sync.OnceValue(func() string {
		hash, err := hashPassword(newSecret(), cost)
		if err != nil {
			return "" // only for an impossible cost, with which nobody signs up either
		}
		return hash
	})
}
