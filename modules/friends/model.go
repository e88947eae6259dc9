package friends

import (
	"strings"
	"time"

	"taskstack.org/modules/accounts"
)

// Limits that keep one person from flooding the feeds of others.
const (
	// maxSent is how many sent requests a person may have pending.
	maxSent = 100
	// maxWaiting is how many received requests a person may have pending;
	// further ones are suppressed.
	maxWaiting = 200
)

// requestEvery and requestBurst limit how often a person may send a request:
// thirty at once, then thirty an hour.
const (
	requestEvery = 2 * time.Minute
	requestBurst = 30
)

// Request is a friendship request as its addressee sees it.
type Request struct {
	ID   int64
	From accounts.Person
	At   time.Time
}

// Sent is a request as its sender sees it.
type Sent struct {
	// To is the name or address it was sent to; it names the request.
	To string
	// Person is nil for a request to an address: only its owner reveals whose
	// it is, by accepting.
	Person *accounts.Person
	At     time.Time
}

// sendResult is the outcome of a request, as far as its sender may know.
type sendResult struct {
	// Name is the person's; empty if it was sent to an address.
	Name string
	// Befriended is true if the other person had sent a request before, so that
	// the two are friends.
	Befriended bool
}

// Connections are the friends and the pending requests of one person.
type Connections struct {
	Friends []accounts.Person // by name
	Waiting []Request         // received, newest first
	Sent    []Sent            // newest first
}

// isAddress reports whether text is an address: names contain no @.
func isAddress(text string) bool { return strings.Contains(text, "@") && accounts.ValidEmail(text) }
