package chats

import (
	"context"
	"errors"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Request is a change of a group: who makes it, and how the socket that has asked
// for it is told that it is done, as 2.x clients expect; nil for no one.
type Request struct {
	By      accounts.Actor
	Confirm func()
}

// By is a request that is confirmed to no one.
func By(by accounts.Actor) Request { return Request{By: by} }

// confirm confirms a change after the commit: before what people are told after this
// call, and after what they are told before it, as clients 2.x expect.
func (s *Service) confirm(ctx context.Context, r Request) error {
	if r.Confirm == nil {
		return nil
	}
	return s.db.BeforeCommit(ctx, func(ctx context.Context) error { // where Deliver numbers
		s.db.AfterCommit(ctx, func(context.Context) { r.Confirm() })
		return nil
	})
}

// CreateGroup creates a group with the actor as its only member, an admin.
//
// Errors: Invalid with the field payload; Conflict for a person who is in too many
// groups; RateLimited.
func (s *Service) CreateGroup(ctx context.Context, r Request, typed string) (id int64, err error) {
	name, err := cleanName("payload", typed)
	if err != nil {
		return 0, err
	}
	if err := s.take(s.creating, r.By, "chats.error.tooManyGroups"); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.hasRoom(ctx, r.By.UserID); err != nil {
			return err
		}
		if id, err = s.repo.createGroup(ctx, name, r.By.UserID); err != nil {
			return err
		}
		people, err := s.people.ByIDs(ctx, []int64{r.By.UserID})
		if err != nil {
			return err
		}
		created := groupOf(group{ID: id, Name: name}, []link{{r.By.UserID, roleAdmin}}, people, nil, roleAdmin)
		created.Msgs = []struct{}{}
		return errors.Join(s.confirm(ctx, r), s.people.Deliver(ctx, "new_chat_group", created, r.By.UserID))
	})
	return id, err
}

// hasRoom returns Conflict for a person who is in as many groups as one may be.
func (s *Service) hasRoom(ctx context.Context, userID int64) error {
	n, err := s.repo.countGroups(ctx, userID)
	if err == nil && n >= MaxGroups {
		return errs.New(errs.Conflict, "chats.error.groups", "Max", MaxGroups)
	}
	return err
}

// changeGroup runs a change of a group by one of its members, while it holds the
// group's row. Only admins may make changes for which admin is true.
//
// Errors: NotFound for others than members; Forbidden for members who are no
// admins; those of change.
func (s *Service) changeGroup(ctx context.Context, by accounts.Actor, groupID int64, admin bool, change func(ctx context.Context, g group, links []link) error) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	defer s.order.lock(Group, groupID)()
	return s.db.InTx(ctx, func(ctx context.Context) error {
		g, err := s.repo.lockGroup(ctx, groupID)
		if err != nil {
			return err
		}
		links, err := s.repo.links(ctx, groupID)
		if err != nil {
			return err
		}
		own, ok := linkOf(links, by.UserID)
		switch {
		case !ok:
			return errs.Of(errs.NotFound)
		case admin && own.UserRole != roleAdmin:
			return errs.Of(errs.Forbidden)
		}
		return change(ctx, g, links)
	})
}

// Rename renames a group.
//
// Errors: those of changeGroup; Invalid with the field newName.
func (s *Service) Rename(ctx context.Context, r Request, groupID int64, typed string) error {
	name, err := cleanName("newName", typed)
	if err != nil {
		return err
	}
	return s.changeGroup(ctx, r.By, groupID, true, func(ctx context.Context, g group, links []link) error {
		if err := s.repo.renameGroup(ctx, groupID, name); err != nil {
			return err
		}
		if err := s.people.Deliver(ctx, "update_chat_group_name", newName{groupRef: groupRef{groupID, Group}, NewName: name}, idsOf(links)...); err != nil {
			return err
		}
		return s.confirm(ctx, r)
	})
}

// DeleteGroup deletes a group with its messages.
//
// Errors: those of changeGroup.
func (s *Service) DeleteGroup(ctx context.Context, r Request, groupID int64) error {
	return s.changeGroup(ctx, r.By, groupID, true, func(ctx context.Context, _ group, links []link) error {
		if err := s.deleteGroup(ctx, groupID); err != nil {
			return err
		}
		if err := s.people.Deliver(ctx, "chat_group_removed", groupRef{groupID, Group}, idsOf(links)...); err != nil {
			return err
		}
		return s.confirm(ctx, r)
	})
}

// AddFriend adds a friend of the actor to a group. They can read what was written
// before.
//
// Errors: those of changeGroup; Invalid with the field friendNameOrEmail for an
// unknown person, one who is no friend, and a member; Conflict for a full group.
func (s *Service) AddFriend(ctx context.Context, r Request, groupID int64, nameOrEmail string) error {
	return s.changeGroup(ctx, r.By, groupID, true, func(ctx context.Context, g group, links []link) error {
		friend, err := s.friendNamed(ctx, r.By, nameOrEmail)
		if err != nil {
			return err
		}
		if _, already := linkOf(links, friend.ID); already {
			return errs.Field("friendNameOrEmail", "chats.error.alreadyMember", "Name", friend.Called())
		}
		if len(links) >= MaxMembers {
			return errs.New(errs.Conflict, "chats.error.members", "Max", MaxMembers)
		}
		if err := s.hasRoom(ctx, friend.ID); err != nil {
			return errs.New(errs.Conflict, "chats.error.friendsGroups", "Name", friend.Called())
		}
		if err := s.repo.addToGroup(ctx, groupID, friend.ID, g.Rev, roleMember); err != nil {
			return err
		}
		return s.welcome(ctx, r, g, links, friend.ID)
	})
}

// friendNamed returns the friend of the actor with this name or address. Errors:
// Invalid with the field friendNameOrEmail.
func (s *Service) friendNamed(ctx context.Context, by accounts.Actor, nameOrEmail string) (accounts.Person, error) {
	refused := errs.Field("friendNameOrEmail", "chats.error.noFriend")
	person, err := s.people.ByNameOrEmail(ctx, nameOrEmail)
	if errs.KindOf(err) == errs.NotFound {
		return person, refused
	}
	if err != nil {
		return person, err
	}
	friends, err := s.friends.AreFriends(ctx, by.UserID, person.ID)
	if err == nil && !friends {
		err = refused
	}
	return person, err
}

// welcome notifies a new member and those who were there before.
func (s *Service) welcome(ctx context.Context, r Request, g group, before []link, userID int64) error {
	after := append(slices.Clone(before), link{userID, roleMember})
	people, err := s.people.ByIDs(ctx, idsOf(after))
	if err != nil {
		return err
	}
	newest, err := s.repo.last(ctx, Group, g.ID, userID)
	if err != nil {
		return err
	}
	return errors.Join(
		s.people.Deliver(ctx, "new_chat_group", groupOf(g, after, people, newest, roleMember), userID),
		s.people.Deliver(ctx, "new_chat_group_member", newMember{memberRef{g.ID, Group}, memberOf(people[userID])}, idsOf(before)...),
		s.confirm(ctx, r))
}

// Leave removes the actor from a group, with their messages. The last admin who
// leaves passes the role on to the member who has been there for longest; a group
// without members is deleted (defect D22).
//
// Errors: NotFound.
func (s *Service) Leave(ctx context.Context, r Request, groupID int64) error {
	return s.changeGroup(ctx, r.By, groupID, false, func(ctx context.Context, _ group, links []link) error {
		return errors.Join(s.confirm(ctx, r), s.removeMember(ctx, groupID, r.By.UserID, links))
	})
}

// Remove removes another member from a group, with their messages.
//
// Errors: those of changeGroup; NotFound for a person who is no member.
func (s *Service) Remove(ctx context.Context, r Request, groupID, userID int64) error {
	return s.changeGroup(ctx, r.By, groupID, true, func(ctx context.Context, _ group, links []link) error {
		if _, ok := linkOf(links, userID); !ok {
			return errs.Of(errs.NotFound)
		}
		return errors.Join(s.removeMember(ctx, groupID, userID, links), s.confirm(ctx, r))
	})
}

func (s *Service) removeMember(ctx context.Context, groupID, userID int64, links []link) error {
	rest := slices.DeleteFunc(slices.Clone(links), func(l link) bool { return l.UserID == userID })
	if err := s.deleteFilesIn(ctx, Group, groupID, userID); err != nil {
		return err
	}
	if err := s.repo.removeFromGroup(ctx, groupID, userID); err != nil {
		return err
	}
	err := errors.Join(
		s.people.Deliver(ctx, "chat_group_removed", groupRef{groupID, Group}, userID),
		s.people.Deliver(ctx, "chat_group_member_removed", removedMember{memberRef{groupID, Group}, userID}, idsOf(rest)...))
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return s.deleteGroup(ctx, groupID)
	}
	return s.keepAdmin(ctx, groupID, rest)
}

// keepAdmin makes the longest member of a group without an admin one.
func (s *Service) keepAdmin(ctx context.Context, groupID int64, links []link) error {
	if slices.ContainsFunc(links, func(l link) bool { return l.UserRole == roleAdmin }) {
		return nil
	}
	if err := s.repo.setRole(ctx, groupID, links[0].UserID, roleAdmin); err != nil {
		return err
	}
	return s.people.Deliver(ctx, "update_chat_group_member_role", newRole{memberRef{groupID, Group}, links[0].UserID, roleAdmin}, idsOf(links)...)
}

// SetRole makes a member an admin, or an admin a plain member. A group keeps an
// admin (defect D24).
//
// Errors: those of changeGroup; NotFound for a person who is no member; Invalid
// with the field newRole; Conflict for the last admin.
func (s *Service) SetRole(ctx context.Context, r Request, groupID, userID int64, role string) error {
	if role != roleAdmin && role != roleMember {
		return errs.Malformed("newRole", "chats.error.role")
	}
	return s.changeGroup(ctx, r.By, groupID, true, func(ctx context.Context, _ group, links []link) error {
		l, ok := linkOf(links, userID)
		if !ok {
			return errs.Of(errs.NotFound)
		}
		admins := 0
		for _, each := range links {
			if each.UserRole == roleAdmin {
				admins++
			}
		}
		if l.UserRole == roleAdmin && role == roleMember && admins == 1 {
			return errs.New(errs.Conflict, "chats.error.lastAdmin")
		}
		if err := s.repo.setRole(ctx, groupID, userID, role); err != nil {
			return err
		}
		if err := s.people.Deliver(ctx, "update_chat_group_member_role", newRole{memberRef{groupID, Group}, userID, role}, idsOf(links)...); err != nil {
			return err
		}
		return s.confirm(ctx, r)
	})
}

func linkOf(links []link, userID int64) (link, bool) {
	i := slices.IndexFunc(links, func(l link) bool { return l.UserID == userID })
	if i < 0 {
		return link{}, false
	}
	return links[i], true
}

func idsOf(links []link) []int64 {
	ids := make([]int64, len(links))
	for i, l := range links {
		ids[i] = l.UserID
	}
	return ids
}

// groupOf returns a group as one of its members with a role sees it.
func groupOf(g group, links []link, people map[int64]accounts.Person, newest *lastMessage, role string) newChatGroup {
	return newChatGroup{
		ID: g.ID, Type: Group, Name: g.Name, LastMsg: last{newest}, PicURL: groupPicture, Role: role, Members: membersOf(links, people),
	}
}

// membersOf returns the members of a group by their ids, in the contract's shape.
func membersOf(links []link, people map[int64]accounts.Person) map[string]projects.Member {
	members := make(map[string]projects.Member, len(links))
	for _, l := range links {
		if p, ok := people[l.UserID]; ok {
			m := memberOf(p)
			m.Role = projects.Role(l.UserRole)
			members[idText(l.UserID)] = m
		}
	}
	return members
}
