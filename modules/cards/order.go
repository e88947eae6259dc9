package cards

import (
	"cmp"
	"slices"
)

// Delta is the contract's triple [card id, id of the list it is in, difference
// of position]: clients add the difference to the position they know.
type Delta [3]int64

// order is the cards of some lists of a board, by list, in their order.
type order map[int64][]int64

// orderOf arranges cards that come by list and position.
func orderOf(cards []Card) order {
	o := order{}
	for _, c := range cards {
		o[c.ListID] = append(o[c.ListID], c.ID)
	}
	return o
}

// step is the move of a single card, as one event tells it.
type step struct {
	ID     int64
	From   int64
	ListID int64
	Pos    int
	Deltas []Delta
}

// move takes a card out of list from and puts it into list to at index pos,
// clamped to what there is.
func (o order) move(id, from, to int64, pos int) step {
	s := step{ID: id, From: from, ListID: to, Deltas: []Delta{}}
	was := slices.Index(o[from], id)
	o[from] = slices.Delete(o[from], was, was+1)
	s.Pos = min(max(pos, 0), len(o[to]))
	o[to] = slices.Insert(o[to], s.Pos, id)
	if from != to {
		s.shift(o, from, was, len(o[from]), -1)
		s.shift(o, to, s.Pos+1, len(o[to]), 1)
		return s
	}
	s.shift(o, from, was, s.Pos, -1)
	s.shift(o, from, s.Pos+1, was+1, 1)
	return s
}

// shift notes that the cards now at the indices begin…end−1 have moved by d.
func (s *step) shift(o order, list int64, begin, end int, d int64) {
	for i := begin; i < end; i++ {
		s.Deltas = append(s.Deltas, Delta{o[list][i], list, d})
	}
}

// remove takes a card out and returns how the others move.
func (o order) remove(id, list int64) []Delta {
	was := slices.Index(o[list], id)
	o[list] = slices.Delete(o[list], was, was+1)
	s := step{Deltas: []Delta{}}
	s.shift(o, list, was, len(o[list]), -1)
	return s.Deltas
}

// moveBlock puts several cards into a list as one block whose first card gets
// index pos among the cards that are not moved. It does so by single moves,
// since old clients place the cards of an event one by one and know nothing of
// the others on their way (contract, move_cards): the first goes before the
// card that is to follow the block, each other one behind its predecessor. from
// says which list each card is in.
func (o order) moveBlock(ids []int64, from map[int64]int64, to int64, pos int) []step {
	moved := setOf(ids)
	rest := slices.DeleteFunc(slices.Clone(o[to]), func(id int64) bool { return moved[id] })
	at := min(max(pos, 0), len(rest))
	steps := make([]step, 0, len(ids))
	for i, id := range ids {
		others := slices.DeleteFunc(slices.Clone(o[to]), func(other int64) bool { return other == id })
		index := len(others)
		switch {
		case i > 0:
			index = slices.Index(others, ids[i-1]) + 1
		case at < len(rest):
			index = slices.Index(others, rest[at])
		}
		steps = append(steps, o.move(id, from[id], to, index))
	}
	return steps
}

// Spot is a place for a card: an index of a list.
type Spot struct {
	ID     int64
	ListID int64
	Pos    int
}

// moveBack puts cards where they were before they were moved together. All of
// them are thought away first, so that each comes to the index it had, and are
// then moved one by one behind the card that shall precede them.
func (o order) moveBack(spots []Spot, from map[int64]int64) []step {
	spots = slices.Clone(spots)
	slices.SortStableFunc(spots, func(a, b Spot) int { return cmp.Or(cmp.Compare(a.ListID, b.ListID), cmp.Compare(a.Pos, b.Pos)) })
	wanted := o.without(from)
	for _, s := range spots {
		wanted[s.ListID] = slices.Insert(wanted[s.ListID], min(max(s.Pos, 0), len(wanted[s.ListID])), s.ID)
	}
	steps := make([]step, len(spots))
	for i, s := range spots {
		index := 0
		if at := slices.Index(wanted[s.ListID], s.ID); at > 0 {
			others := slices.DeleteFunc(slices.Clone(o[s.ListID]), func(id int64) bool { return id == s.ID })
			index = slices.Index(others, wanted[s.ListID][at-1]) + 1
		}
		steps[i] = o.move(s.ID, from[s.ID], s.ListID, index)
	}
	return steps
}

// without is a copy of an order without some cards.
func (o order) without(gone map[int64]int64) order {
	rest := make(order, len(o))
	for list, ids := range o {
		rest[list] = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, is := gone[id]; return is })
	}
	return rest
}
