package home

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

// Projects is what home needs of projects.
type Projects interface {
	Home(ctx context.Context, by accounts.Actor, also []int64) (projects.HomeTiles, error)
	AddBoardPart(part projects.BoardPart)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
}

// People is what home needs of accounts to send events to people.
type People interface {
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// Part reads a module's part of a person's start page.
type Part func(ctx context.Context, userID int64) (module.HomePart, error)

// BadgeCount counts a module's notifications of a person that are younger than a
// time, in one statement: it is called for every page.
type BadgeCount func(ctx context.Context, userID int64, after time.Time, unwanted module.Unwanted) (int, error)

// namedPart is a part and the name of its module.
type namedPart struct {
	module string
	read   Part
}

// Service reads the start page and the notifications. It is safe for concurrent
// use.
type Service struct {
	db       *db.DB
	repo     repository
	projects Projects
	people   People
	bus      *events.Bus
	parts    []namedPart
	counts   []BadgeCount
	choosers []module.NotificationChooser
}

// AddPart adds a module's part to the start page. Its view is found under name.
func (s *Service) AddPart(name string, part Part) {
	s.parts = append(s.parts, namedPart{name, part})
}

// AddBadgeCount adds a module's notifications to the number at the bell.
func (s *Service) AddBadgeCount(count BadgeCount) { s.counts = append(s.counts, count) }

// maxStars is how many boards of a person may have a star. Those of others are read
// for the start page because they have one.
const maxStars = 200

// maxRecent is how many boards are shown as recent; the others follow by name.
const maxRecent = 8

// Board is a project on the start page.
type Board struct {
	projects.Tile
	Starred bool
}

// CacheKey returns everything the tile shows.
func (b Board) CacheKey() string {
	if b.Starred {
		return b.Tile.CacheKey() + " starred"
	}
	return b.Tile.CacheKey()
}

// Overview is the content of the start page.
type Overview struct {
	// Starred are the boards that the person has starred, Recent those that changed
	// last, and Others the rest, by title. None is in two of them.
	Starred, Recent, Others []Board
	// Parts are the views of modules by name.
	Parts map[string]any
	// RefreshOn are the events after which the page is read again.
	RefreshOn []string
	tiles     projects.HomeTiles
	feed      []module.FeedEntry // newest first
	cut       bool               // the feed leaves out older entries
	until     time.Time          // the person has read what is not younger
	data      map[string]any
}

// Events that home sends to a person's own pages.
const (
	starChanged       = "project_star_changed"
	notificationsRead = "notifications_read"
)

// Overview reads the start page of a person.
func (s *Service) Overview(ctx context.Context, by accounts.Actor) (Overview, error) {
	o, err := s.readParts(ctx, by)
	if err != nil {
		return Overview{}, err
	}
	starred, err := s.repo.stars(ctx, by.UserID)
	if err != nil {
		return Overview{}, err
	}
	if o.tiles, err = s.projects.Home(ctx, by, slices.Collect(maps.Keys(starred))); err != nil {
		return Overview{}, err
	}
	o.arrange(starred)
	return o, nil
}

// readParts reads what modules add: the notifications and their parts of the page.
func (s *Service) readParts(ctx context.Context, by accounts.Actor) (Overview, error) {
	o := Overview{Parts: map[string]any{}, RefreshOn: []string{starChanged, notificationsRead}, data: map[string]any{}}
	for _, part := range s.parts {
		p, err := part.read(ctx, by.UserID)
		if err != nil {
			return Overview{}, err
		}
		o.feed = append(o.feed, p.Feed...)
		o.cut = o.cut || p.Cut
		o.RefreshOn = append(o.RefreshOn, p.RefreshOn...)
		o.Parts[part.module] = p.View
		for key, value := range p.Data {
			o.data[key] = value
		}
	}
	unwanted, err := s.unwanted(ctx, by.UserID)
	o.feed = slices.DeleteFunc(o.feed, func(e module.FeedEntry) bool { return unwanted.Hides(e.NotificationKind, e.ProjectID) })
	slices.SortStableFunc(o.feed, func(a, b module.FeedEntry) int { return b.At.Compare(a.At) })
	if err == nil {
		o.until, err = s.repo.readUntil(ctx, by.UserID)
	}
	return o, err
}

// KnownBadge counts what BadgeCount would read from the database, if the feed has
// all of it.
func (o Overview) KnownBadge() (count int, known bool) {
	for _, e := range o.feed {
		if isUnread(e, o.until) {
			count += max(e.Count, 1)
		}
	}
	return count, !o.cut
}

// unwanted returns what a person does not want to see, without the feature that knows
// it nothing.
func (s *Service) unwanted(ctx context.Context, userID int64) (u module.Unwanted, err error) {
	for _, each := range s.choosers {
		if u, err = each.Unwanted(ctx, userID); err != nil {
			return u, err
		}
	}
	return u, nil
}

// arrange puts each board into its group: starred and other ones by name, recent
// ones by the time of their last change.
func (o *Overview) arrange(starred map[int64]bool) {
	all := make([]Board, 0, len(o.tiles.Owned)+len(o.tiles.Collab)+len(o.tiles.Others))
	for _, t := range slices.Concat(o.tiles.Owned, o.tiles.Collab, o.tiles.Others) {
		all = append(all, Board{Tile: t, Starred: starred[t.ID]})
	}
	slices.SortStableFunc(all, newestFirst)
	for _, b := range all {
		switch {
		case b.Starred:
			o.Starred = append(o.Starred, b)
		case len(o.Recent) < maxRecent:
			o.Recent = append(o.Recent, b)
		default:
			o.Others = append(o.Others, b)
		}
	}
	for _, group := range [][]Board{o.Starred, o.Others} {
		slices.SortStableFunc(group, func(a, b Board) int { return cmp.Compare(strings.ToLower(a.Called()), strings.ToLower(b.Called())) })
	}
}

// newestFirst orders boards by their last change; those of which none is known
// come last.
func newestFirst(a, b Board) int {
	switch {
	case a.ChangedAt == nil && b.ChangedAt == nil:
		return 0
	case a.ChangedAt == nil:
		return 1
	case b.ChangedAt == nil:
		return -1
	}
	return b.ChangedAt.Compare(*a.ChangedAt)
}

// onBoard is what a board shows of home: whether the person has starred it.
type onBoard struct{ Starred bool }

// boardPart reads it. Visitors who are not logged in have no stars.
func (s *Service) boardPart(ctx context.Context, b *projects.Board) error {
	if !b.By.SignedIn() {
		return nil
	}
	starred, err := s.repo.isStarred(ctx, b.By.UserID, b.ID)
	b.Views["home"] = onBoard{starred}
	return err
}

// SetStar stars a board for a person, or removes the star. The person's other
// pages follow.
//
// Errors: Unauthenticated; NotFound for a project that the person may not read;
// Invalid with the field star for one more than maxStars.
func (s *Service) SetStar(ctx context.Context, by accounts.Actor, projectID int64, on bool) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.setStar(ctx, by, projectID, on); err != nil {
			return err
		}
		return s.people.Deliver(ctx, starChanged, starEvent{ID: projectID, Starred: on}, by.UserID)
	})
}

func (s *Service) setStar(ctx context.Context, by accounts.Actor, projectID int64, on bool) error {
	if !on {
		return s.repo.deleteStar(ctx, by.UserID, projectID)
	}
	if _, err := s.projects.Require(ctx, by, projectID, projects.Read); err != nil {
		return err
	}
	starred, err := s.repo.stars(ctx, by.UserID)
	if err != nil {
		return err
	}
	if len(starred) >= maxStars && !starred[projectID] {
		return errs.Field("star", "home.error.manyStars", "Count", maxStars)
	}
	return s.repo.addStar(ctx, by.UserID, projectID)
}
