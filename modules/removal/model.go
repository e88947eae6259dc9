package removal

import (
	"database/sql/driver"
	"fmt"
	"time"

	"taskstack.org/platform/errs"
)

// Location says where a list or card is.
type Location string

// The locations, as the column removed_as and the events have them.
const (
	// OnBoard is NULL in the database.
	OnBoard Location = ""
	// InTrash is where deleted items wait for TrashRetention.
	InTrash Location = "bin"
	// InArchive is where archived items wait without a limit.
	InArchive Location = "archive"
	// PermanentlyDeleted is the location of items that cannot be restored. The
	// sweeper of module trash deletes their rows.
	PermanentlyDeleted Location = "gone"
)

// TrashRetention is how long the trash keeps an item.
const TrashRetention = 30 * 24 * time.Hour

// Value implements driver.Valuer.
func (l Location) Value() (driver.Value, error) {
	if l == OnBoard {
		return nil, nil // NULL is a value here
	}
	return string(l), nil
}

// Scan implements sql.Scanner.
func (l *Location) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*l = OnBoard
	case string:
		*l = Location(v)
	case []byte:
		*l = Location(v)
	default:
		return fmt.Errorf("a location cannot be a %T", src)
	}
	return nil
}

// State is the columns that lists and cards have for their removal. A removed
// item keeps its position on the board in the column pos.
type State struct {
	RemovedAs Location
	RemovedAt *time.Time
	// RemovedBy is a user id; that account may have been deleted since.
	RemovedBy *int64
	// ChangedRev is the revision of the event that last changed the item itself;
	// changes of others that shift its position do not count.
	ChangedRev int64
}

// Unchanged returns Conflict if the item itself has changed after the revision
// of the change that a request undoes. since is nil if the request undoes
// nothing.
func (s State) Unchanged(since *int64) error {
	if since != nil && s.ChangedRev > *since {
		return Changed()
	}
	return nil
}

// Changed is the Conflict of a request that undoes a change of an item which
// has been changed since.
func Changed() error { return errs.New(errs.Conflict, "removal.error.changed") }

// RestoreRequest says which item is restored, and to where.
type RestoreRequest struct {
	ID   int64
	From Location
	// ListID is the list that a card is restored to; 0 for the list it was in, or
	// the board's first if that one is not on the board. Lists ignore it.
	ListID int64
	// Since is the revision of the removal that the request undoes; nil if it
	// undoes none.
	Since *int64
}

// Query asks for the items in a location, the most recently removed first.
type Query struct {
	Location Location
	// Text is part of the name; empty for all.
	Text string
	// Before asks for the items behind this one; nil for the first.
	Before *Cursor
	Limit  int
}

// Cursor is a place in the order of a Query: by time, then id, both descending.
type Cursor struct {
	At time.Time
	ID int64
}
