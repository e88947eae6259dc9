package projects

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of texts, in characters (Unicode code points).
const (
	maxTitleLength = 64
	maxDescLength  = 128 // contract, http.md section 6
)

// nameRule is the contract's: 3 to 32 Latin letters, digits, _ and -.
var nameRule = regexp.MustCompile(`\A[A-Za-z0-9_-]{3,32}\z`)

// Visibility is who may read a project without being a member.
type Visibility string

// The visibilities; any other value in an old database acts as private.
const (
	Public      Visibility = "public"
	FriendsOnly Visibility = "friends"
	Private     Visibility = "private"
)

// Project is a row of the table project.
type Project struct {
	ID int64 `gorm:"primaryKey"`
	// Name is the project's name in its address, unique among its owner's projects.
	Name string
	// Title is what people call the project: see Called. It is empty in a row that a
	// version without titles has made.
	Title       string
	OwnerID     int64
	OwnerName   string
	ProjectDesc string
	Visibility  Visibility
	// ChosenColour is empty unless one was chosen: Colour is what the board has.
	ChosenColour      Colour `gorm:"column:colour"`
	InviteCode        string
	InviteAsAdminCode string
	// InviteOff and InviteAsAdminOff report whether a code is switched off.
	InviteOff        bool
	InviteAsAdminOff bool
	// AdminsInvite is the owner's permission for admins to invite.
	AdminsInvite bool
	Rev          int64
	// ChangedAt is the time of the last change of the board; nil if none is known.
	ChangedAt *time.Time
	// DeletedAt is when the project was deleted; nil if it was not. DeletedName is its
	// name until then, and DeletedByAdmin whether an administrator of the site has
	// deleted it.
	DeletedAt      *time.Time
	DeletedName    string
	DeletedByAdmin bool
}

// Called returns what people call the project.
func (p Project) Called() string {
	if p.Title == "" {
		return p.Name
	}
	return p.Title
}

// CalledBefore is Called for a project that is deleted.
func (p Project) CalledBefore() string {
	if p.Title == "" {
		return p.DeletedName
	}
	return p.Title
}

// URL is the path of the project's page.
func (p Project) URL() string { return "/" + p.OwnerName + "/" + p.Name }

// Access is a project together with the role of a person in it.
type Access struct {
	Project
	Role Role `gorm:"-"`
}

// NextRev returns the number of the first event of a change that holds the
// project's row.
func (a Access) NextRev() int64 { return a.Rev + 1 }

// Member is the owner or a collaborator, in the contract's shape
// (socket-events.md section 3).
type Member struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// DisplayName is what the person is called, if it is not the name. 2.x clients
	// show the name.
	DisplayName string `json:"displayName,omitempty"`
	PicURL      string `json:"picUrl"`
	URL         string `json:"goToUrl"`
	Role        Role   `json:"role"`
}

// Called returns what the member is called: the display name, or else the name.
func (m Member) Called() string { return accounts.Called(m.Name, m.DisplayName) }

// Draft is what a person typed for a new project.
type Draft struct {
	// Title may be empty for clients that have a name only: it is the title then.
	Title string
	// Name may be empty if there is a title, of which it is then made.
	Name    string
	Desc    string
	Private bool
	// Colour is empty if none was chosen.
	Colour Colour
	// Chat asks for a chat group of the project.
	Chat bool
	// Lists are the names of the lists that the board begins with; none is an empty
	// board.
	Lists []string
	// Key is the idempotency key of the form; empty for none.
	Key string
}

// problems returns what is wrong with a draft, by field; reserved are the names no
// project may have.
func (d Draft) problems(reserved []string) errs.Fields {
	fields := errs.Fields{}
	if d.Title != "" {
		addTitleProblem(fields, d.Title)
	}
	switch {
	case !nameRule.MatchString(d.Name):
		fields.Add("name", "projects.error.name")
	case isReserved(d.Name, reserved):
		fields.Add("name", "projects.error.nameReserved")
	}
	if !validDesc(d.Desc) {
		fields.Add("desc", "projects.error.descTooLong", "Max", maxDescLength)
	}
	if d.Colour != "" && !d.Colour.Valid() {
		fields.Add("colour", "projects.error.colour")
	}
	return fields
}

// cleaned returns a draft in the form that is stored, with a name made from the title
// if there is none.
func (d Draft) cleaned(reserved []string) Draft {
	d.Title, d.Name, d.Desc = cleanTitle(d.Title), text.Identifier(d.Name), text.Block(d.Desc)
	if d.Name == "" && d.Title != "" {
		d.Name = Slug(d.Title, reserved)
	}
	return d
}

func cleanTitle(typed string) string { return strings.TrimSpace(text.Line(typed)) }

func addTitleProblem(fields errs.Fields, title string) {
	switch text.ProblemOfLine(title, maxTitleLength) {
	case text.NoProblem:
	case text.Invisible:
		fields.Add("title", "projects.error.titleInvisible")
	case text.TooLong:
		fields.Add("title", "projects.error.title", "Max", maxTitleLength)
	case text.Unstorable:
		fields.Add("title", "projects.error.titleCharacters")
	}
}

// validDesc reports whether a text may be a description: up to maxDescLength
// characters, line breaks and tabs allowed, other control characters not.
func validDesc(desc string) bool {
	return utf8.ValidString(desc) && utf8.RuneCountInString(desc) <= maxDescLength && !strings.ContainsFunc(desc, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// isReserved compares ignoring case.
func isReserved(name string, reserved []string) bool {
	return slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, name) })
}
