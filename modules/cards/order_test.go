package cards

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"taskstack.org/internal/oldclient"
)

// open is an old page that shows cards in an order.
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

// randomBoard is up to four lists with numbered cards.
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

// TestBlocksEndWhereTheContractSays checks moves of any number of cards, one
// included, against the contract's words: take them out, put them in as one
// block; and against an old page that sees only the single steps.
func TestBlocksEndWhereTheContractSays(t *testing.T) {
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
		for _, e := range eventsOf(steps) {
			raw, err := json.Marshal(e.Payload)
			if err != nil {
				t.Fatal(err)
			}
			if err := page.Apply(e.Name, raw); err != nil {
				t.Fatal(err)
			}
			// In between, too, the page shows what it knows.
			if err := page.Check(); err != nil {
				t.Fatalf("after %s: %v", raw, err)
			}
		}
		if err := oldclient.Same(page, open(t, after)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheContractsArithmeticForCards(t *testing.T) {
	board := order{1: {10, 11, 12}, 2: {20, 21}}
	for _, c := range []struct {
		name     string
		id       int64
		from, to int64
		pos, at  int
		d        []Delta
	}{
		{"down its list", 10, 1, 1, 2, 2, []Delta{{11, 1, -1}, {12, 1, -1}}},
		{"up its list", 12, 1, 1, 0, 0, []Delta{{10, 1, 1}, {11, 1, 1}}},
		{"nowhere", 11, 1, 1, 1, 1, []Delta{}},
		{"beyond its list's end", 10, 1, 1, 3, 2, []Delta{{11, 1, -1}, {12, 1, -1}}},
		{"to another list", 10, 1, 2, 1, 1, []Delta{{11, 1, -1}, {12, 1, -1}, {21, 2, 1}}},
		{"to another list's end", 12, 1, 2, 2, 2, []Delta{}},
		{"far beyond it", 12, 1, 2, 99, 2, []Delta{}},
		{"before its start", 12, 1, 2, -5, 0, []Delta{{20, 2, 1}, {21, 2, 1}}},
	} {
		s := board.clone().move(c.id, c.from, c.to, c.pos)
		if s.Pos != c.at || !slices.Equal(s.Deltas, c.d) {
			t.Errorf("%s: at %d, %v", c.name, s.Pos, s.Deltas)
		}
	}
}

func TestMembersThatReallyChange(t *testing.T) {
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
