package projects

import "taskstack.org/modules/accounts"

// Created is published in the transaction that makes a project.
type Created struct {
	Project Project
	// WithChat reports whether its owner wants a chat group for it.
	WithChat bool
	// Lists are the names of the lists that its owner wants the board to begin with.
	Lists []string
}

// Removed is published in the transaction in which a project is deleted but can
// still be restored: what people are shown of it ends, rows of it stay.
type Removed struct {
	Project Project
}

// Restored is published in the transaction that restores a deleted project, with the
// ids of its members.
type Restored struct {
	Project Project
	Members []int64
}

// Deleting is published in the transaction that deletes a project permanently, before its
// row is deleted: a module that has rows of the project deletes them.
type Deleting struct {
	ProjectID int64
}

// Renamed is published in the transaction that changes a project's title or its
// path: by a new name, a new owner, or a new name of its owner.
type Renamed struct {
	ProjectID       int64
	OwnerName, Name string
	Title           string
}

// MemberAdded is published in the transaction that makes a user a collaborator.
type MemberAdded struct {
	ProjectID, UserID int64
	// Rev is the NextRev of the change.
	Rev  int64
	Role Role
	// Title is the project's.
	Title string
}

// MemberRemoved is published in the transaction that removes a member of a
// project. Left reports whether the member left; otherwise the owner removed them.
type MemberRemoved struct {
	ProjectID, UserID int64
	// Rev is the NextRev of the change.
	Rev  int64
	Left bool
}

// Happened is published in the transaction of a change that the history of a
// project shows to its members. The publisher's script says it as a
// sentence (addHistorySentences of static/js/board/extensions.js).
type Happened struct {
	ProjectID int64
	// Rev is the NextRev of the change: it puts the entries of one second in order.
	Rev int64
	// Kind is the publisher's module and what happened, "votes.given", of at
	// most MaxKindLength characters. Kinds without a dot are those of the board.
	Kind string
	// ID and Name are those of the list, card or member it happened to.
	ID   int64
	Name string
	// Subject is "card" or "list" if ID is that of one: its window shows the
	// entry, too. Empty for the rest.
	Subject Subject
	// Details is encoded as a JSON object, whose keys the sentence may use; nil
	// for none. A list of names is kept as one text.
	Details any
	By      accounts.Actor
}

// Subject is the kind of item that an entry of the history is about.
type Subject string

// The subjects.
const (
	CardSubject Subject = "card"
	ListSubject Subject = "list"
)

// MaxKindLength is the width of the column that keeps Happened.Kind.
const MaxKindLength = 32
