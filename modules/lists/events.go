package lists

import "taskstack.org/modules/accounts"

// Created is published in the transaction that creates a list.
type Created struct {
	ProjectID int64
	// Rev is the NextRev of the change.
	Rev       int64
	ID        int64
	Name      string
	Desc      string
	FileNames []string
	// CopyOf is the list that the new one is a copy of; 0 for none. The entry of a
	// copy in the history is a projects.Happened of its own.
	CopyOf int64
	By     accounts.Actor
}

// Edited is published in the transaction that changes a list's name,
// description or files.
type Edited struct {
	ProjectID int64
	// Rev is the NextRev of the change.
	Rev           int64
	ID            int64
	Name, OldName string
	DescChanged   bool
	// NewFiles and RemovedFiles are names; a replaced file is in neither.
	NewFiles, RemovedFiles []string
	By                     accounts.Actor
}

// Purged is published in the transaction that deletes the rows of lists, on which
// listeners delete what they keep of them.
type Purged struct {
	IDs []int64
}
