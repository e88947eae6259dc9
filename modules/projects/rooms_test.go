package projects_test

import (
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// audience is a board with everyone on it who may follow it.
type audience struct {
	*boardtest.World
	project projects.Project
	friend  accounts.Actor
	tabs    map[string]*boardtest.Client
}

// gather makes a board of a visibility and lets everyone join who may.
func gather(t *testing.T, uri string, v projects.Visibility) *audience {
	t.Helper()
	w := boardtest.New(t, uri)
	friend := accounts.MakeUser(t, w.DB, "fred")
	befriend(t, w, w.Owner, friend)
	if _, err := w.Projects.SetVisibility(t.Context(), projects.By(w.Owner, w.Project.ID), v); err != nil {
		t.Fatal(err)
	}
	a := &audience{World: w, project: w.Project, friend: friend, tabs: map[string]*boardtest.Client{}}
	for name, by := range map[string]accounts.Actor{
		"owner": w.Owner, "owner2": w.Owner, "admin": w.Admin, "admin2": w.Admin, "reader": w.Reader,
		"friend": friend, "stranger": w.Stranger, "nobody": w.Nobody, "nobody2": w.Nobody,
	} {
		if _, err := w.Projects.Access(t.Context(), by, w.Project.ID); err == nil {
			a.tabs[name] = w.Connect(t, by)
			a.tabs[name].Join(t, w.Project.ID)
		}
	}
	return a
}

// heard is what each tab has received since the last call.
func (a *audience) heard(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for name, tab := range a.tabs {
		all[name] = tab.Heard(t)
	}
	return all
}

// check makes a change on the board and fails unless those, and only those,
// receive it.
func (a *audience) check(t *testing.T, when string, stillThere ...string) {
	t.Helper()
	a.heard(t)
	record(t, a.World, 1)
	for name, events := range a.heard(t) {
		var want []string
		if slices.Contains(stillThere, name) {
			want = []string{"tested"}
		}
		if !slices.Equal(events, want) {
			t.Errorf("%s: %s heard %v, want %v", when, name, events, want)
		}
	}
}

var everyone = []string{"owner", "owner2", "admin", "admin2", "reader", "friend", "stranger", "nobody", "nobody2"}

// without is everyone but some.
func without(some ...string) []string {
	return slices.DeleteFunc(slices.Clone(everyone), func(name string) bool { return slices.Contains(some, name) })
}

// TestReadersGetEvents checks that readers get events, also without an account, and
// change nothing.
func TestReadersGetEvents(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		a := gather(t, uri, projects.Public)
		a.check(t, "public", everyone...)
		before := a.Dump(t)
		for name, want := range map[string]string{"stranger": "forbidden", "friend": "forbidden", "nobody": "unauthenticated"} {
			tab := a.tabs[name]
			for _, event := range []string{"create_list", "edit_project_name_and_desc", "delete_project", "change_project_visibility"} {
				argument := fmt.Sprintf(`{"projectId":%d,"id":%d,"name":"n","listDesc":"","projectDesc":"","value":"private","attachedFiles":{}}`, a.project.ID, a.project.ID)
				if ack := tab.Call(t, event, argument); ack.Error != want {
					t.Errorf("%s: %s: %+v, want %s", name, event, ack, want)
				}
			}
			if ack := tab.Call(t, "sync_project", fmt.Sprintf(`{"projectId":%d,"sinceRev":0}`, a.project.ID)); !ack.OK {
				t.Errorf("%s cannot catch up: %+v", name, ack)
			}
		}
		a.SameDump(t, before)
		for name, events := range a.heard(t) {
			if len(events) > 0 {
				t.Errorf("%s heard %v", name, events)
			}
		}
	})
}

// TestRoomRemovesUnauthorized checks that a person without permission is removed from the
// room at once, in all tabs, and that others stay.
func TestRoomRemovesUnauthorized(t *testing.T) {
	for _, tt := range []struct {
		name string
		from projects.Visibility
		lose func(t *testing.T, a *audience) error
		gone []string
	}{
		{"the board becomes private", projects.Public, func(t *testing.T, a *audience) error {
			_, err := a.Projects.SetVisibility(t.Context(), projects.By(a.Owner, a.project.ID), projects.Private)
			return err
		}, []string{"friend", "stranger", "nobody", "nobody2"}},
		{"the board is for friends", projects.Public, func(t *testing.T, a *audience) error {
			_, err := a.Projects.SetVisibility(t.Context(), projects.By(a.Owner, a.project.ID), projects.FriendsOnly)
			return err
		}, []string{"stranger", "nobody", "nobody2"}},
		{"somebody is removed", projects.Public, func(t *testing.T, a *audience) error {
			_, err := a.Projects.Remove(t.Context(), projects.By(a.Owner, a.project.ID), a.Admin.UserID)
			return err
		}, []string{"admin", "admin2"}},
		{"somebody leaves", projects.Public, func(t *testing.T, a *audience) error {
			_, err := a.Projects.Remove(t.Context(), projects.By(a.Reader, a.project.ID), a.Reader.UserID)
			return err
		}, []string{"reader"}},
		{"a friendship ends", projects.FriendsOnly, func(t *testing.T, a *audience) error {
			return a.Friends.Remove(t.Context(), a.friend, a.Owner.UserID)
		}, []string{"friend"}},
		{"another owner has other friends", projects.FriendsOnly, func(t *testing.T, a *audience) error {
			return a.Projects.Transfer(t.Context(), projects.By(a.Owner, a.project.ID), a.Admin.Name)
		}, []string{"friend"}},
		{"a friendship ends and everybody may look", projects.Public, func(t *testing.T, a *audience) error {
			return a.Friends.Remove(t.Context(), a.friend, a.Owner.UserID)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			testenv.EachMigrated(t, func(t *testing.T, uri string) {
				a := gather(t, uri, tt.from)
				a.heard(t)
				if err := tt.lose(t, a); err != nil {
					t.Fatal(err)
				}
				for name, events := range a.heard(t) {
					closed := len(events) > 0 && events[len(events)-1] == "project_closed"
					if closed != slices.Contains(tt.gone, name) {
						t.Errorf("%s heard %v", name, events)
					}
				}
				a.check(t, "afterwards", without(tt.gone...)...)
			})
		})
	}
}

// TestADeletedProjectHasNoRoom: everyone who follows it is notified once.
func TestADeletedProjectHasNoRoom(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		a := gather(t, uri, projects.Public)
		a.heard(t)
		if err := a.Projects.Delete(t.Context(), a.Owner, a.project.ID, nil); err != nil {
			t.Fatal(err)
		}
		for name, events := range a.heard(t) {
			if !slices.Equal(events, []string{"project_deleted"}) {
				t.Errorf("%s heard %v", name, events)
			}
			if ack := a.tabs[name].Call(t, "join_project_room", fmt.Sprint(a.project.ID)); ack.Error != "notFound" {
				t.Errorf("%s joins what is gone: %+v", name, ack)
			}
		}
	})
}
