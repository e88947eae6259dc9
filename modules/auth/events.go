package auth

// LoginEnded is published in the transaction that deletes a login: by log-out, by
// a new log-in in the same browser, by its person elsewhere, or after its end.
type LoginEnded struct {
	// LoginID is the id of the row in login, as in accounts.Actor.LoginID.
	LoginID string
	UserID  int64
}
