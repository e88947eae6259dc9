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
	// MaxFiles is how many files a list or a card may have.
	MaxFiles = 8
	// MaxSize is the size of one file in bytes: what the Flask application
	// tolerated, above the 8 MiB of its clients.
	MaxSize = 10_485_727
	// MaxNameLength is the length of a file's name in characters.
	MaxNameLength = 128
)

// field is the name under which a client finds a message about attachments.
const field = "attachedFiles"

// Kind says what a file is attached to.
type Kind int

// The kinds.
const (
	OfList Kind = iota
	OfCard
)

// Owner is the list or card that files are attached to.
type Owner struct {
	Kind Kind
	// ID is 0 for a list or card that is just being made.
	ID int64
}

// Changes is what somebody does to the files of one list or card, by name.
type Changes struct {
	// New are files of names that are not there yet.
	New map[string][]byte
	// Replaced are new contents of files that are there; their address stays.
	// One that somebody else removed meanwhile is added again.
	Replaced map[string][]byte
	// Removed are names to take away; unknown ones are ignored.
	Removed []string
}

// uploads tells whether there is anything to store.
func (c Changes) uploads() bool { return len(c.New)+len(c.Replaced) > 0 }

// empty tells whether nothing is to be done.
func (c Changes) empty() bool { return !c.uploads() && len(c.Removed) == 0 }

// View is a file as clients and templates see it.
type View struct {
	Name string
	// URL is absolute.
	URL string
}

// Names are the names of files, in their order.
func Names(all []View) []string {
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	return names
}

// ByName is the contract's object of name and URL.
func ByName(all []View) map[string]string {
	links := make(map[string]string, len(all))
	for _, f := range all {
		links[f.Name] = f.URL
	}
	return links
}

// ValidName tells whether a file may be called so: up to MaxNameLength
// characters, not only blanks, nothing that is a path, breaks a header or
// cannot be seen.
func ValidName(name string) bool {
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxNameLength {
		return false
	}
	if !text.Visible(name) || name == "." || name == ".." {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r == '/' || r == '\\' || r == '\u2028' || r == '\u2029'
	})
}

// cleaned gives valid files their names as they are stored, without what
// changes the direction of the text around it. A name that is to be replaced or
// removed stays as it is, since it is the name of what is there.
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

// validate checks what can be said without knowing what is attached already.
func (c Changes) validate() error {
	if len(c.New)+len(c.Replaced) > MaxFiles {
		return tooMany()
	}
	for _, files := range []map[string][]byte{c.New, c.Replaced} {
		for name, content := range files {
			if !ValidName(name) {
				return errs.Field(field, "files.error.name", "Max", MaxNameLength)
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

func tooMany() error { return errs.Field(field, "files.error.count", "Max", MaxFiles) }

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

// attachment is a row of either table.
type attachment struct {
	ID      int64
	OwnerID int64
	// URL is /files/⟨key⟩, or absolute for a row of the Flask application.
	URL  string
	Name string
	// Unknown for rows of the Flask application: nil.
	Size        *int64
	ContentType *string
	StorageKey  *string
	CreatedAt   *time.Time
}

// adopted tells whether the content still lies in the Flask application's
// bucket.
func (a attachment) adopted() bool { return !strings.HasPrefix(a.URL, routePrefix) }

// view is the row for clients.
func (a attachment) view(publicURL string) View {
	if a.adopted() {
		return View{Name: a.Name, URL: a.URL}
	}
	return View{Name: a.Name, URL: publicURL + a.URL + "/" + url.PathEscape(a.Name)}
}

// plan is what Changes mean for what is attached now.
type plan struct {
	add     []string // names
	replace []attachment
	remove  []attachment
}

// planFor works out a plan, or says which limit stands against it. A name that
// is removed and given again in the same breath is replaced.
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
	if len(existing)-len(p.remove)+len(p.add) > MaxFiles && len(p.add) > 0 {
		return plan{}, tooMany()
	}
	return p, nil
}
