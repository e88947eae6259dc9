package friends

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
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
	var answer Answer
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		a, err := s.address(ctx, by, text.Identifier(nameOrEmail))
		if err != nil {
			return err
		}
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
	heard, err := s.isHeard(ctx, a.to)
	if err != nil {
		return Answer{}, err
	}
	already, between, err := s.standing(ctx, a)
	if err != nil {
		return Answer{}, err
	}
	if err := s.checkSent(ctx, a, heard && !already && len(between) == 0); err != nil {
		return Answer{}, err
	}
	s.tell(ctx, a.by.UserID, "sent_requests_changed")
	theirs := slices.ContainsFunc(between, func(r request) bool { return r.ToID == a.by.UserID })
	switch {
	case already && a.address == nil:
		return Answer{}, refused("friends.error.already")
	case theirs && !already:
		return Answer{Name: a.to.Name, Befriended: true}, s.befriend(ctx, people[a.by.UserID], a.to)
	case already || len(between) > 0:
		return a.answer(), s.keepUnheard(ctx, a)
	}
	if !heard {
		return a.answer(), s.keepUnheard(ctx, a)
	}
	return a.answer(), s.deliver(ctx, a, people[a.by.UserID])
}

// answer is what the sender learns of a request that is on its way, or seems to
// be.
func (a asked) answer() Answer {
	if a.address != nil {
		return Answer{}
	}
	return Answer{Name: a.to.Name}
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

// checkSent refuses what has been sent in the same words, and too much. If the
// request would be shown now, one that was suppressed before is deleted instead:
// the new one takes its place.
func (s *Service) checkSent(ctx context.Context, a asked, shown bool) error {
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
		same := sameName || a.address != nil && t.Address != nil && strings.EqualFold(*a.address, *t.Address)
		switch {
		case same && shown && t.Kind == tieUnheard:
			sent--
			if _, err := s.repo.deleteUnheard(ctx, t.ID); err != nil {
				return err
			}
		case same:
			return refused("friends.error.sent")
		}
	}
	if sent >= MaxSent {
		return refused("friends.error.tooMany", "Count", MaxSent)
	}
	return nil
}

// standing tells whether the two are friends, and what has been asked between
// them.
func (s *Service) standing(ctx context.Context, a asked) (already bool, between []request, err error) {
	if a.to.ID == 0 {
		return false, nil, nil
	}
	if already, err = s.repo.exists(ctx, a.by.UserID, a.to.ID); err != nil {
		return false, nil, err
	}
	between, err = s.repo.between(ctx, a.by.UserID, a.to.ID)
	return already, between, err
}

// isHeard tells whether a request will be shown to anybody: not by somebody who
// wants none, or has enough of them.
func (s *Service) isHeard(ctx context.Context, to accounts.Person) (bool, error) {
	if to.ID == 0 || to.BlocksRequests {
		return false, nil
	}
	n, err := s.repo.countWaiting(ctx, to.ID)
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
