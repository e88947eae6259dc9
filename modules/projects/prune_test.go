package projects_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
)

// TestTheChangeLogIsPruned: events that are older than 30 days go, but never the
// last 1,000 of a project; who asks for deleted ones reloads the board, who
// asks for what is there gets it.
func TestTheChangeLogIsPruned(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		young := w.MakeProject(t, "young", true)
		short := w.MakeProject(t, "short", true)
		// 2,500 events each in two projects, old ones in the first; and ten old
		// ones in a third.
		fill := func(id int64, from, to int64, created string) {
			t.Helper()
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				rows := make([]string, 0, to-from+1)
				for rev := from; rev <= to; rev++ {
					rows = append(rows, fmt.Sprintf("(%d, %d, 'update_list', '{}', '%s')", id, rev, created))
				}
				return w.DB.From(ctx).Exec("INSERT INTO project_event (project_id, rev, name, payload, created_at) VALUES " + strings.Join(rows, ",")).Error
			})
			if err != nil {
				t.Fatal(err)
			}
			err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
				return w.DB.From(ctx).Exec("UPDATE project SET rev = ? WHERE id = ?", to, id).Error
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		const old = "2020-01-01 00:00:00"
		now := w.DB.Now(t.Context()).Format("2006-01-02 15:04:05")
		fill(w.Project.ID, 3, 1200, old)
		fill(w.Project.ID, 1201, 2500, old)
		fill(young.ID, 3, 2500, now)
		fill(short.ID, 3, 12, old)
		// Several servers do it, and again: it changes nothing more.
		for _, s := range []*boardtest.World{w, w.Another(t), w} {
			if err := s.Projects.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for id, want := range map[int64][2]int64{w.Project.ID: {1501, 2500}, young.ID: {1, 2500}, short.ID: {1, 12}} {
			var first, last, n int64
			row := w.DB.From(t.Context()).Raw("SELECT MIN(rev), MAX(rev), COUNT(*) FROM project_event WHERE project_id = ?", id).Row()
			if err := row.Scan(&first, &last, &n); err != nil || first != want[0] || last != want[1] || n != want[1]-want[0]+1 {
				t.Errorf("project %d: %d to %d, %d events, %v; want %v", id, first, last, n, err, want)
			}
		}
		for since, want := range map[int64]bool{2200: true, 2499: true, 2500: true, 1500: false, 1499: false, 3: false, 0: false} {
			events, rev, complete, err := w.Projects.Missed(t.Context(), w.Reader, w.Project.ID, since)
			if err != nil || complete != want || rev != 2500 || complete && int64(len(events)) != 2500-since {
				t.Errorf("since %d: %d events, rev %d, complete %v, %v", since, len(events), rev, complete, err)
			}
		}
	})
}
