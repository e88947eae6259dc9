package lists

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of the contract (http.md section 6), in characters.
const (
	MaxNameLength = 64
	MaxDescLength = 2048
)

// MaxLists is how many lists a board may have; one that has more, from earlier,
// still opens.
const MaxLists = 500

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

// validate checks what both forms have, in the form that is stored.
func validate(name, desc string) error {
	fields := errs.Fields{}
	switch NameProblemOf(name) {
	case NoProblem:
	case Invisible:
		fields.Add("name", "lists.error.nameInvisible")
	case TooLong:
		fields.Add("name", "lists.error.name", "Max", MaxNameLength)
	case Unstorable:
		fields.Add("name", "lists.error.nameCharacters")
	}
	switch DescProblemOf(desc) {
	case NoProblem, Invisible:
	case TooLong:
		fields.Add("listDesc", "lists.error.desc", "Max", MaxDescLength)
	case Unstorable:
		fields.Add("listDesc", "lists.error.descCharacters")
	}
	return fields.Err()
}

// Problem is what is wrong with a text.
type Problem int

// The problems.
const (
	NoProblem Problem = iota
	// Invisible is a text of which nothing can be seen.
	Invisible
	TooLong
	// Unstorable is a text with broken or control characters.
	Unstorable
)

// NameProblemOf tells what is wrong with the name of a list or a card, which is
// one line of 1 to MaxNameLength characters of which at least one can be seen.
// text.Line brings what was typed into this form.
func NameProblemOf(name string) Problem {
	breaks := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, breaks):
		return Unstorable
	case utf8.RuneCountInString(name) > MaxNameLength:
		return TooLong
	case !text.Visible(name):
		return Invisible
	}
	return NoProblem
}

// DescProblemOf tells what is wrong with a description, which has up to
// MaxDescLength characters, line breaks and tabs among them. text.Block brings
// what was typed into this form.
func DescProblemOf(desc string) Problem {
	breaks := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	switch {
	case !utf8.ValidString(desc) || strings.ContainsFunc(desc, breaks):
		return Unstorable
	case utf8.RuneCountInString(desc) > MaxDescLength:
		return TooLong
	}
	return NoProblem
}
