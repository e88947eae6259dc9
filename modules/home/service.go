package home

import (
	"context"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/friends"
	"taskstack.org/modules/projects"
)

// Projects is what home needs of projects.
type Projects interface {
	Home(ctx context.Context, by accounts.Actor) (owned, collab []projects.Tile, err error)
}

// Friends is what home needs of friends.
type Friends interface {
	Circle(ctx context.Context, by accounts.Actor) (friends.Circle, error)
	CountWaiting(ctx context.Context, userID int64) (int, error)
}

// Entry is something new, for the feed.
type Entry struct {
	At time.Time
	// Kind is the contract's type of notification. A piece _feedEntry.html of
	// any module shows the entries of its kind, with Item.
	Kind string
	Item any
	// Data is the entry in the page's data, in the contract's shape.
	Data any
}

// FeedPart reads a module's share of somebody's feed.
type FeedPart func(ctx context.Context, by accounts.Actor) ([]Entry, error)

// Count is how much of a kind is new for somebody, in one statement: it is asked
// for every page.
type Count func(ctx context.Context, userID int64) (int, error)

// Service reads what the start page shows. It is safe for concurrent use.
type Service struct {
	projects Projects
	friends  Friends
	feed     []FeedPart
	counts   []Count
}

// AddFeed lets a module add to the feed. Only while wiring.
func (s *Service) AddFeed(part FeedPart) { s.feed = append(s.feed, part) }

// AddCount lets a module add to the number of what is new. Only while wiring.
func (s *Service) AddCount(count Count) { s.counts = append(s.counts, count) }

// Overview is what the start page shows.
type Overview struct {
	Owned, Collab []projects.Tile
	Feed          []Entry // newest first
	Friends       []accounts.Person
	Sent          []friends.Sent
}

// Overview reads the start page of a person.
func (s *Service) Overview(ctx context.Context, by accounts.Actor) (Overview, error) {
	var o Overview
	var err error
	if o.Owned, o.Collab, err = s.projects.Home(ctx, by); err != nil {
		return Overview{}, err
	}
	circle, err := s.friends.Circle(ctx, by)
	if err != nil {
		return Overview{}, err
	}
	o.Friends, o.Sent, o.Feed = circle.Friends, circle.Sent, requests(circle.Waiting)
	for _, part := range s.feed {
		entries, err := part(ctx, by)
		if err != nil {
			return Overview{}, err
		}
		o.Feed = append(o.Feed, entries...)
	}
	slices.SortStableFunc(o.Feed, func(a, b Entry) int { return b.At.Compare(a.At) })
	return o, nil
}

func requests(waiting []friends.Request) []Entry {
	all := make([]Entry, len(waiting))
	for i, r := range waiting {
		data := r.Wire()
		all[i] = Entry{At: r.At, Kind: data.Type, Item: r, Data: data}
	}
	return all
}

// CountNew is how much is new for somebody.
func (s *Service) CountNew(ctx context.Context, userID int64) (int, error) {
	sum := 0
	for _, count := range s.counts {
		n, err := count(ctx, userID)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
