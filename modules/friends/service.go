package friends

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
)

// People is what friends needs of the accounts module.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByName(ctx context.Context, name string) (accounts.Person, error)
	ByNameOrEmail(ctx context.Context, text string) (accounts.Person, error)
	// Lock holds people until the transaction ends.
	Lock(ctx context.Context, ids ...int64) (map[int64]accounts.Person, error)
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// Service holds the rules of friendship. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	people People
	bus    *events.Bus
	// requests limits how often a person may send one; nil for no limit.
	requests *ratelimit.Limiter
}

// AreFriends reports whether two people are friends. A visitor (id 0) has no
// friends.
func (s *Service) AreFriends(ctx context.Context, a, b int64) (bool, error) {
	if a == 0 || b == 0 {
		return false, nil
	}
	return s.repo.exists(ctx, a, b)
}

// Of returns the friends of a person, by name.
func (s *Service) Of(ctx context.Context, userID int64) ([]accounts.Person, error) {
	ids, err := s.repo.friendIDs(ctx, userID)
	if err != nil {
		return nil, err
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	return byName(people), nil
}

func byName(people map[int64]accounts.Person) []accounts.Person {
	all := make([]accounts.Person, 0, len(people))
	for _, p := range people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b accounts.Person) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Called()), strings.ToLower(b.Called())), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Connections reads the friends and the pending requests of the actor, in two
// statements.
func (s *Service) Connections(ctx context.Context, by accounts.Actor) (Connections, error) {
	connections, err := s.repo.connections(ctx, by.UserID)
	if err != nil {
		return Connections{}, err
	}
	people, err := s.peopleOf(ctx, connections)
	if err != nil {
		return Connections{}, err
	}
	c, friends := Connections{Sent: sentOf(connections, people)}, map[int64]accounts.Person{}
	for _, t := range connections {
		p, known := people[t.OtherID]
		switch {
		case known && t.Kind == kindFriend:
			friends[p.ID] = p
		case known && t.Kind == kindReceived:
			c.Waiting = append(c.Waiting, Request{ID: t.ID, From: p, At: *t.Datetime})
		}
	}
	c.Friends = byName(friends)
	return c, nil
}

func (s *Service) peopleOf(ctx context.Context, connections []connection) (map[int64]accounts.Person, error) {
	ids := make([]int64, 0, len(connections))
	for _, t := range connections {
		if t.OtherID != 0 {
			ids = append(ids, t.OtherID)
		}
	}
	return s.people.ByIDs(ctx, ids)
}

// sentOf returns the requests among connections that the person has sent.
func sentOf(connections []connection, people map[int64]accounts.Person) []Sent {
	var all []Sent
	for _, t := range connections {
		if t.Kind != kindSent && t.Kind != kindSuppressed {
			continue
		}
		if sent, ok := t.sent(people); ok {
			all = append(all, sent)
		}
	}
	return all
}

// sent returns a connection as its sender sees it.
func (t connection) sent(people map[int64]accounts.Person) (Sent, bool) {
	if t.Address != nil {
		return Sent{To: *t.Address, At: *t.Datetime}, true
	}
	p, ok := people[t.OtherID]
	return Sent{To: p.Name, Person: &p, At: *t.Datetime}, ok
}

// Remove ends a friendship and notifies both sides. NotFound if there is none.
func (s *Service) Remove(ctx context.Context, by accounts.Actor, friendID int64) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.people.Lock(ctx, by.UserID, friendID); err != nil {
			return err
		}
		was, err := s.end(ctx, by.UserID, friendID)
		if err == nil && !was {
			err = errs.Of(errs.NotFound)
		}
		return err
	})
}

// end ends the friendship of two people whose rows the transaction holds, and notifies
// both. It reports whether there was one.
func (s *Service) end(ctx context.Context, userID, friendID int64) (was bool, err error) {
	if was, err = s.repo.unfriend(ctx, userID, friendID); err != nil || !was {
		return false, err
	}
	err = errors.Join(
		s.people.Deliver(ctx, "friend_removed", removed{friendID}, userID),
		s.people.Deliver(ctx, "friend_removed", removed{userID}, friendID))
	if err != nil {
		return true, err
	}
	if err := s.endFriend(ctx, userID, friendID); err != nil {
		return true, err
	}
	return true, s.bus.Publish(ctx, Ended{A: userID, B: friendID})
}

// renamed notifies the friends of a person who has changed the name.
func (s *Service) renamed(ctx context.Context, e accounts.Renamed) error {
	ids, err := s.repo.friendIDs(ctx, e.UserID)
	if err != nil {
		return err
	}
	return s.people.Deliver(ctx, "update_friend_name", newName{e.UserID, e.NewName}, ids...)
}

// deleteConnections removes the friendships and requests of a deleted account
// and notifies the other sides.
func (s *Service) deleteConnections(ctx context.Context, e accounts.Deleting) error {
	connections, err := s.repo.connections(ctx, e.UserID)
	if err != nil {
		return err
	}
	if err := s.repo.deleteOf(ctx, e.UserID); err != nil {
		return err
	}
	if err := s.bus.Publish(ctx, module.NotificationWithdrawn{Kind: acceptedKind, Subject: friendSubject(e.UserID)}); err != nil {
		return err
	}
	for _, t := range connections {
		if err := s.deleteConnection(ctx, e.UserID, t); err != nil {
			return err
		}
	}
	return nil
}

// deleteConnection notifies the other side of a connection of a deleted account.
func (s *Service) deleteConnection(ctx context.Context, userID int64, t connection) error {
	switch t.Kind {
	case kindFriend:
		if err := s.people.Deliver(ctx, "friend_removed", removed{userID}, t.OtherID); err != nil {
			return err
		}
		return s.bus.Publish(ctx, Ended{A: userID, B: t.OtherID})
	case kindReceived:
		return s.people.Deliver(ctx, "sent_requests_changed", nil, t.OtherID)
	case kindSent:
		return s.endRequest(ctx, t.ID, t.OtherID)
	}
	return nil
}
