package projects

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/text"
)

// People is what projects needs to know of people.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByNameOrEmail(ctx context.Context, text string) (accounts.Person, error)
	// Lock is ByIDs, and keeps them as they are until the transaction ends.
	Lock(ctx context.Context, ids ...int64) (map[int64]accounts.Person, error)
}

// Friends tells who may read a project that its owner's friends may read, and
// whom the owner can add to one.
type Friends interface {
	AreFriends(ctx context.Context, a, b int64) (bool, error)
	// Of are somebody's friends, by name.
	Of(ctx context.Context, userID int64) ([]accounts.Person, error)
}

// Streams delivers events to a project's room.
type Streams interface {
	Reserve(projectID, rev int64, confirm func())
	Cancel(projectID, rev int64)
	Announce(ctx context.Context, projectID int64, events ...realtime.Event)
	Evict(ctx context.Context, projectID, userID int64)
	Following(ctx context.Context, projectID int64) ([]int64, error)
	End(ctx context.Context, projectID int64, last realtime.Event)
}

// UserNotifier sends an event to all sockets of a person.
type UserNotifier interface {
	ToUser(userID int64, event string, args ...any)
}

// Service holds the rules of projects. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	repo     repository
	bus      *events.Bus
	log      *slog.Logger
	people   People
	friends  Friends
	streams  Streams
	users    UserNotifier
	reserved func() []string
	parts    []BoardPart
	counts   []homeCount
}

// Access is a project as a person sees it. NotFound if it does not exist for
// them.
func (s *Service) Access(ctx context.Context, by accounts.Actor, projectID int64) (Access, error) {
	in, err := s.access(ctx, by, projectID, false)
	if err != nil {
		return Access{}, err
	}
	return in, in.Role.Check(Read)
}

// Require is Access for an action: Forbidden if the person may only look.
func (s *Service) Require(ctx context.Context, by accounts.Actor, projectID int64, action Action) (Access, error) {
	in, err := s.access(ctx, by, projectID, false)
	if err != nil {
		return Access{}, err
	}
	return in, in.Role.Check(action)
}

// AccessByPath is Access by the names in a page's address.
func (s *Service) AccessByPath(ctx context.Context, by accounts.Actor, owner, name string) (Access, error) {
	row, err := s.repo.byPath(ctx, by.UserID, owner, name)
	if err != nil {
		return Access{}, err
	}
	in, err := s.withRole(ctx, by, row)
	if err != nil {
		return Access{}, err
	}
	return in, in.Role.Check(Read)
}

func (s *Service) access(ctx context.Context, by accounts.Actor, projectID int64, lock bool) (Access, error) {
	row, err := s.repo.byID(ctx, by.UserID, projectID, lock)
	if err != nil {
		return Access{}, err
	}
	return s.withRole(ctx, by, row)
}

func (s *Service) withRole(ctx context.Context, by accounts.Actor, row accessRow) (Access, error) {
	role := roleOf(row.Project, by.UserID, row.UserRole, false)
	if role == RoleNone && row.Visibility == FriendsOnly && by.SignedIn() {
		isFriend, err := s.friends.AreFriends(ctx, row.OwnerID, by.UserID)
		if err != nil {
			return Access{}, err
		}
		role = roleOf(row.Project, by.UserID, row.UserRole, isFriend)
	}
	return Access{Project: row.Project, Role: role}, nil
}

// Create makes a project of the actor. Errors: Unauthenticated, Invalid with
// fields, Conflict with the field name if the actor has one of that name.
func (s *Service) Create(ctx context.Context, by accounts.Actor, d Draft) (Project, error) {
	if !by.SignedIn() {
		return Project{}, errs.Of(errs.Unauthenticated)
	}
	d.Name, d.Desc = text.Identifier(d.Name), text.Block(d.Desc)
	if err := d.Validate(s.reserved()); err != nil {
		return Project{}, err
	}
	p := Project{
		Name: d.Name, OwnerID: by.UserID, OwnerName: by.Name, ProjectDesc: d.Desc, Visibility: Public,
		InviteCode: newInviteCode(), InviteAsAdminCode: newInviteCode(),
	}
	if d.Private {
		p.Visibility = Private
	}
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		// Held, so that a change of the owner's name finds this project.
		people, err := s.people.Lock(ctx, by.UserID)
		if err != nil {
			return err
		}
		owner, ok := people[by.UserID]
		if !ok {
			return errs.Of(errs.Unauthenticated)
		}
		p.ID, p.OwnerName = 0, owner.Name // this may run again
		if err := s.repo.create(ctx, &p); err != nil {
			return nameTaken(err)
		}
		return s.bus.Publish(ctx, Created{Project: p, WithChat: d.Chat})
	})
	return p, err
}

// newInviteCode is 22 URL-safe characters, 128 random bits.
func newInviteCode() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, says crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// Members are the owner and the collaborators, the owner first, the others by
// name.
func (s *Service) Members(ctx context.Context, p Project) ([]Member, error) {
	all, err := s.membersOf(ctx, p)
	return all[p.ID], err
}

// membersOf are the members of several projects, by project, in two
// statements.
func (s *Service) membersOf(ctx context.Context, projects ...Project) (map[int64][]Member, error) {
	projectIDs := make([]int64, len(projects))
	for i, p := range projects {
		projectIDs[i] = p.ID
	}
	links, err := s.repo.collaborators(ctx, projectIDs...)
	if err != nil {
		return nil, err
	}
	return s.named(ctx, links, projects...)
}

// named is membersOf for links that have been read.
func (s *Service) named(ctx context.Context, links []collaborator, projects ...Project) (map[int64][]Member, error) {
	var ids []int64
	for _, p := range projects {
		ids = append(ids, p.OwnerID)
	}
	for _, l := range links {
		ids = append(ids, l.UserID)
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("names of members: %w", err)
	}
	all := make(map[int64][]Member, len(projects))
	add := func(projectID, userID int64, role Role) {
		if person, ok := people[userID]; ok {
			all[projectID] = append(all[projectID], memberOf(person, role))
		}
	}
	for _, p := range projects {
		add(p.ID, p.OwnerID, RoleOwner)
	}
	for _, l := range links {
		add(l.ProjectID, l.UserID, roleOf(Project{}, 0, string(l.UserRole), false))
	}
	for _, members := range all {
		slices.SortFunc(members, ownerThenByName)
	}
	return all, nil
}

func ownerThenByName(a, b Member) int {
	if (a.Role == RoleOwner) != (b.Role == RoleOwner) {
		if a.Role == RoleOwner {
			return -1
		}
		return 1
	}
	return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
}

// MembersOf is Members by a project's id. NotFound if there is no such project.
func (s *Service) MembersOf(ctx context.Context, projectID int64) ([]Member, error) {
	row, err := s.repo.byID(ctx, 0, projectID, false)
	if err != nil {
		return nil, err
	}
	return s.Members(ctx, row.Project)
}

func memberOf(p accounts.Person, role Role) Member {
	return Member{ID: p.ID, Name: p.Name, PicURL: p.PicURL, URL: p.GoToURL, Role: role}
}

// MemberIDs are the ids of the owner and the collaborators.
func (s *Service) MemberIDs(ctx context.Context, p Project) (map[int64]bool, error) {
	links, err := s.repo.collaborators(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	ids := map[int64]bool{p.OwnerID: true}
	for _, l := range links {
		ids[l.UserID] = true
	}
	return ids, nil
}
