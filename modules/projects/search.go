package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// maxReadable is the maximum number of projects that a search looks through.
const maxReadable = 1000

// Readable returns the projects in which a search of the actor looks, with the
// actor's roles: own ones, those the actor is a member of, those of friends that the
// actor may read, and the project also if the actor may read it; 0 for none. That
// one is first; own projects and memberships come before those of friends, newer
// before older ones. It takes one statement beside the friends'.
//
// Public projects of others are not among them: they are open to anyone who has their
// address, not listed.
func (s boardReader) Readable(ctx context.Context, by accounts.Actor, also int64) ([]Access, error) {
	friendIDs := []int64{0} // no one's id: a list in SQL cannot be empty
	if by.SignedIn() {
		friends, err := s.friends.Of(ctx, by.UserID)
		if err != nil {
			return nil, err
		}
		for _, f := range friends {
			friendIDs = append(friendIDs, f.ID)
		}
	}
	rows, err := s.repo.readable(ctx, by.UserID, friendIDs, also, maxReadable)
	all, seen := make([]Access, 0, len(rows)), map[int64]bool{}
	for _, row := range rows {
		if seen[row.ID] {
			continue
		}
		seen[row.ID] = true
		in := Access{Project: row.Project, Role: roleOf(row.Project, by.UserID, row.UserRole, slices.Contains(friendIDs, row.OwnerID))}
		if in.Can(Read) {
			all = append(all, in)
		}
	}
	return all, err
}

// SearchSources finds the projects a person owns, and then those the person works
// in, by owner and name.
func (s boardReader) SearchSources() []module.SearchSource {
	type query func(ctx context.Context, userID int64, text string, limit int) ([]Project, error)
	find := func(q query) func(ctx context.Context, userID int64, text string, limit int) ([]module.Found, error) {
		return func(ctx context.Context, userID int64, text string, limit int) ([]module.Found, error) {
			all, err := q(ctx, userID, text, limit)
			found := make([]module.Found, len(all))
			for i, p := range all {
				found[i] = module.Found{Type: "project", Name: p.OwnerName + "/" + p.Name, Title: p.Called(), URLPath: p.URL()}
			}
			return found, err
		}
	}
	return []module.SearchSource{{Order: 10, Find: find(s.repo.ownedNamed)}, {Order: 20, Find: find(s.repo.joinedNamed)}}
}
