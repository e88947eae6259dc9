package lists

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of the contract (http.md section 6), in characters.
const (
	MaxNameLength = 64
	MaxDescLength = 2048
)

// maxLists is the maximum number of lists of a board; an older board that has more
// still opens.
const maxLists = 500

// List is a row of the table list.
type List struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Fields
	// Pos is the list's index on the board.
	Pos int
	removal.State
}

// Draft is a list to create.
type Draft struct {
	Name  string
	Desc  string
	Files map[string][]byte
}

// Edit is a change of a list.
type Edit struct {
	Name string
	Desc string
	// Base is the text that the edit started from.
	Base  projects.Base
	Files files.Changes
}

// validate checks a name and a description in the form that is stored.
func validate(name, desc string) error {
	fields := errs.Fields{}
	switch text.ProblemOfLine(name, MaxNameLength) {
	case text.NoProblem:
	case text.Invisible:
		fields.Add("name", "lists.error.nameInvisible")
	case text.TooLong:
		fields.Add("name", "lists.error.name", "Max", MaxNameLength)
	case text.Unstorable:
		fields.Add("name", "lists.error.nameCharacters")
	}
	switch DescProblemOf(desc) {
	case text.NoProblem, text.Invisible:
	case text.TooLong:
		fields.Add("listDesc", "lists.error.desc", "Max", MaxDescLength)
	case text.Unstorable:
		fields.Add("listDesc", "lists.error.descCharacters")
	}
	return fields.Err()
}

// DescProblemOf returns what is wrong with a description: up to MaxDescLength
// characters, including line breaks and tabs. text.Block converts typed text to this
// form.
func DescProblemOf(desc string) text.Problem {
	breaks := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	switch {
	case !utf8.ValidString(desc) || strings.ContainsFunc(desc, breaks):
		return text.Unstorable
	case utf8.RuneCountInString(desc) > MaxDescLength:
		return text.TooLong
	}
	return text.NoProblem
}
