package lists

import (
	"context"
	"maps"
	"slices"
	"strings"

	"taskstack.org/platform/db"
)

// repository holds every query on list.
type repository struct{ db *db.DB }

// live restricts a query to lists on the board.
const live = " AND removed_as IS NULL"

// ofProject are the lists on a project's board by position. Equal positions, which only a
// foreign hand can make, are ordered by id.
func (r repository) ofProject(ctx context.Context, projectID int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Where("project_id = ?"+live, projectID).Order("pos, id").Find(&all).Error
	return all, db.Err(err)
}

// one is a list on a project's board.
func (r repository) one(ctx context.Context, projectID, id int64) (List, error) {
	var l List
	err := r.db.From(ctx).Where("id = ? AND project_id = ?"+live, id, projectID).Take(&l).Error
	return l, db.Err(err)
}

// some are those of the lists that are on the project's board, by position.
func (r repository) some(ctx context.Context, projectID int64, ids []int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Where("id IN ? AND project_id = ?"+live, ids, projectID).Order("pos, id").Find(&all).Error
	return all, db.Err(err)
}

// byID is a list of any project, wherever it is.
func (r repository) byID(ctx context.Context, id int64) (List, error) {
	var l List
	err := r.db.From(ctx).Where("id = ?", id).Take(&l).Error
	return l, db.Err(err)
}

// projects are the projects of all lists on several projects' boards, by list.
func (r repository) projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error) {
	var rows []List
	err := r.db.From(ctx).Select("id", "project_id").Where("project_id IN ?"+live, projectIDs).Find(&rows).Error
	of := make(map[int64]int64, len(rows))
	for _, l := range rows {
		of[l.ID] = l.ProjectID
	}
	return of, db.Err(err)
}

func (r repository) counts(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	var rows []struct {
		ProjectID int64
		N         int
	}
	err := r.db.From(ctx).Raw("SELECT project_id, COUNT(*) AS n FROM list WHERE project_id IN ?"+live+" GROUP BY project_id",
		projectIDs).Scan(&rows).Error
	counts := make(map[int64]int, len(rows))
	for _, row := range rows {
		counts[row.ProjectID] = row.N
	}
	return counts, db.Err(err)
}

// shift makes room for a list at position 0 and returns how many lists there
// are.
func (r repository) shift(ctx context.Context, projectID int64) (lists int, err error) {
	done := r.db.From(ctx).Exec("UPDATE list SET pos = pos + 1 WHERE project_id = ?"+live, projectID)
	return int(done.RowsAffected), db.Err(done.Error)
}

func (r repository) create(ctx context.Context, l *List) error {
	return db.Err(r.db.From(ctx).Create(l).Error)
}

func (r repository) edit(ctx context.Context, id int64, name, desc string, rev int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE list SET name = ?, list_desc = ?, changed_rev = ? WHERE id = ?", name, desc, rev, id).Error)
}

// renumber gives the lists in order the positions 0, 1, 2… in one statement
// that touches only those whose stored position differs. moved is the list
// that somebody moves with the event rev; 0 for none.
func (r repository) renumber(ctx context.Context, stored []List, order []int64, moved, rev int64) error {
	was := make(map[int64]int, len(stored))
	for _, l := range stored {
		was[l.ID] = l.Pos
	}
	byDelta := map[int][]int64{}
	var touched []int64
	for i, id := range order {
		if d := i - was[id]; d != 0 {
			byDelta[d] = append(byDelta[d], id)
			touched = append(touched, id)
		}
	}
	if len(touched) == 0 {
		return nil
	}
	var query strings.Builder
	var args []any
	query.WriteString("UPDATE list SET pos = pos + CASE")
	for _, d := range slices.Sorted(maps.Keys(byDelta)) {
		query.WriteString(" WHEN id IN ? THEN ?")
		args = append(args, byDelta[d], d)
	}
	query.WriteString(" ELSE 0 END, changed_rev = CASE WHEN id = ? THEN ? ELSE changed_rev END WHERE id IN ?")
	return db.Err(r.db.From(ctx).Exec(query.String(), append(args, moved, rev, touched)...).Error)
}
