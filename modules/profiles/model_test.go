package profiles

import (
	"testing"

	"taskstack.org/modules/accounts"
)

func TestWhoSeesWhat(t *testing.T) {
	for _, tt := range []struct {
		name                string
		private, hidesEmail bool
		own, isFriend       bool
		seen, email         bool
	}{
		{"open, visitor", false, false, false, false, true, true},
		{"open but the address, visitor", false, true, false, false, true, false},
		{"open but the address, friend", false, true, false, true, true, false},
		{"private, visitor", true, false, false, false, false, false},
		{"private, friend", true, false, false, true, true, true},
		{"private with the address, friend", true, true, false, true, true, false},
		{"private with the address, own", true, true, true, false, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := accounts.Profile{Email: "ana@example.org", Private: tt.private, EmailPrivate: tt.hidesEmail}
			got, ok := seenBy(p, tt.own, tt.isFriend)
			if ok != tt.seen || (got.Email != "") != tt.email {
				t.Errorf("seen %v, address %q", ok, got.Email)
			}
		})
	}
}

func TestHiddenPeopleAreLeftOut(t *testing.T) {
	people := []accounts.Person{{ID: 1}, {ID: 2}, {ID: 3}, {ID: 4}}
	private := map[int64]bool{2: true, 3: true, 4: true}
	shown := withoutHidden(people, private, 3, map[int64]bool{4: true})
	if len(shown) != 3 || shown[0].ID != 1 || shown[1].ID != 3 || shown[2].ID != 4 {
		t.Errorf("shown: %v", shown)
	}
}
