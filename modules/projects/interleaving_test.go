package projects_test

import (
	"context"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// between returns a context in which change happens once, between the checks of
// a verb and the transaction that relies on them.
func between(t *testing.T, change func(ctx context.Context) error) context.Context {
	t.Helper()
	done := false
	return db.BeforeTx(t.Context(), func() {
		if done {
			return
		}
		done = true
		if err := change(t.Context()); err != nil {
			t.Errorf("the change in between: %v", err)
		}
	})
}

// TestJoinRacesRenewedInvitation checks that an invitation code, which is looked up before
// the transaction, must still be valid in it.
func TestJoinRacesRenewedInvitation(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		for name, end := range map[string]func(ctx context.Context, p projects.Project) error{
			"removed": func(ctx context.Context, p projects.Project) error {
				_, err := w.Projects.Remove(ctx, projects.By(w.Owner, p.ID), w.Reader.UserID)
				return err
			},
			"renewed": func(ctx context.Context, p projects.Project) error {
				_, err := w.Projects.RenewInviteLink(ctx, w.Owner, p.ID, projects.RoleAccessOnly)
				return err
			},
			"switched off": func(ctx context.Context, p projects.Project) error {
				return w.Projects.SwitchInviteLink(ctx, w.Owner, p.ID, projects.RoleAccessOnly, false)
			},
			"deleted": func(ctx context.Context, p projects.Project) error {
				return w.Projects.Delete(ctx, w.Owner, p.ID, nil)
			},
		} {
			p := w.MakeProject(t, "a"+name[:3], true)
			who := w.Stranger
			if name == "removed" {
				who = w.Reader
			}
			_, _, err := w.Projects.Join(between(t, func(ctx context.Context) error { return end(ctx, p) }), who, p.InviteCode)
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v, want %s", name, err, errs.NotFound)
			}
			if _, err := w.Projects.Access(t.Context(), who, p.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %s is in: %v", name, who.Name, err)
			}
		}
	})
}

// TestInvitationRole checks the role of a code, also when the codes change places
// meanwhile.
func TestInvitationRole(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		renew := func(ctx context.Context) error {
			_, err := w.Projects.RenewInviteLink(ctx, w.Owner, w.Project.ID, projects.RoleAdmin)
			return err
		}
		_, _, err := w.Projects.Join(between(t, renew), w.Stranger, w.Project.InviteAsAdminCode)
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("by the old code of the admins: %v", err)
		}
		_, role, err := w.Projects.Join(between(t, renew), w.Stranger, w.Project.InviteCode)
		if err != nil || role != projects.RoleAccessOnly {
			t.Errorf("role %q, %v", role, err)
		}
	})
}

// TestOwnerNameRacesRename checks that a person who is renamed while creating or taking
// over a project finds it under the new name.
func TestOwnerNameRacesRename(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		rename := func(who accounts.Actor, name string) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				_, err := w.Accounts.Rename(ctx, who, name)
				return err
			}
		}
		p, err := w.Projects.Create(between(t, rename(w.Stranger, "stefan")), w.Stranger, projects.Draft{Name: "mine"})
		if err != nil || p.OwnerName != "stefan" {
			t.Errorf("%+v, %v", p, err)
		}
		if _, err := w.Projects.AccessByPath(t.Context(), w.Stranger, "stefan", "mine"); err != nil {
			t.Errorf("at its address: %v", err)
		}
	})
}

// TestAddFriendRacesEndOfFriendship checks that the friendship is read in the transaction
// that adds the friend.
func TestAddFriendRacesEndOfFriendship(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Stranger)
		end := func(ctx context.Context) error { return w.Friends.Remove(ctx, w.Owner, w.Stranger.UserID) }
		_, err := w.Projects.AddFriend(between(t, end), projects.By(w.Owner, w.Project.ID), w.Stranger.Name, projects.RoleAdmin)
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("%v, want %s", err, errs.Invalid)
		}
	})
}
