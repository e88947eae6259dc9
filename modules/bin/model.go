package bin

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/platform/errs"
)

const (
	// pageSize is how many things are handed out at once.
	pageSize = 50
	// maxText is the length of what one may search for, in characters.
	maxText = 64
	// shownCards is how many cards of a list are named.
	shownCards = 10
)

// Kind is what waits.
type Kind string

// The kinds.
const (
	List Kind = "list"
	Card Kind = "card"
)

// check is Invalid with the field kind for what is neither.
func (k Kind) check() error {
	if k != List && k != Card {
		return errs.Field("kind", "bin.error.kind")
	}
	return nil
}

// Item is a list or card that waits, as the window shows it.
type Item struct {
	Kind Kind   `json:"kind"`
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Desc string `json:"desc"`
	// RemovedAt is when it was deleted or archived, ExpiresAt when the bin gives
	// it up; the archive never does.
	RemovedAt time.Time  `json:"removedAt"`
	ExpiresAt *time.Time `json:"expiresAt"`
	// RemovedBy is nil if that account has been deleted.
	RemovedBy *Person `json:"removedBy"`
	Files     []File  `json:"files"`
	// ListID and ListName say where a card was; ListOnBoard whether it can go
	// back there.
	ListID      int64    `json:"listId,omitempty"`
	ListName    string   `json:"listName,omitempty"`
	ListOnBoard bool     `json:"listOnBoard"`
	Members     []Person `json:"members,omitempty"`
	// CardCount is how many cards a list has, CardNames the first of them.
	CardCount int      `json:"cardCount,omitempty"`
	CardNames []string `json:"cardNames,omitempty"`
}

// Person is who did something, or is assigned.
type Person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// File is an attachment.
type File struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

func filesOf(all []files.View) []File {
	shown := make([]File, len(all))
	for i, f := range all {
		shown[i] = File{Name: f.Name, URL: f.URL}
	}
	return shown
}

// newItem is what lists and cards have in common.
func newItem(kind Kind, id int64, name, desc string, r lists.Removal) Item {
	item := Item{Kind: kind, ID: id, Name: name, Desc: desc}
	if r.RemovedAt != nil {
		item.RemovedAt = r.RemovedAt.UTC()
	}
	if r.RemovedAs == lists.InBin {
		ends := item.RemovedAt.Add(lists.BinTime)
		item.ExpiresAt = &ends
	}
	return item
}

// Page is a part of what waits, the most recently removed first.
type Page struct {
	Items []Item `json:"items"`
	// Next asks for the part behind this one; empty at the end.
	Next string `json:"next"`
}

// cursor is where a part begins. Lists and cards have numbers of their own, so
// within one second lists come first.
type cursor struct {
	at   time.Time
	kind Kind
	id   int64
}

func (c cursor) String() string { return fmt.Sprintf("%d.%s.%d", c.at.Unix(), c.kind, c.id) }

func parseCursor(text string) (*cursor, error) {
	if text == "" {
		return nil, nil // no cursor is the beginning
	}
	var c cursor
	var at int64
	var kind string
	if n, err := fmt.Sscanf(text, "%d.%4s.%d", &at, &kind, &c.id); err != nil || n != 3 {
		return nil, errs.Field("before", "bin.error.before")
	}
	c.at, c.kind = time.Unix(at, 0).UTC(), Kind(kind)
	if c.kind != List && c.kind != Card {
		return nil, errs.Field("before", "bin.error.before")
	}
	return &c, nil
}

// before is where the things of a kind go on behind the cursor.
func (c *cursor) before(kind Kind) *lists.Cursor {
	switch {
	case c == nil:
		return nil
	case c.kind == kind:
		return &lists.Cursor{At: c.at, ID: c.id}
	case kind == Card:
		// All lists of that second came before its first card.
		return &lists.Cursor{At: c.at, ID: 1 << 62}
	}
	return &lists.Cursor{At: c.at}
}

// page puts lists and cards into one order and cuts what is too much.
func page(items []Item) Page {
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(b.RemovedAt.Compare(a.RemovedAt), -cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.ID, a.ID))
	})
	if len(items) <= pageSize {
		return Page{Items: items}
	}
	items = items[:pageSize]
	last := items[pageSize-1]
	return Page{Items: items, Next: cursor{at: last.RemovedAt, kind: last.Kind, id: last.ID}.String()}
}
