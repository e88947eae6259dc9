package projects

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

// syncLimit is how many missed events are sent one by one; a client that
// missed more loads the board anew.
const syncLimit = 300

// Board is everything a board shows, as of one moment.
type Board struct {
	Access
	// By is the person who reads it.
	By      accounts.Actor
	Members []Member
	// Data is the contract's object "project" (pages.md section 5), to which
	// board parts add their keys.
	Data map[string]any
	// Views are what templates show, by the name of the part.
	Views map[string]any
	// Version differs between two boards in what shared parts have added to them.
	Version string
	// ready are the values of Data that are JSON already.
	ready map[string]json.RawMessage
}

// BoardPart adds a module's share to a board: a key in Data, a value in Views.
// All parts read within one snapshot of the database.
type BoardPart func(ctx context.Context, b *Board) error

// AddBoardPart lets a module show something on boards. Only while wiring.
func (s *Service) AddBoardPart(part BoardPart) { s.parts = append(s.parts, part) }

// AddSharedBoardPart is AddBoardPart for what is the same for everyone who may read a
// board, and which only Record changes. It is read once for each revision, with a Board
// that knows no person and no role; nothing may change what it has added.
func (s *Service) AddSharedBoardPart(part BoardPart) { s.sharedParts = append(s.sharedParts, part) }

// Board reads a board. NotFound for an actor that may not read it.
func (s boardReader) Board(ctx context.Context, by accounts.Actor, owner, name string) (*Board, error) {
	var b *Board
	err := s.db.Snapshot(ctx, func(ctx context.Context) error {
		row, links, err := s.repo.boardByPath(ctx, by.UserID, owner, name)
		if err != nil {
			return err
		}
		in, err := s.withRole(ctx, by, row)
		if err != nil {
			return err
		}
		if err := in.Check(Read); err != nil {
			return err
		}
		b, err = s.read(ctx, by, in, links)
		return err
	})
	return b, err
}

func (s boardReader) read(ctx context.Context, by accounts.Actor, in Access, links []collaborator) (*Board, error) {
	all, err := s.named(ctx, links, in.Project)
	if err != nil {
		return nil, err
	}
	members := all[in.ID]
	byID := make(map[string]Member, len(members))
	for _, m := range members {
		byID[strconv.FormatInt(m.ID, 10)] = m
	}
	b := &Board{Access: in, By: by, Members: members, Views: map[string]any{}, Data: map[string]any{
		"id": in.ID, "name": in.Name, "title": in.Called(), "ownerName": in.OwnerName, "projectDesc": in.ProjectDesc,
		"visibility": in.Visibility, "adminsInvite": in.AdminsInvite, "colour": in.Colour(), "chatGroupStatus": "deactivated", "members": byID,
	}}
	if err := s.addShared(ctx, b); err != nil {
		return nil, err
	}
	for _, part := range s.parts {
		if err := part(ctx, b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Missed are the events above a number. complete is false if there are too
// many of them, or the log no longer reaches back that far: the client then
// loads the board anew.
func (s boardReader) Missed(ctx context.Context, by accounts.Actor, projectID, since int64) (events []realtime.Event, rev int64, complete bool, err error) {
	in, err := s.Require(ctx, by, projectID, Follow)
	if err != nil {
		return nil, 0, false, err
	}
	if since < 0 {
		return nil, 0, false, errs.Field("sinceRev", "projects.error.sinceRev")
	}
	if since > in.Rev || in.Rev-since > syncLimit {
		return nil, in.Rev, false, nil
	}
	events, err = s.repo.EventsAfter(ctx, projectID, since, syncLimit+1)
	if err != nil {
		return nil, 0, false, err
	}
	for i, e := range events {
		if e.Rev != since+1+int64(i) {
			return nil, in.Rev, false, nil
		}
		rev = e.Rev
	}
	return events, max(rev, since), since+int64(len(events)) >= in.Rev, nil
}

// Contributions returns how many parts and counts modules have added to boards and to
// the home page: what pages may cost depends on it.
func (s boardReader) Contributions() (boardParts, sharedParts, homeCounts int) {
	return len(s.parts), len(s.sharedParts), len(s.counts)
}

// homeCount is a number on the home page's tiles.
type homeCount struct {
	name  string
	count func(ctx context.Context, projectIDs []int64) (map[int64]int, error)
}

// AddHomeCount lets a module show a number on the tiles of the home page, by a
// name the template knows. Only while wiring.
func (s *Service) AddHomeCount(name string, count func(ctx context.Context, projectIDs []int64) (map[int64]int, error)) {
	s.counts = append(s.counts, homeCount{name, count})
}

// maxFaces is how many members a tile shows.
const maxFaces = 4

// Tile is a project on the home page.
type Tile struct {
	Project
	// Members is how many there are, Faces the first of them: the owner, then in
	// the order they joined.
	Members int
	Faces   []accounts.Person
	Counts  map[string]int
}

// More is how many members the tile does not show.
func (t Tile) More() int { return t.Members - len(t.Faces) }

// OwnerCalled is the owner's display name.
func (t Tile) OwnerCalled() string {
	if len(t.Faces) > 0 && t.Faces[0].ID == t.OwnerID {
		return t.Faces[0].Called()
	}
	return t.OwnerName
}

// CacheKey returns everything the tile shows: tiles with equal keys are rendered once.
func (t Tile) CacheKey() string {
	key := fmt.Sprintf("%d %s %q %s %s %d %v %v %q", t.ID, t.URL(), t.Called(), t.Visibility, t.Colour(), t.Members, t.Counts, t.ChangedAt, t.ProjectDesc)
	for _, p := range t.Faces {
		key += fmt.Sprintf(" %d %q %s", p.ID, p.Called(), p.PicURL)
	}
	return key
}

// HomeTiles are the projects on a person's home page, each group by owner and name.
type HomeTiles struct {
	// Owned are the person's own, Collab those the person is a member of, Others
	// further ones that the person may read.
	Owned, Collab, Others []Tile
}

// Home returns the projects of a person, and those of the projects also that the
// person may read now.
func (s boardReader) Home(ctx context.Context, by accounts.Actor, also []int64) (HomeTiles, error) {
	all, roles, err := s.ofHome(ctx, by, also)
	if err != nil || len(all) == 0 {
		return HomeTiles{}, err
	}
	ids := make([]int64, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	counts := map[string]map[int64]int{}
	for _, c := range s.counts {
		if counts[c.name], err = c.count(ctx, ids); err != nil {
			return HomeTiles{}, err
		}
	}
	tiles, err := s.withFaces(ctx, all, ids)
	if err != nil {
		return HomeTiles{}, err
	}
	var home HomeTiles
	for i, p := range all {
		tile := tiles[i]
		for name, n := range counts {
			tile.Counts[name] = n[p.ID]
		}
		switch role := roles[p.ID]; {
		case role == RoleOwner:
			home.Owned = append(home.Owned, tile)
		case role.IsMember():
			home.Collab = append(home.Collab, tile)
		default:
			home.Others = append(home.Others, tile)
		}
	}
	return home, nil
}

// ofHome reads the projects of Home once each, with the person's roles. It asks for
// the person's friends only if one of them decides.
func (s boardReader) ofHome(ctx context.Context, by accounts.Actor, also []int64) (all []Project, roles map[int64]Role, err error) {
	rows, err := s.repo.ofHome(ctx, by.UserID, also)
	if err != nil {
		return nil, nil, err
	}
	var friends []int64
	asks := func(row accessRow) bool {
		return row.Visibility == FriendsOnly && roleOf(row.Project, by.UserID, row.UserRole, false) == RoleNone
	}
	if slices.ContainsFunc(rows, asks) {
		people, err := s.friends.Of(ctx, by.UserID)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range people {
			friends = append(friends, p.ID)
		}
	}
	roles = make(map[int64]Role, len(rows))
	for _, row := range rows {
		in := Access{Project: row.Project, Role: roleOf(row.Project, by.UserID, row.UserRole, slices.Contains(friends, row.OwnerID))}
		if _, seen := roles[in.ID]; !seen && in.Can(Read) {
			all, roles[in.ID] = append(all, in.Project), in.Role
		}
	}
	return all, roles, nil
}

// withFaces returns tiles with the first members of each project, in two
// statements.
func (s boardReader) withFaces(ctx context.Context, all []Project, ids []int64) ([]Tile, error) {
	first, err := s.repo.firstCollaborators(ctx, ids, maxFaces-1)
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, p := range all {
		people = append(people, p.OwnerID)
		for _, c := range first[p.ID] {
			people = append(people, c.UserID)
		}
	}
	named, err := s.people.ByIDs(ctx, people)
	if err != nil {
		return nil, err
	}
	tiles := make([]Tile, len(all))
	for i, p := range all {
		tiles[i] = Tile{Project: p, Members: 1, Counts: map[string]int{}}
		tiles[i].addFace(named[p.OwnerID])
		for _, c := range first[p.ID] {
			tiles[i].Members = c.N + 1
			tiles[i].addFace(named[c.UserID])
		}
	}
	return tiles, nil
}

// addFace adds a person, unless the account was deleted since the ids were read.
func (t *Tile) addFace(p accounts.Person) {
	if p.ID != 0 {
		t.Faces = append(t.Faces, p)
	}
}
