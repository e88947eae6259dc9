package projects

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/platform/errs"
)

// Limits of the contract (http.md section 6).
const (
	MaxDescLength = 128
)

// nameRule is the contract's: 3 to 32 Latin letters, digits, _ and -.
var nameRule = regexp.MustCompile(`\A[A-Za-z0-9_-]{3,32}\z`)

// Visibility says who may read a project without being a member.
type Visibility string

// The visibilities; any other value in an old database acts as private.
const (
	Public      Visibility = "public"
	FriendsOnly Visibility = "friends"
	Private     Visibility = "private"
)

// Project is a row of the table project.
type Project struct {
	ID                int64 `gorm:"primaryKey"`
	Name              string
	OwnerID           int64
	OwnerName         string
	ProjectDesc       string
	Visibility        Visibility
	InviteCode        string
	InviteAsAdminCode string
	// InviteOff and InviteAsAdminOff tell that a code leads nowhere for now.
	InviteOff        bool
	InviteAsAdminOff bool
	Rev              int64
}

// URL is the path of the project's page.
func (p Project) URL() string { return "/" + p.OwnerName + "/" + p.Name }

// Access is a project together with what one person is in it.
type Access struct {
	Project
	Role Role `gorm:"-"`
}

// Member is the owner or a collaborator, in the contract's shape
// (socket-events.md section 3).
type Member struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	PicURL string `json:"picUrl"`
	URL    string `json:"goToUrl"`
	Role   Role   `json:"role"`
}

// Draft is what somebody typed who wants a new project.
type Draft struct {
	Name    string
	Desc    string
	Private bool
	// Chat asks for a chat group of the project.
	Chat bool
}

// Validate checks a draft; reserved are the names no project may have.
func (d Draft) Validate(reserved []string) error {
	fields := errs.Fields{}
	switch {
	case !nameRule.MatchString(d.Name):
		fields.Add("name", "projects.error.name")
	case IsReserved(d.Name, reserved):
		fields.Add("name", "projects.error.nameReserved")
	}
	if !validDesc(d.Desc) {
		fields.Add("desc", "projects.error.descTooLong", "Max", MaxDescLength)
	}
	return fields.Err()
}

// validDesc tells whether a text may be a description: up to MaxDescLength
// characters, line breaks and tabs allowed, other control characters not.
func validDesc(desc string) bool {
	return utf8.ValidString(desc) && utf8.RuneCountInString(desc) <= MaxDescLength && !strings.ContainsFunc(desc, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// IsReserved compares ignoring case.
func IsReserved(name string, reserved []string) bool {
	return slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, name) })
}
