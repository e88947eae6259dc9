package auth

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// resetLife is how long the code of a reset is valid.
	resetLife = time.Hour
	// resetAttempts is how many codes may be tried in all.
	resetAttempts = 10
	// resetQueue is how many requests may wait for the worker.
	resetQueue = 256
)

// passwordReset is a row of table password_reset.
type passwordReset struct {
	UserID    int64  `gorm:"primaryKey;autoIncrement:false"`
	Token     string `gorm:"column:case_id"`
	CodeHash  string
	Attempts  int
	CreatedAt time.Time
}

// TableName is for GORM.
func (passwordReset) TableName() string { return "password_reset" }

// Resets sets new passwords with codes of mails. It is safe for concurrent use.
type Resets struct {
	*shared
	hasher   *hasher
	audit    *Audit
	logins   *Logins
	browsers *Browsers
	steps    *SecondSteps
	// requests wait for the worker.
	requests chan resetRequest
}

// resetRequest is a request for a new password, for an account that may not
// exist.
type resetRequest struct {
	token      string
	name       string // or address, as typed
	continueTo string
	from       RequestInfo
}

// ForgotPassword begins the reset of a password, by name or address, and returns
// its token. The worker looks the account up later: neither the answer nor the
// time it takes reveals whether there is one, and the token of an unknown account
// behaves like one whose code is never right. Errors: RateLimited, the same for
// known and unknown names; Unavailable.
func (s *Resets) ForgotPassword(ctx context.Context, name, continueTo string, info RequestInfo) (token string, err error) {
	name = text.Identifier(name)
	if err := s.takeReset(ctx, name, info); err != nil {
		return "", err
	}
	r := resetRequest{token: s.newToken(s.db.Now(ctx)), name: name, continueTo: continueTo, from: info}
	select {
	case s.requests <- r:
		return r.token, nil
	default:
		return "", errs.Of(errs.Unavailable)
	}
}

// takeReset counts a request for a reset: per network, with a ceiling over all of
// them, and separately for a browser that has logged in to the account.
func (s *Resets) takeReset(ctx context.Context, name string, info RequestInfo) error {
	browser, err := s.browsers.forName(ctx, name, info)
	if err != nil {
		return err
	}
	if browser != "" {
		return take(s.limits.resetsByAccount, browserKey(browser, name))
	}
	if err := take(s.limits.resetsByAddress, addressKey(info.Address)); err != nil {
		return err
	}
	if err := take(s.limits.resetsByAccount, networkKey(info, name)); err != nil {
		return err
	}
	return take(s.limits.resetsOfAccount, name)
}

// begin sends the code of a requested reset to the verified address; it replaces
// an older one. A request for an unknown account does nothing.
func (s *Resets) begin(ctx context.Context, r resetRequest) error {
	u, err := s.credentials.Find(ctx, r.name)
	if isNotFound(err) || err == nil && (!u.SignUpComplete || u.Email == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	code := newCode()
	hash, err := s.hasher.hashInBackground(ctx, code)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockRecipient(ctx, u, r.name)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		now := s.db.Now(ctx)
		if err := s.repo.replaceReset(ctx, &passwordReset{UserID: u.ID, Token: r.token, CodeHash: hash, CreatedAt: now}); err != nil {
			return err
		}
		if err := s.audit.record(ctx, u.ID, eventResetAsked, r.from); err != nil {
			return err
		}
		msg, err := s.audit.writer.reset(r.from.Lang, *u.Email, resetMail{
			Name: u.Name, Token: r.token, Code: code, Continue: r.continueTo, Address: r.from.Address,
		})
		if err != nil {
			return err
		}
		msg.Expires = now.Add(resetLife)
		return s.audit.mails.Enqueue(ctx, msg)
	})
}

// lockRecipient locks the row of a person who was found by a name or an address.
// NotFound if either belongs to another account meanwhile: the code would go to
// an address that the account has given up.
func (s *Resets) lockRecipient(ctx context.Context, found accounts.User, typed string) (accounts.User, error) {
	u, err := s.credentials.Lock(ctx, found.ID)
	if err != nil {
		return accounts.User{}, err
	}
	again, err := s.credentials.Find(ctx, typed)
	if err == nil && (again.ID != u.ID || u.Email == nil) {
		err = errs.Of(errs.NotFound)
	}
	return u, err
}

// checkResetToken is NotFound for a token that was not issued here within the
// last hour. It does not reveal whether the token belongs to an account.
func (s *Resets) checkResetToken(ctx context.Context, token string) error {
	if begun, ok := s.resetBegun(token); !ok || s.db.Now(ctx).Sub(begun) >= resetLife {
		return errs.Of(errs.NotFound)
	}
	return nil
}

// resetPassword sets a new password with the code of the mail, ends all logins
// and starts one that is not remembered, or its first step. Errors: NotFound;
// Invalid with the fields code, password; Forbidden for suspended people;
// RateLimited.
func (s *Resets) resetPassword(ctx context.Context, token, code, password string, info RequestInfo) (loginResult, error) {
	if err := s.checkResetToken(ctx, token); err != nil {
		return loginResult{}, err
	}
	f := errs.Fields{}
	if checkPassword(f, "password", password); len(f) > 0 {
		return loginResult{}, f.Err()
	}
	if err := try(s.limits.resetsByToken, token); err != nil {
		return loginResult{}, err
	}
	r, err := s.checkCode(ctx, token, text.Identifier(strings.TrimSpace(code)))
	if err != nil {
		return loginResult{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return loginResult{}, err
	}
	var w loginResult
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		w, err = s.finish(ctx, r, hash, info)
		return err
	})
	return w, err
}

// checkCode counts the attempt before it compares, and compares with a dummy
// hash where there is no reset.
func (s *Resets) checkCode(ctx context.Context, token, code string) (passwordReset, error) {
	var r passwordReset
	err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
		r, err = s.repo.countResetAttempt(ctx, token, resetAttempts)
		return err
	})
	if err != nil && !isNotFound(err) {
		return r, err
	}
	hash := r.CodeHash
	if err != nil {
		hash = s.hasher.dummyHash()
	}
	right, busy := s.hasher.matches(ctx, hash, code)
	if busy != nil {
		return r, busy
	}
	if !right || err != nil {
		return r, errWrongResetCode()
	}
	return r, nil
}

func errWrongResetCode() error { return errs.Field("code", "auth.reset.wrongCode") }

func (s *Resets) finish(ctx context.Context, r passwordReset, hash string, info RequestInfo) (loginResult, error) {
	// Only the request that deletes the row continues, so that a code that is sent
	// twice sets one password.
	deleted, err := s.repo.deleteReset(ctx, r.Token)
	if err != nil {
		return loginResult{}, err
	}
	if !deleted {
		return loginResult{}, errWrongResetCode()
	}
	u, err := s.credentials.Lock(ctx, r.UserID)
	if err != nil {
		return loginResult{}, err
	}
	if err := s.logins.checkNotSuspended(ctx, u.ID); err != nil {
		return loginResult{}, err
	}
	if err := s.credentials.SetPassword(ctx, u.ID, hash); err != nil {
		return loginResult{}, err
	}
	if err := s.logins.endLogins(ctx, u.ID, ""); err != nil {
		return loginResult{}, err
	}
	if err := s.audit.recordAndNotify(ctx, u, eventPasswordReset, info); err != nil {
		return loginResult{}, err
	}
	return s.steps.begin(ctx, u, info, false)
}

// A reset token is 16 bytes: the time of the request, random bytes, and a
// signature over both. So the server recognizes its own tokens without storing
// those of unknown accounts.
const (
	tokenTimeBytes   = 4
	tokenRandomBytes = 6
	tokenSignedBytes = tokenTimeBytes + tokenRandomBytes
	tokenBytes       = 16
)

const resetPurpose = "password reset"

func (s *Resets) newToken(now time.Time) string {
	data := binary.BigEndian.AppendUint32(nil, uint32(now.Unix())) // enough until 2106
	data = append(data, random(tokenRandomBytes)...)
	return hex.EncodeToString(append(data, s.seal.Sign(resetPurpose, data, tokenBytes-tokenSignedBytes)...))
}

// resetBegun returns when a token was issued; false if it was not issued here.
func (s *Resets) resetBegun(token string) (time.Time, bool) {
	if !tokenPattern.MatchString(token) {
		return time.Time{}, false
	}
	data, err := hex.DecodeString(token)
	if err != nil {
		return time.Time{}, false
	}
	if !s.seal.Verify(resetPurpose, data[:tokenSignedBytes], data[tokenSignedBytes:], tokenBytes-tokenSignedBytes) {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint32(data)), 0), true
}
