package module

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// AdminGuest is a module that adds to the pages of the site's administrators. It
// implements this whether or not those pages are part of the program. The pages
// check who asks, before anything of a guest is called.
type AdminGuest interface{ AdminPart() AdminPart }

// AdminPart is what a module adds.
type AdminPart struct {
	Pages   []AdminPage
	Figures []AdminFigure
	// Person reads what the page of a person shows, in one statement; nil for nothing.
	Person func(ctx context.Context, userID int64) ([]AdminFact, error)
}

// AdminFact is a number on the page of a person. Title is the key of what it is called;
// Bytes is true for a size.
type AdminFact struct {
	Title string
	Value int64
	Bytes bool
}

// AdminPage is a page of its own, at /admin/⟨Path⟩. Its content is the module's piece
// _adminPage.html, whose dot has Viewer (for components/_token), Base (the page's
// path), People (the path of the page of a person, without the id), View (what View
// returned), Errors (texts by field of a refused form) and Typed (its fields).
type AdminPage struct {
	// Path is one lower-case word, and Title the key of what the page is called.
	Path, Title string
	// Order is the page's place in the navigation: the smallest first.
	Order int
	// View reads what the piece shows; query is that of the page's address.
	View func(ctx context.Context, query url.Values) (any, error)
	// Acts are what the page's forms do.
	Acts []AdminAct
}

// AdminAct is an act of an administrator. Its form posts to /admin/⟨Path⟩/⟨Name⟩ with
// the anti-CSRF token, and may have a field "reason".
type AdminAct struct {
	// Name is one word, and Title the key of what the act is called; the audit log
	// keeps "⟨module⟩:⟨Name⟩".
	Name, Title string
	// Dangerous acts ask for the password once more, in a field "password", Explained
	// ones need a reason.
	Dangerous, Explained bool
	// Do carries the act out, in a transaction with the row of the audit log: it may
	// run twice, and what leaves the process waits for the commit.
	Do func(ctx context.Context, in AdminInput) (AdminDone, error)
}

// AdminInput is what an act is done with.
type AdminInput struct {
	Form url.Values
	// UserID and Name are the administrator, Lang the language of the pages, Address
	// that of the client, and Reason the typed one.
	UserID  int64
	Name    string
	Lang    string
	Address string
	Reason  string
}

// AdminDone is what an act has done, for the audit log and the next page.
type AdminDone struct {
	// Subject is what it was done to, Before and After what changed; all may be empty.
	Subject, Before, After string
	// Message is shown on the page that follows: that of Path, or the page of the act.
	Message errs.Message
	Path    string
}

// AdminFigure is a number about the whole site, which a job reads every hour and the
// dashboard shows with its last 30 days.
type AdminFigure struct {
	// Name begins with the module's name, "cards:all", and Title is the key of what
	// it is called. Names that have been in use keep their meaning.
	Name, Title string
	// Order is the place on the dashboard: the smallest first.
	Order int
	// Bytes is true for a size.
	Bytes bool
	// Read returns the number. It may take long; day is the beginning of the present
	// day in UTC, for numbers of a day.
	Read func(ctx context.Context, day time.Time) (int64, error)
}

// AdminEnded is published in the transaction in which a person ceases to be an
// administrator of the site: what they were allowed as one ends with it.
type AdminEnded struct{ UserID int64 }

// Shown is the number as people read it.
func (f AdminFact) Shown() string {
	if f.Bytes {
		return text.Size(f.Value)
	}
	return strconv.FormatInt(f.Value, 10)
}
