package projects_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

func TestAccessByVisibility(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		open := w.MakeProject(t, "open", false)
		for _, tt := range []struct {
			who             string
			by              accounts.Actor
			private, public projects.Role
		}{
			{"owner", w.Owner, projects.RoleOwner, projects.RoleOwner},
			{"admin", w.Admin, projects.RoleAdmin, projects.RoleAdmin},
			{"reader", w.Reader, projects.RoleAccessOnly, projects.RoleAccessOnly},
			{"stranger", w.Stranger, projects.RoleNone, projects.RoleVisitor},
			{"nobody", w.Nobody, projects.RoleNone, projects.RoleVisitor},
		} {
			for p, want := range map[projects.Project]projects.Role{w.Project: tt.private, open: tt.public} {
				in, err := w.Projects.Access(t.Context(), tt.by, p.ID)
				if in.Role != want && err == nil || (err == nil) != (projects.Access{Project: p, Role: want}).Can(projects.Read) {
					t.Errorf("%s in %s: role %q, error %v, want role %q", tt.who, p.Name, in.Role, err, want)
				}
			}
		}
	})
}

// Friends of the owner may look at a project that is open to them, and only
// they.
func TestFriendsReadFriendsOnlyProject(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		mustExec(t, w, "UPDATE project SET visibility = 'friends' WHERE id = ?", w.Project.ID)
		if _, err := w.Projects.Access(t.Context(), w.Stranger, w.Project.ID); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("a stranger: %v", err)
		}
		mustExec(t, w, "INSERT INTO friendship (user_id, friend_id) VALUES (?, ?), (?, ?)",
			w.Owner.UserID, w.Stranger.UserID, w.Stranger.UserID, w.Owner.UserID)
		in, err := w.Projects.Access(t.Context(), w.Stranger, w.Project.ID)
		if err != nil || in.Role != projects.RoleVisitor {
			t.Fatalf("a friend: %q, %v", in.Role, err)
		}
		if _, err := w.Projects.Access(t.Context(), w.Nobody, w.Project.ID); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("somebody signed out: %v", err)
		}
	})
}

func mustExec(t *testing.T, w *boardtest.World, sql string, args ...any) {
	t.Helper()
	if err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(sql, args...).Error }); err != nil {
		t.Fatal(err)
	}
}

func TestNamesOfProjects(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		router, err := web.New(web.Options{Views: w.Deps.Views, Sessions: w.Deps.Sessions, Log: w.Deps.Log, Authenticate: web.NoViewer})
		must(t, err)
		w.Accounts.Routes(router) // healthz is a route
		for _, tt := range []struct {
			name, desc string
			kind       errs.Kind
			field      string
		}{
			{"ab", "", errs.Invalid, "name"},
			{strings.Repeat("a", 33), "", errs.Invalid, "name"},
			{"with space", "", errs.Invalid, "name"},
			{"line\n", "", errs.Invalid, "name"},
			{"Größe", "", errs.Invalid, "name"},
			{"", "", errs.Invalid, "name"},
			{"HISTORY", "", errs.Invalid, "name"},
			{"healthz", "", errs.Invalid, "name"},
			{"fine", strings.Repeat("ä", 129), errs.Invalid, "desc"},
			{"BOARD", "", errs.Conflict, "name"}, // "board" exists
			{"b_ard", "", "", ""},                // no wildcard (defect H11)
			{"fine-2_X", strings.Repeat("ä", 128), "", ""},
		} {
			_, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: tt.name, Desc: tt.desc})
			var e *errs.Error
			if tt.kind == "" {
				if err != nil {
					t.Errorf("%q: %v", tt.name, err)
				}
				continue
			}
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Fields[tt.field].Key == "" {
				t.Errorf("%q: got %v, want %s of %s", tt.name, err, tt.kind, tt.field)
			}
		}
		if _, err := w.Projects.Create(t.Context(), w.Nobody, projects.Draft{Name: "mine"}); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("somebody signed out: %v", err)
		}
		if _, err := w.Projects.Create(t.Context(), w.Admin, projects.Draft{Name: "board"}); err != nil {
			t.Errorf("the same name with another owner: %v", err)
		}
	})
}

func TestTwoProjectsOfOneNameAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		var made, refused atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "twice"})
				switch {
				case err == nil:
					made.Add(1)
				case errs.KindOf(err) == errs.Conflict:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || refused.Load() != 7 {
			t.Fatalf("made %d, refused %d", made.Load(), refused.Load())
		}
	})
}

func TestJoining(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "fresh", Private: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Projects.Join(t.Context(), w.Nobody, p.InviteCode); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("signed out: %v", err)
		}
		if _, _, err := w.Projects.Join(t.Context(), w.Stranger, "no such code"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a code nobody gave out: %v", err)
		}
		if _, _, err := w.Projects.Join(t.Context(), w.Stranger, ""); errs.KindOf(err) != errs.NotFound {
			t.Errorf("an empty code: %v", err)
		}
		if _, role, err := w.Projects.Join(t.Context(), w.Reader, p.InviteCode); err != nil || role != projects.RoleAccessOnly {
			t.Errorf("by the readers' link: %q, %v", role, err)
		}
		// A member keeps the role they have, and nothing is recorded.
		if _, role, err := w.Projects.Join(t.Context(), w.Reader, p.InviteAsAdminCode); err != nil || role != projects.RoleAccessOnly {
			t.Errorf("a second time: %q, %v", role, err)
		}
		if _, role, err := w.Projects.Join(t.Context(), w.Owner, p.InviteCode); err != nil || role != projects.RoleOwner {
			t.Errorf("the owner: %q, %v", role, err)
		}
		events, rev, complete, err := w.Projects.Missed(t.Context(), w.Owner, p.ID, 0)
		if err != nil || !complete || rev != 1 || len(events) != 1 || events[0].Name != "new_project_collab" {
			t.Fatalf("recorded: %v, rev %d, complete %v, %v", events, rev, complete, err)
		}
	})
}

// A person who opens a link in two tabs joins once.
func TestJoiningTwiceAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if _, _, err := w.Projects.Join(t.Context(), w.Stranger, w.Project.InviteCode); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		members, err := w.Projects.Members(t.Context(), w.Project)
		if err != nil || len(members) != 4 {
			t.Fatalf("members %v, %v", members, err)
		}
	})
}

func TestMembersComeOwnerFirstThenByName(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		members, err := w.Projects.Members(t.Context(), w.Project)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range members {
			names = append(names, m.Name+":"+string(m.Role))
		}
		if want := []string{"olive:owner", "adam:admin", "rita:access-only"}; !slices.Equal(names, want) {
			t.Fatalf("got %v, want %v", names, want)
		}
	})
}

func TestMissedEvents(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		start := record(t, w, 1)
		for range 2 {
			record(t, w, 200)
		}
		last := start + 400
		for _, tt := range []struct {
			name     string
			since    int64
			events   int
			complete bool
		}{
			{"nothing", last, 0, true},
			{"a few", last - 7, 7, true},
			{"as many as are sent one by one", last - 300, 300, true},
			{"too many", last - 301, 0, false},
			{"from the future", last + 1, 0, false},
		} {
			events, rev, complete, err := w.Projects.Missed(t.Context(), w.Reader, w.Project.ID, tt.since)
			if err != nil || len(events) != tt.events || complete != tt.complete || rev != last {
				t.Errorf("%s: %d events, rev %d, complete %v, %v", tt.name, len(events), rev, complete, err)
			}
		}
		mustExec(t, w, "DELETE FROM project_event WHERE project_id = ? AND rev = ?", w.Project.ID, last-3)
		if _, _, complete, err := w.Projects.Missed(t.Context(), w.Reader, w.Project.ID, last-5); err != nil || complete {
			t.Errorf("a log with a hole: complete %v, %v", complete, err)
		}
		if _, _, _, err := w.Projects.Missed(t.Context(), w.Reader, w.Project.ID, -1); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a negative number: %v", err)
		}
		for _, by := range []accounts.Actor{w.Stranger, w.Nobody} {
			if _, _, _, err := w.Projects.Missed(t.Context(), by, w.Project.ID, 0); errs.KindOf(err) != errs.NotFound {
				t.Errorf("a stranger reads the log: %v", err)
			}
		}
	})
}

// record makes n events in one change and returns the last number.
func record(t *testing.T, w *boardtest.World, n int) int64 {
	t.Helper()
	rev, err := w.Projects.Record(t.Context(), projects.By(w.Owner, w.Project.ID), projects.Write, func(context.Context, *projects.Change) ([]projects.Event, error) {
		return slices.Repeat([]projects.Event{{Name: "tested", Payload: struct{}{}}}, n), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

// TestRevisionsHaveNoGaps: whatever fails or succeeds at once, the log has
// every number once and the project the last of them.
func TestRevisionsHaveNoGaps(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		start := record(t, w, 1)
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for k := range 10 {
					_, err := w.Projects.Record(t.Context(), projects.By(w.Admin, w.Project.ID), projects.Write, func(context.Context, *projects.Change) ([]projects.Event, error) {
						if (i+k)%4 == 0 {
							return nil, boom
						}
						return []projects.Event{{Name: "tested"}}, nil
					})
					if err != nil && !errors.Is(err, boom) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		events, rev, complete, err := w.Projects.Missed(t.Context(), w.Owner, w.Project.ID, start)
		if err != nil || !complete || len(events) != 60 || rev != start+60 {
			t.Fatalf("%d events, rev %d (start %d), complete %v, %v", len(events), rev, start, complete, err)
		}
	})
}

func TestRecordRefuses(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		for _, tt := range []struct {
			who     string
			by      accounts.Actor
			project int64
			want    errs.Kind
		}{
			{"reader", w.Reader, w.Project.ID, errs.Forbidden},
			{"stranger", w.Stranger, w.Project.ID, errs.NotFound},
			{"nobody", w.Nobody, w.Project.ID, errs.NotFound},
			{"owner of something else", w.Owner, w.Project.ID + 1000, errs.NotFound},
		} {
			_, err := w.Projects.Record(t.Context(), projects.By(tt.by, tt.project), projects.Write, func(context.Context, *projects.Change) ([]projects.Event, error) {
				t.Errorf("%s: the change ran", tt.who)
				return nil, nil
			})
			if errs.KindOf(err) != tt.want {
				t.Errorf("%s: %v, want %s", tt.who, err, tt.want)
			}
		}
	})
}

func TestTheHomePageShowsOwnAndSharedProjects(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Fill(t, w.Project, 2, 3)
		public, private := w.MakeProject(t, "public", false), w.MakeProject(t, "private", true)
		of := func(by accounts.Actor, also ...int64) (owned, shared, others []string) {
			t.Helper()
			home, err := w.Projects.Home(t.Context(), by, also)
			if err != nil {
				t.Fatal(err)
			}
			for group, tiles := range map[*[]string][]projects.Tile{&owned: home.Owned, &shared: home.Collab, &others: home.Others} {
				for _, tile := range tiles {
					*group = append(*group, tile.Name)
				}
			}
			return owned, shared, others
		}
		home, err := w.Projects.Home(t.Context(), w.Owner, nil)
		if err != nil || len(home.Owned) != 3 {
			t.Fatalf("owner: %v, %v", home, err)
		}
		if got := home.Owned[0]; got.Counts["cards"] != 6 || got.Members != 3 || len(got.Faces) != 3 || got.Faces[0].ID != w.Owner.UserID || got.More() != 0 {
			t.Errorf("counts %v, members %d", got.Counts, got.Members)
		}
		if owned, shared, others := of(w.Reader, w.Project.ID); len(owned) != 0 || !slices.Equal(shared, []string{"board", "private", "public"}) || len(others) != 0 {
			t.Errorf("reader: %v, %v, %v", owned, shared, others)
		}
		if owned, shared, others := of(w.Stranger); len(owned)+len(shared)+len(others) != 0 {
			t.Errorf("stranger: %v, %v, %v", owned, shared, others)
		}
		// Of further projects those that the person may read.
		if _, _, others := of(w.Stranger, public.ID, private.ID, w.Project.ID, 987654); !slices.Equal(others, []string{"public"}) {
			t.Errorf("stranger, who asks for more: %v", others)
		}
		if _, err := w.Projects.SetVisibility(t.Context(), projects.By(w.Owner, public.ID), projects.FriendsOnly); err != nil {
			t.Fatal(err)
		}
		if _, _, others := of(w.Stranger, public.ID); len(others) != 0 {
			t.Errorf("stranger, for friends: %v", others)
		}
		for _, pair := range [][2]accounts.Actor{{w.Stranger, w.Owner}, {w.Owner, w.Stranger}} {
			if _, err := w.Friends.Send(t.Context(), pair[0], pair[1].Name); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, others := of(w.Stranger, public.ID); !slices.Equal(others, []string{"public"}) {
			t.Errorf("a friend: %v", others)
		}
	})
}

// TestInvitationsOfEveryWrongShape let no one in: the codes are compared as they
// are, whatever the database's collation ignores.
func TestInvitationsOfEveryWrongShape(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		for _, right := range []string{w.Project.InviteCode, w.Project.InviteAsAdminCode} {
			for what, wrong := range testenv.WrongShapes(right) {
				if _, err := w.Projects.Invitation(t.Context(), w.Stranger, wrong); errs.KindOf(err) != errs.NotFound {
					t.Errorf("looked up, %s: %v", what, err)
				}
				if _, _, err := w.Projects.Join(t.Context(), w.Stranger, wrong); errs.KindOf(err) != errs.NotFound {
					t.Errorf("joined, %s: %v", what, err)
				}
			}
		}
	})
}

// TestWordsOfAnAdoptedDatabase: an unknown role or visibility is the
// weakest one.
func TestWordsOfAnAdoptedDatabase(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		set := func(query string, args ...any) {
			t.Helper()
			if err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error }); err != nil {
				t.Fatal(err)
			}
		}
		for _, role := range []string{"owner", "ADMIN", "Admin", "admin ", "administrator", "default", "x", " "} {
			set("UPDATE project_collaborator_link SET user_role = ? WHERE user_id = ?", role, w.Admin.UserID)
			in, err := w.Projects.Access(t.Context(), w.Admin, w.Project.ID)
			if err != nil || in.Role != projects.RoleAccessOnly {
				t.Errorf("role %q: %q, %v", role, in.Role, err)
			}
			members, err := w.Projects.MembersOf(t.Context(), w.Project.ID)
			for _, m := range members {
				if m.ID == w.Admin.UserID && m.Role != projects.RoleAccessOnly {
					t.Errorf("role %q is shown as %q, %v", role, m.Role, err)
				}
			}
		}
		for _, v := range []string{"", "PUBLIC", "Public", "public ", "everyone", "friends\n", "x"} {
			set("UPDATE project SET visibility = ? WHERE id = ?", v, w.Project.ID)
			for _, by := range []accounts.Actor{w.Stranger, w.Nobody} {
				if in, err := w.Projects.Access(t.Context(), by, w.Project.ID); errs.KindOf(err) != errs.NotFound {
					t.Errorf("visibility %q: %q, %v", v, in.Role, err)
				}
			}
		}
	})
}
