package lists

import "slices"

// Delta is the contract's pair [list id, difference of position]: clients add
// the difference to the position they know.
type Delta [2]int64

// moveTo takes id out of ids and puts it back at index pos, clamped to what
// there is. It returns the new order and the index that became of pos; ids is
// left as it is.
func moveTo(ids []int64, id int64, pos int) (after []int64, at int) {
	from := slices.Index(ids, id)
	after = slices.Delete(slices.Clone(ids), from, from+1)
	at = min(max(pos, 0), len(after))
	return slices.Insert(after, at, id), at
}

// deltas are the differences between two orders for every list in both, except
// the moved one, whose position events say absolutely (0 for none).
func deltas(before, after []int64, except int64) []Delta {
	was := make(map[int64]int, len(before))
	for i, id := range before {
		was[id] = i
	}
	changes := []Delta{}
	for i, id := range after {
		if old, ok := was[id]; ok && old != i && id != except {
			changes = append(changes, Delta{id, int64(i - old)})
		}
	}
	return changes
}
