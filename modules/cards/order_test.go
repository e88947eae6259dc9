package cards

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"taskstack.org/internal/oldclient"
)

// open returns a 2.x page that shows cards in an order.
func open(t *rapid.T, o order) *oldclient.Board {
	lists := map[string]any{}
	for i, list := range keysOf(o) {
		cards := map[string]any{}
		for pos, id := range o[list] {
			cards[strconv.FormatInt(id, 10)] = map[string]any{"pos": pos, "listId": list}
		}
		lists[strconv.FormatInt(list, 10)] = map[string]any{"pos": i, "attachedFiles": map[string]string{}, "cards": cards}
	}
	raw, err := json.Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	page, err := oldclient.Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// randomBoard returns up to four lists with numbered cards.
func randomBoard(t *rapid.T) (o order, all []int64, in map[int64]int64) {
	o, in = order{}, map[int64]int64{}
	for list := range rapid.IntRange(1, 4).Draw(t, "lists") {
		id := int64(100 + list)
		o[id] = nil
		for range rapid.IntRange(0, 6).Draw(t, "cards") {
			card := int64(len(all) + 1)
			o[id], in[card], all = append(o[id], card), id, append(all, card)
		}
	}
	return o, all, in
}

func (o order) clone() order {
	c := order{}
	for list, ids := range o {
		c[list] = slices.Clone(ids)
	}
	return c
}

// TestMoveBlock checks moves of one or more cards against the definition of the
// contract, which removes them and inserts them as one block, and against a 2.x
// page that gets the single steps.
func TestMoveBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, all, in := randomBoard(t)
		if len(all) == 0 {
			return
		}
		page := open(t, before)
		ids := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[int64]).Draw(t, "ids")
		to := rapid.SampledFrom(keysOf(before)).Draw(t, "to")
		pos := rapid.IntRange(-1, 9).Draw(t, "pos")

		after := before.clone()
		steps := after.moveBlock(ids, in, to, pos)

		want := order{}
		for list, cards := range before {
			want[list] = slices.DeleteFunc(slices.Clone(cards), func(id int64) bool { return slices.Contains(ids, id) })
		}
		want[to] = slices.Insert(want[to], min(max(pos, 0), len(want[to])), ids...)
		for list := range want {
			if !slices.Equal(want[list], after[list]) {
				t.Fatalf("list %d: %v, want %v", list, after[list], want[list])
			}
		}
		if len(steps) != len(ids) {
			t.Fatalf("%d steps for %d cards", len(steps), len(ids))
		}
		for _, e := range cardsMoved(steps) {
			raw, err := json.Marshal(e.Payload)
			if err != nil {
				t.Fatal(err)
			}
			if err := page.Apply(e.Name, raw); err != nil {
				t.Fatal(err)
			}
			// The page is consistent after every step.
			if err := page.Check(); err != nil {
				t.Fatalf("after %s: %v", raw, err)
			}
		}
		if err := oldclient.Same(page, open(t, after)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestSorted checks the one event of a sorted list against a 2.x page that gets it,
// in memory and on the screen.
func TestSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := make([]int64, rapid.IntRange(4, 12).Draw(t, "cards"))
		for i := range ids {
			ids[i] = int64(i + 1)
		}
		now := rapid.Permutation(ids).Draw(t, "now")
		page := open(t, order{100: ids, 101: {20, 21}})
		e := cardsSorted(100, ids, now)
		raw, err := json.Marshal(e.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if err := page.Apply(e.Name, raw); err != nil {
			t.Fatal(err)
		}
		if err := oldclient.Same(page, open(t, order{100: now, 101: {20, 21}})); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
	})
}

func TestWantedOrder(t *testing.T) {
	for _, c := range []struct{ ids, wanted, after []int64 }{
		{[]int64{1, 2, 3}, []int64{3, 1, 2}, []int64{3, 1, 2}},
		{[]int64{1, 2, 3}, []int64{3}, []int64{3, 1, 2}},
		{[]int64{1, 2, 3}, []int64{9, 2, 2, 9}, []int64{2, 1, 3}},
		{[]int64{1, 2, 3}, nil, []int64{1, 2, 3}},
	} {
		if got := sorted(c.ids, c.wanted); !slices.Equal(got, c.after) {
			t.Errorf("%v by %v: %v, want %v", c.ids, c.wanted, got, c.after)
		}
	}
}

func TestContractDeltasOfCards(t *testing.T) {
	board := order{1: {10, 11, 12}, 2: {20, 21}}
	for _, c := range []struct {
		name     string
		id       int64
		from, to int64
		pos, at  int
		d        []delta
	}{
		{"down its list", 10, 1, 1, 2, 2, []delta{{11, 1, -1}, {12, 1, -1}}},
		{"up its list", 12, 1, 1, 0, 0, []delta{{10, 1, 1}, {11, 1, 1}}},
		{"nowhere", 11, 1, 1, 1, 1, []delta{}},
		{"beyond its list's end", 10, 1, 1, 3, 2, []delta{{11, 1, -1}, {12, 1, -1}}},
		{"to another list", 10, 1, 2, 1, 1, []delta{{11, 1, -1}, {12, 1, -1}, {21, 2, 1}}},
		{"to another list's end", 12, 1, 2, 2, 2, []delta{}},
		{"far beyond it", 12, 1, 2, 99, 2, []delta{}},
		{"before its start", 12, 1, 2, -5, 0, []delta{{20, 2, 1}, {21, 2, 1}}},
	} {
		s := board.clone().move(c.id, c.from, c.to, c.pos)
		if s.Pos != c.at || !slices.Equal(s.deltas, c.d) {
			t.Errorf("%s: at %d, %v", c.name, s.Pos, s.deltas)
		}
	}
}

func TestEffectiveMemberChanges(t *testing.T) {
	members := map[int64]bool{1: true, 2: true, 3: true, 4: true}
	for _, c := range []struct {
		name           string
		assigned       []int64
		e              Edit
		added, removed []int64
	}{
		{"nothing", []int64{1}, Edit{}, nil, nil},
		{"doubles", nil, Edit{NewMembers: []int64{2, 1, 2}}, []int64{2, 1}, nil},
		{"strangers", nil, Edit{NewMembers: []int64{9, 3}}, []int64{3}, nil},
		{"already there", []int64{1}, Edit{NewMembers: []int64{1, 2}}, []int64{2}, nil},
		{"not there", []int64{1}, Edit{RemovedMembers: []int64{1, 1, 2, 9}}, nil, []int64{1}},
		{"both, assigned", []int64{1}, Edit{NewMembers: []int64{1}, RemovedMembers: []int64{1}}, nil, nil},
		{"both, not assigned", nil, Edit{NewMembers: []int64{1}, RemovedMembers: []int64{1}}, nil, nil},
		{"a former member, whom pages do not show", []int64{9}, Edit{RemovedMembers: []int64{9}}, nil, nil},
	} {
		added, removed := c.e.changeOf(c.assigned, members)
		if !slices.Equal(added, c.added) || !slices.Equal(removed, c.removed) {
			t.Errorf("%s: added %v, removed %v", c.name, added, removed)
		}
	}
}
