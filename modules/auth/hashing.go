package auth

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
)

// bcryptBytes is how many bytes of a password bcrypt uses. A password of 64
// characters can be longer as UTF-8; a new one of that kind is refused. Old ones
// were cut by the Flask application (defect H20), so the rest is ignored, and
// their hashes keep verifying.
const bcryptBytes = 72

// hashPassword returns a hash that the Flask application can verify as well.
func hashPassword(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(usedBytes(password), cost)
	if err != nil {
		return "", err
	}
	// Go writes the prefix 2a where other implementations write 2b; the algorithm
	// is the same.
	return string(bytes.Replace(hash, []byte("$2a$"), []byte("$2b$"), 1)), nil
}

// passwordMatches reports whether hash is the hash of password. A malformed hash
// matches nothing.
func passwordMatches(hash, password string) bool {
	if strings.ContainsRune(password, 0) {
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), usedBytes(password)) == nil
}

// Passwords are hashed by so many workers that one core is left for everything
// else; so many requests wait for a worker, for so long.
const (
	maxHashesWaiting = 32
	hashWait         = 10 * time.Second
)

// hasher hashes passwords, a few at a time.
type hasher struct {
	cost   int
	places *ratelimit.Places // nil for no bound
	// dummyHash is compared with for unknown names, so that the answer takes as
	// long as for existing ones (defect H14).
	dummyHash func() string
}

func newHasher(cost int, refusals *refused.Counter) *hasher {
	places := ratelimit.NewPlaces(max(1, runtime.GOMAXPROCS(0)-1), maxHashesWaiting, hashWait)
	return &hasher{cost: cost, places: places.OnRefuse(func() { refusals.Add(context.Background(), "password_hashes") }), dummyHash: onceDummyHash(cost)}
}

// onceDummyHash makes the dummy hash on first use: it takes a quarter of a
// second, which would delay the start of the program.
func onceDummyHash(cost int) func() string {
	return sync.OnceValue(func() string {
		hash, err := hashPassword(newSecret(), cost)
		if err != nil {
			return "" // only for an invalid cost, with which no sign-up works either
		}
		return hash
	})
}

// hash is hashPassword with a bound. Errors: Unavailable.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.places.Enter(ctx)
	if err != nil {
		return "", hashesBusy(err)
	}
	defer leave()
	return hashPassword(password, h.cost)
}

// hashInBackground is hash for work that no request waits for: it is never
// refused.
func (h *hasher) hashInBackground(ctx context.Context, password string) (string, error) {
	leave, err := h.places.Wait(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return hashPassword(password, h.cost)
}

// matches is passwordMatches with a bound. Errors: Unavailable.
func (h *hasher) matches(ctx context.Context, hash, password string) (bool, error) {
	leave, err := h.places.Enter(ctx)
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
	return &errs.Error{Kind: errs.Unavailable, Message: errs.Text("auth.busy"), RetryAfter: 5 * time.Second, Cause: err}
}

// outdated reports whether a hash has a lower cost than new ones.
func outdated(hash string, cost int) bool {
	c, err := bcrypt.Cost([]byte(hash))
	return err == nil && c < cost
}

func usedBytes(password string) []byte {
	b := []byte(password)
	return b[:min(len(b), bcryptBytes)]
}
