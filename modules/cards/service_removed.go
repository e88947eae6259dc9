package cards

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Delete puts a card into the bin.
//
// Errors: those of projects.Record, NotFound for a card that is not on the
// board.
func (s *Service) Delete(ctx context.Context, by accounts.Actor, projectID, id int64) (rev int64, err error) {
	return s.takeOff(ctx, by, projectID, id, lists.InBin)
}

// Archive puts a card into the archive. Errors: as Delete.
func (s *Service) Archive(ctx context.Context, by accounts.Actor, projectID, id int64) (rev int64, err error) {
	return s.takeOff(ctx, by, projectID, id, lists.InArchive)
}

func (s *Service) takeOff(ctx context.Context, by accounts.Actor, projectID, id int64, to lists.Place) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		c, list, err := s.card(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		stored, err := s.repo.places(ctx, c.ListID)
		if err != nil {
			return nil, err
		}
		if err := s.repo.remove(ctx, id, s.removal(ctx, by, to, in.Rev+1)); err != nil {
			return nil, err
		}
		o := orderOf(stored)
		changes := o.remove(id, c.ListID)
		if err := s.repo.arrange(ctx, stored, o, nil, 0); err != nil {
			return nil, err
		}
		return []projects.Event{{Name: "remove_card", Payload: map[string]any{
			"id": id, "listId": c.ListID, "cardsPosChanges": pairsOf(changes),
		}}}, s.tellTakenOff(ctx, by, in, c, list.Name, to)
	})
}

func (s *Service) removal(ctx context.Context, by accounts.Actor, to lists.Place, rev int64) lists.Removal {
	now := s.db.Now(ctx)
	return lists.Removal{RemovedAs: to, RemovedAt: &now, RemovedBy: &by.UserID, ChangedRev: rev}
}

func (s *Service) tellTakenOff(ctx context.Context, by accounts.Actor, in projects.Access, c Card, listName string, to lists.Place) error {
	if to == lists.InArchive {
		return s.bus.Publish(ctx, Archived{ProjectID: in.ID, ID: c.ID, Name: c.Name, ListName: listName, By: by})
	}
	assigned, err := s.repo.assignedTo(ctx, c.ID)
	if err != nil {
		return err
	}
	people, err := s.membersAmong(ctx, in.Project, assigned)
	if err != nil {
		return err
	}
	attached, err := s.files.Of(ctx, files.OfCard, []int64{c.ID})
	if err != nil {
		return err
	}
	return s.bus.Publish(ctx, Deleted{
		ProjectID: in.ID, ID: c.ID, Name: c.Name, Desc: c.CardDesc, ListName: listName,
		FileNames: files.Names(attached[c.ID]), MemberNames: memberNames(people), By: by,
	})
}

// Return says what shall come back and where to.
type Return struct {
	ID   int64
	From lists.Place
	// ListID is the list it shall come to; 0 for the one it was in, or the
	// board's first if that one is gone.
	ListID int64
	// Since is the number of the removal that somebody undoes; nil for none.
	Since *int64
}

// Restore puts a card back on the board: where it was, or at the end of another
// list. Old clients see it appear at the end and move to its place.
//
// Errors: those of projects.Record, NotFound for a card that does not wait there
// or a list that is not on the board, Conflict if it has changed after
// Return.Since or if there is no list.
func (s *Service) Restore(ctx context.Context, by accounts.Actor, projectID int64, r Return) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		c, _, err := s.waiting(ctx, in.ID, r)
		if err != nil {
			return nil, err
		}
		target, err := s.target(ctx, in.ID, c, r)
		if err != nil {
			return nil, err
		}
		changes, err := s.putBack(ctx, in, c, target.ID)
		if err != nil {
			return nil, err
		}
		return changes, s.bus.Publish(ctx, Restored{
			ProjectID: in.ID, ID: c.ID, Name: c.Name, ListName: target.Name, From: r.From, By: by,
		})
	})
}

// waiting is a card of a project that waits in a place, with its list, which
// need not be on the board. What somebody wants to undo and is not there any
// more has been changed by somebody else.
func (s *Service) waiting(ctx context.Context, projectID int64, r Return) (Card, lists.List, error) {
	c, err := s.repo.byID(ctx, r.ID)
	if err != nil {
		return c, lists.List{}, err
	}
	list, err := s.lists.ByID(ctx, c.ListID)
	if err != nil {
		return c, list, err
	}
	switch {
	case list.ProjectID != projectID:
		return c, list, errs.Of(errs.NotFound)
	case c.RemovedAs == r.From:
		return c, list, c.Unchanged(r.Since)
	case r.Since != nil:
		return c, list, errs.New(errs.Conflict, "lists.error.changed")
	}
	return c, list, errs.Of(errs.NotFound)
}

// target is the list a card comes back to.
func (s *Service) target(ctx context.Context, projectID int64, c Card, r Return) (lists.List, error) {
	if r.ListID != 0 {
		return s.list(ctx, projectID, r.ListID)
	}
	all, err := s.lists.OnBoard(ctx, projectID)
	if err != nil {
		return lists.List{}, err
	}
	for _, l := range all {
		if l.ID == c.ListID {
			return l, nil
		}
	}
	if len(all) == 0 {
		return lists.List{}, errs.New(errs.Conflict, "cards.error.noList")
	}
	return all[0], nil
}

func (s *Service) putBack(ctx context.Context, in projects.Access, c Card, listID int64) ([]projects.Event, error) {
	fits, err := s.fits(ctx, in.ID, 1)
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errs.New(errs.Conflict, "cards.error.boardFull", "Max", MaxCards)
	}
	stored, err := s.repo.places(ctx, listID)
	if err != nil {
		return nil, err
	}
	end, place := len(stored), c.Pos
	if c.ListID != listID {
		place = end
	}
	if err := s.keepMembers(ctx, in.Project, []int64{c.ID}); err != nil {
		return nil, err
	}
	assigned, err := s.repo.assignedTo(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	attached, err := s.files.Of(ctx, files.OfCard, []int64{c.ID})
	if err != nil {
		return nil, err
	}
	c.ListID, c.Pos = listID, end
	changes := []projects.Event{rebuilt(c, end, attached[c.ID], assigned)}
	stored = append(stored, c)
	o := orderOf(stored)
	if place < end {
		changes = append(changes, eventsOf([]step{o.move(c.ID, listID, listID, place)})...)
	}
	c.ChangedRev = in.Rev + int64(len(changes))
	if err := s.repo.putBack(ctx, c); err != nil {
		return nil, err
	}
	return changes, s.repo.arrange(ctx, stored, o, nil, 0)
}

// keepMembers takes people off cards who do not belong to the project.
func (s *Service) keepMembers(ctx context.Context, p projects.Project, cardIDs []int64) error {
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return err
	}
	return s.repo.keepAssigned(ctx, cardIDs, memberIDs(members))
}

// Change takes a card from one place off the board to another: from the archive
// to the bin, or from the bin to where nobody can have it back. Boards hear of
// it by an event of their own, "bin_changed".
//
// Errors: those of projects.Record, NotFound for a card that does not wait
// there.
func (s *Service) Change(ctx context.Context, by accounts.Actor, projectID, id int64, from, to lists.Place) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		c, list, err := s.waiting(ctx, in.ID, Return{ID: id, From: from})
		if err != nil {
			return nil, err
		}
		if err := s.repo.remove(ctx, id, s.removal(ctx, by, to, in.Rev+1)); err != nil {
			return nil, err
		}
		changes := []projects.Event{{Name: "bin_changed", Payload: map[string]any{"kind": "card", "id": id, "from": from, "to": to}}}
		if to == lists.Gone {
			return changes, s.bus.Publish(ctx, GivenUp{ProjectID: in.ID, ID: id, Name: c.Name, By: by})
		}
		return changes, s.tellTakenOff(ctx, by, in, c, list.Name, to)
	})
}

// Removed are the cards that wait in a place by themselves and last stood in one
// of the lists. Whoever asks has checked that the person may see them.
func (s *Service) Removed(ctx context.Context, listIDs []int64, q lists.Query) ([]Card, error) {
	return s.repo.removed(ctx, listIDs, q)
}

// Counts is how many cards each list has, on the board or not.
func (s *Service) Counts(ctx context.Context, listIDs []int64) (map[int64]int, error) {
	return s.repo.counts(ctx, listIDs)
}

// First are the names of the first cards of each list, on the board or not.
func (s *Service) First(ctx context.Context, listIDs []int64, limit int) (map[int64][]string, error) {
	all, err := s.repo.first(ctx, listIDs, limit)
	names := make(map[int64][]string, len(listIDs))
	for _, c := range all {
		names[c.ListID] = append(names[c.ListID], c.Name)
	}
	return names, err
}

// Assigned are the people assigned to cards, by card.
func (s *Service) Assigned(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	return s.repo.assignedToMany(ctx, ids)
}

// Expire gives up what has been in the bin since before a time.
func (s *Service) Expire(ctx context.Context, before time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.expire(ctx, before) })
}

// PurgeSome deletes up to limit cards that are gone, or left on lists that are,
// and tells how many.
func (s *Service) PurgeSome(ctx context.Context, goneLists []int64, limit int) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		ids, err := s.repo.gone(ctx, goneLists, limit)
		if err != nil {
			return err
		}
		n = len(ids)
		return s.purge(ctx, ids)
	})
	return n, err
}

// ReferredTo are those of the lists that some card still belongs to: one that
// waits by itself keeps the row of its list.
func (s *Service) ReferredTo(ctx context.Context, listIDs []int64) ([]int64, error) {
	return s.repo.referredTo(ctx, listIDs)
}

func (s *Service) purge(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.files.DeleteAll(ctx, files.OfCard, ids...); err != nil {
		return err
	}
	if err := s.repo.delete(ctx, ids); err != nil {
		return err
	}
	return s.bus.Publish(ctx, Purged{IDs: ids})
}
