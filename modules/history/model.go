package history

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// separator joins names in one column, as the Flask application does. Names may
// contain it, so the text is never split again.
const separator = ", "

func joined(names []string) string { return strings.Join(names, separator) }

const (
	// maxRows is how many entries of each kind, the newest, a request without a
	// limit gets. 2.x clients know no limit.
	maxRows = 5000
	// MaxLimit is the highest limit of a request.
	MaxLimit = 200
	// maxKinds is how many kinds one request may name.
	maxKinds = 100
)

// Kind says what happened: one of the constants below, or that of another
// module with a dot, such as "votes.given".
type Kind string

// moduleKind is the form of the kinds of other modules.
var moduleKind = regexp.MustCompile(`\A[a-z]+\.[A-Za-z]+\z`)

// valid reports whether a filter may ask for the kind.
func (k Kind) valid() bool {
	if slices.Contains(contractual, k) || slices.Contains(further, k) {
		return true
	}
	return len(k) <= projects.MaxKindLength && moduleKind.MatchString(string(k))
}

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

// further are the kinds of history_change, which a request gets with types=all.
var further = []Kind{
	ListEdited, ListArchived, ListRestored, ListGivenUp, CardEdited, CardArchived, CardRestored, CardGivenUp, MemberAdded, MemberRemoved,
}

// eventType is the kind as the contract writes it. The kinds of other modules,
// which the contract does not have, stay as they are.
func (k Kind) eventType() string {
	if strings.Contains(string(k), ".") {
		return string(k)
	}
	return "history" + strings.ToUpper(string(k[:1])) + string(k[1:]) + "_event"
}

// Fact is what all tables have in common. ID is the list's, card's or member's.
type Fact struct {
	EventID   int64     `gorm:"primaryKey" json:"-"`
	ID        int64     `json:"id"`
	Datetime  time.Time `json:"-"`
	ProjectID int64     `json:"-"`
	Name      string    `json:"name"`
	// UserID and UserName are the person who did it, by the name of that time; nil
	// if it is not known, or that account has been deleted.
	UserID   *int64  `json:"userId"`
	UserName *string `json:"userName"`
	// Rev is the revision of the project's change; 0 for rows older than the
	// column.
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
		// DeletedCards is not in the contract; 2.x clients ignore it.
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
	// Subject says what ID is the id of; empty for what is neither a card nor a
	// list.
	Subject projects.Subject `json:"-"`
}

func (listCreated) TableName() string     { return "history_list_created" }
func (listDeleted) TableName() string     { return "history_list_deleted" }
func (cardCreated) TableName() string     { return "history_card_created" }
func (cardDeleted) TableName() string     { return "history_card_deleted" }
func (cardChangedList) TableName() string { return "history_card_changed_list" }
func (change) TableName() string          { return "history_change" }

// tables are all tables of the history.
var tables = []string{
	listCreated{}.TableName(), listDeleted{}.TableName(), cardCreated{}.TableName(), cardDeleted{}.TableName(),
	cardChangedList{}.TableName(), change{}.TableName(),
}

// Entry is one entry of the history. It marshals into what clients get.
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

// Filter selects entries. The zero Filter is what 2.x clients get: the contract's
// kinds, of all people, without a limit.
type Filter struct {
	// All adds the kinds that the contract does not have.
	All bool
	// Kinds are the kinds to return; empty for every kind.
	Kinds []Kind
	// UserID is the person who did it; 0 for all people.
	UserID int64
	// Subject and SubjectID are the card or list that the entries are about;
	// empty for all of the project.
	Subject   projects.Subject
	SubjectID int64
	// Before is the entry before which the others are older; nil for the newest.
	Before *Cursor
	// Limit is how many entries to return; 0 for maxRows of every kind.
	Limit int
}

// wants reports whether the filter selects a kind.
func (f Filter) wants(k Kind) bool { return len(f.Kinds) == 0 || slices.Contains(f.Kinds, k) }

// wantsTableOf reports whether the filter selects from the contract's table of a
// kind, each of which is about lists or about cards.
func (f Filter) wantsTableOf(k Kind) bool {
	return f.wants(k) && (f.Subject == "" || strings.HasPrefix(string(k), string(f.Subject)))
}

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

// ParseCursor parses the cursor of an entry. Errors: Invalid.
func ParseCursor(text string) (*Cursor, error) {
	var c Cursor
	var at int64
	if n, err := fmt.Sscanf(text, "%d.%d.%d.%d", &at, &c.rev, &c.table, &c.eventID); err != nil || n != 4 {
		return nil, errs.Malformed("before", "history.error.before")
	}
	c.at = time.Unix(at, 0).UTC()
	return &c, nil
}
