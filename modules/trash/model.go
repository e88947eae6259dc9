package trash

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"taskstack.org/modules/files"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

const (
	// pageSize is how many items a page has.
	pageSize = 50
	// maxText is the length of a text to search for, in characters.
	maxText = 64
	// shownCards is how many cards of a list are named.
	shownCards = 10
)

// Kind is the kind of a removed item.
type Kind string

// The kinds.
const (
	List Kind = "list"
	Card Kind = "card"
)

// check returns Invalid with the field kind for another kind.
func (k Kind) check() error {
	if k != List && k != Card {
		return errs.Field("kind", "trash.error.kind")
	}
	return nil
}

// Item is a removed list or card as clients get it.
type Item struct {
	Kind Kind   `json:"kind"`
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Desc string `json:"desc"`
	// RemovedAt is when it was deleted or archived, ExpiresAt when the sweeper
	// deletes it permanently; nil in the archive.
	RemovedAt time.Time  `json:"removedAt"`
	ExpiresAt *time.Time `json:"expiresAt"`
	// RemovedBy is nil if that account has been deleted.
	RemovedBy *Person `json:"removedBy"`
	Files     []File  `json:"files"`
	// ListID and ListName are the list of a card; ListOnBoard is true if the card
	// can be restored to it.
	ListID      int64    `json:"listId,omitempty"`
	ListName    string   `json:"listName,omitempty"`
	ListOnBoard bool     `json:"listOnBoard"`
	Members     []Person `json:"members,omitempty"`
	// CardCount is how many cards a list has, CardNames the first of them.
	CardCount int      `json:"cardCount,omitempty"`
	CardNames []string `json:"cardNames,omitempty"`
}

// Person is a person who removed an item or is assigned to it.
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

// newItem returns what lists and cards have in common.
func newItem(kind Kind, id int64, name, desc string, r removal.State) Item {
	item := Item{Kind: kind, ID: id, Name: name, Desc: desc}
	if r.RemovedAt != nil {
		item.RemovedAt = r.RemovedAt.UTC()
	}
	if r.RemovedAs == removal.InTrash {
		ends := item.RemovedAt.Add(removal.TrashRetention)
		item.ExpiresAt = &ends
	}
	return item
}

// Page is a page of removed items, the most recently removed first.
type Page struct {
	Items []Item `json:"items"`
	// Next is the cursor of the next page; empty on the last.
	Next string `json:"next"`
}

// cursor is where a page begins. Lists and cards have ids of their own, so within
// one second lists come first.
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
		return nil, errs.Field("before", "trash.error.before")
	}
	c.at, c.kind = time.Unix(at, 0).UTC(), Kind(kind)
	if c.kind != List && c.kind != Card {
		return nil, errs.Field("before", "trash.error.before")
	}
	return &c, nil
}

// before returns the cursor for the items of a kind.
func (c *cursor) before(kind Kind) *removal.Cursor {
	switch {
	case c == nil:
		return nil
	case c.kind == kind:
		return &removal.Cursor{At: c.at, ID: c.id}
	case kind == Card:
		// All lists of that second came before its first card.
		return &removal.Cursor{At: c.at, ID: 1 << 62}
	}
	return &removal.Cursor{At: c.at}
}

// page sorts lists and cards into one order and cuts it to a page.
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
