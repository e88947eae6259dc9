package accounts

import (
	"hash/fnv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// MaxDescLength is how long the text of a profile may be, in characters
// (contract, http.md section 6).
const MaxDescLength = 256

// MaxDisplayNameLength is how long a display name may be, in characters.
const MaxDisplayNameLength = 64

// Profile is the content of a person's profile. The caller decides who may see
// it, and the address.
type Profile struct {
	Person
	Desc  string
	Email string
	// Private hides the profile from all but friends, EmailPrivate the address
	// from all but its owner.
	Private, EmailPrivate bool
	// Uploaded is true for an uploaded picture, false for a drawn one.
	Uploaded bool
}

func (u User) profile() Profile {
	p := Profile{
		Person: u.Person(), Desc: u.ProfileDesc, Private: u.Private, EmailPrivate: u.EmailPrivate,
		Uploaded: !isDrawn(u.AvatarURL),
	}
	if u.Email != nil {
		p.Email = *u.Email
	}
	return p
}

// Account is what a person sees of the own account.
type Account struct {
	Profile
	StayLoggedIn, BlockRequests bool
	// NewEmail is an address that waits for its verification, and
	// VerificationToken names that verification; both are empty if none waits.
	NewEmail, VerificationToken string
}

// Setting is a switch, named as in the contract (http.md section 7.14).
type Setting string

// The switches.
const (
	HideEmail      Setting = "useremailPrivate"
	PrivateProfile Setting = "userprofilePrivate"
	StayLoggedIn   Setting = "keepUserLoggedIn"
	BlockRequests  Setting = "blockAllFriendshipRequests"
)

// settingColumns are the columns behind the switches.
var settingColumns = map[Setting]string{
	HideEmail: "email_private", PrivateProfile: "private", StayLoggedIn: "stay_logged_in",
	BlockRequests: "block_all_friendship_requests",
}

// ProfileEdit is a change of the own profile.
type ProfileEdit struct {
	// DisplayName is the new display name, empty for none; nil leaves it as it is.
	DisplayName *string
	// Desc is the new text; nil leaves it as it is.
	Desc *string
	// Picture is an uploaded file; nil leaves the picture as it is.
	Picture []byte
	// Drawn asks for a drawn picture in place of an uploaded one.
	Drawn bool
}

// cleaned returns an edit in the form that is stored.
func (e ProfileEdit) cleaned() ProfileEdit {
	if e.DisplayName != nil {
		name := strings.TrimSpace(text.Line(*e.DisplayName))
		e.DisplayName = &name
	}
	if e.Desc != nil {
		desc := text.Block(*e.Desc)
		e.Desc = &desc
	}
	return e
}

func (e ProfileEdit) validate() error {
	if e.DisplayName != nil && *e.DisplayName != "" {
		switch text.ProblemOfLine(*e.DisplayName, MaxDisplayNameLength) {
		case text.NoProblem:
		case text.TooLong:
			return errs.Field("newDisplayName", "accounts.profile.nameTooLong", "Max", MaxDisplayNameLength)
		case text.Invisible, text.Unstorable:
			return errs.Field("newDisplayName", "accounts.profile.nameCharacters")
		}
	}
	if e.Desc != nil && utf8.RuneCountInString(*e.Desc) > MaxDescLength {
		return errs.Field("newProfileDesc", "accounts.profile.descTooLong", "Max", MaxDescLength)
	}
	if e.Desc != nil && !utf8.ValidString(*e.Desc) {
		return errs.Field("newProfileDesc", "accounts.profile.descCharacters")
	}
	return nil
}

// drawnPattern matches the addresses of drawn pictures, also those in the bucket
// of an adopted database (contract, http.md section 10).
var drawnPattern = regexp.MustCompile(`/default_avatar/([a-z][1-4])([xs])\.png$`)

func isDrawn(url string) bool { return drawnPattern.MatchString(url) }

// pictureURL returns the address a picture is served from. Drawn ones of an
// adopted database are in a bucket of the old application; ours are the same.
func pictureURL(stored string) string {
	if name := drawnPattern.FindString(stored); name != "" {
		return "/static" + name
	}
	return stored
}

// drawnPictures returns the addresses of the drawn picture for a name, large and
// small: the first letter, in one of four colours. The name decides the colour,
// so that a return to the drawn picture shows the same one.
func drawnPictures(name string) (large, small string) {
	const colours = 4
	name = strings.ToLower(name)
	h := fnv.New32a()
	_, _ = io.WriteString(h, name) // a hash never fails
	base := "/static/default_avatar/" + name[:1] + strconv.Itoa(1+int(h.Sum32()%colours))
	return base + "x.png", base + "s.png"
}

// IsSetting reports whether there is such a switch.
func IsSetting(s Setting) bool { return settingColumns[s] != "" }
