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

// ofProject returns the lists on a project's board, by position. Equal positions,
// which this program never writes, are ordered by id.
func (r repository) ofProject(ctx context.Context, projectID int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Where("project_id = ?"+live, projectID).Order("pos, id").Find(&all).Error
	return all, db.Err(err)
}

// one returns a list on a project's board.
func (r repository) one(ctx context.Context, projectID, id int64) (List, error) {
	var l List
	err := r.db.From(ctx).Where("id = ? AND project_id = ?"+live, id, projectID).Take(&l).Error
	return l, db.Err(err)
}

// findOnBoard returns the given lists that are on the project's board, by position.
func (r repository) findOnBoard(ctx context.Context, projectID int64, ids []int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Where("id IN ? AND project_id = ?"+live, ids, projectID).Order("pos, id").Find(&all).Error
	return all, db.Err(err)
}

// byID returns a list of any project, on the board or not.
func (r repository) byID(ctx context.Context, id int64) (List, error) {
	var l List
	err := r.db.From(ctx).Where("id = ?", id).Take(&l).Error
	return l, db.Err(err)
}

// byIDs returns lists of any project, on the board or not.
func (r repository) byIDs(ctx context.Context, ids []int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Where("id IN ?", ids).Find(&all).Error
	return all, db.Err(err)
}

// named returns the ids and names of up to limit lists on the boards of projects: those
// of the project first before others, newer before older ones.
func (r repository) named(ctx context.Context, projectIDs []int64, first int64, limit int) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Raw("SELECT id, project_id, name FROM list WHERE project_id IN ?"+live+" ORDER BY project_id = ? DESC, id DESC LIMIT ?", projectIDs, first, limit).Scan(&all).Error
	return all, db.Err(err)
}

// projects returns the project of each list on the boards of projects.
func (r repository) projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error) {
	var rows []List
	err := r.db.From(ctx).Select("id", "project_id").Where("project_id IN ?"+live, projectIDs).Find(&rows).Error
	of := make(map[int64]int64, len(rows))
	for _, l := range rows {
		of[l.ID] = l.ProjectID
	}
	return of, db.Err(err)
}

// shift makes room for a list at position 0 and returns the number of lists.
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

// renumber stores the positions 0, 1, 2… for the lists in order, in one statement,
// which updates only rows whose position differs. moved is the list that is moved by
// the event rev; 0 for none.
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
