package lists

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Limits of the contract (http.md section 6), in characters.
const (
	MaxNameLength = 64
	MaxDescLength = 2048
)

// List is a row of the table list.
type List struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Name      string
	ListDesc  string
	// Pos is the list's index on the board.
	Pos int
	Removal
}

// View is a list as the board's template shows it.
type View struct {
	ID    int64
	Name  string
	Desc  string
	Pos   int
	Files []files.View
	// Cards is what the list contains, as that module's views.
	Cards any
}

// Draft is what somebody typed who wants a new list.
type Draft struct {
	Name  string
	Desc  string
	Files map[string][]byte
}

// Edit is what somebody changes of a list.
type Edit struct {
	Name string
	Desc string
	// Base is what they started from.
	Base  projects.Base
	Files files.Changes
}

// validate checks what both forms have.
func validate(name, desc string) error {
	fields := errs.Fields{}
	if !ValidName(name) {
		fields.Add("name", "lists.error.name", "Max", MaxNameLength)
	}
	if !ValidDesc(desc) {
		fields.Add("listDesc", "lists.error.desc", "Max", MaxDescLength)
	}
	return fields.Err()
}

// ValidName tells whether a list or a card may be called so: one line of 1 to
// MaxNameLength characters of which at least one can be seen. It is stored as
// typed.
func ValidName(name string) bool {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxNameLength {
		return false
	}
	visible := func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }
	breaks := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	return strings.ContainsFunc(name, visible) && !strings.ContainsFunc(name, breaks)
}

// ValidDesc tells whether a text may be a description: up to MaxDescLength
// characters, line breaks and tabs allowed, other control characters not.
func ValidDesc(desc string) bool {
	if !utf8.ValidString(desc) || utf8.RuneCountInString(desc) > MaxDescLength {
		return false
	}
	return !strings.ContainsFunc(desc, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}
