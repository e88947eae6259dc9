package accounts

// LoginEnded is published when a login is over: by log-out, by a new log-in in
// the same browser, or because its time has run out.
type LoginEnded struct {
	// LoginID is the id of the row in login, as in Actor.LoginID.
	LoginID string
}
