package cards

import (
	"cmp"
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// mover holds the rules of moving cards within and between lists.
type mover struct{ *Service }

// Move moves a card to an index of a list, counted without the card and clamped to
// the length of the list.
//
// Errors: those of projects.Record, NotFound for a card or list that is not on
// the board.
func (s mover) Move(ctx context.Context, r projects.Request, id, listID int64, pos int) (rev int64, err error) {
	return s.move(ctx, r, []int64{id}, listID, pos)
}

// MoveMany moves cards of any lists into a list as one block whose first card gets
// index pos among the cards that are not moved. The block is ordered by position,
// then list, then id. Each card is an event of its own; rev is that of the last.
//
// Errors: those of projects.Record, Invalid for no card or more than maxMove,
// NotFound if any card or the list is not on the board.
func (s mover) MoveMany(ctx context.Context, r projects.Request, ids []int64, listID int64, pos int) (rev int64, err error) {
	ids = unique(ids)
	if len(ids) == 0 {
		return 0, errs.Field("ids", "cards.error.noCards")
	}
	if len(ids) > maxMove {
		return 0, errs.Field("ids", "cards.error.tooMany", "Max", maxMove)
	}
	return s.move(ctx, r, ids, listID, pos)
}

// MoveBack undoes a move whose last event has the revision since: the cards get the
// positions they had.
//
// Errors: as MoveMany, and Conflict if any of the cards has been changed since
// or its list has been removed.
func (s mover) MoveBack(ctx context.Context, r projects.Request, positions []Position, since int64) (rev int64, err error) {
	to := make(map[int64]int64, len(positions))
	for _, position := range positions {
		to[position.ID] = position.ListID
	}
	switch {
	case len(positions) == 0 || len(to) < len(positions):
		return 0, errs.Field("cards", "cards.error.noCards")
	case len(positions) > maxMove:
		return 0, errs.Field("cards", "cards.error.tooMany", "Max", maxMove)
	}
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		return s.moveBack(ctx, r.By, in.Access, positions, to, since)
	})
}

func (s mover) moveBack(ctx context.Context, by accounts.Actor, in projects.Access, positions []Position, to map[int64]int64, since int64) ([]projects.Event, error) {
	ids := keysOf(to)
	moved, involved, err := s.find(ctx, in.ID, ids, valuesOf(to)...)
	if errs.KindOf(err) == errs.NotFound {
		// The card or list was on the board and has been removed since.
		return nil, removal.Changed()
	}
	if err != nil {
		return nil, err
	}
	from := make(map[int64]int64, len(moved))
	for _, c := range moved {
		if err := c.Unchanged(&since); err != nil {
			return nil, err
		}
		from[c.ID] = c.ListID
	}
	stored, err := s.repo.places(ctx, keysOf(involved)...)
	if err != nil {
		return nil, err
	}
	o := orderOf(stored)
	steps := o.moveBack(positions, from)
	if err := s.repo.arrange(ctx, stored, o, ids, in.Rev+int64(len(steps))); err != nil {
		return nil, err
	}
	return cardsMoved(steps), s.notifyMoves(ctx, by, in, moved, involved, to)
}

func (s mover) move(ctx context.Context, r projects.Request, ids []int64, listID int64, pos int) (int64, error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		moved, involved, err := s.find(ctx, in.ID, ids, listID)
		if err != nil {
			return nil, err
		}
		stored, err := s.repo.places(ctx, keysOf(involved)...)
		if err != nil {
			return nil, err
		}
		o, from, to := orderOf(stored), map[int64]int64{}, map[int64]int64{}
		moved = inOrder(moved, o, involved)
		order := make([]int64, len(moved))
		for i, c := range moved {
			order[i], from[c.ID], to[c.ID] = c.ID, c.ListID, listID
		}
		steps := o.moveBlock(order, from, listID, pos)
		if err := s.repo.arrange(ctx, stored, o, order, in.Rev+int64(len(steps))); err != nil {
			return nil, err
		}
		return cardsMoved(steps), s.notifyMoves(ctx, r.By, in.Access, moved, involved, to)
	})
}

// Sort gives the cards of a list a new order, in one event: those that ids names
// first, in this order, then the others as they are. Cards that are in another list
// are left out, because another member may have moved them there meanwhile. undoes is the revision of the sorting that this one undoes; nil for none.
//
// Errors: those of projects.Record, Invalid for a list of more than maxSort cards,
// NotFound if the list or a card is not on the board or no card is in the list,
// Conflict if a card of it has been changed after undoes.
func (s mover) Sort(ctx context.Context, r projects.Request, listID int64, ids []int64, undoes *int64) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		list, err := s.list(ctx, in.ID, listID)
		if err != nil {
			return nil, err
		}
		stored, err := s.repo.cards(ctx, []int64{listID}, "id", "list_id", "pos", "changed_rev")
		if err != nil {
			return nil, err
		}
		was := orderOf(stored)[listID]
		now := sorted(was, ids)
		if err := s.mayBeSorted(ctx, in.ID, stored, ids, undoes); err != nil || slices.Equal(was, now) {
			return nil, err
		}
		if err := s.repo.arrange(ctx, stored, order{listID: now}, changedAt(was, now), in.NextRev()); err != nil {
			return nil, err
		}
		return []projects.Event{cardsSorted(listID, was, now)}, s.bus.Publish(ctx, projects.Happened{
			ProjectID: in.ID, Rev: in.NextRev(), Kind: "cards.sorted", ID: listID, Name: list.Name, By: r.By,
		})
	})
}

// mayBeSorted checks the cards of a list that is to be sorted by ids; see Sort.
func (s mover) mayBeSorted(ctx context.Context, projectID int64, stored []Card, ids []int64, undoes *int64) error {
	if len(stored) > maxSort {
		return errs.Field("ids", "cards.error.sortTooMany", "Max", maxSort)
	}
	elsewhere := setOf(ids)
	for _, c := range stored {
		if err := c.Unchanged(undoes); err != nil {
			return err
		}
		delete(elsewhere, c.ID)
	}
	if len(elsewhere) == len(setOf(ids)) {
		return errs.Of(errs.NotFound)
	}
	_, _, err := s.find(ctx, projectID, keysOf(elsewhere))
	if undoes != nil && errs.KindOf(err) == errs.NotFound {
		return removal.Changed() // a card of the list has been removed since
	}
	return err
}

// changedAt returns the cards whose index differs.
func changedAt(was, now []int64) []int64 {
	var changed []int64
	for i, id := range now {
		if was[i] != id {
			changed = append(changed, id)
		}
	}
	return changed
}

// find returns cards and, by id, their lists and the targets. Errors: NotFound if
// any of them is not on the board.
func (s *Service) find(ctx context.Context, projectID int64, ids []int64, targets ...int64) ([]Card, map[int64]lists.List, error) {
	if len(ids)+len(targets) == 0 {
		return nil, nil, nil
	}
	moved, err := s.repo.byIDs(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	wanted := setOf(targets)
	for _, c := range moved {
		wanted[c.ListID] = true
	}
	found, err := s.lists.FindOnBoard(ctx, projectID, keysOf(wanted)...)
	if err != nil {
		return nil, nil, err
	}
	if len(moved) < len(ids) || len(found) < len(wanted) {
		return nil, nil, errs.Of(errs.NotFound)
	}
	involved := make(map[int64]lists.List, len(found))
	for _, l := range found {
		involved[l.ID] = l
	}
	return moved, involved, nil
}

// inOrder sorts cards by their index in their list, then by the position of the
// list, then by id.
func inOrder(cards []Card, o order, involved map[int64]lists.List) []Card {
	index := map[int64]int{}
	for _, ids := range o {
		for i, id := range ids {
			index[id] = i
		}
	}
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(
			cmp.Compare(index[a.ID], index[b.ID]),
			cmp.Compare(involved[a.ListID].Pos, involved[b.ListID].Pos),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return cards
}

// notifyMoves publishes the cards that have changed their list; to is the list of
// each card.
func (s mover) notifyMoves(ctx context.Context, by accounts.Actor, in projects.Access, moved []Card, involved map[int64]lists.List, to map[int64]int64) error {
	var moves []Move
	for _, c := range moved {
		if c.ListID != to[c.ID] {
			moves = append(moves, Move{
				ID: c.ID, Name: c.Name, OldListID: c.ListID, NewListID: to[c.ID],
				OldListName: involved[c.ListID].Name, NewListName: involved[to[c.ID]].Name,
			})
		}
	}
	if len(moves) == 0 {
		return nil
	}
	return s.bus.Publish(ctx, ChangedList{ProjectID: in.ID, Rev: in.NextRev(), Moves: moves, By: by})
}

// keysOf returns the keys of a map, ascending.
func keysOf[V any](m map[int64]V) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func valuesOf(m map[int64]int64) []int64 {
	values := make([]int64, 0, len(m))
	for _, v := range m {
		values = append(values, v)
	}
	return unique(values)
}
