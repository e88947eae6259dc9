package lists

import "slices"

// delta is the contract's pair [list id, difference of position]: clients add the
// difference to the position they know.
type delta [2]int64

// moveTo moves id to index pos, which it clamps to the length. It returns the new
// order and the clamped index, and does not change ids.
func moveTo(ids []int64, id int64, pos int) (after []int64, at int) {
	from := slices.Index(ids, id)
	after = slices.Delete(slices.Clone(ids), from, from+1)
	at = min(max(pos, 0), len(after))
	return slices.Insert(after, at, id), at
}

// deltas returns the differences of position between two orders for every list in
// both, except the moved one, whose position is absolute in events (0 for none).
func deltas(before, after []int64, except int64) []delta {
	was := make(map[int64]int, len(before))
	for i, id := range before {
		was[id] = i
	}
	changes := []delta{}
	for i, id := range after {
		if old, ok := was[id]; ok && old != i && id != except {
			changes = append(changes, delta{id, int64(i - old)})
		}
	}
	return changes
}
