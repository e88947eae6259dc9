package cards

import (
	"cmp"
	"slices"
)

// delta is the contract's triple [card id, id of its list, difference of position]:
// clients add the difference to the position they know.
type delta [3]int64

// order is the ids of the cards of lists, by list, in their order.
type order map[int64][]int64

// orderOf returns the order of cards that are sorted by list and position.
func orderOf(cards []Card) order {
	o := order{}
	for _, c := range cards {
		o[c.ListID] = append(o[c.ListID], c.ID)
	}
	return o
}

// step is the move of one card, in one event.
type step struct {
	ID     int64
	From   int64
	ListID int64
	Pos    int
	deltas []delta
}

// move moves a card from list from to index pos of list to. It clamps pos to the
// length of the list.
func (o order) move(id, from, to int64, pos int) step {
	s := step{ID: id, From: from, ListID: to, deltas: []delta{}}
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

// shift records that the cards at the indices begin…end−1 have moved by d.
func (s *step) shift(o order, list int64, begin, end int, d int64) {
	for i := begin; i < end; i++ {
		s.deltas = append(s.deltas, delta{o[list][i], list, d})
	}
}

// remove removes a card and returns how the others move.
func (o order) remove(id, list int64) []delta {
	was := slices.Index(o[list], id)
	o[list] = slices.Delete(o[list], was, was+1)
	s := step{deltas: []delta{}}
	s.shift(o, list, was, len(o[list]), -1)
	return s.deltas
}

// moveBlock moves cards into a list as one block whose first card gets index pos
// among the cards that are not moved. It does so by single moves, because 2.x
// clients place the cards of an event one by one (contract, move_cards): the first
// goes before the card that follows the block, each other one after its
// predecessor. from is the list of each card.
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

// sorted returns the cards of a list in a wanted order: those that wanted names
// first, then the others in the order that they have. Ids that are not in the list
// and repetitions are left out.
func sorted(ids, wanted []int64) []int64 {
	is, after := setOf(ids), make([]int64, 0, len(ids))
	for _, id := range unique(wanted) {
		if is[id] {
			after = append(after, id)
		}
	}
	named := setOf(after)
	for _, id := range ids {
		if !named[id] {
			after = append(after, id)
		}
	}
	return after
}

// Position is a card's index in a list.
type Position struct {
	ID     int64
	ListID int64
	Pos    int
}

// moveBack puts cards back to the positions they had before they were moved
// together. It computes the wanted order without them, inserts each at its index,
// and then moves them one by one behind their predecessors.
func (o order) moveBack(positions []Position, from map[int64]int64) []step {
	positions = slices.Clone(positions)
	slices.SortStableFunc(positions, func(a, b Position) int { return cmp.Or(cmp.Compare(a.ListID, b.ListID), cmp.Compare(a.Pos, b.Pos)) })
	wanted := o.without(from)
	for _, p := range positions {
		wanted[p.ListID] = slices.Insert(wanted[p.ListID], min(max(p.Pos, 0), len(wanted[p.ListID])), p.ID)
	}
	steps := make([]step, len(positions))
	for i, p := range positions {
		index := 0
		if at := slices.Index(wanted[p.ListID], p.ID); at > 0 {
			others := slices.DeleteFunc(slices.Clone(o[p.ListID]), func(id int64) bool { return id == p.ID })
			index = slices.Index(others, wanted[p.ListID][at-1]) + 1
		}
		steps[i] = o.move(p.ID, from[p.ID], p.ListID, index)
	}
	return steps
}

// without returns a copy of an order without the given cards.
func (o order) without(removed map[int64]int64) order {
	rest := make(order, len(o))
	for list, ids := range o {
		rest[list] = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, is := removed[id]; return is })
	}
	return rest
}
