package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

// SetRole changes the role of a collaborator, whose pages load anew. Who may only
// read from now on may know the link for admins, so that one is renewed: else
// leaving and joining again would undo the change.
//
// Errors: those of Record, Invalid with the field newRole, NotFound for
// a user who is no collaborator.
func (s membership) SetRole(ctx context.Context, r Request, userID int64, role Role) (rev int64, err error) {
	return s.Record(ctx, r, ManageMembers, func(ctx context.Context, in *Change) ([]Event, error) {
		if !role.IsCollaborator() {
			return nil, errs.Field("newRole", "projects.error.role")
		}
		if err := s.repo.findCollaborator(ctx, in.ID, userID); err != nil {
			return nil, err
		}
		if role == RoleAccessOnly {
			if err := s.repo.setCode(ctx, in.ID, RoleAdmin, newInviteCode()); err != nil {
				return nil, err
			}
		}
		if err := s.repo.setRole(ctx, in.ID, userID, role); err != nil {
			return nil, err
		}
		if err := s.notifyOfRole(ctx, r.By.UserID, in.Project, userID, role); err != nil {
			return nil, err
		}
		return []Event{roleChanged(userID, role)}, s.reload(ctx, in.ID, userID)
	})
}

// roleChanged returns the event of a member's new role (defect D48).
func roleChanged(userID int64, role Role) Event {
	return Event{Name: memberRoleChanged, Payload: roleSet{ID: userID, Role: role}}
}

// reload asks people's pages of a project to load anew.
func (s membership) reload(ctx context.Context, projectID int64, userIDs ...int64) error {
	return s.people.Deliver(ctx, "force_reload", reloadAsked{projectID}, userIDs...)
}

// AddFriend makes a friend of the actor a collaborator.
//
// Errors: those of Record, Invalid with the field role, or with the field
// friendNameOrEmail for a person who is no friend or is a member already.
func (s membership) AddFriend(ctx context.Context, r Request, nameOrEmail string, role Role) (rev int64, err error) {
	return s.Record(ctx, r, AddMembers, func(ctx context.Context, in *Change) ([]Event, error) {
		if !role.IsCollaborator() {
			return nil, errs.Field("role", "projects.error.role")
		}
		friend, err := s.friendNamed(ctx, r.By, in.Access, nameOrEmail)
		if err != nil {
			return nil, err
		}
		events, err := s.add(ctx, in.Project, friend.ID, role, &r.By.UserID)
		if err != nil {
			return nil, err
		}
		return events, s.bus.Publish(ctx, module.Notification{Kind: addedKind, To: []int64{friend.ID}, By: r.By.UserID, ProjectID: in.ID})
	})
}

// AddableFriends are the actor's friends who are no members yet, by name.
//
// Errors: those of Require.
func (s membership) AddableFriends(ctx context.Context, by accounts.Actor, projectID int64) ([]accounts.Person, error) {
	in, err := s.Require(ctx, by, projectID, AddMembers)
	if err != nil {
		return nil, err
	}
	friends, err := s.friends.Of(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	members, err := s.MemberIDs(ctx, in.Project)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(friends, func(p accounts.Person) bool { return members[p.ID] }), nil
}

// friendNamed is the friend of the actor with a name or address who is no member
// yet.
func (s membership) friendNamed(ctx context.Context, by accounts.Actor, in Access, nameOrEmail string) (accounts.Person, error) {
	const field = "friendNameOrEmail"
	person, err := s.people.ByNameOrEmail(ctx, text.Identifier(nameOrEmail))
	if errs.KindOf(err) == errs.NotFound {
		return person, errs.Field(field, "projects.error.noFriend")
	}
	if err != nil {
		return person, err
	}
	// Held, so that the friendship cannot end before the friend is in.
	if _, err := s.people.Lock(ctx, by.UserID, person.ID); err != nil {
		return person, err
	}
	switch isFriend, err := s.friends.AreFriends(ctx, by.UserID, person.ID); {
	case err != nil:
		return person, err
	case !isFriend:
		// The same for an unknown person: addresses must not be probed.
		return person, errs.Field(field, "projects.error.noFriend")
	}
	err = s.repo.findCollaborator(ctx, in.ID, person.ID)
	switch {
	case err == nil, person.ID == in.OwnerID:
		return person, errs.Field(field, "projects.error.memberAlready", "Name", person.Called())
	case errs.KindOf(err) == errs.NotFound:
		return person, nil
	}
	return person, err
}

// add makes a user a collaborator of a project whose row is locked. It locks the
// user's row, too: a change of the name meanwhile must find the user a member, or
// be in the event of this function. addedBy is nil for a user who joins by a link.
func (s membership) add(ctx context.Context, p Project, userID int64, role Role, addedBy *int64) ([]Event, error) {
	people, err := s.people.Lock(ctx, userID)
	if err != nil {
		return nil, err
	}
	person, ok := people[userID]
	if !ok {
		return nil, errs.Of(errs.NotFound)
	}
	if err := s.repo.addCollaborator(ctx, p.ID, person.ID, role, addedBy); err != nil {
		return nil, err
	}
	if err := s.bus.Publish(ctx, MemberAdded{ProjectID: p.ID, UserID: person.ID, Rev: p.Rev + 1, Role: role, Title: p.Called()}); err != nil {
		return nil, err
	}
	joined := joinedProject{ID: p.ID, Name: p.Name, Title: p.Called(), OwnerName: p.OwnerName, GoToURL: p.URL()}
	return []Event{{Name: "new_project_collab", Payload: memberOf(person, role)}}, s.people.Deliver(ctx, "now_collab_of_project", joined, person.ID)
}

// Remove removes a collaborator: the owner removes others, the others leave. It
// unassigns their cards and removes their sockets from the room. After a removal
// both invitation links are renewed, since the person may know the old ones.
//
// Errors: those of Record; Forbidden for the owner, who cannot leave (defect
// D11); NotFound for a user who is no collaborator.
func (s membership) Remove(ctx context.Context, r Request, userID int64) (rev int64, err error) {
	action := ManageMembers
	if userID == r.By.UserID {
		action = Leave
	}
	return s.Record(ctx, r, action, func(ctx context.Context, in *Change) ([]Event, error) {
		if action == ManageMembers {
			if err := linkManager(s).renewLinks(ctx, in.ID); err != nil {
				return nil, err
			}
		}
		events, err := s.remove(ctx, in.Project, userID, action == Leave)
		if err != nil || action == Leave {
			return events, err
		}
		return events, s.bus.Publish(ctx, module.Notification{Kind: removedKind, To: []int64{userID}, By: r.By.UserID, Name: in.Called()})
	})
}

// remove removes a collaborator of a project whose row is locked; left says that
// they left. Clients remove the person from all cards by themselves.
func (s membership) remove(ctx context.Context, p Project, userID int64, left bool) ([]Event, error) {
	if err := s.repo.removeCollaborator(ctx, p.ID, userID); err != nil {
		return nil, err
	}
	if err := s.bus.Publish(ctx, MemberRemoved{ProjectID: p.ID, UserID: userID, Rev: p.Rev + 1, Left: left}); err != nil {
		return nil, err
	}
	return []Event{{Name: memberRemoved, Payload: collabRemoved{userID}}}, s.people.Deliver(ctx, "removed_as_collab_of_project", p.ID, userID)
}
