package projects_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"reflect"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// TestNameAndPictureOnBoards: another name or picture of a member is an event
// of every board they are on, whatever they are there, and of no other; and it
// is what the board shows when it is loaded.
func TestNameAndPictureOnBoards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		own, err := w.Projects.Create(t.Context(), w.Admin, projects.Draft{Name: "own", Private: true})
		must(t, err)
		_, _, err = w.Projects.Join(t.Context(), w.Owner, own.InviteCode)
		must(t, err)
		foreign := w.MakeProject(t, "foreign", true)
		_, err = w.Projects.Remove(t.Context(), projects.By(w.Owner, foreign.ID), w.Admin.UserID)
		must(t, err)
		for what, change := range map[string]func(context.Context) error{
			"name": func(ctx context.Context) error {
				_, err := w.Accounts.Rename(ctx, w.Admin, "Zoe")
				return err
			},
			"display name": func(ctx context.Context) error {
				name := "Zoé 🌻"
				_, err := w.Accounts.EditProfile(ctx, w.Admin, accounts.ProfileEdit{DisplayName: &name})
				return err
			},
			"picture": func(ctx context.Context) error {
				_, err := w.Accounts.EditProfile(ctx, w.Admin, accounts.ProfileEdit{Picture: picture(t)})
				return err
			},
		} {
			before := map[int64]int64{}
			for _, p := range []projects.Project{w.Project, own, foreign} {
				before[p.ID] = w.Rev(t, p)
			}
			must(t, change(t.Context()))
			if w.Rev(t, foreign) != before[foreign.ID] {
				t.Errorf("%s: a board of others heard it", what)
			}
			for _, p := range []projects.Project{w.Project, own} {
				got := w.Events(t, p, before[p.ID])
				last := got[len(got)-1]
				all, err := w.Projects.MembersOf(t.Context(), p.ID)
				must(t, err)
				m := all[slices.IndexFunc(all, func(m projects.Member) bool { return m.ID == w.Admin.UserID })]
				var told projects.Member
				must(t, json.Unmarshal(last.Payload, &told))
				if told.Role = m.Role; last.Name != "project_collab_changed" || !reflect.DeepEqual(told, m) {
					t.Errorf("%s, %s: %v, told of %+v, is %+v", what, p.Name, got, told, m)
				}
				if want := what == "name" && p.ID == own.ID; len(got) != 1 && !want || (got[0].Name == "update_project_attributes") != want {
					t.Errorf("%s, %s: %v", what, p.Name, got)
				}
			}
		}
	})
}

// TestANewNameOnManyBoards takes as many statements as on few.
func TestANewNameOnManyBoards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		rename := func(name string) int64 {
			ctx, n := db.CountStatements(t.Context())
			_, err := w.Accounts.Rename(ctx, w.Reader, name)
			must(t, err)
			return n.Load()
		}
		few := rename("Zoe")
		for _, name := range []string{"one", "two", "three", "four", "five"} {
			w.MakeProject(t, name, true)
		}
		if many := rename("Zara"); many != few {
			t.Errorf("%d statements for one board, %d for six", few, many)
		}
	})
}

// TestJoinRacesAccountDeletion: a person whose account is deleted meanwhile is let in
// nowhere.
func TestJoinRacesAccountDeletion(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	gone := accounts.Actor{UserID: 1 << 40, Name: "gone"}
	if _, _, err := w.Projects.Join(t.Context(), gone, w.Project.InviteCode); errs.KindOf(err) != errs.NotFound {
		t.Errorf("joined: %v", err)
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))))
	return b.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
