package cards

import (
	"encoding/json"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// maxTitleLength is the length of a card's title, in characters.
const maxTitleLength = 256

// maxMove is the maximum number of cards moved at once: each is an event of its own.
const maxMove = 500

// maxSort is the maximum number of cards of a list that is sorted: all are in one
// event. static/js/cards/sort.js has the same number.
const maxSort = 2000

// maxCopied is the maximum number of cards that are copied with their list: each is
// an event of its own.
const maxCopied = 500

// maxCards is the maximum number of cards of a board; an older board that has more
// still opens.
const maxCards = 10_000

// Card is a row of the table card.
type Card struct {
	ID int64 `gorm:"primaryKey"`
	Fields
	// Pos is the card's index in its list.
	Pos int
	// ImgURL is the Path of the attachment that is the cover; nil for none. The file may
	// have been removed since: then there is no cover.
	ImgURL *string
	removal.State
}

// assignment is a row of card_user_assignment.
type assignment struct {
	ID     int64 `gorm:"primaryKey"`
	CardID int64
	UserID int64
}

// TableName implements schema.Tabler.
func (assignment) TableName() string { return "card_user_assignment" }

// cardsAtOnce is the number of cards that a page has as markup, because the markup
// of a large board would be megabytes. static/js/board/view/boardView.js has the
// same number.
const cardsAtOnce = 500

// column is the cards of a list as templates show them.
type column struct {
	// Cards is empty if the script draws them.
	Cards []View
	Count int
}

// Draft is a card to create.
type Draft struct {
	Name  string
	Desc  string
	Files map[string][]byte
	// Members are user ids. Users who are not members of the project are left out
	// (contract, defect D25).
	Members []int64
	// Parts is what the client sends for parts of the new card, by name. Created
	// passes it to the modules of the parts.
	Parts map[string]json.RawMessage
}

// Edit is a change of a card.
type Edit struct {
	Name string
	Desc string
	// Base is the text that the edit started from.
	Base  projects.Base
	Files files.Changes
	// NewMembers and RemovedMembers are user ids. Users who are not members of the
	// project and changes without effect are left out.
	NewMembers     []int64
	RemovedMembers []int64
}

// validate checks a name and a description by the rules of lists.
func validate(name, desc string) error {
	fields := errs.Fields{}
	switch text.ProblemOfLine(name, maxTitleLength) {
	case text.NoProblem:
	case text.Invisible:
		fields.Add("name", "cards.error.nameInvisible")
	case text.TooLong:
		fields.Add("name", "cards.error.name", "Max", maxTitleLength)
	case text.Unstorable:
		fields.Add("name", "cards.error.nameCharacters")
	}
	switch lists.DescProblemOf(desc) {
	case text.NoProblem, text.Invisible:
	case text.TooLong:
		fields.Add("cardDesc", "cards.error.desc", "Max", lists.MaxDescLength)
	case text.Unstorable:
		fields.Add("cardDesc", "cards.error.descCharacters")
	}
	return fields.Err()
}

// changeOf returns the users that are effectively assigned and unassigned, without
// duplicates, in the given order. A user in both lists is not changed. Users who are
// not members of the project are left out, because the card does not show them.
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

// unique removes duplicates and keeps the order.
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
