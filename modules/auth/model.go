package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/errs"
)

// Limits of a new password (contract, http.md section 6), in characters.
const (
	minPasswordLength = 8
	maxPasswordLength = 64
)

const (
	// persistentLogin is how long a remembered login lasts.
	persistentLogin = 365 * 24 * time.Hour
	// browserLogin is how long a login that ends with the browser is kept after
	// its last use: the server does not learn that the browser was closed.
	browserLogin = 30 * 24 * time.Hour
	// unverifiedLife is how long an account may wait for its verification before
	// its name and address become free (defect H11).
	unverifiedLife = 7 * 24 * time.Hour
	// seenInterval is the precision of login.last_seen_at.
	seenInterval = 5 * time.Minute
)

// login is a row of table login: one signed-in browser.
type login struct {
	ID         string // hashSecret of the cookie's secret
	UserID     int64
	Token      string // against CSRF
	Device     string
	Address    string
	CreatedAt  time.Time
	LastSeenAt time.Time
	EndsAt     time.Time
	Persistent bool
}

// TableName is for GORM.
func (login) TableName() string { return "login" }

// lifetime returns how long from now on a login lasts.
func lifetime(persistent bool) time.Duration {
	if persistent {
		return persistentLogin
	}
	return browserLogin
}

// checkPassword adds the problems of a new password to a field of f.
func checkPassword(f errs.Fields, field, password string) {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPasswordLength || n > maxPasswordLength:
		f.Add(field, "auth.signup.passwordLength", "Min", minPasswordLength, "Max", maxPasswordLength)
	case len(password) > bcryptBytes:
		// bcrypt ignores the rest, so a longer password would not be stronger.
		f.Add(field, "auth.signup.passwordBytes", "Max", bcryptBytes, "Bytes", len(password))
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		// bcrypt would stop at a NUL and accept everything that follows it.
		f.Add(field, "auth.signup.passwordCharacters")
	}
}

// newSecret returns 256 random bits for a cookie.
func newSecret() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// hashSecret returns the id of the login that a cookie's secret belongs to. The
// secret is random and long, so a plain hash is as good as a slow one.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// newCSRFToken returns 22 random URL-safe characters.
func newCSRFToken() string { return base64.RawURLEncoding.EncodeToString(random(16)) }

// newVerificationToken returns 32 random hex digits.
func newVerificationToken() string { return hex.EncodeToString(random(16)) }

// tokenPattern is the form of the tokens of verifications and resets.
var tokenPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// newCode returns the code of a mail: 8 random URL-safe characters.
func newCode() string { return base64.RawURLEncoding.EncodeToString(random(6)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return b
}
