package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/errs"
)

// Limits of what people type (contract, http.md section 6), in characters.
const (
	MinNameLength     = 3
	MaxNameLength     = 16
	MaxEmailLength    = 32
	MinPasswordLength = 8
	MaxPasswordLength = 64
)

const (
	// persistentLogin is how long a remembered login lasts.
	persistentLogin = 365 * 24 * time.Hour
	// browserLogin is how long a login that ends with the browser is kept
	// after it was last seen, since nobody tells the server that it ended.
	browserLogin = 30 * 24 * time.Hour
	// unverifiedLife is how long an account may wait for its verification
	// before its name and address are given free (defect H11).
	unverifiedLife = 7 * 24 * time.Hour
	// seenInterval is how exact login.last_seen_at is.
	seenInterval = 5 * time.Minute
)

// user is a row of table user, with the columns this module needs so far.
type user struct {
	ID                         int64
	Name                       string
	Email                      *string // verified
	AvatarURL                  string
	SmallAvatarURL             string
	ProfileDesc                string
	PasswordHash               string
	Private                    bool
	EmailPrivate               bool
	StayLoggedIn               bool
	BlockAllFriendshipRequests bool
	SignUpComplete             bool
	EmailPendingVerification   *string
	EmailVerificationCaseID    *string
	EmailVerificationCode      *string
	EmailVerificationSentAt    *time.Time
	CreatedAt                  time.Time
}

// TableName is for GORM.
func (user) TableName() string { return "user" }

func (u user) person() Person {
	return Person{
		ID: u.ID, Name: u.Name, PicURL: pictureURL(u.SmallAvatarURL), LargePicURL: pictureURL(u.AvatarURL),
		GoToURL: profilePath(u.Name), BlocksRequests: u.BlockAllFriendshipRequests,
	}
}

// login is a row of table login: one signed-in browser.
type login struct {
	ID         string // hashSecret of what the cookie holds
	UserID     int64
	Token      string
	Device     string
	Address    string
	CreatedAt  time.Time
	LastSeenAt time.Time
	EndsAt     time.Time
	Persistent bool
}

// TableName is for GORM.
func (login) TableName() string { return "login" }

// lifetime is how long from now on a login lasts.
func lifetime(persistent bool) time.Duration {
	if persistent {
		return persistentLogin
	}
	return browserLogin
}

// Person is somebody with a verified account, as others see them.
type Person struct {
	ID   int64
	Name string
	// PicURL is the avatar for 50 px, LargePicURL the one for 280 px.
	PicURL      string
	LargePicURL string
	// GoToURL is the path of the profile.
	GoToURL string
	// BlocksRequests is true for somebody who wants no friendship requests.
	BlocksRequests bool
}

func profilePath(name string) string { return "/" + name }

// namePattern is anchored at both ends; in Go's syntax $ is the very end, so a
// trailing line break does not pass (defect H11).
var namePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{2,15}$`)

// ValidName tells whether a user name has the right form; reserved names have.
func ValidName(name string) bool { return namePattern.MatchString(name) }

// ValidEmail tells whether an address is plausible and fits the column. Only a
// mail that arrives proves it.
func ValidEmail(address string) bool {
	if address == "" || len(address) > MaxEmailLength || strings.ContainsFunc(address, notInAddress) {
		return false
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" {
		return false
	}
	domain := address[strings.LastIndexByte(address, '@')+1:]
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && dot < len(domain)-1
}

// notInAddress refuses, beyond what no address has, quoted and international
// ones: many mail services refuse them as well.
func notInAddress(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) }

// checkPassword adds what is wrong with a new password.
func checkPassword(f errs.Fields, field, password string) {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPasswordLength || n > MaxPasswordLength:
		f.Add(field, "accounts.signup.passwordLength", "Min", MinPasswordLength, "Max", MaxPasswordLength)
	case len(password) > bcryptBytes:
		// bcrypt ignores the rest, so a longer password would promise more than it gives.
		f.Add(field, "accounts.signup.passwordBytes", "Max", bcryptBytes, "Bytes", len(password))
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		// bcrypt would stop at a NUL and accept everything that follows it.
		f.Add(field, "accounts.signup.passwordCharacters")
	}
}

// contractNames are the names nobody may have (contract, http.md section 5).
var contractNames = strings.Fields(`anleitung chat code contact datenschutz email_verification_case_id forgot-password
	friends guide help hilfe history impressum imprint invite kontakt login logout msgs new new-friend path:filename
	privacy project_name project_owner_name projects reset-password reset_password_case_id search settings signup
	static username verify-email`)

// futureNames are further names that no new user may have: addresses that pages
// of ours may need, that a visitor would take for ours, or that mail and web
// servers give a meaning to. Projects may have them.
var futureNames = strings.Fields(`about abuse account accounts activity admin administrator administration all anonymous api app apps
	archive assets auth autoconfig avatars billing blog board boards calendar callback cards careers changelog community company config
	console cookies copyright dashboard demo dev developer developers docs documentation documents donate download downloads email error
	errors events everyone explore export faq favicon features feed feedback files forum groups guest  home hostmaster icons
	images img import inbox index info integrations internal invitations invites issues jobs join js labels legal license
	list lists logo mail mailer-daemon maintenance manifest me media member members messages metrics moderator moderators mobile my
	nobody no-reply noreply notifications null oauth official openapi operator org organization organizations owner owners partners
	password passwords payment payments people ping plans plugins policy postmaster press pricing privacy-policy profile profiles project
	public register reports reset robots root rss rules sales security server service services session sessions share shop
	sign-in sign-out sign-up signin signout sitemap socket socket-io socketio sponsors sso staff stats status store subscribe superuser
	support sysadmin system tags taskstack tasks team teams template templates terms test tests tos trash undefined unsubscribe update
	updates upload uploads user users verify version versions webhook webhooks webmaster well-known widget widgets wiki workspace
	workspaces ws www you`)

// reserved tells whether name is one of names, ignoring case.
func reserved(name string, names []string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// newSecret is what a cookie holds: 256 random bits.
func newSecret() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// hashSecret is the id of the login a cookie stands for. The secret is random
// and long, so a plain hash is as good as a slow one.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// newToken is an anti-CSRF token: 22 URL-safe characters.
func newToken() string { return base64.RawURLEncoding.EncodeToString(random(16)) }

// newCase is the id of a verification: 32 hex digits.
func newCase() string { return hex.EncodeToString(random(16)) }

var casePattern = regexp.MustCompile(`^[0-9a-f]{32}$`)

// newCode is what people copy from the mail: 8 URL-safe characters.
func newCode() string { return base64.RawURLEncoding.EncodeToString(random(6)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return b
}
