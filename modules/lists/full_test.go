package lists_test

import (
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

func TestLimitOfLists(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := w.Project.ID
		removed := lists.MakeList(t, w.Lists.Service, w.Owner, p, "removed")
		if _, err := w.Lists.Delete(t.Context(), projects.By(w.Owner, p), removed); err != nil {
			t.Fatal(err)
		}
		pool, err := w.DB.Pool()
		if err == nil {
			_, err = pool.ExecContext(t.Context(), `INSERT INTO list (project_id, name, list_desc, pos)
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 499) SELECT ?, 'list', '', i FROM n`, p)
		}
		if err != nil {
			t.Fatal(err)
		}
		create := func() error {
			_, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, p), lists.Draft{Name: "list"})
			return err
		}
		if err := create(); err != nil {
			t.Fatalf("list 500: %v", err)
		}
		if e := errs.As(create()); e == nil || e.Kind != errs.Invalid || e.Fields["name"].Key != "lists.error.boardFull" {
			t.Errorf("list 501: %v", e)
		}
		_, err = w.Lists.Restore(t.Context(), projects.By(w.Owner, p), removal.RestoreRequest{ID: removed, From: removal.InTrash})
		if e := errs.As(err); e == nil || e.Kind != errs.Conflict || e.Message.Key != "lists.error.boardFull" {
			t.Errorf("a list from the bin: %v", err)
		}
		if _, err := w.Projects.Board(t.Context(), w.Owner, w.Project.OwnerName, w.Project.Name); err != nil {
			t.Errorf("the board: %v", err)
		}
	})
}
