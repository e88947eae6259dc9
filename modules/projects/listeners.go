package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/friends"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
)

// listen hears what happens to people. All of it runs for several projects at
// once, which are locked in the order of their ids.
func (s *Service) listen(bus *events.Bus) {
	events.On(bus, s.onRenamed)
	events.On(bus, s.onPictureChanged)
	events.On(bus, s.onDeleting)
	events.After(bus, s.onFriendshipEnded)
}

// onRenamed lets the addresses of a person's projects follow their name, and
// shows it on every board they are on.
func (s *Service) onRenamed(ctx context.Context, e accounts.Renamed) error {
	return s.recordOnBoardsOf(ctx, e.UserID, func(ctx context.Context, in Access) ([]Event, error) {
		if in.Role != RoleOwner {
			return []Event{personChanged(e.Person)}, nil
		}
		in.OwnerName = e.NewName
		events, err := s.attributes(ctx, in, true)
		return append(events, personChanged(e.Person)), err
	})
}

// onPictureChanged shows a person's picture on every board they are on.
func (s *Service) onPictureChanged(ctx context.Context, e accounts.PictureChanged) error {
	return s.recordOnBoardsOf(ctx, e.UserID, func(context.Context, Access) ([]Event, error) {
		return []Event{personChanged(e.Person)}, nil
	})
}

// personChanged tells boards that a member looks different from now on. Old
// pages, which do not know it, show it when they are loaded next.
func personChanged(p accounts.Person) Event {
	return Event{Name: "project_collab_changed", Payload: map[string]any{
		"id": p.ID, "name": p.Name, "picUrl": p.PicURL, "goToUrl": p.GoToURL,
	}}
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

// recordOnBoardsOf writes what somebody's change means for every project they
// are a member of. Locking and logging take a few statements, however many
// projects there are. It must be called in a transaction that holds the
// person's row, or somebody who joins now would be missed.
func (s *Service) recordOnBoardsOf(ctx context.Context, userID int64, change func(context.Context, Access) ([]Event, error)) error {
	ctx = realtime.Confirming(ctx, nil)
	ids, err := s.repo.idsOf(ctx, userID)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, maxRows) {
		rows, err := s.repo.lockAll(ctx, userID, part)
		if err != nil {
			return err
		}
		var all []written
		for _, row := range rows {
			// Who has left since the ids were read is told nothing of.
			in := Access{Project: row.Project, Role: roleOf(row.Project, userID, row.UserRole, false)}
			if !in.Role.IsMember() {
				continue
			}
			changes, err := change(ctx, in)
			if err != nil {
				return err
			}
			w, err := number(in.Project, changes)
			if err != nil {
				return err
			}
			all = append(all, w)
		}
		if err := s.repo.appendEvents(ctx, all...); err != nil {
			return err
		}
		for _, w := range all {
			s.deliver(ctx, w)
		}
	}
	return nil
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
