package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"taskstack.org/platform/errs"
)

// separator joins names in one column, as the Flask application does it. Names
// may contain it themselves, so nobody may take them apart again.
const separator = ", "

func joined(names []string) string { return strings.Join(names, separator) }

const (
	// maxRows is how much of each kind is handed out to who asks for no part: the
	// newest. Old pages know no parts.
	maxRows = 5000
	// MaxLimit is how many rows one may ask for.
	MaxLimit = 200
)

// Kind is what a row tells of.
type Kind string

// The kinds. The first five are the contract's.
const (
	ListCreated     Kind = "listCreated"
	ListDeleted     Kind = "listDeleted"
	CardCreated     Kind = "cardCreated"
	CardDeleted     Kind = "cardDeleted"
	CardChangedList Kind = "cardChangedList"

	ListEdited    Kind = "listEdited"
	ListArchived  Kind = "listArchived"
	ListRestored  Kind = "listRestored"
	ListGivenUp   Kind = "listGivenUp"
	CardEdited    Kind = "cardEdited"
	CardArchived  Kind = "cardArchived"
	CardRestored  Kind = "cardRestored"
	CardGivenUp   Kind = "cardGivenUp"
	MemberAdded   Kind = "memberAdded"
	MemberRemoved Kind = "memberRemoved"
)

// contractual are the kinds with a table of their own, in the order of those
// tables: within one change, rows follow it.
var contractual = []Kind{ListCreated, ListDeleted, CardCreated, CardDeleted, CardChangedList}

// further are the kinds of history_change, which only those get who ask.
var further = []Kind{
	ListEdited, ListArchived, ListRestored, ListGivenUp, CardEdited, CardArchived, CardRestored, CardGivenUp, MemberAdded, MemberRemoved,
}

// eventType is the kind as the contract writes it.
func (k Kind) eventType() string {
	return "history" + strings.ToUpper(string(k[:1])) + string(k[1:]) + "_event"
}

// Fact is what all tables have in common. ID is the list's, card's or member's.
type Fact struct {
	EventID   int64     `gorm:"primaryKey" json:"-"`
	ID        int64     `json:"id"`
	Datetime  time.Time `json:"-"`
	ProjectID int64     `json:"-"`
	Name      string    `json:"name"`
	// UserID and UserName say who did it, by the name of that time; nil if it is
	// not known, or that account has been deleted.
	UserID   *int64  `json:"userId"`
	UserName *string `json:"userName"`
	// Rev is the number of the project's change that the row tells of; 0 for
	// rows older than the column.
	Rev int64 `json:"-"`
}

func (f Fact) fact() Fact { return f }

// The rows of the contract's tables, with its keys (http.md section 7.15).
type (
	listCreated struct {
		Fact
		ListDesc      string `json:"listDesc"`
		AttachedFiles string `json:"attachedFilesNames"`
	}
	listDeleted struct {
		Fact
		ListDesc      string `json:"listDesc"`
		AttachedFiles string `json:"attachedFilesNames"`
		// DeletedCards is not in the contract; old pages ignore it.
		DeletedCards string `json:"deletedCardsNames"`
	}
	cardCreated struct {
		Fact
		ListName      string `json:"listName"`
		CardDesc      string `json:"cardDesc"`
		AttachedFiles string `json:"attachedFilesNames"`
		AssignedUsers string `json:"membersNames"`
	}
	cardDeleted     cardCreated
	cardChangedList struct {
		Fact
		OldListName string `json:"oldListName"`
		NewListName string `json:"newListName"`
	}
)

// change is a row of history_change. Details is a JSON object of the keys its
// kind has besides the common ones.
type change struct {
	Fact
	Kind    Kind   `json:"-"`
	Details string `json:"-"`
}

func (listCreated) TableName() string     { return "history_list_created" }
func (listDeleted) TableName() string     { return "history_list_deleted" }
func (cardCreated) TableName() string     { return "history_card_created" }
func (cardDeleted) TableName() string     { return "history_card_deleted" }
func (cardChangedList) TableName() string { return "history_card_changed_list" }
func (change) TableName() string          { return "history_change" }

// tables are all of them.
var tables = []string{
	listCreated{}.TableName(), listDeleted{}.TableName(), cardCreated{}.TableName(), cardDeleted{}.TableName(),
	cardChangedList{}.TableName(), change{}.TableName(),
}

// Entry is one thing that happened, ready to be answered as JSON.
type Entry struct {
	Kind Kind
	At   time.Time
	Row  any
	// Details are further keys as a JSON object; empty for none.
	Details string

	rev     int64
	table   int // in the order of tables
	eventID int64
}

// compare orders by time, within a second by the project's changes, and within
// a change by table and number.
func compare(a, b Entry) int {
	return cmp.Or(cmp.Compare(a.At.Unix(), b.At.Unix()), cmp.Compare(a.rev, b.rev), cmp.Compare(a.table, b.table), cmp.Compare(a.eventID, b.eventID))
}

// Filter says what of a history somebody wants. The zero Filter is what old
// pages get: the contract's kinds, of everybody, as a whole.
type Filter struct {
	// All asks for the kinds that the contract does not have, too.
	All bool
	// Kinds are those wanted; none for every kind.
	Kinds []Kind
	// UserID is who did it; 0 for everybody.
	UserID int64
	// Before asks for what is older than an entry; nil for the newest.
	Before *Cursor
	// Limit is how many entries are wanted; 0 for maxRows of every kind.
	Limit int
}

// wants tells whether a kind passes.
func (f Filter) wants(k Kind) bool { return len(f.Kinds) == 0 || slices.Contains(f.Kinds, k) }

// Cursor is an entry's place in the order.
type Cursor struct {
	at      time.Time
	rev     int64
	table   int
	eventID int64
}

func (e Entry) cursor() string {
	return fmt.Sprintf("%d.%d.%d.%d", e.At.Unix(), e.rev, e.table, e.eventID)
}

// ParseCursor reads what an entry said of itself. Errors: Invalid.
func ParseCursor(text string) (*Cursor, error) {
	var c Cursor
	var at int64
	if n, err := fmt.Sscanf(text, "%d.%d.%d.%d", &at, &c.rev, &c.table, &c.eventID); err != nil || n != 4 {
		return nil, errs.Malformed("before", "history.error.before")
	}
	c.at = time.Unix(at, 0).UTC()
	return &c, nil
}
