package cards_test

import (
	"testing"

	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
)

// TestTwoCardsThatLookDifferentHaveDifferentLooks: whatever the card's template
// shows must be part of its look, or the board would show an old card.
func TestTwoCardsThatLookDifferentHaveDifferentLooks(t *testing.T) {
	ana, ben := projects.Member{Name: "ana", PicURL: "/a.png"}, projects.Member{Name: "ben", PicURL: "/b.png"}
	base := cards.View{ID: 1, Name: "Name", Members: []projects.Member{ana, ben}}
	looks := map[string]string{base.Look(true): "the card itself"}
	for what, change := range map[string]func(v *cards.View){
		"id":             func(v *cards.View) { v.ID = 2 },
		"name":           func(v *cards.View) { v.Name = "Name2" },
		"description":    func(v *cards.View) { v.HasDesc = true },
		"files":          func(v *cards.View) { v.Files = []files.View{{Name: "x"}} },
		"no members":     func(v *cards.View) { v.Members = nil },
		"member order":   func(v *cards.View) { v.Members = []projects.Member{ben, ana} },
		"member's name":  func(v *cards.View) { v.Members = []projects.Member{{Name: "anna", PicURL: "/a.png"}, ben} },
		"member picture": func(v *cards.View) { v.Members = []projects.Member{{Name: "ana", PicURL: "/c.png"}, ben} },
		"member's id":    func(v *cards.View) { v.Members = []projects.Member{{ID: 7, Name: "ana", PicURL: "/a.png"}, ben} },
		"quotes": func(v *cards.View) {
			v.Members = []projects.Member{{Name: `ana""/a.png""ben`, PicURL: "/b.png"}}
		},
	} {
		v := base
		change(&v)
		if other, ok := looks[v.Look(true)]; ok {
			t.Errorf("%s: looks like %s", what, other)
		}
		looks[v.Look(true)] = what
	}
	if looks[base.Look(false)] != "" {
		t.Error("a card one may change looks like one one may not")
	}
}
