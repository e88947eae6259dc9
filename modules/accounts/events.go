package accounts

// LoginEnded is published when a login is over: by log-out, by a new log-in in
// the same browser, or because its time has run out.
type LoginEnded struct {
	// LoginID is the id of the row in login, as in Actor.LoginID.
	LoginID string
}

// Renamed is published in the transaction that gives a person another name.
// The database carries the name along where it is part of a key.
type Renamed struct {
	UserID           int64
	OldName, NewName string
	// Person is as others see them from now on. A drawn picture may be another
	// one, too: of the new name's letter.
	Person Person
}

// Deleting is published in the transaction that deletes an account, before its
// row goes: whoever holds rows of that person removes them now.
type Deleting struct {
	UserID int64
	Name   string
}

// PictureChanged is published in the transaction that gives a person another
// picture and leaves the name.
type PictureChanged struct {
	UserID int64
	// Person is as others see them from now on.
	Person Person
}
