package lists

import (
	"database/sql/driver"
	"fmt"
	"time"

	"taskstack.org/platform/errs"
)

// Place is where a list or a card is.
type Place string

// The places, as they stand in the column removed_as.
const (
	// OnBoard is NULL in the database.
	OnBoard Place = ""
	// InBin is where what was deleted waits for BinTime.
	InBin Place = "bin"
	// InArchive is where what was put aside waits for as long as it takes.
	InArchive Place = "archive"
	// Gone is what nobody can have back; the sweeper of module bin deletes it.
	Gone Place = "gone"
)

// BinTime is how long the bin keeps something.
const BinTime = 30 * 24 * time.Hour

// Value implements driver.Valuer.
func (p Place) Value() (driver.Value, error) {
	if p == OnBoard {
		return nil, nil // NULL is a value here
	}
	return string(p), nil
}

// Scan implements sql.Scanner.
func (p *Place) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*p = OnBoard
	case string:
		*p = Place(v)
	case []byte:
		*p = Place(v)
	default:
		return fmt.Errorf("a place cannot be a %T", src)
	}
	return nil
}

// Removal is what lists and cards know of their being taken off the board. The
// position they keep is the one they had.
type Removal struct {
	RemovedAs Place
	RemovedAt *time.Time
	// RemovedBy is a user id; that account may have been deleted since.
	RemovedBy *int64
	// ChangedRev is the number of the event that last changed the list or card
	// itself; that others have moved it aside does not count.
	ChangedRev int64
}

// Unchanged is Conflict if something has happened to the list or card itself
// after an event that somebody wants to undo; nil for no such wish.
func (r Removal) Unchanged(since *int64) error {
	if since != nil && r.ChangedRev > *since {
		return errs.New(errs.Conflict, "lists.error.changed")
	}
	return nil
}

// Query asks for what waits in a place, the most recently removed first.
type Query struct {
	Place Place
	// Text is part of the name; empty for all.
	Text string
	// Before asks for what comes after this; nil for the first.
	Before *Cursor
	Limit  int
}

// Cursor is a place in the order of a Query: by time, then id, both downwards.
type Cursor struct {
	At time.Time
	ID int64
}
