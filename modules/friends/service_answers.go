package friends

import (
	"context"
	"errors"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// befriend makes two people friends, which replaces all requests between them,
// and notifies both: first the one who has agreed.
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
		if err := s.endRequest(ctx, r.ID, r.ToID); err != nil {
			return err
		}
	}
	if already { // a request beside a friendship, from the old application
		return nil
	}
	return errors.Join(
		s.people.Deliver(ctx, "new_friend", newFriendOf(other), agreed.ID),
		s.people.Deliver(ctx, "new_friend", newFriendOf(agreed), other.ID),
		s.notifyOfFriend(ctx, agreed.ID, agreed.GoToURL, other.ID),
		s.repo.befriend(ctx, agreed.ID, other.ID))
}

// Accept makes the sender and the addressee of a request friends. NotFound if
// there is no such request to the actor.
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
		if err := s.endRequest(ctx, id, by.UserID); err != nil {
			return err
		}
		return s.befriend(ctx, people[by.UserID], people[r.FromID])
	})
}

// Decline deletes a request to the actor; its sender is not notified. NotFound if
// there is no such request.
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
		return s.endRequest(ctx, id, by.UserID)
	})
}

// Withdraw deletes a request that the actor has sent, named by Sent.To. NotFound
// if there is none.
func (s *Service) Withdraw(ctx context.Context, by accounts.Actor, to string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		connections, err := s.repo.requestConnections(ctx, by.UserID)
		if err != nil {
			return err
		}
		people, err := s.peopleOf(ctx, connections)
		if err != nil {
			return err
		}
		for _, t := range connections {
			sent, ok := t.sent(people)
			if t.Kind == kindReceived || !ok || !strings.EqualFold(sent.To, to) {
				continue
			}
			if err := s.people.Deliver(ctx, "sent_requests_changed", nil, by.UserID); err != nil {
				return err
			}
			return s.withdraw(ctx, t)
		}
		return errs.Of(errs.NotFound)
	})
}

func (s *Service) withdraw(ctx context.Context, t connection) error {
	if t.Kind == kindSuppressed {
		was, err := s.repo.deleteSuppressed(ctx, t.ID)
		if err != nil || !was {
			return orNotFound(err)
		}
		return nil
	}
	if was, err := s.repo.deleteRequest(ctx, t.ID); err != nil || !was {
		return orNotFound(err)
	}
	return s.endRequest(ctx, t.ID, t.OtherID)
}

// orNotFound returns err, or NotFound where a concurrent request has deleted the
// row.
func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.Of(errs.NotFound)
}
