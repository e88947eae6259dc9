package accounts

// Renamed is published in the transaction that changes a person's name. Foreign
// keys carry the new name to rows of other tables that contain it.
type Renamed struct {
	UserID           int64
	OldName, NewName string
	// Person is the person with the new name. The drawn picture changes too if
	// the first letter does.
	Person Person
}

// PersonChanged is published in the transaction that changes a person's picture or
// display name and leaves the user name.
type PersonChanged struct {
	UserID int64
	// Person is the person after the change.
	Person Person
}

// Deleting is published in the transaction that deletes an account, before its
// row is deleted: listeners delete their rows about the person.
type Deleting struct {
	UserID int64
	Name   string
}
