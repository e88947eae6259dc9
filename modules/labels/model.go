package labels

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of labels.
const (
	// MaxLabels is the number of labels of a project.
	MaxLabels = 30
	// MaxNameLength is the length of a name, in characters.
	MaxNameLength = 50
	// MaxCards is the number of cards that one request labels.
	MaxCards = 500
	// undoPeriod is the time in which the deletion of a label can be undone.
	undoPeriod = 24 * time.Hour
)

// Colour is the name of a colour. Style sheets and scripts have a rule for each.
type Colour string

// colours returns all colours, in the order in which pickers show them.
func colours() []Colour {
	return []Colour{"red", "orange", "yellow", "green", "teal", "blue", "purple", "grey"}
}

// Label is a row of the table label and, as JSON, a label of a board.
type Label struct {
	ID        int64      `json:"id" gorm:"primaryKey"`
	ProjectID int64      `json:"-"`
	Name      string     `json:"name"`
	Colour    Colour     `json:"colour"`
	Pos       int        `json:"pos"`
	DeletedAt *time.Time `json:"-"`
}

// TableName returns the name of the table.
func (Label) TableName() string { return "label" }

// Draft is what a person chooses of a label.
type Draft struct {
	// Name may be empty: the colour then says enough.
	Name   string
	Colour Colour
}

// cleaned returns the draft as it is stored. Errors: Invalid with fields.
func (d Draft) cleaned() (Draft, error) {
	d.Name = strings.TrimSpace(text.Line(d.Name))
	fields := errs.Fields{}
	switch {
	case utf8.RuneCountInString(d.Name) > MaxNameLength:
		fields.Add("name", "labels.error.nameLength", "Max", MaxNameLength)
	case !utf8.ValidString(d.Name) || strings.ContainsRune(d.Name, 0):
		fields.Add("name", "labels.error.nameCharacters")
	case d.Name != "" && !text.Visible(d.Name):
		fields.Add("name", "labels.error.nameInvisible")
	}
	if !slices.Contains(colours(), d.Colour) {
		fields.Add("colour", "labels.error.colour")
	}
	return d, fields.Err()
}

// moved returns ids with id at index pos, which is cut to the range of indexes.
func moved(ids []int64, id int64, pos int) []int64 {
	others := slices.DeleteFunc(slices.Clone(ids), func(other int64) bool { return other == id })
	return slices.Insert(others, min(max(pos, 0), len(others)), id)
}
