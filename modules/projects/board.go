package projects

import (
	"context"
	"fmt"
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
	Members []Member
	// Data is the contract's object "project" (pages.md section 5), to which
	// board parts add their keys.
	Data map[string]any
	// Views are what templates show, by the name of the part.
	Views map[string]any
}

// BoardPart adds a module's share to a board: a key in Data, a value in Views.
// All parts read within one snapshot of the database.
type BoardPart func(ctx context.Context, b *Board) error

// AddBoardPart lets a module show something on boards. Only while wiring.
func (s *Service) AddBoardPart(part BoardPart) { s.parts = append(s.parts, part) }

// Board reads a board for somebody who may read it.
func (s *Service) Board(ctx context.Context, by accounts.Actor, owner, name string) (*Board, error) {
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
		if err := in.Role.Check(Read); err != nil {
			return err
		}
		b, err = s.read(ctx, in, links)
		return err
	})
	return b, err
}

func (s *Service) read(ctx context.Context, in Access, links []collaborator) (*Board, error) {
	all, err := s.named(ctx, links, in.Project)
	if err != nil {
		return nil, err
	}
	members := all[in.ID]
	byID := make(map[string]Member, len(members))
	for _, m := range members {
		byID[strconv.FormatInt(m.ID, 10)] = m
	}
	b := &Board{Access: in, Members: members, Views: map[string]any{}, Data: map[string]any{
		"id": in.ID, "name": in.Name, "ownerName": in.OwnerName, "projectDesc": in.ProjectDesc,
		"visibility": in.Visibility, "chatGroupStatus": "deactivated", "members": byID,
	}}
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
func (s *Service) Missed(ctx context.Context, by accounts.Actor, projectID, since int64) (events []realtime.Event, rev int64, complete bool, err error) {
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

// Tile is a project on the home page.
type Tile struct {
	Project
	Members int
	Counts  map[string]int
}

// Look is everything the tile shows: tiles of equal look are rendered once.
func (t Tile) Look() string {
	return fmt.Sprintf("%d %s %s %d %v %s", t.ID, t.URL(), t.Visibility, t.Members, t.Counts, t.ProjectDesc)
}

// Home are the projects of a person: owned ones, and those they work in, each
// by owner and name.
func (s *Service) Home(ctx context.Context, by accounts.Actor) (owned, collab []Tile, err error) {
	all, err := s.repo.ofUser(ctx, by.UserID)
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, p := range all {
		ids[i] = p.ID
	}
	members, err := s.repo.collaboratorCounts(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	counts := map[string]map[int64]int{}
	for _, c := range s.counts {
		if counts[c.name], err = c.count(ctx, ids); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range all {
		tile := Tile{Project: p, Members: members[p.ID] + 1, Counts: map[string]int{}}
		for name, n := range counts {
			tile.Counts[name] = n[p.ID]
		}
		if p.OwnerID == by.UserID {
			owned = append(owned, tile)
		} else {
			collab = append(collab, tile)
		}
	}
	return owned, collab, nil
}
