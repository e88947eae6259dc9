package cards

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/lists"
)

// Created is published in the transaction that makes a card.
type Created struct {
	ProjectID   int64
	ID          int64
	Name        string
	Desc        string
	ListName    string
	FileNames   []string
	MemberNames []string
	By          accounts.Actor
}

// Edited is published in the transaction that changes a card's name,
// description, files or members.
type Edited struct {
	ProjectID     int64
	ID            int64
	Name, OldName string
	ListName      string
	DescChanged   bool
	// NewFiles and RemovedFiles are names; a replaced file is in neither.
	NewFiles, RemovedFiles     []string
	NewMembers, RemovedMembers []string
	By                         accounts.Actor
}

// Deleted is published in the transaction that puts a single card into the bin.
// Cards that go with their list are part of lists.Deleted.
type Deleted struct {
	ProjectID   int64
	ID          int64
	Name        string
	Desc        string
	ListName    string
	FileNames   []string
	MemberNames []string
	By          accounts.Actor
}

// Archived is published in the transaction that puts a single card into the
// archive.
type Archived struct {
	ProjectID int64
	ID        int64
	Name      string
	ListName  string
	By        accounts.Actor
}

// Restored is published in the transaction that puts a single card back on the
// board.
type Restored struct {
	ProjectID int64
	ID        int64
	Name      string
	ListName  string
	From      lists.Place
	By        accounts.Actor
}

// GivenUp is published in the transaction in which somebody empties a card from
// the bin: nobody can have it back.
type GivenUp struct {
	ProjectID int64
	ID        int64
	Name      string
	By        accounts.Actor
}

// Purged is published in the transaction that deletes the rows of cards: who
// keeps anything about them removes it now.
type Purged struct {
	IDs []int64
}

// ChangedList is published, once, in a transaction that moves cards to another
// list.
type ChangedList struct {
	ProjectID int64
	Moves     []Move
	By        accounts.Actor
}

// Move is one card's way from list to list.
type Move struct {
	ID          int64
	Name        string
	OldListName string
	NewListName string
}
