package files_test

import (
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
