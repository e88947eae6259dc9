package accounts

import (
	"net/mail"
	"strings"
	"time"
)

// MaxEmailLength is how long an address may be, in characters (contract, http.md
// section 6).
const MaxEmailLength = 32

// User is a row of table user. Modules other than auth see a Person or a Profile
// instead.
type User struct {
	ID                         int64
	Name                       string
	DisplayName                string
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
	EmailVerificationToken     *string `gorm:"column:email_verification_case_id"`
	EmailVerificationCode      *string
	EmailVerificationSentAt    *time.Time
	// Lang is the language of mails, as of the last log-in or choice; empty if it is
	// not known.
	Lang      string
	CreatedAt time.Time
}

// TableName is for GORM.
func (User) TableName() string { return "user" }

// Person returns the user as others see them.
func (u User) Person() Person {
	return Person{
		ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, PicURL: pictureURL(u.SmallAvatarURL), LargePicURL: pictureURL(u.AvatarURL),
		GoToURL: "/" + u.Name, BlocksRequests: u.BlockAllFriendshipRequests,
	}
}

// PendingEmail returns the address that waits for its verification, and the
// token of the verification; both are empty if none waits.
func (u User) PendingEmail() (email, token string) {
	if u.EmailPendingVerification == nil || u.EmailVerificationToken == nil {
		return "", ""
	}
	return *u.EmailPendingVerification, *u.EmailVerificationToken
}

// Person is a person with a verified account, as others see them.
type Person struct {
	ID int64
	// Name is the user name, which is unique and part of addresses.
	Name string
	// DisplayName is what the person wants to be called; empty if there is none. It
	// may be another person's, too: where that matters, Name is shown beside it.
	DisplayName string
	// PicURL is the avatar for 50 px, LargePicURL the one for 280 px.
	PicURL      string
	LargePicURL string
	// GoToURL is the path of the profile.
	GoToURL string
	// BlocksRequests is true for a person who receives no friendship requests.
	BlocksRequests bool
}

// Mailbox is where mails to a person go, and their language; Lang is empty if it is not
// known.
type Mailbox struct{ Address, Lang string }

// Called returns what a person is called: the display name, or else the user name.
func (p Person) Called() string { return Called(p.Name, p.DisplayName) }

// Called returns what a person with a user name and a display name is called.
func Called(name, displayName string) string {
	if displayName == "" {
		return name
	}
	return displayName
}

// ValidEmail reports whether an address is plausible and fits the column. Only a
// mail that arrives proves it.
func ValidEmail(address string) bool { return len(address) <= MaxEmailLength && IsAddress(address) }

// maxAddressLength is the most that mail servers take (RFC 5321).
const maxAddressLength = 254

// IsAddress reports whether mails can be sent to an address, even if it is too long
// for an account.
func IsAddress(address string) bool {
	if address == "" || len(address) > maxAddressLength || strings.ContainsFunc(address, notInAddress) {
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
