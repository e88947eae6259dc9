package cards

// Created is published in the transaction that makes a card.
type Created struct {
	ProjectID   int64
	ID          int64
	Name        string
	Desc        string
	ListName    string
	FileNames   []string
	MemberNames []string
}

// Deleted is published in the transaction that deletes a single card. Cards
// that go with their list are part of lists.Deleted.
type Deleted struct {
	ProjectID   int64
	ID          int64
	Name        string
	Desc        string
	ListName    string
	FileNames   []string
	MemberNames []string
}

// ChangedList is published, once, in a transaction that moves cards to another
// list.
type ChangedList struct {
	ProjectID int64
	Moves     []Move
}

// Move is one card's way from list to list.
type Move struct {
	ID          int64
	Name        string
	OldListName string
	NewListName string
}
