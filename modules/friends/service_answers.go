package friends

import (
	"context"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

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
