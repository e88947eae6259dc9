package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
)

// OwnedBy returns the projects of a person that the actor may read, by name.
func (s boardReader) OwnedBy(ctx context.Context, by accounts.Actor, owner accounts.Person) ([]Project, error) {
	rows, err := s.repo.owned(ctx, by.UserID, owner.ID)
	if err != nil {
		return nil, err
	}
	isFriend := false
	if by.SignedIn() && by.UserID != owner.ID {
		if isFriend, err = s.friends.AreFriends(ctx, owner.ID, by.UserID); err != nil {
			return nil, err
		}
	}
	var seen []Project
	for _, row := range rows {
		if (Access{Project: row.Project, Role: roleOf(row.Project, by.UserID, row.UserRole, isFriend)}).Can(Read) {
			seen = append(seen, row.Project)
		}
	}
	return seen, nil
}

// OwnedProject is a project with the members who can become its owner.
type OwnedProject struct {
	Project
	// Collaborators are by name.
	Collaborators []Member
}

// Owned returns the actor's own projects, by name.
func (s *Service) Owned(ctx context.Context, by accounts.Actor) ([]OwnedProject, error) {
	rows, err := s.repo.owned(ctx, by.UserID, by.UserID)
	if err != nil {
		return nil, err
	}
	owned := make([]Project, len(rows))
	for i, row := range rows {
		owned[i] = row.Project
	}
	members, err := s.membersOf(ctx, owned...)
	if err != nil {
		return nil, err
	}
	all := make([]OwnedProject, len(owned))
	for i, p := range owned {
		all[i] = OwnedProject{Project: p, Collaborators: slices.DeleteFunc(members[p.ID], func(m Member) bool { return m.Role == RoleOwner })}
	}
	return all, nil
}

// JoinedCount returns how many projects of other owners a person is a member of.
func (s *Service) JoinedCount(ctx context.Context, userID int64) (int, error) {
	return s.repo.countJoined(ctx, userID)
}

// Ownership is whose a project is, with its title if it is public.
type Ownership struct {
	OwnerID          int64
	OwnerName, Title string
}

// Ownerships returns whose projects are, deleted ones too, without checking
// permissions; an unknown id has none.
func (s *Service) Ownerships(ctx context.Context, ids []int64) (map[int64]Ownership, error) {
	all, err := s.repo.anyByIDs(ctx, ids)
	of := make(map[int64]Ownership, len(all))
	for _, p := range all {
		one := Ownership{OwnerID: p.OwnerID, OwnerName: p.OwnerName}
		if p.Visibility == Public {
			one.Title = p.Called()
		}
		of[p.ID] = one
	}
	return of, err
}
