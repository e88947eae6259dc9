package accounts

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// resetLife is how long the code of a reset works.
	resetLife = time.Hour
	// resetAttempts is how many codes may be tried in all.
	resetAttempts = 10
	// resetQueue is how many requests may wait to be looked into.
	resetQueue = 256
)

// passwordReset is a row of table password_reset.
type passwordReset struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID    string
	CodeHash  string
	Attempts  int
	CreatedAt time.Time
}

// TableName is for GORM.
func (passwordReset) TableName() string { return "password_reset" }

// resetRequest is somebody, or nobody, who wants a new password.
type resetRequest struct {
	caseID     string
	name       string // or address, as typed
	continueTo string
	visit      Visit
}

// ForgotPassword begins the reset of a password, by name or address, and
// returns its case. Whether there is such an account is found out later, in the
// background: neither the answer nor the time it takes tells, and the case of
// nobody behaves like one whose code is never right. Errors: RateLimited, the
// same for known and unknown names; Unavailable.
func (s *Service) ForgotPassword(ctx context.Context, name, continueTo string, v Visit) (caseID string, err error) {
	name = text.Identifier(name)
	if err := s.takeReset(ctx, name, v); err != nil {
		return "", err
	}
	r := resetRequest{caseID: s.newResetCase(s.db.Now(ctx)), name: name, continueTo: continueTo, visit: v}
	select {
	case s.resets <- r:
		return r.caseID, nil
	default:
		return "", errs.Of(errs.Unavailable)
	}
}

// takeReset counts a request for a reset: per network, with a ceiling over all of
// them, and apart from both for a browser that has logged in to the account.
func (s *Service) takeReset(ctx context.Context, name string, v Visit) error {
	browser, err := s.browserFor(ctx, name, v)
	if err != nil {
		return err
	}
	if browser != "" {
		return take(s.limits.resetsByAccount, browserKey(browser, name))
	}
	if err := take(s.limits.resetsByAddress, addressKey(v.Address)); err != nil {
		return err
	}
	if err := take(s.limits.resetsByAccount, networkKey(v, name)); err != nil {
		return err
	}
	return take(s.limits.resetsOfAccount, name)
}

// beginReset does what ForgotPassword was asked for: a code by mail to the
// verified address, in place of an older one. Nobody's request does nothing.
func (s *Service) beginReset(ctx context.Context, r resetRequest) error {
	u, err := s.find(ctx, r.name)
	if isNotFound(err) || err == nil && (!u.SignUpComplete || u.Email == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	code := newCode()
	leave, err := s.hashes.Wait(ctx)
	if err != nil {
		return err
	}
	hash, err := hashPassword(code, s.cost)
	leave()
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.stillMeant(ctx, u, r.name)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		now := s.db.Now(ctx)
		if err := s.repo.replaceReset(ctx, &passwordReset{UserID: u.ID, CaseID: r.caseID, CodeHash: hash, CreatedAt: now}); err != nil {
			return err
		}
		if err := s.recordEvent(ctx, u.ID, EventResetAsked, r.visit); err != nil {
			return err
		}
		msg, err := s.writer.reset(r.visit.Lang, *u.Email, resetMail{
			Name: u.Name, CaseID: r.caseID, Code: code, Continue: r.continueTo, Address: r.visit.Address,
		})
		if err != nil {
			return err
		}
		msg.Expires = now.Add(resetLife)
		return s.mails.Enqueue(ctx, msg)
	})
}

// stillMeant locks the row of a person who was found by a name or an address.
// NotFound if either has another owner by now: the code would go to an address
// that the account does not have any more.
func (s *Service) stillMeant(ctx context.Context, found user, typed string) (user, error) {
	u, err := s.repo.lockUser(ctx, found.ID)
	if err != nil {
		return user{}, err
	}
	again, err := s.find(ctx, typed)
	if err == nil && (again.ID != u.ID || u.Email == nil) {
		err = errs.Of(errs.NotFound)
	}
	return u, err
}

// ResetCase tells whether a case was begun here within the last hour, not
// whether it belongs to anybody; NotFound if not.
func (s *Service) ResetCase(ctx context.Context, caseID string) error {
	if begun, ok := s.resetBegun(caseID); !ok || s.db.Now(ctx).Sub(begun) >= resetLife {
		return errs.Of(errs.NotFound)
	}
	return nil
}

// ResetPassword sets a new password with the code of the mail, ends all logins,
// and begins one that is not remembered (or its first step). Errors: NotFound;
// Invalid with the fields code, password; Forbidden for suspended people;
// RateLimited.
func (s *Service) ResetPassword(ctx context.Context, caseID, code, password string, v Visit) (Welcome, error) {
	if err := s.ResetCase(ctx, caseID); err != nil {
		return Welcome{}, err
	}
	f := errs.Fields{}
	if checkPassword(f, "password", password); len(f) > 0 {
		return Welcome{}, f.Err()
	}
	if err := try(s.limits.resetsByCase, caseID); err != nil {
		return Welcome{}, err
	}
	r, err := s.checkResetCode(ctx, caseID, text.Identifier(strings.TrimSpace(code)))
	if err != nil {
		return Welcome{}, err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return Welcome{}, err
	}
	var w Welcome
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		w, err = s.finishReset(ctx, r, hash, v)
		return err
	})
	return w, err
}

// checkResetCode counts the attempt before it compares, and compares with
// something even where there is nothing.
func (s *Service) checkResetCode(ctx context.Context, caseID, code string) (passwordReset, error) {
	var r passwordReset
	err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
		r, err = s.repo.countResetAttempt(ctx, caseID, resetAttempts)
		return err
	})
	if err != nil && !isNotFound(err) {
		return r, err
	}
	hash := r.CodeHash
	if err != nil {
		hash = s.dummyHash()
	}
	right, busy := s.matches(ctx, hash, code)
	if busy != nil {
		return r, busy
	}
	if !right || err != nil {
		return r, errWrongResetCode()
	}
	return r, nil
}

func errWrongResetCode() error { return errs.Field("code", "accounts.reset.wrongCode") }

func (s *Service) finishReset(ctx context.Context, r passwordReset, hash string, v Visit) (Welcome, error) {
	// Whoever deletes the case has won; the same code sent twice sets one password.
	won, err := s.repo.deleteReset(ctx, r.CaseID)
	if err != nil {
		return Welcome{}, err
	}
	if !won {
		return Welcome{}, errWrongResetCode()
	}
	u, err := s.repo.lockUser(ctx, r.UserID)
	if err != nil {
		return Welcome{}, err
	}
	if err := s.checkNotSuspended(ctx, u.ID); err != nil {
		return Welcome{}, err
	}
	if err := s.repo.setPassword(ctx, u.ID, hash); err != nil {
		return Welcome{}, err
	}
	if err := s.endLogins(ctx, u.ID, ""); err != nil {
		return Welcome{}, err
	}
	if err := s.recordAndTell(ctx, u, EventPasswordReset, v); err != nil {
		return Welcome{}, err
	}
	return s.begin(ctx, u, v, false)
}

// A case is 16 bytes: when it began, random ones, and a signature over both. So
// the server knows its own cases without writing down those of nobody.
const (
	caseTimeBytes   = 4
	caseRandomBytes = 6
	caseSignedBytes = caseTimeBytes + caseRandomBytes
	caseBytes       = 16
)

const resetPurpose = "password reset"

func (s *Service) newResetCase(now time.Time) string {
	data := binary.BigEndian.AppendUint32(nil, uint32(now.Unix())) // enough until 2106
	data = append(data, random(caseRandomBytes)...)
	return hex.EncodeToString(append(data, s.seal.Sign(resetPurpose, data, caseBytes-caseSignedBytes)...))
}

// resetBegun is when a case began; false if it was not made here.
func (s *Service) resetBegun(caseID string) (time.Time, bool) {
	if !casePattern.MatchString(caseID) {
		return time.Time{}, false
	}
	data, err := hex.DecodeString(caseID)
	if err != nil {
		return time.Time{}, false
	}
	if !s.seal.Verify(resetPurpose, data[:caseSignedBytes], data[caseSignedBytes:], caseBytes-caseSignedBytes) {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint32(data)), 0), true
}
