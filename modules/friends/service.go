package friends

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/ratelimit"
)

// People is what friends needs of the accounts module.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByNameOrEmail(ctx context.Context, text string) (accounts.Person, error)
	// Lock holds people until the transaction ends.
	Lock(ctx context.Context, ids ...int64) (map[int64]accounts.Person, error)
}

// UserNotifier sends an event to all sockets of a person.
type UserNotifier interface {
	ToUser(userID int64, event string, args ...any)
}

// Service holds the rules of friendship. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	people People
	bus    *events.Bus
	users  UserNotifier
	// requests limits how often somebody may ask; nil for no limit.
	requests *ratelimit.Limiter
}

// AreFriends tells whether two people are friends of each other. Nobody is a
// friend of somebody who is not signed in (id 0).
func (s *Service) AreFriends(ctx context.Context, a, b int64) (bool, error) {
	if a == 0 || b == 0 {
		return false, nil
	}
	return s.repo.exists(ctx, a, b)
}

// Of are somebody's friends, by name.
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
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all
}

// Search finds among somebody's friends those whose names contain a text,
// ignoring case: at most limit of them, by name. Friends are few, so they are
// looked through here.
func (s *Service) Search(ctx context.Context, by accounts.Actor, text string, limit int) ([]accounts.Person, error) {
	all, err := s.Of(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	text = strings.ToLower(text)
	all = slices.DeleteFunc(all, func(p accounts.Person) bool { return !strings.Contains(strings.ToLower(p.Name), text) })
	return all[:min(len(all), limit)], nil
}

// Circle is everything between somebody and others, in two statements.
func (s *Service) Circle(ctx context.Context, by accounts.Actor) (Circle, error) {
	ties, err := s.repo.ties(ctx, by.UserID)
	if err != nil {
		return Circle{}, err
	}
	people, err := s.peopleOf(ctx, ties)
	if err != nil {
		return Circle{}, err
	}
	c, friends := Circle{Sent: sentOf(ties, people)}, map[int64]accounts.Person{}
	for _, t := range ties {
		p, known := people[t.OtherID]
		switch {
		case known && t.Kind == tieFriend:
			friends[p.ID] = p
		case known && t.Kind == tieWaiting:
			c.Waiting = append(c.Waiting, Request{ID: t.ID, From: p, At: *t.Datetime})
		}
	}
	c.Friends = byName(friends)
	return c, nil
}

func (s *Service) peopleOf(ctx context.Context, ties []tie) (map[int64]accounts.Person, error) {
	ids := make([]int64, 0, len(ties))
	for _, t := range ties {
		if t.OtherID != 0 {
			ids = append(ids, t.OtherID)
		}
	}
	return s.people.ByIDs(ctx, ids)
}

// sentOf are the requests among ties that one has sent oneself.
func sentOf(ties []tie, people map[int64]accounts.Person) []Sent {
	var all []Sent
	for _, t := range ties {
		if t.Kind != tieSent && t.Kind != tieUnheard {
			continue
		}
		if sent, ok := t.sent(people); ok {
			all = append(all, sent)
		}
	}
	return all
}

// sent is a tie as its sender sees it.
func (t tie) sent(people map[int64]accounts.Person) (Sent, bool) {
	if t.Address != nil {
		return Sent{To: *t.Address, At: *t.Datetime}, true
	}
	p, ok := people[t.OtherID]
	return Sent{To: p.Name, Person: &p, At: *t.Datetime}, ok
}

// CountWaiting is how many requests wait for somebody.
func (s *Service) CountWaiting(ctx context.Context, userID int64) (int, error) {
	return s.repo.countWaiting(ctx, userID)
}

// Remove ends a friendship; both sides are told. NotFound if there is none.
func (s *Service) Remove(ctx context.Context, by accounts.Actor, friendID int64) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.people.Lock(ctx, by.UserID, friendID); err != nil {
			return err
		}
		was, err := s.repo.unfriend(ctx, by.UserID, friendID)
		if err != nil {
			return err
		}
		if !was {
			return errs.Of(errs.NotFound)
		}
		s.tell(ctx, by.UserID, "friend_removed", removed{friendID})
		s.tell(ctx, friendID, "friend_removed", removed{by.UserID})
		return s.bus.Publish(ctx, Ended{A: by.UserID, B: friendID})
	})
}

// tell sends an event to somebody once the transaction has committed.
func (s *Service) tell(ctx context.Context, userID int64, event string, args ...any) {
	s.db.AfterCommit(ctx, func(context.Context) { s.users.ToUser(userID, event, args...) })
}

// renamed tells the friends of somebody who has another name now.
func (s *Service) renamed(ctx context.Context, e accounts.Renamed) error {
	ids, err := s.repo.friendIDs(ctx, e.UserID)
	for _, id := range ids {
		s.tell(ctx, id, "update_friend_name", newName{e.UserID, e.NewName})
	}
	return err
}

// forget removes all that somebody whose account goes has to do with others.
func (s *Service) forget(ctx context.Context, e accounts.Deleting) error {
	ties, err := s.repo.ties(ctx, e.UserID)
	if err != nil {
		return err
	}
	if err := s.repo.deleteOf(ctx, e.UserID); err != nil {
		return err
	}
	for _, t := range ties {
		switch t.Kind {
		case tieFriend:
			s.tell(ctx, t.OtherID, "friend_removed", removed{e.UserID})
			if err := s.bus.Publish(ctx, Ended{A: e.UserID, B: t.OtherID}); err != nil {
				return err
			}
		case tieWaiting:
			s.tell(ctx, t.OtherID, "sent_requests_changed")
		case tieSent:
			s.tell(ctx, t.OtherID, "remove_friendship_request", t.ID)
		}
	}
	return nil
}
