package files

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Limits of the contract (http.md section 6; defect D30).
const (
	// maxFiles is the maximum number of files of a list or a card.
	maxFiles = 8
	// MaxSize is the maximum size of one file in bytes: that of the Flask
	// application, above the 8 MiB of its clients.
	MaxSize = 10_485_727
	// maxNameLength is the maximum length of a file's name in characters.
	maxNameLength = 128
)

// field is the name of the field in error messages about attachments.
const field = "attachedFiles"

// Kind is the kind of a file's owner.
type Kind int

// The kinds.
const (
	OfList Kind = iota
	OfCard
)

func (k Kind) String() string {
	if k == OfCard {
		return "cards"
	}
	return "lists"
}

// Owner is a list or card with files.
type Owner struct {
	Kind Kind
	// ID is 0 for a list or card that is being created.
	ID int64
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
func (c Changes) validate() error {
	if len(c.New)+len(c.Replaced) > maxFiles {
		return tooMany()
	}
	for _, files := range []map[string][]byte{c.New, c.Replaced} {
		for name, content := range files {
			if !validName(name) {
				return errs.Field(field, "files.error.name", "Max", maxNameLength)
			}
			if len(content) > MaxSize {
				return tooLarge(name)
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

func tooMany() error { return errs.Field(field, "files.error.count", "Max", maxFiles) }

func tooLarge(name string) error {
	return &errs.Error{Kind: errs.TooLarge, Fields: map[string]errs.Message{
		field: errs.Text("files.error.size", "Name", name, "Max", MaxSize/1_000_000),
	}}
}

func nameTaken(name string) error {
	return &errs.Error{Kind: errs.Conflict, Fields: map[string]errs.Message{
		field: errs.Text("files.error.nameTaken", "Name", name),
	}}
}

// attachment is a row of list_attached_file or card_attached_file.
type attachment struct {
	ID      int64
	OwnerID int64
	// URL is /files/⟨key⟩, or absolute for a row of the Flask application.
	URL  string
	Name string
	// Size and the fields below are nil for rows of the Flask application.
	Size        *int64
	ContentType *string
	StorageKey  *string
	CreatedAt   *time.Time
}

// adopted reports whether the content is still in the Flask application's bucket.
func (a attachment) adopted() bool { return !strings.HasPrefix(a.URL, routePrefix) }

// view returns the row as clients get it.
func (a attachment) view(publicURL string) View {
	if a.adopted() {
		return View{Name: a.Name, URL: a.URL}
	}
	return View{Name: a.Name, URL: publicURL + a.URL + "/" + url.PathEscape(a.Name)}
}

// plan is what Changes mean for the existing files.
type plan struct {
	add     []string // names
	replace []attachment
	remove  []attachment
}

// planFor returns the plan of the changes, or the error of the limit that they
// exceed. A name that is both removed and given is replaced.
func (c Changes) planFor(existing []attachment) (plan, error) {
	var p plan
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
	if len(existing)-len(p.remove)+len(p.add) > maxFiles && len(p.add) > 0 {
		return plan{}, tooMany()
	}
	return p, nil
}
