package lists

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"taskstack.org/internal/oldclient"
	"taskstack.org/platform/text"
)

// open returns a 2.x page that shows lists in an order.
func open(t *rapid.T, ids []int64) *oldclient.Board {
	lists := map[string]any{}
	for i, id := range ids {
		lists[strconv.FormatInt(id, 10)] = map[string]any{"pos": i, "attachedFiles": map[string]string{}, "cards": map[string]any{}}
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

func TestContractMovesOfLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 1000), 1, 12, rapid.ID[int64]).Draw(t, "ids")
		page := open(t, ids)
		for range rapid.IntRange(1, 5).Draw(t, "moves") {
			id := rapid.SampledFrom(ids).Draw(t, "id")
			pos := rapid.IntRange(-2, len(ids)+2).Draw(t, "pos")
			after, at := moveTo(ids, id, pos)
			raw, err := json.Marshal(map[string]any{"id": id, "pos": at, "otherListsPosChanges": deltas(ids, after, id)})
			if err != nil {
				t.Fatal(err)
			}
			if err := page.Apply("update_list_pos", raw); err != nil {
				t.Fatal(err)
			}
			if want := min(max(pos, 0), len(ids)-1); at != want || after[at] != id {
				t.Fatalf("at %d, want %d: %v", at, want, after)
			}
			ids = after
		}
		if err := oldclient.Same(page, open(t, ids)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestContractDeltasOfLists(t *testing.T) {
	ids := []int64{10, 11, 12, 13}
	for _, c := range []struct {
		name  string
		id    int64
		pos   int
		after []int64
		at    int
		d     []delta
	}{
		{"to the left", 13, 1, []int64{10, 13, 11, 12}, 1, []delta{{11, 1}, {12, 1}}},
		{"to the right", 10, 2, []int64{11, 12, 10, 13}, 2, []delta{{11, -1}, {12, -1}}},
		{"nowhere", 12, 2, ids, 2, []delta{}},
		{"beyond the end", 10, 4, []int64{11, 12, 13, 10}, 3, []delta{{11, -1}, {12, -1}, {13, -1}}},
		{"before the start", 11, -1, []int64{11, 10, 12, 13}, 0, []delta{{10, 1}}},
	} {
		after, at := moveTo(ids, c.id, c.pos)
		if d := deltas(ids, after, c.id); !slices.Equal(after, c.after) || at != c.at || !slices.Equal(d, c.d) {
			t.Errorf("%s: %v at %d, %v", c.name, after, at, d)
		}
	}
}

func TestDescriptions(t *testing.T) {
	long := strings.Repeat("ü", 2048)
	for desc, want := range map[string]text.Problem{
		"": text.NoProblem, "  ": text.NoProblem, "a\nb\r\n\tc": text.NoProblem, long: text.NoProblem,
		"a\x00": text.Unstorable, "a\x1b[0m": text.Unstorable, "a\xff": text.Unstorable, long + "x": text.TooLong,
	} {
		if got := DescProblemOf(desc); got != want {
			t.Errorf("%.20q: %v, want %v", desc, got, want)
		}
	}
}
