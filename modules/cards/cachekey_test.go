package cards_test

import (
	"testing"

	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
)

// TestCacheKeyCoversTheTemplate checks that everything the card's template shows
// is part of the cache key; otherwise the board would show a stale card.
func TestCacheKeyCoversTheTemplate(t *testing.T) {
	key := func(v cards.View, canWrite bool) string {
		t.Helper()
		k, err := v.CacheKey(canWrite)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	part := func(name string, json, view any) cards.Parts {
		return cards.Parts{name: {JSON: json, View: view}}
	}
	ana, ben := projects.Member{Name: "ana", PicURL: "/a.png"}, projects.Member{Name: "ben", PicURL: "/b.png"}
	base := cards.View{ID: 1, Fields: cards.Fields{Name: "Name"}, Members: []projects.Member{ana, ben}}
	keys := map[string]string{key(base, true): "the card itself"}
	for what, change := range map[string]func(v *cards.View){
		"id":             func(v *cards.View) { v.ID = 2 },
		"name":           func(v *cards.View) { v.Name = "Name2" },
		"description":    func(v *cards.View) { v.Desc = "d" },
		"files":          func(v *cards.View) { v.Files = []files.View{{Name: "x"}} },
		"no members":     func(v *cards.View) { v.Members = nil },
		"member order":   func(v *cards.View) { v.Members = []projects.Member{ben, ana} },
		"member's name":  func(v *cards.View) { v.Members = []projects.Member{{Name: "anna", PicURL: "/a.png"}, ben} },
		"member picture": func(v *cards.View) { v.Members = []projects.Member{{Name: "ana", PicURL: "/c.png"}, ben} },
		"member's id":    func(v *cards.View) { v.Members = []projects.Member{{ID: 7, Name: "ana", PicURL: "/a.png"}, ben} },
		"quotes": func(v *cards.View) {
			v.Members = []projects.Member{{Name: `ana""/a.png""ben`, PicURL: "/b.png"}}
		},
		"a part":            func(v *cards.View) { v.Parts = part("votes", 1, nil) },
		"a part's JSON":     func(v *cards.View) { v.Parts = part("votes", 2, nil) },
		"a part's name":     func(v *cards.View) { v.Parts = part("points", 1, nil) },
		"what a part shows": func(v *cards.View) { v.Parts = part("votes", 1, "one") },
	} {
		v := base
		change(&v)
		if other, ok := keys[key(v, true)]; ok {
			t.Errorf("%s: has the key of %s", what, other)
		}
		keys[key(v, true)] = what
	}
	if keys[key(base, false)] != "" {
		t.Error("a card has the same key with and without the right to change it")
	}
	if _, err := (cards.View{Parts: part("votes", 1, func() {})}).CacheKey(true); err == nil {
		t.Error("a view that does not marshal has a key")
	}
}
