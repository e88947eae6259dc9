package friends

import (
	"strings"
	"time"

	"taskstack.org/modules/accounts"
)

// Limits that keep one person from flooding others, or their feeds.
const (
	// MaxSent is how many requests somebody may have waiting.
	MaxSent = 100
	// MaxWaiting is how many requests wait for one person; further ones reach
	// nobody.
	MaxWaiting = 200
)

// requestEvery and requestBurst are how often somebody may send a request:
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
	// Person is nil for a request to an address: whose that is, is told by
	// nobody but its owner, by accepting.
	Person *accounts.Person
	At     time.Time
}

// Answer is what became of a request, as far as its sender may know.
type Answer struct {
	// Name is the person's; empty if it was sent to an address.
	Name string
	// Befriended is true if the other one had asked before: they are friends
	// now.
	Befriended bool
}

// Circle is everything between one person and others.
type Circle struct {
	Friends []accounts.Person // by name
	Waiting []Request         // for this person, newest first
	Sent    []Sent            // by this person, newest first
}

// isAddress tells what was typed: names contain no @.
func isAddress(text string) bool { return strings.Contains(text, "@") && accounts.ValidEmail(text) }
