package lists

import "taskstack.org/modules/accounts"

// Created is published in the transaction that makes a list.
type Created struct {
	ProjectID int64
	ID        int64
	Name      string
	Desc      string
	FileNames []string
	By        accounts.Actor
}

// Edited is published in the transaction that changes a list's name,
// description or files.
type Edited struct {
	ProjectID     int64
	ID            int64
	Name, OldName string
	DescChanged   bool
	// NewFiles and RemovedFiles are names; a replaced file is in neither.
	NewFiles, RemovedFiles []string
	By                     accounts.Actor
}

// Deleted is published in the transaction that puts a list into the bin, with
// everything that is on it.
type Deleted struct {
	ProjectID int64
	ID        int64
	Name      string
	Desc      string
	FileNames []string
	// CardNames are the names of its cards, in their order.
	CardNames []string
	By        accounts.Actor
}

// Archived is published in the transaction that puts a list into the archive,
// with everything that is on it.
type Archived struct {
	ProjectID int64
	ID        int64
	Name      string
	CardNames []string
	By        accounts.Actor
}

// Restored is published in the transaction that puts a list back on the board,
// with everything that is on it.
type Restored struct {
	ProjectID int64
	ID        int64
	Name      string
	From      Place
	CardNames []string
	By        accounts.Actor
}

// GivenUp is published in the transaction in which somebody empties a list from
// the bin: nobody can have it back.
type GivenUp struct {
	ProjectID int64
	ID        int64
	Name      string
	By        accounts.Actor
}

// Purged is published in the transaction that deletes the rows of lists: who
// keeps anything about them removes it now.
type Purged struct {
	IDs []int64
}
