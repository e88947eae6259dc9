package chats

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/friends"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
)

// People is what chats needs to know of people.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByNameOrEmail(ctx context.Context, text string) (accounts.Person, error)
	// Lock holds people until the transaction ends.
	Lock(ctx context.Context, ids ...int64) (map[int64]accounts.Person, error)
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// Friends is what chats needs of friends.
type Friends interface {
	AreFriends(ctx context.Context, a, b int64) (bool, error)
	Of(ctx context.Context, userID int64) ([]accounts.Person, error)
}

// Boards is what chats needs of projects.
type Boards interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Members(ctx context.Context, p projects.Project) ([]projects.Member, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]projects.Project, error)
	AddBoardPart(part projects.BoardPart)
	Access(ctx context.Context, by accounts.Actor, projectID int64) (projects.Access, error)
}

// Service holds the rules of chats. It is safe for concurrent use.
type Service struct {
	db      *db.DB
	repo    repository
	people  People
	friends Friends
	boards  Boards
	cards   Cards
	lists   Lists
	files   Files
	users   sockets
	streams *realtime.Streams
	bus     *events.Bus
	log     *slog.Logger
	order   order
	// sending, reacting and creating limit what a person may do; nil for no limit.
	sending, reacting, creating *ratelimit.Limiter
}

// take counts what the actor does against a limit. Errors: RateLimited with a text
// that says after how many seconds.
func (s *Service) take(limit *ratelimit.Limiter, by accounts.Actor, key string) error {
	wait, ok := limit.Take(keyOf(by))
	if ok {
		return nil
	}
	wait = (wait + time.Second).Truncate(time.Second)
	e := errs.New(errs.RateLimited, key, "Count", int(wait.Seconds()))
	e.RetryAfter = wait
	return e
}

// Activate creates the chat group of a project, with all its members. A project
// that has one keeps it (defect D14).
//
// Errors: those of projects.Record.
func (s *Service) Activate(ctx context.Context, r projects.Request) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.ManageChat, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		_, found, err := s.repo.ofProject(ctx, in.ID)
		if found || err != nil {
			return nil, err
		}
		id, err := s.create(ctx, in.Project)
		return []projects.Event{statusChanged(id)}, err
	})
}

// create creates the group and notifies the members.
func (s *Service) create(ctx context.Context, p projects.Project) (id int64, err error) {
	g := projectGroup{Name: groupName(p.OwnerName, p.Name), ProjectID: p.ID}
	if err := s.repo.create(ctx, &g); err != nil {
		return 0, err
	}
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return 0, err
	}
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	if err := s.repo.addMembers(ctx, g.ID, 0, ids...); err != nil {
		return 0, err
	}
	created := newGroup(g, p.Called(), members, nil)
	created.Msgs = []struct{}{}
	return g.ID, s.people.Deliver(ctx, "new_chat_group", created, ids...)
}

// Deactivate deletes the chat group of a project with all messages. A project
// without one stays as it is.
//
// Errors: those of projects.Record.
func (s *Service) Deactivate(ctx context.Context, r projects.Request) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.ManageChat, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		g, found, err := s.repo.ofProject(ctx, in.ID)
		if !found || err != nil {
			return nil, err
		}
		return []projects.Event{statusChanged(0)}, s.remove(ctx, g)
	})
}

// remove deletes a group and notifies its members.
func (s *Service) remove(ctx context.Context, g projectGroup) error {
	ids, err := s.repo.people(ctx, ProjectGroup, g.ID)
	if err != nil {
		return err
	}
	if err := s.files.DeletePlaces(ctx, fileKind(ProjectGroup), g.ID); err != nil {
		return err
	}
	if err := s.repo.delete(ctx, g.ID); err != nil {
		return err
	}
	return s.people.Deliver(ctx, "chat_group_removed", g.ref(), ids...)
}

func (s *Service) onProjectCreated(ctx context.Context, e projects.Created) error {
	if !e.WithChat {
		return nil
	}
	_, err := s.create(ctx, e.Project)
	return err
}

// onProjectRenamed renames the group (defect D09).
func (s *Service) onProjectRenamed(ctx context.Context, e projects.Renamed) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	name := groupName(e.OwnerName, e.Name)
	if err := s.repo.rename(ctx, g.ID, name); err != nil {
		return err
	}
	ids, err := s.repo.people(ctx, ProjectGroup, g.ID)
	if err != nil {
		return err
	}
	return s.people.Deliver(ctx, "update_chat_group_name", newName{g.ref(), name, e.Title}, ids...)
}

// onProjectRemoved takes the members out of the chat group of a project that is
// deleted but can be restored: group and messages stay.
func (s *Service) onProjectRemoved(ctx context.Context, e projects.Removed) error {
	g, found, err := s.repo.ofProject(ctx, e.Project.ID)
	if !found || err != nil {
		return err
	}
	ids, err := s.repo.people(ctx, ProjectGroup, g.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.repo.removeMember(ctx, g.ID, id); err != nil {
			return err
		}
	}
	return s.people.Deliver(ctx, "chat_group_removed", g.ref(), ids...)
}

// onProjectRestored adds the members of a project to its chat group again, with what
// was written before as read.
func (s *Service) onProjectRestored(ctx context.Context, e projects.Restored) error {
	g, found, err := s.repo.ofProject(ctx, e.Project.ID)
	if !found || err != nil {
		return err
	}
	if name := groupName(e.Project.OwnerName, e.Project.Name); name != g.Name {
		if err := s.repo.rename(ctx, g.ID, name); err != nil {
			return err
		}
		g.Name = name
	}
	if err := s.repo.addMembers(ctx, g.ID, g.Rev, e.Members...); err != nil {
		return err
	}
	members, err := s.boards.Members(ctx, e.Project)
	if err != nil {
		return err
	}
	for _, id := range e.Members {
		newest, err := s.repo.last(ctx, ProjectGroup, g.ID, id)
		if err != nil {
			return err
		}
		if err := s.people.Deliver(ctx, "new_chat_group", newGroup(g, e.Project.Called(), members, newest), id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	return s.remove(ctx, g)
}

// onMemberAdded adds a new member of a project to its chat group, where they can
// read old messages.
func (s *Service) onMemberAdded(ctx context.Context, e projects.MemberAdded) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	before, err := s.repo.people(ctx, ProjectGroup, g.ID)
	if err != nil {
		return err
	}
	if err := s.repo.addMembers(ctx, g.ID, g.Rev, e.UserID); err != nil {
		return err
	}
	people, err := s.people.ByIDs(ctx, append(before, e.UserID))
	if err != nil {
		return err
	}
	newest, err := s.repo.last(ctx, ProjectGroup, g.ID, e.UserID)
	if err != nil {
		return err
	}
	var members []projects.Member
	for p := range maps.Values(people) {
		members = append(members, memberOf(p))
	}
	return errors.Join(
		s.people.Deliver(ctx, "new_chat_group_member", newMember{g.memberRef(), memberOf(people[e.UserID])}, before...),
		s.people.Deliver(ctx, "new_chat_group", newGroup(g, e.Title, members, newest), e.UserID))
}

func memberOf(p accounts.Person) projects.Member {
	return projects.Member{ID: p.ID, Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, URL: p.GoToURL, Role: roleMember}
}

// onMemberRemoved removes a person who leaves a project from its chat group.
// Their messages stay; their unread marks are deleted (defect D23).
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	g, found, err := s.repo.ofProject(ctx, e.ProjectID)
	if !found || err != nil {
		return err
	}
	if err := s.repo.removeMember(ctx, g.ID, e.UserID); err != nil {
		return err
	}
	rest, err := s.repo.people(ctx, ProjectGroup, g.ID)
	if err != nil {
		return err
	}
	return errors.Join(
		s.people.Deliver(ctx, "chat_group_removed", g.ref(), e.UserID),
		s.people.Deliver(ctx, "chat_group_member_removed", removedMember{g.memberRef(), e.UserID}, rest...))
}

// onFriendshipEnded marks what is unread between two people as read (defect D50).
func (s *Service) onFriendshipEnded(ctx context.Context, e friends.Ended) error {
	return s.repo.readPair(ctx, e.A, e.B)
}

// onAccountDeleting deletes all messages from and to a person, who has left the
// groups of projects before. In other groups the longest member becomes admin if
// there is none; a group without members is deleted (defects D16, D22).
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	groups, err := s.repo.groupsOf(ctx, e.UserID)
	if err != nil {
		return err
	}
	if err := s.deleteFilesOf(ctx, e.UserID); err != nil {
		return err
	}
	if err := s.repo.forget(ctx, e.UserID); err != nil {
		return err
	}
	for _, id := range groups {
		if err := s.repair(ctx, id, e.UserID); err != nil {
			return err
		}
	}
	return nil
}

// repair gives a group that a person has left an admin, or deletes it.
func (s *Service) repair(ctx context.Context, groupID, leftBy int64) error {
	links, err := s.repo.links(ctx, groupID)
	if err != nil {
		return err
	}
	if len(links) == 0 {
		return s.deleteGroup(ctx, groupID)
	}
	if err := s.people.Deliver(ctx, "chat_group_member_removed", removedMember{memberRef{groupID, Group}, leftBy}, idsOf(links)...); err != nil {
		return err
	}
	return s.keepAdmin(ctx, groupID, links)
}
