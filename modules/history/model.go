package history

import (
	"strings"
	"time"
)

// separator joins names in one column, as the Flask application does it. Names
// may contain it themselves, so nobody may take them apart again.
const separator = ", "

func joined(names []string) string { return strings.Join(names, separator) }

// Fact is what the five tables have in common. ID is the list's or card's.
type Fact struct {
	EventID   int64     `gorm:"primaryKey" json:"-"`
	ID        int64     `json:"id"`
	Datetime  time.Time `json:"-"`
	ProjectID int64     `json:"-"`
	Name      string    `json:"name"`
}

// The rows of the five tables, with the keys of the contract (http.md section
// 7.15).
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

func (listCreated) TableName() string     { return "history_list_created" }
func (listDeleted) TableName() string     { return "history_list_deleted" }
func (cardCreated) TableName() string     { return "history_card_created" }
func (cardDeleted) TableName() string     { return "history_card_deleted" }
func (cardChangedList) TableName() string { return "history_card_changed_list" }

// Entry is one thing that happened, ready to be answered as JSON.
type Entry struct {
	// Type is the contract's, such as "historyListCreated_event".
	Type string
	At   time.Time
	Row  any
}
