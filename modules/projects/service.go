package projects

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
)

// People is what projects needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByNameOrEmail(ctx context.Context, text string) (accounts.Person, error)
	// Lock is ByIDs, and keeps them as they are until the transaction ends.
	Lock(ctx context.Context, ids ...int64) (map[int64]accounts.Person, error)
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// Friends is what projects needs of friends: who may read a project that its
// owner's friends may read, and which people the owner can add to one.
type Friends interface {
	AreFriends(ctx context.Context, a, b int64) (bool, error)
	// Of returns a user's friends, by name.
	Of(ctx context.Context, userID int64) ([]accounts.Person, error)
}

// Streams delivers events to a project's room.
type Streams interface {
	Reserve(projectID, rev int64, confirm func())
	Cancel(projectID, rev int64)
	Announce(ctx context.Context, projectID int64, events ...realtime.Event)
	Evict(ctx context.Context, projectID, userID int64)
	Following(ctx context.Context, projectID int64) ([]int64, error)
	End(ctx context.Context, projectID int64)
	OnEvict(fn func(ctx context.Context, projectID int64))
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
	reserved func() []string
	parts    []BoardPart
	// sharedParts are read once for each revision, and kept in shared.
	sharedParts []BoardPart
	shared      *sharedBoards
	counts      []homeCount
	invites     []InviteSource
	outline     func(ctx context.Context, projectID int64) ([]int, error)

	eventRights map[string]EventRight
	joined      []func(r Request)
}

// Access returns a project with the actor's role. NotFound if the actor may not
// read it.
func (s *Service) Access(ctx context.Context, by accounts.Actor, projectID int64) (Access, error) {
	in, err := s.access(ctx, by, projectID, false)
	if err != nil {
		return Access{}, err
	}
	return in, in.Check(Read)
}

// Require is Access for an action: Forbidden if the actor may only read.
func (s *Service) Require(ctx context.Context, by accounts.Actor, projectID int64, action Action) (Access, error) {
	in, err := s.access(ctx, by, projectID, false)
	if err != nil {
		return Access{}, err
	}
	return in, in.Check(action)
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
	return in, in.Check(Read)
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
	if role == RoleNone && by.SignedIn() {
		open, err := s.repo.isOpen(ctx, row.ID, by.UserID, s.db.Now(ctx))
		if err != nil {
			return Access{}, err
		}
		if open {
			role = RoleVisitor
		}
	}
	return Access{Project: row.Project, Role: role}, nil
}

// ByIDs returns projects by their ids without checking permissions; an unknown id has none.
func (s *Service) ByIDs(ctx context.Context, ids []int64) (map[int64]Project, error) {
	return s.repo.byIDs(ctx, ids)
}

// Create makes a project of the actor. With an idempotency key it makes one however
// often it is called, by a second press or because the answer got lost.
//
// Errors: Unauthenticated, Invalid with fields, Conflict with the field name if the
// actor has one of that name. For a name that was made from the title its Current is a
// free one.
func (s settings) Create(ctx context.Context, by accounts.Actor, d Draft) (Project, error) {
	if !by.SignedIn() {
		return Project{}, errs.Of(errs.Unauthenticated)
	}
	d = d.cleaned(s.reserved())
	if err := d.problems(s.reserved()).Err(); err != nil {
		return Project{}, err
	}
	r, err := By(by, 0).WithKey(d.Key)
	if err != nil {
		return Project{}, err
	}
	p := Project{
		Name: d.Name, Title: cmp.Or(d.Title, d.Name), OwnerID: by.UserID, OwnerName: by.Name, ProjectDesc: d.Desc, Visibility: Public, ChosenColour: d.Colour,
		InviteCode: newInviteCode(), InviteAsAdminCode: newInviteCode(),
	}
	if d.Private {
		p.Visibility = Private
	}
	made := d.Title != "" && d.Name == Slug(d.Title, s.reserved())
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		// Held, so that a change of the owner's name finds this project.
		people, err := s.people.Lock(ctx, by.UserID)
		if err != nil {
			return err
		}
		owner, ok := people[by.UserID]
		if !ok {
			return errs.Of(errs.Unauthenticated)
		}
		now := s.db.Now(ctx)
		p.ID, p.OwnerName, p.ChangedAt = 0, owner.Name, &now // this may run again
		if err := s.repo.create(ctx, &p); err != nil {
			return nameTaken(err)
		}
		if r.ProjectID = p.ID; r.once != nil {
			if err := s.repo.addResult(ctx, r, nil, 0); err != nil {
				return err
			}
		}
		return s.bus.Publish(ctx, Created{Project: p, WithChat: d.Chat, Lists: d.Lists})
	})
	if r.once != nil && errs.KindOf(err) == errs.Conflict {
		if made, found, lookErr := s.repo.madeBy(ctx, by.UserID, d.Name, d.Key); lookErr != nil || found {
			return made, lookErr
		}
	}
	if made && errs.KindOf(err) == errs.Conflict {
		err = s.suggestName(ctx, by, p.Name)
	}
	return p, err
}

// suggestName returns the error for a name that the actor has a project of, with a
// free one.
func (s settings) suggestName(ctx context.Context, by accounts.Actor, name string) error {
	owned, err := s.repo.owned(ctx, by.UserID, by.UserID)
	if err != nil {
		return err
	}
	free := name
	for n := 2; slices.ContainsFunc(owned, func(p accessRow) bool { return strings.EqualFold(p.Name, free) }); n++ {
		free = numbered(name, strconv.Itoa(n))
	}
	return &errs.Error{
		Kind: errs.Conflict, Fields: map[string]errs.Message{"name": errs.Text("projects.error.nameTakenTry")},
		Current: map[string]any{"name": free},
	}
}

// newFormKey returns an idempotency key for a form.
func newFormKey() string { return newInviteCode() }

// newInviteCode returns 22 URL-safe characters, 128 random bits.
func newInviteCode() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, says crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// Members returns the owner and the collaborators, the owner first, the others by
// name.
func (s *Service) Members(ctx context.Context, p Project) ([]Member, error) {
	all, err := s.membersOf(ctx, p)
	return all[p.ID], err
}

// membersOf returns the members of several projects, by project, in two
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
	return cmp.Or(strings.Compare(strings.ToLower(a.Called()), strings.ToLower(b.Called())), strings.Compare(a.Name, b.Name))
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
	return Member{ID: p.ID, Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, URL: p.GoToURL, Role: role}
}

// MemberIDs returns the ids of the owner and the collaborators.
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
