package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// SetRole changes the role of a collaborator, whose pages load anew.
//
// Errors: those of Record, Invalid with the field newRole, NotFound for
// somebody who is no collaborator.
func (s *Service) SetRole(ctx context.Context, by accounts.Actor, projectID, userID int64, role Role) (rev int64, err error) {
	return s.Record(ctx, by, projectID, ManageMembers, func(ctx context.Context, in Access) ([]Event, error) {
		if !role.IsCollaborator() {
			return nil, errs.Field("newRole", "projects.error.role")
		}
		if err := s.repo.findCollaborator(ctx, in.ID, userID); err != nil {
			return nil, err
		}
		reload := func(context.Context) { s.reload(userID, in.ID) }
		return []Event{roleChanged(userID, role, reload)}, s.repo.setRole(ctx, in.ID, userID, role)
	})
}

// roleChanged tells boards that somebody has another role (defect D48).
func roleChanged(userID int64, role Role, then func(context.Context)) Event {
	return Event{Name: "project_collab_role_changed", Payload: map[string]any{"id": userID, "role": role}, Then: then}
}

// reload asks a person's pages of a project to load anew.
func (s *Service) reload(userID, projectID int64) {
	s.users.ToUser(userID, "force_reload", map[string]any{"projectId": projectID})
}

// AddFriend makes a friend of the owner a collaborator.
//
// Errors: those of Record, Invalid with the field role, or with the field
// friendNameOrEmail for somebody who is no friend or is a member already.
func (s *Service) AddFriend(ctx context.Context, by accounts.Actor, projectID int64, nameOrEmail string, role Role) (rev int64, err error) {
	return s.Record(ctx, by, projectID, AddMembers, func(ctx context.Context, in Access) ([]Event, error) {
		if !role.IsCollaborator() {
			return nil, errs.Field("role", "projects.error.role")
		}
		friend, err := s.friendNamed(ctx, in, nameOrEmail)
		if err != nil {
			return nil, err
		}
		return s.add(ctx, in.Project, friend.ID, role)
	})
}

// AddableFriends are the owner's friends who are no collaborators yet, by name.
//
// Errors: those of Require.
func (s *Service) AddableFriends(ctx context.Context, by accounts.Actor, projectID int64) ([]accounts.Person, error) {
	in, err := s.Require(ctx, by, projectID, AddMembers)
	if err != nil {
		return nil, err
	}
	friends, err := s.friends.Of(ctx, in.OwnerID)
	if err != nil {
		return nil, err
	}
	members, err := s.MemberIDs(ctx, in.Project)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(friends, func(p accounts.Person) bool { return members[p.ID] }), nil
}

// friendNamed is the friend of the owner with a name or address who is no
// collaborator yet.
func (s *Service) friendNamed(ctx context.Context, in Access, nameOrEmail string) (accounts.Person, error) {
	const field = "friendNameOrEmail"
	person, err := s.people.ByNameOrEmail(ctx, text.Identifier(nameOrEmail))
	if errs.KindOf(err) == errs.NotFound {
		return person, errs.Field(field, "projects.error.noFriend")
	}
	if err != nil {
		return person, err
	}
	// Held, so that the friendship cannot end before the friend is in.
	if _, err := s.people.Lock(ctx, in.OwnerID, person.ID); err != nil {
		return person, err
	}
	switch isFriend, err := s.friends.AreFriends(ctx, in.OwnerID, person.ID); {
	case err != nil:
		return person, err
	case !isFriend:
		// The same for somebody unknown: addresses must not be probed.
		return person, errs.Field(field, "projects.error.noFriend")
	}
	err = s.repo.findCollaborator(ctx, in.ID, person.ID)
	switch {
	case err == nil:
		return person, errs.Field(field, "projects.error.memberAlready", "Name", person.Name)
	case errs.KindOf(err) == errs.NotFound:
		return person, nil
	}
	return person, err
}

// add makes somebody a collaborator of a project whose row is locked. Their own
// row is held, too: a new name must find them a member, or be in what boards
// are told here.
func (s *Service) add(ctx context.Context, p Project, userID int64, role Role) ([]Event, error) {
	people, err := s.people.Lock(ctx, userID)
	if err != nil {
		return nil, err
	}
	who, ok := people[userID]
	if !ok {
		return nil, errs.Of(errs.NotFound)
	}
	if err := s.repo.addCollaborator(ctx, p.ID, who.ID, role); err != nil {
		return nil, err
	}
	if err := s.bus.Publish(ctx, MemberAdded{ProjectID: p.ID, UserID: who.ID, Role: role}); err != nil {
		return nil, err
	}
	tell := func(context.Context) {
		s.users.ToUser(who.ID, "now_collab_of_project", map[string]any{
			"id": p.ID, "name": p.Name, "ownerName": p.OwnerName, "goToUrl": p.URL(),
		})
	}
	return []Event{{Name: "new_project_collab", Payload: memberOf(who, role), Then: tell}}, nil
}

// Remove ends somebody's collaboration: the owner removes others, everybody
// else leaves. Their cards are theirs no longer, their sockets are out of the
// room, and after a removal both invitation links are new ones, since the
// person may know the old ones.
//
// Errors: those of Record; Forbidden for the owner, who cannot leave (defect
// D11); NotFound for somebody who is no collaborator.
func (s *Service) Remove(ctx context.Context, by accounts.Actor, projectID, userID int64) (rev int64, err error) {
	action := ManageMembers
	if userID == by.UserID {
		action = Leave
	}
	return s.Record(ctx, by, projectID, action, func(ctx context.Context, in Access) ([]Event, error) {
		if action == ManageMembers {
			if err := s.renewLinks(ctx, in.ID); err != nil {
				return nil, err
			}
		}
		return s.remove(ctx, in.Project, userID)
	})
}

// remove ends a collaboration in a project whose row is locked. Boards take
// the person's pictures off all cards by themselves.
func (s *Service) remove(ctx context.Context, p Project, userID int64) ([]Event, error) {
	if err := s.repo.removeCollaborator(ctx, p.ID, userID); err != nil {
		return nil, err
	}
	if err := s.bus.Publish(ctx, MemberRemoved{ProjectID: p.ID, UserID: userID}); err != nil {
		return nil, err
	}
	after := func(ctx context.Context) {
		s.users.ToUser(userID, "removed_as_collab_of_project", p.ID)
		s.streams.Evict(ctx, p.ID, userID)
	}
	return []Event{{Name: "project_collab_removed", Payload: map[string]any{"id": userID}, Then: after}}, nil
}
