package accounts

import (
	"context"
	"hash/fnv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"taskstack.org/platform/errs"
)

// MaxDescLength is how long the text of a profile may be, in characters
// (contract, http.md section 6).
const MaxDescLength = 256

// Profile is somebody as their profile shows them. Who may see it, and the
// address, is for the caller to decide.
type Profile struct {
	Person
	Desc  string
	Email string
	// Private says that only friends may see the profile, EmailPrivate that
	// only its owner may see the address.
	Private, EmailPrivate bool
	// Uploaded tells a picture of their own from a drawn one.
	Uploaded bool
}

func (u user) profile() Profile {
	p := Profile{
		Person: u.person(), Desc: u.ProfileDesc, Private: u.Private, EmailPrivate: u.EmailPrivate,
		Uploaded: !isDrawn(u.AvatarURL),
	}
	if u.Email != nil {
		p.Email = *u.Email
	}
	return p
}

// Account is what somebody sees of their own account.
type Account struct {
	Profile
	StayLoggedIn, BlockRequests bool
	// NewEmail is an address that waits for its code, under CaseID; both are
	// empty if none does.
	NewEmail, CaseID string
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

// ProfileEdit is what somebody changes about their profile.
type ProfileEdit struct {
	// Desc is the new text; nil leaves it as it is.
	Desc *string
	// Picture is an uploaded file; nil leaves the picture as it is.
	Picture []byte
	// Drawn asks for a drawn picture in place of an uploaded one.
	Drawn bool
}

func (e ProfileEdit) validate() error {
	if e.Desc != nil && utf8.RuneCountInString(*e.Desc) > MaxDescLength {
		return errs.Field("newProfileDesc", "accounts.profile.descTooLong", "Max", MaxDescLength)
	}
	if e.Desc != nil && !utf8.ValidString(*e.Desc) {
		return errs.Field("newProfileDesc", "accounts.profile.descCharacters")
	}
	return nil
}

// drawnPattern are the addresses of drawn pictures, wherever an old database
// says they are (contract, http.md section 10).
var drawnPattern = regexp.MustCompile(`/default_avatar/([a-z][1-4])([xs])\.png$`)

func isDrawn(url string) bool { return drawnPattern.MatchString(url) }

// pictureURL is where a picture is shown from. Drawn ones of an adopted
// database lie in a bucket of the old application; we have the same.
func pictureURL(stored string) string {
	if name := drawnPattern.FindString(stored); name != "" {
		return "/static" + name
	}
	return stored
}

// drawnPictures are the addresses of the drawn picture for a name, large and
// small: the first letter, in one of four colours that the name decides, so
// that whoever goes back to it finds the same.
func drawnPictures(name string) (large, small string) {
	const colours = 4
	name = strings.ToLower(name)
	h := fnv.New32a()
	_, _ = io.WriteString(h, name) // a hash takes everything
	base := "/static/default_avatar/" + name[:1] + strconv.Itoa(1+int(h.Sum32()%colours))
	return base + "x.png", base + "s.png"
}

// Exporter takes what is exported of one person. Names are paths in the
// archive, made by ExportPath.
type Exporter interface {
	// JSON writes a value to a file of this name with ".json" at its end.
	JSON(name string, v any) error
	File(name string, r io.Reader) error
}

// ExportPart writes a module's share of what it keeps about the actor.
type ExportPart func(ctx context.Context, by Actor, to Exporter) error

// Exporting is a module that keeps something about people; the program hands
// its part to AddExport.
type Exporting interface {
	Export(ctx context.Context, by Actor, to Exporter) error
}

// ExportPath joins the parts of a path in the archive. Parts may be what people
// typed: nothing in them leads out of the folder they stand in.
func ExportPath(parts ...string) string {
	clean := make([]string, len(parts))
	for i, part := range parts {
		clean[i] = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
				return '_'
			}
			return r
		}, part)
		if strings.Trim(clean[i], ". ") == "" {
			clean[i] = "_" + clean[i]
		}
	}
	return strings.Join(clean, "/")
}

// IsSetting tells whether there is such a switch.
func IsSetting(s Setting) bool { return settingColumns[s] != "" }
