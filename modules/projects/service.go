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
	"taskstack.org/platform/realtime"
)

// People is what projects needs to know of people.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Friends tells who may read a project that its owner's friends may read.
type Friends interface {
	AreFriends(ctx context.Context, a, b int64) (bool, error)
}

// Streams delivers events to a project's room.
type Streams interface {
	Reserve(projectID, rev int64, confirm func())
	Cancel(projectID, rev int64)
	Announce(ctx context.Context, projectID int64, events ...realtime.Event)
}

// UserNotifier sends an event to all sockets of a person.
type UserNotifier interface {
	ToUser(userID int64, event string, args ...any)
}

// Service holds the rules of projects. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	repo     repository
	people   People
	friends  Friends
	streams  Streams
	users    UserNotifier
	reserved func() []string
	log      *slog.Logger
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
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.create(ctx, &p) })
	if errs.KindOf(err) == errs.Conflict {
		return Project{}, &errs.Error{
			Kind: errs.Conflict, Cause: err,
			Fields: map[string]errs.Message{"name": errs.Text("projects.error.nameTaken")},
		}
	}
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
	links, err := s.repo.collaborators(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	ids := []int64{p.OwnerID}
	roles := map[int64]Role{p.OwnerID: RoleOwner}
	for _, l := range links {
		ids = append(ids, l.UserID)
		roles[l.UserID] = roleOf(Project{}, 0, string(l.UserRole), false)
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("members of project %d: %w", p.ID, err)
	}
	members := make([]Member, 0, len(ids))
	for _, id := range ids {
		if person, ok := people[id]; ok {
			members = append(members, memberOf(person, roles[id]))
		}
	}
	slices.SortFunc(members[min(1, len(members)):], func(a, b Member) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return members, nil
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
