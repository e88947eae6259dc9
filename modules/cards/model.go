package cards

import (
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// MaxMove is how many cards may be moved at once: each is an event of its own.
const MaxMove = 500

// MaxCards is how many cards a board may have; one that has more, from earlier,
// still opens.
const MaxCards = 10_000

// Card is a row of the table card.
type Card struct {
	ID       int64 `gorm:"primaryKey"`
	ListID   int64
	Name     string
	CardDesc string
	// Pos is the card's index in its list.
	Pos int
	lists.Removal
}

// assignment is a row of card_user_assignment.
type assignment struct {
	ID     int64 `gorm:"primaryKey"`
	CardID int64
	UserID int64
}

// TableName is the contract's.
func (assignment) TableName() string { return "card_user_assignment" }

// View is a card as templates show it.
type View struct {
	ID      int64
	ListID  int64
	Name    string
	Desc    string
	Pos     int
	Members []projects.Member
	Files   []files.View
	HasDesc bool
}

// cardsAtOnce is how many cards a page has as markup. A board that has more
// would be megabytes, most of it out of sight; static/js/projects/boardView.js
// has the same number.
const cardsAtOnce = 500

// Column is the cards of a list as templates show them.
type Column struct {
	// Cards is empty where the script draws them.
	Cards []View
	Count int
}

// Draft is what somebody typed who wants a new card.
type Draft struct {
	Name  string
	Desc  string
	Files map[string][]byte
	// Members are user ids. Who does not belong to the project is left out
	// (contract, defect D25).
	Members []int64
}

// Edit is what somebody changes of a card.
type Edit struct {
	Name string
	Desc string
	// Base is what they started from.
	Base  projects.Base
	Files files.Changes
	// NewMembers and RemovedMembers are user ids. What changes nothing is
	// left out, and so is who does not belong to the project.
	NewMembers     []int64
	RemovedMembers []int64
}

// validate checks what both forms have; the rules are those of lists.
func validate(name, desc string) error {
	fields := errs.Fields{}
	switch lists.NameProblemOf(name) {
	case lists.NoProblem:
	case lists.Invisible:
		fields.Add("name", "cards.error.nameInvisible")
	case lists.TooLong:
		fields.Add("name", "cards.error.name", "Max", lists.MaxNameLength)
	case lists.Unstorable:
		fields.Add("name", "cards.error.nameCharacters")
	}
	switch lists.DescProblemOf(desc) {
	case lists.NoProblem, lists.Invisible:
	case lists.TooLong:
		fields.Add("cardDesc", "cards.error.desc", "Max", lists.MaxDescLength)
	case lists.Unstorable:
		fields.Add("cardDesc", "cards.error.descCharacters")
	}
	return fields.Err()
}

// changeOf works out who is really added and removed, without doubles and in
// the order they were given. Who is in both lists stays as they are; who does
// not belong to the project is not shown on the card, so old pages could not
// take them away.
func (e Edit) changeOf(assigned []int64, members map[int64]bool) (added, removed []int64) {
	is, coming, going := setOf(assigned), setOf(e.NewMembers), setOf(e.RemovedMembers)
	for _, id := range unique(e.NewMembers) {
		if members[id] && !is[id] && !going[id] {
			added = append(added, id)
		}
	}
	for _, id := range unique(e.RemovedMembers) {
		if members[id] && is[id] && !coming[id] {
			removed = append(removed, id)
		}
	}
	return added, removed
}

func setOf(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// unique drops doubles and keeps the order.
func unique(ids []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	var once []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}
