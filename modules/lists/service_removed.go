package lists

import (
	"context"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Delete puts a list with everything on it into the bin.
//
// Errors: those of projects.Record, NotFound for a list that is not on it.
func (s *Service) Delete(ctx context.Context, by accounts.Actor, projectID, id int64) (rev int64, err error) {
	return s.takeOff(ctx, by, projectID, id, InBin)
}

// Archive puts a list with everything on it into the archive. Errors: as
// Delete.
func (s *Service) Archive(ctx context.Context, by accounts.Actor, projectID, id int64) (rev int64, err error) {
	return s.takeOff(ctx, by, projectID, id, InArchive)
}

// takeOff needs to change the list's row only: cards of a list that is not on
// the board are not on it either.
func (s *Service) takeOff(ctx context.Context, by accounts.Actor, projectID, id int64, to Place) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		stored, ids, err := s.order(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		at := slices.Index(ids, id)
		if err := s.repo.remove(ctx, id, s.removal(ctx, by, to, in.Rev+1)); err != nil {
			return nil, err
		}
		after := slices.Delete(slices.Clone(ids), at, at+1)
		if err := s.repo.renumber(ctx, stored, after, 0, 0); err != nil {
			return nil, err
		}
		return []projects.Event{{Name: "remove_list", Payload: map[string]any{
			"id": id, "listsPosChanges": deltas(ids, after, 0),
		}}}, s.tellTakenOff(ctx, by, stored[at], to)
	})
}

func (s *Service) removal(ctx context.Context, by accounts.Actor, to Place, rev int64) Removal {
	now := s.db.Now(ctx)
	return Removal{RemovedAs: to, RemovedAt: &now, RemovedBy: &by.UserID, ChangedRev: rev}
}

func (s *Service) tellTakenOff(ctx context.Context, by accounts.Actor, l List, to Place) error {
	cards, err := s.contents.Names(ctx, l.ID)
	if err != nil {
		return err
	}
	if to == InArchive {
		return s.bus.Publish(ctx, Archived{ProjectID: l.ProjectID, ID: l.ID, Name: l.Name, CardNames: cards, By: by})
	}
	attached, err := s.files.Of(ctx, files.OfList, []int64{l.ID})
	if err != nil {
		return err
	}
	return s.bus.Publish(ctx, Deleted{
		ProjectID: l.ProjectID, ID: l.ID, Name: l.Name, Desc: l.ListDesc, FileNames: files.Names(attached[l.ID]), CardNames: cards, By: by,
	})
}

// Restore puts a list that waits in from back where it was, with everything
// that is on it. Old clients are told by events they know: the list appears in
// front, moves to its place, and gets its cards one by one. since, if given, is
// the number of the removal that somebody undoes.
//
// Errors: those of projects.Record, NotFound for a list that does not wait
// there, Conflict if it has changed after since.
func (s *Service) Restore(ctx context.Context, by accounts.Actor, projectID, id int64, from Place, since *int64) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		l, err := s.waiting(ctx, in.ID, id, from, since)
		if err != nil {
			return nil, err
		}
		changes, err := s.putBack(ctx, in, l)
		if err != nil {
			return nil, err
		}
		cards, err := s.contents.Names(ctx, id)
		if err != nil {
			return nil, err
		}
		return changes, s.bus.Publish(ctx, Restored{ProjectID: in.ID, ID: id, Name: l.Name, From: from, CardNames: cards, By: by})
	})
}

// waiting is a list that waits in a place. What somebody wants to undo and is
// not there any more has been changed by somebody else.
func (s *Service) waiting(ctx context.Context, projectID, id int64, from Place, since *int64) (List, error) {
	l, err := s.repo.removedOne(ctx, projectID, id, from)
	if since != nil && errs.KindOf(err) == errs.NotFound {
		return l, errs.New(errs.Conflict, "lists.error.changed")
	}
	if err != nil {
		return l, err
	}
	return l, l.Unchanged(since)
}

func (s *Service) putBack(ctx context.Context, in projects.Access, l List) ([]projects.Event, error) {
	stored, err := s.repo.ofProject(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if len(stored) >= MaxLists {
		return nil, errs.New(errs.Conflict, "lists.error.boardFull", "Max", MaxLists)
	}
	front := []int64{l.ID}
	for _, other := range stored {
		front = append(front, other.ID)
	}
	after, at := moveTo(front, l.ID, l.Pos)
	if err := s.repo.renumber(ctx, append(stored, l), after, 0, 0); err != nil {
		return nil, err
	}
	attached, err := s.files.Of(ctx, files.OfList, []int64{l.ID})
	if err != nil {
		return nil, err
	}
	contents, err := s.contents.Build(ctx, in, l.ID)
	if err != nil {
		return nil, err
	}
	changes := append([]projects.Event{
		{Name: "build_new_list", Payload: map[string]any{
			"id": l.ID, "name": l.Name, "listDesc": l.ListDesc, "pos": 0, "attachedFiles": files.ByName(attached[l.ID]), "restored": true,
		}},
		{Name: "update_list_pos", Payload: map[string]any{
			"id": l.ID, "pos": at, "otherListsPosChanges": deltas(front, after, l.ID),
		}},
	}, contents...)
	return changes, s.repo.remove(ctx, l.ID, Removal{ChangedRev: in.Rev + int64(len(changes))})
}

// Change takes a list from one place off the board to another: from the archive
// to the bin, or from the bin to where nobody can have it back. Boards hear of
// it by an event of their own, "bin_changed".
//
// Errors: those of projects.Record, NotFound for a list that does not wait
// there.
func (s *Service) Change(ctx context.Context, by accounts.Actor, projectID, id int64, from, to Place) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		l, err := s.repo.removedOne(ctx, in.ID, id, from)
		if err != nil {
			return nil, err
		}
		if err := s.repo.remove(ctx, id, s.removal(ctx, by, to, in.Rev+1)); err != nil {
			return nil, err
		}
		changes := []projects.Event{{Name: "bin_changed", Payload: map[string]any{"kind": "list", "id": id, "from": from, "to": to}}}
		if to == Gone {
			return changes, s.bus.Publish(ctx, GivenUp{ProjectID: in.ID, ID: id, Name: l.Name, By: by})
		}
		return changes, s.tellTakenOff(ctx, by, l, to)
	})
}

// Removed are a project's lists that wait in a place. Whoever asks has checked
// that the person may see them.
func (s *Service) Removed(ctx context.Context, projectID int64, q Query) ([]List, error) {
	return s.repo.removed(ctx, projectID, q)
}

// All are a project's lists, wherever they are, by id; only with name and
// place.
func (s *Service) All(ctx context.Context, projectID int64) (map[int64]List, error) {
	all, err := s.repo.all(ctx, projectID)
	byID := make(map[int64]List, len(all))
	for _, l := range all {
		byID[l.ID] = l
	}
	return byID, err
}

// Expire gives up what has been in the bin since before a time.
func (s *Service) Expire(ctx context.Context, before time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.expire(ctx, before) })
}

// Gone are some lists that wait to be deleted for good, by id, above after.
func (s *Service) Gone(ctx context.Context, after int64, limit int) ([]int64, error) {
	return s.repo.gone(ctx, after, limit)
}

// Purge deletes lists that are gone with their files. Of those in needed only
// the files: cards that wait by themselves still belong to them.
func (s *Service) Purge(ctx context.Context, ids, needed []int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.purge(ctx, ids, needed) })
}

func (s *Service) purge(ctx context.Context, ids, needed []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.files.DeleteAll(ctx, files.OfList, ids...); err != nil {
		return err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(needed, id) })
	if len(ids) == 0 {
		return nil
	}
	if err := s.repo.delete(ctx, ids); err != nil {
		return err
	}
	return s.bus.Publish(ctx, Purged{IDs: ids})
}

// onProjectDeleting deletes a project's lists for good, with everything that is
// or was on them.
func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	all, err := s.repo.all(ctx, e.ProjectID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	if err := s.contents.PurgeAll(ctx, ids); err != nil {
		return err
	}
	return s.purge(ctx, ids, nil)
}

// onAccountDeleting forgets who took lists off boards.
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	return s.repo.forget(ctx, e.UserID)
}
