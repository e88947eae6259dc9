package friends

import (
	"context"
	"errors"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// maxBlocked is how many people a person may have blocked.
const maxBlocked = 1000

// Block blocks a person: their requests do not reach the actor any more, and a
// friendship with them ends, and with it their messages to the actor. They are told
// nothing but the end of the friendship: a suppressed request looks like any other to
// its sender. A person who is blocked already stays blocked.
//
// Errors: Unauthenticated; NotFound if there is no such person; Invalid with the field
// block for the actor, and for one more than maxBlocked.
func (s *Service) Block(ctx context.Context, by accounts.Actor, userID int64) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	if userID == by.UserID {
		return errs.Field("block", "friends.error.blockSelf")
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		people, err := s.people.Lock(ctx, by.UserID, userID)
		if err != nil {
			return err
		}
		if len(people) != 2 {
			return errs.Of(errs.NotFound)
		}
		blocked, err := s.repo.blockedBy(ctx, by.UserID)
		if err != nil || slices.Contains(blocked, userID) {
			return err
		}
		if len(blocked) >= maxBlocked {
			return errs.Field("block", "friends.error.blocks", "Count", maxBlocked)
		}
		if err := s.repo.insertBlock(ctx, block{by.UserID, userID, s.db.Now(ctx)}); err != nil {
			return err
		}
		if err := s.endRequests(ctx, by.UserID, userID); err != nil {
			return err
		}
		if _, err := s.end(ctx, by.UserID, userID); err != nil {
			return err
		}
		return s.notifyOfBlock(ctx, by.UserID, userID, Blocked{By: by.UserID, UserID: userID})
	})
}

// endRequests ends the requests between two people when the first one blocks the second
// one. Those of the blocked person stay among the sent ones of that person, as
// suppressed requests do.
func (s *Service) endRequests(ctx context.Context, userID, blockedID int64) error {
	received, err := s.repo.requestConnections(ctx, blockedID)
	if err != nil {
		return err
	}
	for _, t := range received {
		if t.Kind == kindSent && t.OtherID == userID {
			if err := s.suppress(ctx, blockedID, t); err != nil {
				return err
			}
		}
	}
	sent, err := s.repo.requestConnections(ctx, userID)
	if err != nil {
		return err
	}
	for _, t := range sent {
		if t.Kind == kindReceived || t.OtherID != blockedID {
			continue
		}
		if err := s.endSent(ctx, userID, t); err != nil {
			return err
		}
	}
	return s.people.Deliver(ctx, "sent_requests_changed", nil, userID)
}

// endSent ends a request of a person who blocks its addressee. One to an address stays
// listed: its end would say whose address that is.
func (s *Service) endSent(ctx context.Context, userID int64, t connection) error {
	switch {
	case t.Address == nil:
		return s.withdraw(ctx, t)
	case t.Kind == kindSent:
		return s.suppress(ctx, userID, t)
	}
	return nil
}

// suppress makes a request that a person has sent one that the addressee does not see.
func (s *Service) suppress(ctx context.Context, fromID int64, t connection) error {
	if err := s.withdraw(ctx, t); err != nil {
		return err
	}
	return s.repo.insertSuppressed(ctx, &suppressedRequest{FromID: fromID, ToID: &t.OtherID, Address: t.Address, Datetime: *t.Datetime})
}

// Unblock lets requests of a person reach the actor again, from now on.
//
// Errors: Unauthenticated; NotFound if the person is not blocked.
func (s *Service) Unblock(ctx context.Context, by accounts.Actor, userID int64) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if was, err := s.repo.deleteBlock(ctx, by.UserID, userID); err != nil || !was {
			return orNotFound(err)
		}
		return s.notifyOfBlock(ctx, by.UserID, userID, Unblocked{By: by.UserID, UserID: userID})
	})
}

// notifyOfBlock publishes that a person has blocked or unblocked another one, and tells
// the pages of that person to read again what they show.
func (s *Service) notifyOfBlock(ctx context.Context, userID, otherID int64, e any) error {
	return errors.Join(s.bus.Publish(ctx, e), s.people.Deliver(ctx, "blocks_changed", blocksChanged{otherID}, userID))
}

// Blocked returns the people that the actor has blocked, by name.
func (s *Service) Blocked(ctx context.Context, by accounts.Actor) ([]accounts.Person, error) {
	ids, err := s.repo.blockedBy(ctx, by.UserID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	people, err := s.people.ByIDs(ctx, ids)
	return byName(people), err
}
