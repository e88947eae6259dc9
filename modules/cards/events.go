package cards

import (
	"encoding/json"

	"taskstack.org/modules/accounts"
)

// Created is published in the transaction that creates a card.
type Created struct {
	ProjectID int64
	// Rev is the NextRev of the change.
	Rev         int64
	ID          int64
	Name        string
	Desc        string
	ListID      int64
	ListName    string
	FileNames   []string
	MemberNames []string
	// Parts is what the client sends for parts of the new card, by name. The module
	// of a part decodes and checks its own; an error refuses the card.
	Parts map[string]json.RawMessage
	// CopyOf is the card that the new one is a copy of; 0 for none. The entry of a
	// copy in the history is a projects.Happened of its own.
	CopyOf int64
	By     accounts.Actor
}

// Edited is published in the transaction that changes a card's name,
// description, files or members.
type Edited struct {
	ProjectID int64
	// Rev is the NextRev of the change.
	Rev           int64
	ID            int64
	Name, OldName string
	ListName      string
	DescChanged   bool
	// NewFiles and RemovedFiles are names; a replaced file is in neither.
	NewFiles, RemovedFiles     []string
	NewMembers, RemovedMembers []string
	By                         accounts.Actor
}

// TextsChanged is published by the modules that add texts to cards (AddTexts), in
// the transaction that changes such texts.
type TextsChanged struct {
	ProjectID int64
	IDs       []int64
}

// Purged is published in the transaction that deletes the rows of cards, on which
// listeners delete what they keep of them.
type Purged struct {
	IDs []int64
}

// ChangedList is published, once, in a transaction that moves cards to another
// list.
type ChangedList struct {
	ProjectID int64
	// Rev is the NextRev of the change.
	Rev   int64
	Moves []Move
	By    accounts.Actor
}

// Move is the move of one card from list to list.
type Move struct {
	ID                       int64
	Name                     string
	OldListID, NewListID     int64
	OldListName, NewListName string
}
