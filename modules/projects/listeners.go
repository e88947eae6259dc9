package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/friends"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
)

// listen hears what happens to people. All of it runs for several projects at
// once, which are locked in the order of their ids.
func (s *Service) listen(bus *events.Bus) {
	events.On(bus, s.onRenamed)
	events.On(bus, s.onDeleting)
	events.After(bus, s.onFriendshipEnded)
}

// onRenamed lets the addresses of a person's projects follow their name.
func (s *Service) onRenamed(ctx context.Context, e accounts.Renamed) error {
	ids, err := s.repo.idsOwnedBy(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := s.recordAsSystem(ctx, id, func(ctx context.Context, in Access) ([]Event, error) {
			in.OwnerName = e.NewName
			return s.attributes(ctx, in, true)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// onDeleting deletes the projects of a person who goes, and takes them out of
// the others.
func (s *Service) onDeleting(ctx context.Context, e accounts.Deleting) error {
	owned, err := s.repo.idsOwnedBy(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, id := range owned {
		row, err := s.repo.byID(ctx, 0, id, true)
		if err != nil {
			return err
		}
		if err := s.delete(ctx, row.Project); err != nil {
			return err
		}
	}
	joined, err := s.repo.idsJoinedBy(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, id := range joined {
		err := s.recordAsSystem(ctx, id, func(ctx context.Context, in Access) ([]Event, error) {
			return s.remove(ctx, in.Project, e.UserID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// onFriendshipEnded closes the boards that each showed to the other as to a
// friend.
func (s *Service) onFriendshipEnded(ctx context.Context, e friends.Ended) {
	for owner, other := range map[int64]int64{e.A: e.B, e.B: e.A} {
		ids, err := s.repo.idsForFriendsOf(ctx, owner)
		if err != nil {
			s.log.ErrorContext(ctx, "rooms may hold somebody who is a friend no longer", "owner", owner, "user", other, "error", err)
		}
		for _, id := range ids {
			s.evictStranger(ctx, id, other)
		}
	}
}

// recordAsSystem is Record for what follows from something else, so that
// nobody's role is asked. It must be called in a transaction.
func (s *Service) recordAsSystem(ctx context.Context, projectID int64, change func(context.Context, Access) ([]Event, error)) error {
	row, err := s.repo.byID(ctx, 0, projectID, true)
	if err != nil {
		return err
	}
	// What is confirmed to somebody is the act that this follows from.
	_, err = s.write(realtime.Confirming(ctx, nil), Access{Project: row.Project}, change)
	return err
}
