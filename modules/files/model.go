package files

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of files that arrive as attachments of events (contract, http.md section 6;
// defect D30).
const (
	// maxFiles is the maximum number of files of a list or a card.
	maxFiles = 8
	// MaxSize is the maximum size of one file in bytes: that of the Flask
	// application, above the 8 MiB of its clients.
	MaxSize = 10_485_727
)

// Defaults of the limits of files that arrive as requests.
const (
	// DefaultFiles is the maximum number of files of a list or a card.
	DefaultFiles = 20
	// DefaultSize is the maximum size of one file in bytes.
	DefaultSize = 50_000_000
)

// maxNameLength is the maximum length of a file's name in characters.
const maxNameLength = 128

// Limits are how many files a list or card may have, and how large each may be in
// bytes.
type Limits struct {
	Files int   `json:"files"`
	Size  int64 `json:"size"`
	// Part is the size of a part of a larger file, which is sent in parts.
	Part int64 `json:"part,omitempty"`
}

// ofEvents are the limits of files that arrive as attachments of events.
func ofEvents() Limits { return Limits{Files: maxFiles, Size: MaxSize} }

// field is the name of the field in error messages about attachments.
const field = "attachedFiles"

// Kind is the kind of a file's owner: the word that names it in addresses. Those of a
// Keeper come beside the two of boards.
type Kind string

// The kinds of boards.
const (
	OfList Kind = "lists"
	OfCard Kind = "cards"
)

// ofBoard reports whether a kind is one of boards, whose files are in tables of their own.
func (k Kind) ofBoard() bool { return k == OfList || k == OfCard }

// Owner is a list or card with files, or an item of a Keeper.
type Owner struct {
	Kind Kind
	// ID is 0 for an owner that is being created.
	ID int64
	// ProjectID is the project of an owner that is being created; 0 if the
	// owner is to be asked, and for an item that is in no project.
	ProjectID int64
	// PlaceID is the Place of an item.
	PlaceID int64
}

// Changes are changes of the files of one list or card, by name.
type Changes struct {
	// New are files whose names the owner does not have yet.
	New map[string][]byte
	// Replaced are new contents of existing files, which keep their URL. A file
	// that has been removed concurrently is added again.
	Replaced map[string][]byte
	// Removed are names of files to remove; unknown names are ignored.
	Removed []string
}

// uploads reports whether there is content to store.
func (c Changes) uploads() bool { return len(c.New)+len(c.Replaced) > 0 }

// empty reports whether there are no changes.
func (c Changes) empty() bool { return !c.uploads() && len(c.Removed) == 0 }

// View is a file as clients and templates see it.
type View struct {
	Name string
	// URL is absolute.
	URL string
	// Path is the column url: /files/⟨key⟩ for a file of this storage. It stays the
	// same when the content is replaced.
	Path string
	// Size is in bytes; 0 for a file of the Flask application.
	Size int64
	// Picture is what is known of the file beside its name.
	Picture Picture
}

// Names returns the names of files, in their order.
func Names(all []View) []string {
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	return names
}

// validName reports whether a name is allowed: up to maxNameLength characters, at
// least one of them visible, no path, and nothing that breaks a header.
func validName(name string) bool {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxNameLength {
		return false
	}
	if !text.Visible(name) || name == "." || name == ".." {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r == '/' || r == '\\' || r == '\u2028' || r == '\u2029'
	})
}

// cleaned returns the changes with the names of new files in the form that is
// stored, without characters that change the direction of surrounding text. Names
// of replaced and removed files are kept, because they name existing files.
func (c Changes) cleaned() (Changes, error) {
	named := make(map[string][]byte, len(c.New))
	for name, content := range c.New {
		clean := text.Line(name)
		if _, twice := named[clean]; twice {
			return c, nameTaken(clean)
		}
		named[clean] = content
	}
	c.New = named
	return c, nil
}

// validate checks everything that does not depend on the existing files.
func (c Changes) validate(l Limits) error {
	if len(c.New)+len(c.Replaced) > l.Files {
		return tooMany(l)
	}
	for _, files := range []map[string][]byte{c.New, c.Replaced} {
		for name, content := range files {
			if !validName(name) {
				return errs.Field(field, "files.error.name", "Max", maxNameLength)
			}
			if int64(len(content)) > l.Size {
				return tooLarge(name, l)
			}
		}
	}
	for name := range c.New {
		if _, twice := c.Replaced[name]; twice {
			return nameTaken(name)
		}
	}
	return nil
}

func tooMany(l Limits) error { return errs.Field(field, "files.error.count", "Max", l.Files) }

func tooLarge(name string, l Limits) error {
	return &errs.Error{Kind: errs.TooLarge, Fields: map[string]errs.Message{
		field: errs.Text("files.error.size", "Name", name, "Max", l.Size/1_000_000),
	}}
}

func nameTaken(name string) error {
	return &errs.Error{Kind: errs.Conflict, Fields: map[string]errs.Message{
		field: errs.Text("files.error.nameTaken", "Name", name),
	}}
}

// attachment is a row of list_attached_file, card_attached_file or item_attached_file.
type attachment struct {
	ID      int64
	OwnerID int64
	// Kind and PlaceID are set for the files of items.
	Kind    Kind
	PlaceID int64
	// URL is /files/⟨key⟩, or absolute for a row of the Flask application.
	URL  string
	Name string
	// Size and the fields below are nil for rows of the Flask application.
	Size        *int64
	ContentType *string
	StorageKey  *string
	CreatedAt   *time.Time
	// Width and Height are those of a picture, upright, in pixels; nil if unknown.
	Width, Height *int
	// Description says what a picture shows, for those who cannot see it.
	Description string
}

// adopted reports whether the content is still in the Flask application's bucket.
func (a attachment) adopted() bool { return !strings.HasPrefix(a.URL, routePrefix) }

// view returns the row as clients get it.
func (a attachment) view(publicURL string) View {
	v := View{Name: a.Name, URL: a.URL, Path: a.URL, Picture: a.picture()}
	if a.Size != nil {
		v.Size = *a.Size
	}
	if !a.adopted() {
		v.URL = publicURL + a.URL + "/" + url.PathEscape(a.Name)
	}
	return v
}

// plan is what Changes mean for the existing files.
type plan struct {
	existing []attachment
	add      []string // names
	replace  []attachment
	remove   []attachment
}

// freed returns the size of the contents that the plan deletes, in bytes.
func (p plan) freed() (sum int64) {
	for _, a := range slices.Concat(p.replace, p.remove) {
		if a.Size != nil {
			sum += *a.Size
		}
	}
	return sum
}

// planFor returns the plan of the changes, or the error of the limit that they
// exceed. A name that is both removed and given is replaced.
func (c Changes) planFor(existing []attachment, l Limits) (plan, error) {
	p := plan{existing: existing}
	there := make(map[string]attachment, len(existing))
	for _, a := range existing {
		there[a.Name] = a
	}
	removed := make(map[string]bool, len(c.Removed))
	for _, name := range c.Removed {
		removed[name] = true
	}
	given := map[string]bool{}
	for _, name := range sortedNames(c.New, c.Replaced) {
		given[name] = true
		a, exists := there[name]
		_, replaces := c.Replaced[name]
		switch {
		case !exists:
			p.add = append(p.add, name)
		case replaces || removed[name]:
			p.replace = append(p.replace, a)
		default:
			return plan{}, nameTaken(name)
		}
	}
	for _, a := range existing {
		if removed[a.Name] && !given[a.Name] {
			p.remove = append(p.remove, a)
		}
	}
	if len(existing)-len(p.remove)+len(p.add) > l.Files && len(p.add) > 0 {
		return plan{}, tooMany(l)
	}
	return p, nil
}
