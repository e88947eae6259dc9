package chats

import (
	"context"
	"maps"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
)

// People is what chats needs to know of people.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Boards is what chats needs of projects.
type Boards interface {
	Record(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action,
		change func(ctx context.Context, in projects.Access) ([]projects.Event, error)) (rev int64, err error)
	Members(ctx context.Context, p projects.Project) ([]projects.Member, error)
	AddBoardPart(part projects.BoardPart)
}

// UserNotifier sends an event to all sockets of a person.
type UserNotifier interface {
	ToUser(userID int64, event string, args ...any)
}

// Service holds the rules of chats. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	people People
	boards Boards
	users  UserNotifier
}

// tell sends an event to several people after the commit.
func (s *Service) tell(ctx context.Context, userIDs []int64, event string, payload any) {
	s.db.AfterCommit(ctx, func(context.Context) {
		for _, id := range userIDs {
			s.users.ToUser(id, event, payload)
		}
	})
}

// Activate makes the chat group of a project, with all its members. A project
// that has one keeps it (defect D14).
//
// Errors: those of projects.Record.
func (s *Service) Activate(ctx context.Context, by accounts.Actor, projectID int64) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.ManageChat, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		if _, found, err := s.repo.ofProject(ctx, in.ID); found || err != nil {
			return nil, err
		}
		tell, err := s.create(ctx, in.Project)
		return []projects.Event{statusChanged(activated, tell)}, err
	})
}

// statusChanged lets the project's pages follow; old ones do not know it.
func statusChanged(status string, then func(context.Context)) projects.Event {
	return projects.Event{
		Name: "update_project_chat_group_status", Payload: map[string]any{"chatGroupStatus": status}, Then: then,
	}
}

// create makes the group; what it returns tells its members.
func (s *Service) create(ctx context.Context, p projects.Project) (tell func(context.Context), err error) {
	g := projectGroup{Name: groupName(p.OwnerName, p.Name), ProjectID: p.ID}
	if err := s.repo.create(ctx, &g); err != nil {
		return nil, err
	}
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	if err := s.repo.addMembers(ctx, g.ID, ids...); err != nil {
		return nil, err
	}
	data := g.asData(members, nil)
	data["msgs"] = []any{}
	return func(context.Context) {
		for _, id := range ids {
			s.users.ToUser(id, "new_chat_group", data)
		}
	}, nil
}

// Deactivate deletes the chat group of a project with all messages. A project
// without one stays as it is.
//
// Errors: those of projects.Record.
func (s *Service) Deactivate(ctx context.Context, by accounts.Actor, projectID int64) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.ManageChat, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		g, found, err := s.repo.ofProject(ctx, in.ID)
		if !found || err != nil {
			return nil, err
		}
		ids, err := s.remove(ctx, g)
		return []projects.Event{statusChanged(deactivated, func(context.Context) { s.tellRemoved(g, ids) })}, err
	})
}

// remove deletes a group and returns who was in it.
func (s *Service) remove(ctx context.Context, g projectGroup) ([]int64, error) {
	ids, err := s.repo.members(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	return ids, s.repo.delete(ctx, g.ID)
}

func (s *Service) tellRemoved(g projectGroup, userIDs []int64) {
	for _, id := range userIDs {
		s.users.ToUser(id, "chat_group_removed", map[string]any{"id": g.ID, "type": kindProjectGroup})
	}
}

func (s *Service) onProjectCreated(ctx context.Context, e projects.Created) error {
	if !e.WithChat {
		return nil
	}
	tell, err := s.create(ctx, e.Project)
	if err == nil {
		s.db.AfterCommit(ctx, tell)
	}
	return err
}

// onProjectRenamed lets the group's name follow (defect D09).
func (s *Service) onProjectRenamed(ctx context.Context, e projects.Renamed) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	name := groupName(e.OwnerName, e.Name)
	if err := s.repo.rename(ctx, g.ID, name); err != nil {
		return err
	}
	ids, err := s.repo.members(ctx, g.ID)
	s.tell(ctx, ids, "update_chat_group_name", map[string]any{"id": g.ID, "type": kindProjectGroup, "newName": name})
	return err
}

func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	ids, err := s.remove(ctx, g)
	s.db.AfterCommit(ctx, func(context.Context) { s.tellRemoved(g, ids) })
	return err
}

// onMemberAdded lets whoever joins a project join its chat group, where old
// messages become readable.
func (s *Service) onMemberAdded(ctx context.Context, e projects.MemberAdded) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	before, err := s.repo.members(ctx, g.ID)
	if err != nil {
		return err
	}
	if err := s.repo.addMembers(ctx, g.ID, e.UserID); err != nil {
		return err
	}
	people, err := s.people.ByIDs(ctx, append(before, e.UserID))
	if err != nil {
		return err
	}
	last, err := s.repo.last(ctx, g.ID)
	if err != nil {
		return err
	}
	var members []projects.Member
	for p := range maps.Values(people) {
		members = append(members, memberOf(p))
	}
	s.tell(ctx, before, "new_chat_group_member", map[string]any{
		"chatGroupId": g.ID, "chatGroupType": kindProjectGroup, "member": memberOf(people[e.UserID]),
	})
	s.tell(ctx, []int64{e.UserID}, "new_chat_group", g.asData(members, last))
	return nil
}

func memberOf(p accounts.Person) projects.Member {
	return projects.Member{ID: p.ID, Name: p.Name, PicURL: p.PicURL, URL: p.GoToURL, Role: roleMember}
}

// onMemberRemoved takes whoever leaves a project out of its chat group. What
// they said stays; what they had not read counts no longer (defect D23).
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	if err := s.repo.removeMember(ctx, g.ID, e.UserID); err != nil {
		return err
	}
	rest, err := s.repo.members(ctx, g.ID)
	s.tell(ctx, []int64{e.UserID}, "chat_group_removed", map[string]any{"id": g.ID, "type": kindProjectGroup})
	s.tell(ctx, rest, "chat_group_member_removed", map[string]any{
		"chatGroupId": g.ID, "chatGroupType": kindProjectGroup, "userId": e.UserID,
	})
	return err
}

// onAccountDeleting removes everything somebody said or was told. The groups
// of projects are left already, by then. In other groups somebody else becomes
// admin if nobody is; a group in which nobody is left goes (defects D16, D22).
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	groups, err := s.repo.groupsOf(ctx, e.UserID)
	if err != nil {
		return err
	}
	if err := s.repo.forget(ctx, e.UserID); err != nil {
		return err
	}
	for _, id := range groups {
		if err := s.leftBehind(ctx, id, e.UserID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) leftBehind(ctx context.Context, groupID, gone int64) error {
	links, err := s.repo.links(ctx, groupID)
	if err != nil {
		return err
	}
	if len(links) == 0 {
		return s.repo.deleteGroup(ctx, groupID)
	}
	hasAdmin, ids := false, make([]int64, len(links))
	for i, l := range links {
		ids[i] = l.UserID
		hasAdmin = hasAdmin || l.UserRole == roleAdmin
	}
	s.tell(ctx, ids, "chat_group_member_removed", map[string]any{
		"chatGroupId": groupID, "chatGroupType": kindGroup, "userId": gone,
	})
	if hasAdmin {
		return nil
	}
	s.tell(ctx, ids, "update_chat_group_member_role", map[string]any{
		"chatGroupId": groupID, "chatGroupType": kindGroup, "id": ids[0], "newRole": roleAdmin,
	})
	return s.repo.setRole(ctx, groupID, ids[0], roleAdmin)
}
