package cards

import (
	"cmp"
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Move puts a card into a list at an index, counted without the card and
// clamped to what there is.
//
// Errors: those of projects.Record, NotFound for a card or list that is not on
// the board.
func (s *Service) Move(ctx context.Context, by accounts.Actor, projectID, id, listID int64, pos int) (rev int64, err error) {
	return s.move(ctx, by, projectID, []int64{id}, listID, pos)
}

// MoveMany puts several cards, of any lists, into a list as one block whose
// first card gets index pos among those that stay. The block keeps the order
// the cards had: by position, then list, then id. Each card is an event of its
// own; rev is the last one's.
//
// Errors: those of projects.Record, Invalid for no card or more than MaxMove,
// NotFound if any card or the list is not on the board.
func (s *Service) MoveMany(ctx context.Context, by accounts.Actor, projectID int64, ids []int64, listID int64, pos int) (rev int64, err error) {
	ids = unique(ids)
	if len(ids) == 0 {
		return 0, errs.Field("ids", "cards.error.noCards")
	}
	if len(ids) > MaxMove {
		return 0, errs.Field("ids", "cards.error.tooMany", "Max", MaxMove)
	}
	return s.move(ctx, by, projectID, ids, listID, pos)
}

// MoveBack undoes a move that ended with the event since: the cards come back to
// the spots they had.
//
// Errors: as MoveMany, and Conflict if any of the cards has been changed since,
// or its list is not on the board any more.
func (s *Service) MoveBack(ctx context.Context, by accounts.Actor, projectID int64, spots []Spot, since int64) (rev int64, err error) {
	to := make(map[int64]int64, len(spots))
	for _, spot := range spots {
		to[spot.ID] = spot.ListID
	}
	switch {
	case len(spots) == 0 || len(to) < len(spots):
		return 0, errs.Field("cards", "cards.error.noCards")
	case len(spots) > MaxMove:
		return 0, errs.Field("cards", "cards.error.tooMany", "Max", MaxMove)
	}
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		return s.moveBack(ctx, by, in, spots, to, since)
	})
}

func (s *Service) moveBack(ctx context.Context, by accounts.Actor, in projects.Access, spots []Spot, to map[int64]int64, since int64) ([]projects.Event, error) {
	ids := keysOf(to)
	moved, involved, err := s.toMove(ctx, in.ID, ids, valuesOf(to)...)
	if errs.KindOf(err) == errs.NotFound {
		// What was there to be moved and is not any more, somebody has taken away.
		return nil, errs.New(errs.Conflict, "lists.error.changed")
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
	steps := o.moveBack(spots, from)
	if err := s.repo.arrange(ctx, stored, o, ids, in.Rev+int64(len(steps))); err != nil {
		return nil, err
	}
	return eventsOf(steps), s.tellMoves(ctx, by, in.ID, moved, involved, to)
}

func (s *Service) move(ctx context.Context, by accounts.Actor, projectID int64, ids []int64, listID int64, pos int) (int64, error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		moved, involved, err := s.toMove(ctx, in.ID, ids, listID)
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
		return eventsOf(steps), s.tellMoves(ctx, by, in.ID, moved, involved, to)
	})
}

// toMove are the cards and, by id, all lists involved; NotFound if any of them
// is not on the board.
func (s *Service) toMove(ctx context.Context, projectID int64, ids []int64, targets ...int64) ([]Card, map[int64]lists.List, error) {
	moved, err := s.repo.byIDs(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	wanted := setOf(targets)
	for _, c := range moved {
		wanted[c.ListID] = true
	}
	found, err := s.lists.Some(ctx, projectID, keysOf(wanted)...)
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

// inOrder sorts cards by their index in their list, then their list's
// position, then id.
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

func eventsOf(steps []step) []projects.Event {
	all := make([]projects.Event, len(steps))
	for i, s := range steps {
		all[i] = projects.Event{Name: "update_cards_pos", Payload: map[string]any{
			"cards":                []map[string]any{{"id": s.ID, "listId": s.ListID, "prevListId": s.From, "pos": s.Pos}},
			"otherCardsPosChanges": s.Deltas,
		}}
	}
	return all
}

// tellMoves publishes which cards are in another list now; to is the list of
// each.
func (s *Service) tellMoves(ctx context.Context, by accounts.Actor, projectID int64, moved []Card, involved map[int64]lists.List, to map[int64]int64) error {
	var moves []Move
	for _, c := range moved {
		if c.ListID != to[c.ID] {
			moves = append(moves, Move{
				ID: c.ID, Name: c.Name, OldListName: involved[c.ListID].Name, NewListName: involved[to[c.ID]].Name,
			})
		}
	}
	if len(moves) == 0 {
		return nil
	}
	return s.bus.Publish(ctx, ChangedList{ProjectID: projectID, Moves: moves, By: by})
}

// keysOf are the keys of a map, ascending.
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
