package files_test

import (
	"context"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestQuotas: a project takes files up to its quota, over lists, cards and the
// trash together, and the installation up to its own; one byte more is refused with
// words and leaves nothing behind.
func TestQuotas(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		files.SetQuota(w.Files.Service, files.Quota{Project: 100, Total: 150})
		other := w.MakeProject(t, "other", true)
		attach := func(projectID int64, size int) (card int64, err error) {
			t.Helper()
			list, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, projectID), lists.Draft{Name: "l", Files: map[string][]byte{"a": make([]byte, size/2)}})
			if err != nil {
				return 0, err
			}
			card, _, err = w.Cards.Create(t.Context(), projects.By(w.Owner, projectID), list, cards.Draft{Name: "c", Files: map[string][]byte{"a": make([]byte, size-size/2)}})
			return card, err
		}
		refused := func(err error, key string) {
			t.Helper()
			if e := errs.As(err); err == nil || e.Kind != errs.TooLarge || e.Fields["attachedFiles"].Key != key {
				t.Errorf("%v, want %s", err, key)
			}
		}
		card, err := attach(w.Project.ID, 100)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cards.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), card); err != nil {
			t.Fatal(err)
		}
		objects := len(w.Objects(t))
		_, err = attach(w.Project.ID, 2)
		refused(err, "files.error.projectQuota")
		if n := len(w.Objects(t)); n != objects {
			t.Errorf("%d objects, were %d", n, objects)
		}
		if _, err := attach(other.ID, 50); err != nil {
			t.Errorf("another project: %v", err)
		}
		_, err = attach(other.ID, 2)
		refused(err, "files.error.totalQuota")
	})
}

// TestQuotaCountsUploadsOnTheirWay: what is being uploaded counts before it is stored,
// so that parallel uploads do not fill a disk beyond the quota; a replacement counts
// for the difference.
func TestQuotaCountsUploadsOnTheirWay(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		files.SetQuota(w.Files.Service, files.Quota{Project: 100, Total: 1000})
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		owner := files.Owner{Kind: files.OfList, ID: list}
		stage := func(c files.Changes) (*files.Batch, error) {
			return w.Files.Stage(t.Context(), owner, c, func(context.Context) error { return nil })
		}
		first, err := stage(files.Changes{New: map[string][]byte{"a": make([]byte, 60)}})
		if err != nil {
			t.Fatal(err)
		}
		stored := len(w.Objects(t))
		if _, err := stage(files.Changes{New: map[string][]byte{"b": make([]byte, 41)}}); errs.KindOf(err) != errs.TooLarge {
			t.Errorf("a second one of 41 bytes: %v", err)
		}
		if n := len(w.Objects(t)); n != stored {
			t.Errorf("%d objects, were %d", n, stored)
		}
		err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
			_, err := first.Apply(ctx, owner)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		replaced, err := stage(files.Changes{Replaced: map[string][]byte{"a": make([]byte, 100)}})
		if err != nil {
			t.Fatalf("a replacement that fits: %v", err)
		}
		replaced.Close(t.Context())
		if _, err := stage(files.Changes{Replaced: map[string][]byte{"a": make([]byte, 101)}}); errs.KindOf(err) != errs.TooLarge {
			t.Errorf("a replacement that does not: %v", err)
		}
	})
}
