package projects_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// verbs are all ways to change a project itself, by those who may: the owner,
// unless it is about leaving.
func verbs(w *boardtest.World, id int64) map[projects.Action][]func(ctx context.Context, by accounts.Actor) error {
	s := w.Projects
	return map[projects.Action][]func(ctx context.Context, by accounts.Actor) error{
		projects.EditDetails: {func(ctx context.Context, by accounts.Actor) error {
			_, err := s.Edit(ctx, projects.By(by, id), projects.Edit{Name: "other", Desc: "new"})
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			// The rules are not public.
			_, err := s.Edit(ctx, projects.By(by, id), projects.Edit{Name: "!"})
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			_, err := s.SetColour(ctx, projects.By(by, id), "dusk")
			return err
		}},
		projects.SetVisibility: {func(ctx context.Context, by accounts.Actor) error {
			_, err := s.SetVisibility(ctx, projects.By(by, id), projects.Public)
			return err
		}},
		projects.ManageMembers: {func(ctx context.Context, by accounts.Actor) error {
			_, err := s.SetRole(ctx, projects.By(by, id), w.Reader.UserID, projects.RoleAdmin)
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			who := w.Reader.UserID
			if by.UserID == who {
				who = w.Admin.UserID
			}
			_, err := s.Remove(ctx, projects.By(by, id), who)
			return err
		}},
		projects.AddMembers: {func(ctx context.Context, by accounts.Actor) error {
			_, err := s.AddFriend(ctx, projects.By(by, id), w.Stranger.Name, projects.RoleAdmin)
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			_, err := s.AddableFriends(ctx, by, id)
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			_, err := s.InviteLinks(ctx, by, id)
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			_, err := s.RenewInviteLink(ctx, by, id, projects.RoleAdmin)
			return err
		}, func(ctx context.Context, by accounts.Actor) error {
			return s.SwitchInviteLink(ctx, by, id, projects.RoleAdmin, false)
		}},
		projects.Transfer: {func(ctx context.Context, by accounts.Actor) error {
			return s.Transfer(ctx, projects.By(by, id), w.Admin.Name)
		}},
		projects.Delete: {func(ctx context.Context, by accounts.Actor) error {
			return s.Delete(ctx, by, id, nil)
		}},
	}
}

func TestOnlyTheOwnerManagesAProject(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		open := w.MakeProject(t, "open", false)
		for _, p := range []projects.Project{w.Project, open} {
			before := w.Dump(t)
			for action, calls := range verbs(w, p.ID) {
				for i, call := range calls {
					for who, by := range map[string]accounts.Actor{"admin": w.Admin, "reader": w.Reader, "stranger": w.Stranger, "nobody": w.Nobody} {
						want := errs.Forbidden
						if p.ID == w.Project.ID && (who == "stranger" || who == "nobody") {
							want = errs.NotFound
						}
						if err := call(t.Context(), by); errs.KindOf(err) != want {
							t.Errorf("%s, %s %d in %s: %v, want %s", who, action, i, p.Name, err, want)
						}
					}
				}
			}
			w.SameDump(t, before)
		}
	})
}

func TestEditingNameAndDescription(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.MakeProject(t, "other", true)
		var renamed []projects.Renamed
		events.On(w.Deps.Bus, func(_ context.Context, e projects.Renamed) error { renamed = append(renamed, e); return nil })
		for _, tt := range []struct {
			name, desc string
			kind       errs.Kind
			field      string
		}{
			{"OTHER", "", errs.Conflict, "name"},
			{"ab", "", errs.Invalid, "name"},
			{"line\n", "", errs.Invalid, "name"},
			{"Settings", "", errs.Invalid, "name"},
			{"fine", strings.Repeat("ä", 129), errs.Invalid, "desc"},
			{"fine", "a\x00b", errs.Invalid, "desc"},
			{"b_ard", "two\n\tlines", "", ""},
			{"BOARD", "same name, other case", "", ""}, // itself is no other project (defect D28)
			{"BOARD", strings.Repeat("ä", 128), "", ""},
		} {
			rev := w.Rev(t, w.Project)
			_, err := w.Projects.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), projects.Edit{Name: tt.name, Desc: tt.desc})
			var e *errs.Error
			if tt.kind != "" {
				if !errors.As(err, &e) || e.Kind != tt.kind || e.Fields[tt.field].Key == "" || w.Rev(t, w.Project) != rev {
					t.Errorf("%q: %v, want %s of %s", tt.name, err, tt.kind, tt.field)
				}
				continue
			}
			in, readErr := w.Projects.AccessByPath(t.Context(), w.Owner, "olive", tt.name)
			if err != nil || readErr != nil || in.Name != tt.name || in.ProjectDesc != tt.desc || in.Rev != rev+1 {
				t.Errorf("%q: %v, %+v", tt.name, errors.Join(err, readErr), in)
			}
		}
		want := []projects.Renamed{{w.Project.ID, "olive", "b_ard", "b_ard"}, {w.Project.ID, "olive", "BOARD", "BOARD"}}
		if !slices.Equal(renamed, want) {
			t.Errorf("told of %v, want %v", renamed, want)
		}
	})
}

func TestTitles(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		create := func(title, name string) (projects.Project, error) {
			return w.Projects.Create(t.Context(), w.Owner, projects.Draft{Title: title, Name: name})
		}
		longest := strings.Repeat("🚀", 64)
		for _, tt := range []struct{ title, typed, wantTitle, wantName string }{
			{"Website Relaunch 🚀", "", "Website Relaunch 🚀", "website-relaunch"},
			{" \tÜber uns\u202e ", "", "Über uns", "ueber-uns"},
			{"cafe\u0301", "", "cafe\u0301", "cafe"},
			{"שלום", "", "שלום", "board-2"}, // the world has a board
			{longest, "own-name", longest, "own-name"},
			{"", "only-name", "only-name", "only-name"},
		} {
			p, err := create(tt.title, tt.typed)
			if e := errs.As(err); err != nil && e.Kind == errs.Conflict {
				p, err = create(tt.title, fmt.Sprint(e.Current["name"]))
			}
			if err != nil {
				t.Fatalf("%q: %v", tt.title, err)
			}
			in, err := w.Projects.Access(t.Context(), w.Owner, p.ID)
			if err != nil || in.Called() != tt.wantTitle || in.Name != tt.wantName {
				t.Errorf("%q is called %q at %s, %v", tt.title, in.Called(), in.URL(), err)
			}
		}
		for title, field := range map[string]string{longest + "x": "title", "\u200b": "title", "a\x00b": "title"} {
			if _, err := create(title, "fine-name"); errs.KindOf(err) != errs.Invalid || errs.As(err).Fields[field].Key == "" {
				t.Errorf("title %q: %v", title, err)
			}
		}
		// A name that was typed is taken as it is: no other one is suggested.
		if _, err := create("Something", "own-name"); errs.KindOf(err) != errs.Conflict || errs.As(err).Current != nil {
			t.Errorf("a taken name: %v", err)
		}
	})
}

func TestEditingTheTitle(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		by := projects.By(w.Owner, w.Project.ID)
		var happened []projects.Happened
		events.On(w.Deps.Bus, func(_ context.Context, e projects.Happened) error { happened = append(happened, e); return nil })
		edit := func(e projects.Edit) error {
			t.Helper()
			_, err := w.Projects.Edit(t.Context(), by, e)
			return err
		}
		expect := func(what, title, name string) {
			t.Helper()
			in, err := w.Projects.Access(t.Context(), w.Owner, w.Project.ID)
			if err != nil || in.Called() != title || in.Name != name {
				t.Errorf("%s: called %q at %s, %v", what, in.Called(), in.Name, err)
			}
			all := w.Events(t, w.Project, 0)
			last := string(all[len(all)-1].Payload)
			if want := fmt.Sprintf(`"title":%q`, title); !strings.Contains(last, want) || !strings.Contains(last, fmt.Sprintf(`"name":%q`, name)) {
				t.Errorf("%s: the event is %s", what, last)
			}
		}
		title := func(s string) *string { return &s }
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(edit(projects.Edit{Name: "plans"}))
		expect("a 2.x client renames a project without a title of its own", "plans", "plans")
		must(edit(projects.Edit{Title: title(" Our Plans 🌱 "), Name: "plans"}))
		expect("a title", "Our Plans 🌱", "plans")
		must(edit(projects.Edit{Name: "our-plans"}))
		expect("a 2.x client renames a project with a title", "Our Plans 🌱", "our-plans")
		must(edit(projects.Edit{Title: title("Plans"), BaseTitle: title("Our Plans 🌱"), Name: "our-plans"}))
		expect("from what is there", "Plans", "our-plans")
		// The description is edited by someone who saw an older title.
		must(edit(projects.Edit{Title: title("Our Plans 🌱"), BaseTitle: title("Our Plans 🌱"), Name: "our-plans", Desc: "new"}))
		expect("an untouched title", "Plans", "our-plans")
		err := edit(projects.Edit{Title: title("Mine"), BaseTitle: title("Our Plans 🌱"), Name: "our-plans", Desc: "new"})
		if e := errs.As(err); errs.KindOf(err) != errs.Conflict || e.Fields["title"].Key == "" || e.Current["title"] != "Plans" {
			t.Errorf("two titles at once: %v", err)
		}
		for _, bad := range []string{"", " ", "\u200b", strings.Repeat("ä", 65), "a\x00"} {
			if err := edit(projects.Edit{Title: &bad, Name: "our-plans"}); errs.KindOf(err) != errs.Invalid || errs.As(err).Fields["title"].Key == "" {
				t.Errorf("title %q: %v", bad, err)
			}
		}
		var told []string
		for _, e := range happened {
			if e.Kind == "projects.renamed" {
				details, _ := json.Marshal(e.Details)
				told = append(told, e.Name+" "+string(details))
			}
		}
		want := []string{`plans {"oldName":"board"}`, `Our Plans 🌱 {"oldName":"plans"}`, `Plans {"oldName":"Our Plans 🌱"}`}
		if !slices.Equal(told, want) {
			t.Errorf("the history has %q, want %q", told, want)
		}
		// A row of a version without titles.
		must(w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE project SET title = '' WHERE id = ?", w.Project.ID).Error
		}))
		must(edit(projects.Edit{Name: "old-row"}))
		expect("a row without a title", "old-row", "old-row")
		// What was typed to confirm is the title or the name in the address.
		must(edit(projects.Edit{Title: title("The End 🎬"), Name: "old-row"}))
		if err := w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, title("The End")); errs.KindOf(err) != errs.Invalid {
			t.Errorf("deleted by another text: %v", err)
		}
		must(w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, title(" The End 🎬 ")))
	})
}

func TestTransfer(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		create := func(by accounts.Actor, name string) {
			if _, err := w.Projects.Create(t.Context(), by, projects.Draft{Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		create(w.Admin, "something-else") // owning anything is no obstacle (defect D13)
		create(w.Reader, "BOARD")
		for _, tt := range []struct {
			to   string
			kind errs.Kind
		}{
			{"steve", errs.Invalid},
			{"nobody-at-all", errs.Invalid},
			{"", errs.Invalid},
			{"olive", errs.Invalid},
			{"rita", errs.Conflict},
		} {
			err := w.Projects.Transfer(t.Context(), projects.By(w.Owner, w.Project.ID), tt.to)
			if e := errs.As(err); e == nil || e.Kind != tt.kind || e.Fields["nameOrEmail"].Key == "" {
				t.Errorf("to %q: %v, want %s", tt.to, err, tt.kind)
			}
		}
		after := w.Rev(t, w.Project)
		if err := w.Projects.Transfer(t.Context(), projects.By(w.Owner, w.Project.ID), " adam@example.org "); err != nil {
			t.Fatal(err)
		}
		in, err := w.Projects.AccessByPath(t.Context(), w.Admin, "adam", "board")
		if err != nil || in.ID != w.Project.ID || in.Role != projects.RoleOwner {
			t.Fatalf("new owner: %+v, %v", in, err)
		}
		if in, err := w.Projects.Access(t.Context(), w.Owner, w.Project.ID); err != nil || in.Role != projects.RoleAdmin {
			t.Errorf("old owner: %q, %v", in.Role, err)
		}
		if got, want := members(t, w, in.Project), []string{"adam:owner", "olive:admin", "rita:access-only"}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
		var names []string
		for _, e := range w.Events(t, w.Project, after) {
			names = append(names, e.Name)
		}
		if want := []string{"update_project_attributes", "project_collab_role_changed", "project_collab_role_changed"}; !slices.Equal(names, want) {
			t.Errorf("events %v, want %v", names, want)
		}
	})
}

func members(t *testing.T, w *boardtest.World, p projects.Project) []string {
	t.Helper()
	all, err := w.Projects.Members(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, m.Name+":"+string(m.Role))
	}
	return names
}

func TestRolesAndRemoval(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		for role, want := range map[projects.Role]errs.Kind{"owner": errs.Invalid, "no-role": errs.Invalid, "": errs.Invalid, "ADMIN": errs.Invalid, "admin": ""} {
			if _, err := w.Projects.SetRole(ctx, projects.By(w.Owner, id), w.Reader.UserID, role); errs.KindOf(err) != want {
				t.Errorf("role %q: %v, want %q", role, err, want)
			}
		}
		for who, by := range map[string]accounts.Actor{"stranger": w.Stranger, "owner": w.Owner} {
			if _, err := w.Projects.SetRole(ctx, projects.By(w.Owner, id), by.UserID, projects.RoleAdmin); errs.KindOf(err) != errs.NotFound {
				t.Errorf("role of the %s: %v", who, err)
			}
		}
		if got, want := members(t, w, w.Project), []string{"olive:owner", "adam:admin", "rita:admin"}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
		if _, err := w.Projects.Remove(ctx, projects.By(w.Owner, id), w.Owner.UserID); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("the owner leaves: %v", err)
		}
		if _, err := w.Projects.Remove(ctx, projects.By(w.Owner, id), w.Stranger.UserID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a stranger is removed: %v", err)
		}
		if _, err := w.Projects.Remove(ctx, projects.By(w.Admin, id), w.Admin.UserID); err != nil {
			t.Errorf("leaving: %v", err)
		}
		if _, err := w.Projects.Invitation(ctx, w.Admin, w.Project.InviteAsAdminCode); err != nil {
			t.Errorf("the link still leads there after somebody left: %v", err)
		}
		if _, err := w.Projects.Remove(ctx, projects.By(w.Owner, id), w.Reader.UserID); err != nil {
			t.Errorf("removing: %v", err)
		}
		for _, code := range []string{w.Project.InviteCode, w.Project.InviteAsAdminCode} {
			if _, _, err := w.Projects.Join(ctx, w.Reader, code); errs.KindOf(err) != errs.NotFound {
				t.Errorf("whoever was removed comes back by an old link: %v", err)
			}
		}
		if got, want := members(t, w, w.Project), []string{"olive:owner"}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
	})
}

func TestAddingAFriend(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		add := func(who string, role projects.Role) *errs.Error {
			_, err := w.Projects.AddFriend(t.Context(), projects.By(w.Owner, w.Project.ID), who, role)
			return errs.As(err)
		}
		befriend(t, w, w.Owner, w.Reader)
		unknown := add("nobody-at-all", projects.RoleAdmin)
		for _, who := range []string{"steve", "steve@example.org", "olive", "", "rita"} {
			if e := add(who, projects.RoleAdmin); e == nil || e.Kind != errs.Invalid || e.Fields["friendNameOrEmail"].Key == "" {
				t.Errorf("%q: %v", who, e)
			} else if who != "rita" && e.Fields["friendNameOrEmail"].Key != unknown.Fields["friendNameOrEmail"].Key {
				t.Errorf("the answer tells that there is somebody called %q", who)
			}
		}
		befriend(t, w, w.Owner, w.Stranger)
		if got, want := addable(t, w), []string{"steve"}; !slices.Equal(got, want) {
			t.Errorf("the owner can add %v, want %v: rita is a member already", got, want)
		}
		if e := add("steve", "owner"); e == nil || e.Fields["role"].Key == "" {
			t.Errorf("as an owner: %v", e)
		}
		if e := add(" STEVE ", projects.RoleAccessOnly); e != nil {
			t.Fatal(e)
		}
		if got, want := members(t, w, w.Project), []string{"olive:owner", "adam:admin", "rita:access-only", "steve:access-only"}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
		if got := addable(t, w); len(got) != 0 {
			t.Errorf("the owner can add %v, who are members already", got)
		}
	})
}

func addable(t *testing.T, w *boardtest.World) []string {
	t.Helper()
	friends, err := w.Projects.AddableFriends(t.Context(), w.Owner, w.Project.ID)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range friends {
		names = append(names, f.Name)
	}
	return names
}

func befriend(t *testing.T, w *boardtest.World, a, b accounts.Actor) {
	t.Helper()
	mustExec(t, w, "INSERT INTO friendship (user_id, friend_id) VALUES (?, ?), (?, ?)", a.UserID, b.UserID, b.UserID, a.UserID)
}

func TestInvitationLinksAreRenewedAndSwitchedOff(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		leads := func(code string) bool {
			inv, err := w.Projects.Invitation(ctx, w.Stranger, code)
			return err == nil && inv.End == ""
		}
		noError := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		admin, reader := w.Project.InviteAsAdminCode, w.Project.InviteCode
		noError(w.Projects.SwitchInviteLink(ctx, w.Owner, id, projects.RoleAdmin, false))
		if leads(admin) || !leads(reader) {
			t.Error("the wrong link was switched off")
		}
		if _, _, err := w.Projects.Join(ctx, w.Stranger, admin); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a link that is off: %v", err)
		}
		noError(w.Projects.SwitchInviteLink(ctx, w.Owner, id, projects.RoleAdmin, true))
		if !leads(admin) {
			t.Error("it is not the same link when it is on again")
		}
		noError(w.Projects.SwitchInviteLink(ctx, w.Owner, id, projects.RoleAccessOnly, false))
		renewed, err := w.Projects.RenewInviteLink(ctx, w.Owner, id, projects.RoleAccessOnly)
		noError(err)
		if leads(reader) || !leads(renewed.Code) || !leads(admin) {
			t.Error("renewing: the old link leads there, or the new one does not")
		}
		links, err := w.Projects.InviteLinks(ctx, w.Owner, id)
		noError(err)
		want := []projects.InviteLink{{projects.RoleAdmin, admin, true}, {projects.RoleAccessOnly, renewed.Code, true}}
		if !slices.Equal(links, want) {
			t.Errorf("links %v, want %v", links, want)
		}
		for _, role := range []projects.Role{"owner", "", "no-role"} {
			_, err := w.Projects.RenewInviteLink(ctx, w.Owner, id, role)
			if errs.KindOf(err) != errs.Invalid || errs.KindOf(w.Projects.SwitchInviteLink(ctx, w.Owner, id, role, true)) != errs.Invalid {
				t.Errorf("link for %q: %v", role, err)
			}
		}
	})
}

func TestOwnedProjects(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.MakeProject(t, "open", false)
		if _, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "alone", Private: true}); err != nil {
			t.Fatal(err)
		}
		forFriends := w.MakeProject(t, "for-friends", true)
		mustExec(t, w, "UPDATE project SET visibility = 'friends' WHERE id = ?", forFriends.ID)
		mustExec(t, w, "DELETE FROM project_collaborator_link WHERE project_id = ?", forFriends.ID)
		friend := accounts.MakeUser(t, w.DB, "fred")
		befriend(t, w, w.Owner, friend)
		owner := accounts.Person{ID: w.Owner.UserID, Name: w.Owner.Name}
		for who, tt := range map[string]struct {
			by   accounts.Actor
			want []string
		}{
			"owner":    {w.Owner, []string{"alone", "board", "for-friends", "open"}},
			"admin":    {w.Admin, []string{"board", "open"}},
			"friend":   {friend, []string{"for-friends", "open"}},
			"stranger": {w.Stranger, []string{"open"}},
			"nobody":   {w.Nobody, []string{"open"}},
		} {
			seen, err := w.Projects.OwnedBy(t.Context(), tt.by, owner)
			var names []string
			for _, p := range seen {
				names = append(names, p.Name)
			}
			if err != nil || !slices.Equal(names, tt.want) {
				t.Errorf("%s sees %v (%v), want %v", who, names, err, tt.want)
			}
		}
		owned, err := w.Projects.Owned(t.Context(), w.Owner)
		if err != nil || len(owned) != 4 || len(owned[0].Collaborators) != 0 || len(owned[1].Collaborators) != 2 || owned[1].Collaborators[0].Name != "adam" {
			t.Errorf("owned: %+v, %v", owned, err)
		}
	})
}

// TestRenameAndDeletionOfMembers: a new name leads to new addresses, and whoever
// deletes their account leaves nothing behind and takes nothing of others away.
func TestRenameAndDeletionOfMembers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		publish := func(e any, statements ...string) {
			t.Helper()
			err := w.DB.InTx(ctx, func(ctx context.Context) error {
				for _, query := range statements {
					if err := w.DB.From(ctx).Exec(query).Error; err != nil {
						return err
					}
				}
				return w.Deps.Bus.Publish(ctx, e)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		theirs, err := w.Projects.Create(ctx, w.Admin, projects.Draft{Name: "theirs", Private: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Projects.Join(ctx, w.Owner, theirs.InviteCode); err != nil {
			t.Fatal(err)
		}
		after := w.Rev(t, w.Project)
		publish(accounts.Renamed{UserID: w.Owner.UserID, OldName: "olive", NewName: "Oliver", Person: accounts.Person{ID: w.Owner.UserID, Name: "Oliver"}},
			"UPDATE user SET name = 'Oliver' WHERE name = 'olive'")
		if in, err := w.Projects.AccessByPath(ctx, w.Reader, "oliver", "board"); err != nil || in.URL() != "/Oliver/board" {
			t.Errorf("the renamed owner's project: %s, %v", in.URL(), err)
		}
		if got := w.Events(t, w.Project, after); len(got) != 2 || !strings.Contains(string(got[0].Payload), `"ownerName":"Oliver"`) {
			t.Errorf("the board heard %v", got)
		}
		after = w.Rev(t, theirs)
		publish(accounts.Deleting{UserID: w.Owner.UserID, Name: "Oliver"})
		if _, err := w.Projects.Access(ctx, w.Reader, w.Project.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a project without an owner: %v", err)
		}
		if got := members(t, w, theirs); !slices.Equal(got, []string{"adam:owner"}) {
			t.Errorf("members %v", got)
		}
		in, err := w.Projects.Access(ctx, w.Admin, theirs.ID)
		if err != nil || in.Rev != after+1 {
			t.Errorf("the other project: rev %d after %d, %v", in.Rev, after, err)
		}
		for _, table := range []string{"project WHERE owner_id", "project_collaborator_link WHERE user_id"} {
			var n int
			if err := w.DB.From(ctx).Raw("SELECT COUNT(*) FROM "+table+" = ?", w.Owner.UserID).Scan(&n).Error; err != nil || n != 0 {
				t.Errorf("%d rows of %s, %v", n, table, err)
			}
		}
	})
}

func TestDeleteConfirmsName(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		for _, typed := range []string{"", "Board", "boar"} {
			if err := w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, &typed); errs.As(err) == nil || errs.As(err).Fields["confirmName"].Key == "" {
				t.Errorf("%q: %v", typed, err)
			}
		}
		typed := " board "
		if err := w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, &typed); err != nil {
			t.Fatal(err)
		}
		if err := w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, &typed); errs.KindOf(err) != errs.NotFound {
			t.Errorf("twice: %v", err)
		}
	})
}
