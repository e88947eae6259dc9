package projects

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/friends"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

// listen subscribes to what happens to people. Each listener changes several
// projects, which are locked in the order of their ids.
func (s listeners) listen(bus *events.Bus) {
	events.On(bus, s.onRenamed)
	events.On(bus, s.onPersonChanged)
	events.On(bus, s.onDeleting)
	events.On(bus, s.onFriendshipEnded)
	events.On(bus, s.onAdminEnded)
}

// onRenamed changes the addresses of a person's projects to the new name, and
// shows it on every board of which the person is a member.
func (s listeners) onRenamed(ctx context.Context, e accounts.Renamed) error {
	return s.recordOnBoardsOf(ctx, e.UserID, func(ctx context.Context, in Access) ([]Event, error) {
		if in.Role != RoleOwner {
			return []Event{personChanged(e.Person)}, nil
		}
		in.OwnerName = e.NewName
		events, err := settings(s).attributes(ctx, in, true)
		return append(events, personChanged(e.Person)), err
	})
}

// onPersonChanged shows a person's picture and display name on every board of which the person is
// a member.
func (s listeners) onPersonChanged(ctx context.Context, e accounts.PersonChanged) error {
	return s.recordOnBoardsOf(ctx, e.UserID, func(context.Context, Access) ([]Event, error) {
		return []Event{personChanged(e.Person)}, nil
	})
}

// personChanged returns the event that shows a member's new names or picture on
// boards. Old pages, which do not know it, show them when they are loaded again.
func personChanged(p accounts.Person) Event {
	return Event{Name: "project_collab_changed", Payload: wirePersonOf(p)}
}

// onDeleting deletes the projects of a person whose account is deleted, and
// removes the person from the others.
func (s listeners) onDeleting(ctx context.Context, e accounts.Deleting) error {
	if err := s.repo.forgetAdder(ctx, e.UserID); err != nil {
		return err
	}
	owned, err := s.repo.idsOwnedBy(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, id := range owned {
		row, err := s.repo.anyByID(ctx, 0, id, true)
		if err != nil {
			return err
		}
		if err := settings(s).delete(ctx, row.Project); err != nil {
			return err
		}
	}
	joined, err := s.repo.idsJoinedBy(ctx, e.UserID)
	if err != nil {
		return err
	}
	for _, id := range joined {
		err := s.recordAsSystem(ctx, id, func(ctx context.Context, in *Change) ([]Event, error) {
			return membership(s).remove(ctx, in.Project, e.UserID, true)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// onFriendshipEnded records in the projects that each showed to the other as to a
// friend that they have lost someone: the event takes them out of the rooms.
func (s listeners) onFriendshipEnded(ctx context.Context, e friends.Ended) error {
	ids, err := s.repo.idsForFriendsOf(ctx, e.A, e.B)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, maxRows) {
		rows, err := s.repo.lockAll(ctx, 0, part)
		if err != nil {
			return err
		}
		all := make([]written, len(rows))
		for i, row := range rows {
			if all[i], err = number(row.Project, []Event{{Name: audienceChanged}}); err != nil {
				return err
			}
		}
		if err := s.repo.appendEvents(ctx, all...); err != nil {
			return err
		}
		for _, w := range all {
			s.deliver(ctx, w, nil)
		}
	}
	return nil
}

// onAdminEnded ends what was open to an administrator of the site.
func (s listeners) onAdminEnded(ctx context.Context, e module.AdminEnded) error {
	return s.repo.endOpenedTo(ctx, e.UserID)
}

// recordOnBoardsOf records a change in every project of which a user is a member.
// Locking and logging take a few statements, however many projects there are. It
// must be called in a transaction that holds the user's row, or a project that
// the user joins meanwhile would be missed.
func (s listeners) recordOnBoardsOf(ctx context.Context, userID int64, change func(context.Context, Access) ([]Event, error)) error {
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
			// The user has left the project since the ids were read.
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
			s.deliver(ctx, w, nil)
		}
	}
	return nil
}

// recordAsSystem is Record for a change that follows from another one, without a
// check of a role. It must be called in a transaction.
func (s listeners) recordAsSystem(ctx context.Context, projectID int64, change func(context.Context, *Change) ([]Event, error)) error {
	row, err := s.repo.anyByID(ctx, 0, projectID, true)
	if err != nil {
		return err
	}
	_, err = s.write(ctx, Request{ProjectID: projectID}, Access{Project: row.Project}, change)
	return err
}
