package module

import (
	"context"
	"time"

	"taskstack.org/platform/text"
)

// The interfaces below are what features of the header and the start page ask
// other modules for. A module implements them whether or not those features are
// part of the program, and names none of them.

// SearchSource finds things of one kind.
type SearchSource struct {
	// Order decides which source comes first in the results.
	Order int
	// People says that the source finds people.
	People bool
	// Find returns at most limit things that a person may see and whose names
	// contain text, ignoring case.
	Find func(ctx context.Context, userID int64, text string, limit int) ([]Found, error)
}

// Found is a search result, in the contract's shape (http.md section 7.10).
type Found struct {
	// Type is project or user.
	Type    string `json:"type"`
	Name    string `json:"name"`
	URLPath string `json:"urlPath"`
	// Title is what people call it; 2.x clients show Name.
	Title string `json:"title,omitempty"`
	// CanBefriend marks a person who is no friend: the path leads to the form for
	// a request. Old clients show it like any other link.
	CanBefriend bool `json:"canBefriend,omitempty"`
}

// Searchable is a module whose things the search finds.
type Searchable interface{ SearchSources() []SearchSource }

// TextSource finds what people have written, such as messages.
type TextSource struct {
	// Order decides which source comes first in the results.
	Order int
	// Title is the key of the heading above the results, Icon the name of their icon.
	Title, Icon string
	// Find returns at most limit texts that a person may read and that have all words of
	// the query, the newest first.
	Find func(ctx context.Context, userID int64, q text.Query, limit int) ([]FoundText, error)
}

// FoundText is a text that was found.
type FoundText struct {
	Content string
	// From is who has written it, Where what the place is called.
	From, Where string
	At          time.Time
	URLPath     string
}

// TextSearchable is a module in whose texts the search looks.
type TextSearchable interface{ TextSources() []TextSource }

// HomePart is what a module adds to the start page.
type HomePart struct {
	Feed []FeedEntry
	// Cut says that the feed leaves out older entries.
	Cut bool
	// View is what the module's pieces _homeColumn.html show; they find it in the
	// page's Parts under the module's name.
	View any
	// Data are fields of the page's data.
	Data map[string]any
	// RefreshOn are events after which the page and the notifications are read again.
	RefreshOn []string
}

// FeedEntry is an entry of the notifications, newest first.
type FeedEntry struct {
	At time.Time
	// Kind is the contract's type of notification. A piece _feedEntry.html of any
	// module shows the entries of its kind, with Item.
	Kind string
	Item any
	// Read says whether the person has read the entry, for modules that know; nil for
	// the others, whose entries are read up to a time.
	Read *bool
	// NotificationKind and ProjectID are those of the NotificationKind that the entry is
	// of, if its module declares one with OwnEntry: people may turn it off.
	NotificationKind string
	ProjectID        int64
	// Count is how many the entry adds to the number at the bell while it is unread; 0
	// is one.
	Count int
	// Data is the entry in the page's data, in the contract's shape.
	Data any
}

// HomeGuest is a module that shows something on the start page.
type HomeGuest interface {
	// HomePart reads a person's part of the page.
	HomePart(ctx context.Context, userID int64) (HomePart, error)
}

// BadgeCounter is a module that adds to the number at the header's bell.
type BadgeCounter interface {
	// BadgeCount returns how many entries the module's part of the feed has for a
	// person that are younger than a time and not unwanted, in one statement: it is
	// read for every page.
	BadgeCount(ctx context.Context, userID int64, after time.Time, unwanted Unwanted) (int, error)
}

// Unwanted is what a person does not want to see among the notifications.
type Unwanted struct {
	// Kinds are names of kinds of notifications, Projects ids.
	Kinds    map[string]bool
	Projects map[int64]bool
}

// Hides reports whether an entry of a kind and project is unwanted; kind is empty for
// one of none, projectID 0.
func (u Unwanted) Hides(kind string, projectID int64) bool {
	return kind != "" && (u.Kinds[kind] || u.Projects[projectID])
}

// NotificationChooser is a module that knows what people do not want to see.
type NotificationChooser interface {
	// Unwanted reads it, in one statement.
	Unwanted(ctx context.Context, userID int64) (Unwanted, error)
}
