package friends

import (
	"context"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// asked is a request on its way: who asks whom, and how they said it.
type asked struct {
	by      accounts.Actor
	to      accounts.Person // zero for an address that nobody has
	address *string         // nil if a name was typed
}

// Send asks the person of this name, or verified address, for friendship. If
// they have asked already, the two are friends now.
//
// Nobody learns from the answer whether an address belongs to somebody, nor
// whether a person takes requests: what reaches nobody looks to its sender like
// any other request (contract, defect H13). Errors: Unauthenticated; Invalid
// with the field name; RateLimited.
func (s *Service) Send(ctx context.Context, by accounts.Actor, nameOrEmail string) (Answer, error) {
	if !by.SignedIn() {
		return Answer{}, errs.Of(errs.Unauthenticated)
	}
	if err := s.take(by); err != nil {
		return Answer{}, err
	}
	a, err := s.address(ctx, by, strings.TrimSpace(nameOrEmail))
	if err != nil {
		return Answer{}, err
	}
	var answer Answer
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		answer, err = s.send(ctx, a)
		return err
	})
	return answer, err
}

// take uses up one of somebody's requests of this hour.
func (s *Service) take(by accounts.Actor) error {
	wait, ok := s.requests.Take(strconv.FormatInt(by.UserID, 10))
	if ok {
		return nil
	}
	wait = (wait + time.Minute).Truncate(time.Minute)
	e := errs.New(errs.RateLimited, "friends.error.tooFast", "Count", int(wait.Minutes()))
	e.RetryAfter = wait
	return e
}

// address finds out who is meant.
func (s *Service) address(ctx context.Context, by accounts.Actor, text string) (asked, error) {
	a := asked{by: by}
	if isAddress(text) {
		a.address = &text
	}
	var err error
	a.to, err = s.people.ByNameOrEmail(ctx, text)
	switch {
	case errs.KindOf(err) == errs.NotFound && a.address == nil:
		return asked{}, refused("friends.error.unknown")
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return asked{}, err
	case a.to.ID == by.UserID:
		return asked{}, refused("friends.error.self")
	}
	return a, nil
}

func refused(key string, params ...any) error { return errs.Field("name", key, params...) }

// send decides in the transaction of ctx what becomes of a request.
func (s *Service) send(ctx context.Context, a asked) (Answer, error) {
	people, err := s.lock(ctx, a)
	if err != nil {
		return Answer{}, err
	}
	a.to = people[a.to.ID]
	if err := s.checkSent(ctx, a); err != nil {
		return Answer{}, err
	}
	answer := Answer{Name: a.to.Name}
	if a.address != nil {
		answer.Name = ""
	}
	s.tell(ctx, a.by.UserID, "sent_requests_changed")
	waiting, already, err := s.facing(ctx, a)
	switch {
	case err != nil:
		return Answer{}, err
	case already && a.address == nil:
		return Answer{}, refused("friends.error.already")
	case waiting && !already:
		return Answer{Name: a.to.Name, Befriended: true}, s.befriend(ctx, people[a.by.UserID], people[a.to.ID])
	}
	heard, err := s.reaches(ctx, a, already)
	if err != nil {
		return Answer{}, err
	}
	if heard {
		return answer, s.deliver(ctx, a, people[a.by.UserID])
	}
	return answer, s.keepUnheard(ctx, a)
}

// lock holds both people; somebody whose account has gone meanwhile is unknown.
func (s *Service) lock(ctx context.Context, a asked) (map[int64]accounts.Person, error) {
	ids := []int64{a.by.UserID}
	if a.to.ID != 0 {
		ids = append(ids, a.to.ID)
	}
	people, err := s.people.Lock(ctx, ids...)
	if err == nil && len(people) != len(ids) {
		err = refused("friends.error.unknown")
	}
	return people, err
}

// checkSent refuses what has been sent in the same words, and too much.
func (s *Service) checkSent(ctx context.Context, a asked) error {
	ties, err := s.repo.requestTies(ctx, a.by.UserID)
	if err != nil {
		return err
	}
	sent := 0
	for _, t := range ties {
		if t.Kind == tieWaiting {
			continue
		}
		sent++
		sameName := a.address == nil && t.Address == nil && t.OtherID == a.to.ID
		if sameName || a.address != nil && t.Address != nil && strings.EqualFold(*a.address, *t.Address) {
			return refused("friends.error.sent")
		}
	}
	if sent >= MaxSent {
		return refused("friends.error.tooMany", "Count", MaxSent)
	}
	return nil
}

// facing tells whether the other one has asked already, and whether the two are
// friends.
func (s *Service) facing(ctx context.Context, a asked) (waiting, already bool, err error) {
	if a.to.ID == 0 {
		return false, false, nil
	}
	if already, err = s.repo.exists(ctx, a.by.UserID, a.to.ID); err != nil {
		return false, false, err
	}
	rows, err := s.repo.between(ctx, a.by.UserID, a.to.ID)
	for _, r := range rows {
		waiting = waiting || r.ToID == a.by.UserID
	}
	return waiting, already, err
}

// reaches tells whether a request will be shown to anybody: not by somebody
// who wants none or has enough of them, and not twice.
func (s *Service) reaches(ctx context.Context, a asked, already bool) (bool, error) {
	if a.to.ID == 0 || already || a.to.BlocksRequests {
		return false, nil
	}
	before, err := s.repo.between(ctx, a.by.UserID, a.to.ID)
	if err != nil || len(before) > 0 {
		return false, err
	}
	n, err := s.repo.countWaiting(ctx, a.to.ID)
	return n < MaxWaiting, err
}

func (s *Service) deliver(ctx context.Context, a asked, from accounts.Person) error {
	row := request{FromID: a.by.UserID, ToID: a.to.ID, Datetime: s.db.Now(ctx)}
	if err := s.repo.insertRequest(ctx, &row, a.address); err != nil {
		return err
	}
	s.tell(ctx, a.to.ID, "receive_friendship_request", Request{ID: row.ID, From: from, At: row.Datetime}.Wire())
	return nil
}

func (s *Service) keepUnheard(ctx context.Context, a asked) error {
	row := unheard{FromID: a.by.UserID, Address: a.address, Datetime: s.db.Now(ctx)}
	if a.to.ID != 0 {
		row.ToID = &a.to.ID
	}
	return s.repo.insertUnheard(ctx, &row)
}

// befriend makes two people friends, in the place of all that was sent between
// them, and tells both: first the one who has agreed.
func (s *Service) befriend(ctx context.Context, agreed, other accounts.Person) error {
	requests, err := s.repo.between(ctx, agreed.ID, other.ID)
	if err != nil {
		return err
	}
	if err := s.repo.deleteBetween(ctx, agreed.ID, other.ID); err != nil {
		return err
	}
	already, err := s.repo.exists(ctx, agreed.ID, other.ID)
	if err != nil {
		return err
	}
	for _, r := range requests {
		s.tell(ctx, r.ToID, "remove_friendship_request", r.ID)
	}
	if already { // a request beside a friendship, from the old application
		return nil
	}
	s.tell(ctx, agreed.ID, "new_friend", newFriendOf(other))
	s.tell(ctx, other.ID, "new_friend", newFriendOf(agreed))
	return s.repo.befriend(ctx, agreed.ID, other.ID)
}

// Accept makes friends of the addressee of a request, who must be by, and its
// sender. NotFound if there is no such request.
func (s *Service) Accept(ctx context.Context, by accounts.Actor, id int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		r, err := s.repo.request(ctx, id)
		if err != nil {
			return err
		}
		if r.ToID != by.UserID {
			return errs.Of(errs.NotFound)
		}
		people, err := s.people.Lock(ctx, by.UserID, r.FromID)
		if err != nil {
			return err
		}
		// It may have been withdrawn while we waited for the lock.
		if was, err := s.repo.deleteRequest(ctx, id); err != nil || !was || len(people) != 2 {
			return orNotFound(err)
		}
		s.tell(ctx, by.UserID, "remove_friendship_request", id)
		return s.befriend(ctx, people[by.UserID], people[r.FromID])
	})
}

// Decline deletes a request to by; its sender is not told. NotFound if there is
// no such request.
func (s *Service) Decline(ctx context.Context, by accounts.Actor, id int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		r, err := s.repo.request(ctx, id)
		if err != nil {
			return err
		}
		if r.ToID != by.UserID {
			return errs.Of(errs.NotFound)
		}
		if was, err := s.repo.deleteRequest(ctx, id); err != nil || !was {
			return orNotFound(err)
		}
		s.tell(ctx, by.UserID, "remove_friendship_request", id)
		return nil
	})
}

// Withdraw takes back a request of by, named by what Sent.To says. NotFound if
// there is none.
func (s *Service) Withdraw(ctx context.Context, by accounts.Actor, to string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		ties, err := s.repo.requestTies(ctx, by.UserID)
		if err != nil {
			return err
		}
		people, err := s.peopleOf(ctx, ties)
		if err != nil {
			return err
		}
		for _, t := range ties {
			sent, ok := t.sent(people)
			if t.Kind == tieWaiting || !ok || !strings.EqualFold(sent.To, to) {
				continue
			}
			s.tell(ctx, by.UserID, "sent_requests_changed")
			return s.withdraw(ctx, t)
		}
		return errs.Of(errs.NotFound)
	})
}

func (s *Service) withdraw(ctx context.Context, t tie) error {
	if t.Kind == tieUnheard {
		was, err := s.repo.deleteUnheard(ctx, t.ID)
		if err != nil || !was {
			return orNotFound(err)
		}
		return nil
	}
	if was, err := s.repo.deleteRequest(ctx, t.ID); err != nil || !was {
		return orNotFound(err)
	}
	s.tell(ctx, t.OtherID, "remove_friendship_request", t.ID)
	return nil
}

// orNotFound is for rows that somebody else has deleted a moment ago.
func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.Of(errs.NotFound)
}
