package projects_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// inTrash sets when a project was deleted.
func inTrash(t *testing.T, w *boardtest.World, id int64, since time.Duration) {
	t.Helper()
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("UPDATE project SET deleted_at = ? WHERE id = ?", w.DB.Now(ctx).Add(-since), id).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

// seenBy are the ids of the projects that a person finds anywhere.
func seenBy(t *testing.T, w *boardtest.World, by accounts.Actor) []int64 {
	t.Helper()
	ctx, ids := t.Context(), map[int64]bool{}
	note := func(err error, found ...projects.Project) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			ids[p.ID] = true
		}
	}
	readable, err := w.Projects.Readable(ctx, by, w.Project.ID)
	for _, in := range readable {
		note(nil, in.Project)
	}
	note(err)
	tiles, err := w.Projects.Home(ctx, by, []int64{w.Project.ID})
	for _, tile := range append(tiles.Owned, append(tiles.Collab, tiles.Others...)...) {
		note(nil, tile.Project)
	}
	note(err)
	owned, err := w.Projects.Owned(ctx, by)
	for _, one := range owned {
		note(nil, one.Project)
	}
	note(err)
	public, err := w.Projects.OwnedBy(ctx, by, accounts.Person{ID: w.Owner.UserID})
	note(err, public...)
	for _, source := range w.Projects.SearchSources() {
		found, err := source.Find(ctx, by.UserID, "boar", 10)
		note(err)
		if len(found) > 0 {
			ids[w.Project.ID] = true
		}
	}
	if in, err := w.Projects.Access(ctx, by, w.Project.ID); err == nil {
		note(nil, in.Project)
	} else if errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
	if b, err := w.Projects.Board(ctx, by, w.Project.OwnerName, w.Project.Name); err == nil {
		note(nil, b.Project)
	}
	found := make([]int64, 0, len(ids))
	for id := range ids {
		found = append(found, id)
	}
	return found
}

// TestADeletedProjectIsGoneAndComesBack: for everyone it does not exist, its name is
// free, and its owner alone restores it, with members, cards and address.
func TestADeletedProjectIsGoneAndComesBack(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		w.Fill(t, w.Project, 1, 2)
		members := membersOf(t, w)
		if err := w.Projects.Delete(ctx, w.Owner, id, nil); err != nil {
			t.Fatal(err)
		}
		for _, by := range []accounts.Actor{w.Owner, w.Admin, w.Reader, w.Stranger, {}} {
			if got := seenBy(t, w, by); len(got) != 0 {
				t.Errorf("%q still finds %v", by.Name, got)
			}
		}
		if _, _, err := w.Projects.Join(ctx, w.Stranger, w.Project.InviteCode); errs.KindOf(err) != errs.NotFound {
			t.Errorf("its invitation link: %v", err)
		}
		if n, err := w.Projects.JoinedCount(ctx, w.Admin.UserID); err != nil || n != 0 {
			t.Errorf("the admin is in %d projects, %v", n, err)
		}
		second, err := w.Projects.Create(ctx, w.Owner, projects.Draft{Name: "Board"})
		if err != nil {
			t.Fatalf("its name is not free: %v", err)
		}
		for _, by := range []accounts.Actor{w.Admin, w.Stranger} {
			if _, err := w.Projects.Restore(ctx, by, id); errs.KindOf(err) != errs.NotFound {
				t.Errorf("restored by %s: %v", by.Name, err)
			}
		}
		if _, err := w.Projects.Restore(ctx, w.Owner, second.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("restored although it is not deleted: %v", err)
		}
		all, err := w.Projects.Deleted(ctx, w.Owner)
		if err != nil || len(all) != 1 || all[0].CalledBefore() != "board" {
			t.Errorf("the owner's deleted projects: %+v, %v", all, err)
		}
		p, err := w.Projects.Restore(ctx, w.Owner, id)
		if err != nil || p.URL() != "/olive/board-2" {
			t.Fatalf("restored as %s, %v", p.URL(), err)
		}
		if got := membersOf(t, w); !slices.Equal(got, members) {
			t.Errorf("members %v, before %v", got, members)
		}
		if tiles, err := w.Projects.Home(ctx, w.Reader, nil); err != nil || len(tiles.Collab) != 1 || tiles.Collab[0].Counts["cards"] != 2 {
			t.Errorf("the reader's start page: %+v, %v", tiles, err)
		}
		if _, err := w.Projects.Restore(ctx, w.Owner, id); errs.KindOf(err) != errs.NotFound {
			t.Errorf("restored twice: %v", err)
		}
	})
}

// membersOf returns the members of the world's project with their roles.
func membersOf(t *testing.T, w *boardtest.World) (all []string) {
	t.Helper()
	members, err := w.Projects.MembersOf(t.Context(), w.Project.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		all = append(all, m.Name+":"+string(m.Role))
	}
	return all
}

// TestDeletedProjectsEndAfterThirtyDays: not before, and for good. Until then the
// accounts of owner and members can be deleted.
func TestDeletedProjectsEndAfterThirtyDays(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		w.Fill(t, w.Project, 1, 1)
		exists := func(id int64) bool {
			t.Helper()
			var n int
			if err := w.DB.From(ctx).Raw("SELECT COUNT(*) FROM project WHERE id = ?", id).Scan(&n).Error; err != nil {
				t.Fatal(err)
			}
			return n == 1
		}
		if err := w.Projects.Delete(ctx, w.Owner, w.Project.ID, nil); err != nil {
			t.Fatal(err)
		}
		inTrash(t, w, w.Project.ID, 30*24*time.Hour-time.Minute)
		if err := w.Projects.EndDeleted(ctx); err != nil || !exists(w.Project.ID) {
			t.Errorf("ended before its time, %v", err)
		}
		inTrash(t, w, w.Project.ID, 30*24*time.Hour)
		if _, err := w.Projects.Restore(ctx, w.Owner, w.Project.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("restored after its time: %v", err)
		}
		if err := w.Projects.EndDeleted(ctx); err != nil || exists(w.Project.ID) {
			t.Errorf("it did not end, %v", err)
		}
		other := w.MakeProject(t, "other", true)
		if err := w.Projects.Delete(ctx, w.Owner, other.ID, nil); err != nil {
			t.Fatal(err)
		}
		err := w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, accounts.Deleting{UserID: w.Owner.UserID, Name: w.Owner.Name})
		})
		if err != nil || exists(other.ID) {
			t.Errorf("it outlived its owner's account, %v", err)
		}
	})
}
