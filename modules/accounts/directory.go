package accounts

import (
	"context"
	"time"

	"taskstack.org/platform/text"
)

// DirectoryQuery selects accounts for administrators of the site.
type DirectoryQuery struct {
	// Text is the beginning of the name, the display name or the address, ignoring
	// case; empty for all.
	Text string
	// Verified is nil for verified and unverified accounts.
	Verified *bool
	// Among are the ids to choose from; nil for all.
	Among []int64
	// Newest orders by creation, the newest first, instead of by name.
	Newest bool
	// After is the entry that the page follows; nil for the first page.
	After *DirectoryKey
	Limit int
}

// DirectoryKey is an entry's place in the order.
type DirectoryKey struct {
	ID        int64
	Name      string
	CreatedAt time.Time
}

// DirectoryEntry is an account as administrators of the site see it.
type DirectoryEntry struct {
	Person
	// Email is the verified address, or else the one that waits; Pending is one
	// that waits.
	Email, Pending string
	Verified       bool
	CreatedAt      time.Time
}

// Key is the entry's place in the order.
func (e DirectoryEntry) Key() DirectoryKey {
	return DirectoryKey{ID: e.ID, Name: e.Name, CreatedAt: e.CreatedAt}
}

// Directory returns accounts in one statement, which an index serves however many
// there are. The caller decides who may see them.
func (s *Service) Directory(ctx context.Context, q DirectoryQuery) ([]DirectoryEntry, error) {
	q.Text = text.Identifier(q.Text)
	if q.Among != nil && len(q.Among) == 0 {
		return nil, nil
	}
	rows, err := s.repo.directory(ctx, q)
	entries := make([]DirectoryEntry, len(rows))
	for i, u := range rows {
		e := DirectoryEntry{Person: u.Person(), Verified: u.SignUpComplete, CreatedAt: u.CreatedAt}
		e.Pending, _ = u.PendingEmail()
		e.Email = e.Pending
		if u.Email != nil {
			e.Email = *u.Email
		}
		entries[i] = e
	}
	return entries, err
}
