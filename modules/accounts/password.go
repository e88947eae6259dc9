package accounts

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
)

// bcryptBytes is how much of a password bcrypt looks at. A password of 64
// characters can be longer as UTF-8; a new one of that kind is refused. In old
// ones, which the Flask application cut (defect H20), what is beyond does not
// count, so that their hashes keep verifying.
const bcryptBytes = 72

// hashPassword makes a hash that the Flask application can verify as well.
func hashPassword(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(countingBytes(password), cost)
	if err != nil {
		return "", err
	}
	// Go says 2a for what everybody else calls 2b; the algorithm is the same.
	return string(bytes.Replace(hash, []byte("$2a$"), []byte("$2b$"), 1)), nil
}

// passwordMatches tells whether password is the one that was hashed. A hash
// that is none matches nothing.
func passwordMatches(hash, password string) bool {
	if strings.ContainsRune(password, 0) {
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), countingBytes(password)) == nil
}

// Passwords are hashed at so many places that a core is left for everything
// else; so many requests wait for one, for as long at most.
const (
	maxHashesWaiting = 32
	hashPatience     = 10 * time.Second
)

func newHashPlaces(refusals *refused.Counter) *ratelimit.Places {
	return ratelimit.NewPlaces(max(1, runtime.GOMAXPROCS(0)-1), maxHashesWaiting, hashPatience).OnRefuse(refusals.Func("password_hashes"))
}

// hash is hashPassword at one of the places for it. Errors: Unavailable.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	leave, err := s.hashes.Enter(ctx)
	if err != nil {
		return "", hashesBusy(err)
	}
	defer leave()
	return hashPassword(password, s.cost)
}

// matches is passwordMatches at one of the places for it. Errors: Unavailable.
func (s *Service) matches(ctx context.Context, hash, password string) (bool, error) {
	leave, err := s.hashes.Enter(ctx)
	if err != nil {
		return false, hashesBusy(err)
	}
	defer leave()
	return passwordMatches(hash, password), nil
}

func hashesBusy(err error) error {
	if !errors.Is(err, ratelimit.ErrBusy) {
		return err
	}
	return &errs.Error{Kind: errs.Unavailable, Message: errs.Text("accounts.busy"), RetryAfter: 5 * time.Second, Cause: err}
}

// outdated tells whether a hash is cheaper to guess than new ones are.
func outdated(hash string, cost int) bool {
	c, err := bcrypt.Cost([]byte(hash))
	return err == nil && c < cost
}

func countingBytes(password string) []byte {
	b := []byte(password)
	return b[:min(len(b), bcryptBytes)]
}
