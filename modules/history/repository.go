package history

import (
	"context"
	"math"

	"taskstack.org/platform/db"
)

// repository holds every query on the history tables.
type repository struct{ db *db.DB }

func (r repository) add(ctx context.Context, rows any) error {
	return db.Err(r.db.From(ctx).Create(rows).Error)
}

// row is a row of any of the tables.
type row interface{ fact() Fact }

// newest reads a project's last rows of one table that pass the filter.
func newest[R row](ctx context.Context, r repository, projectID int64, table int, f Filter, kinds []Kind) ([]R, error) {
	query := r.db.From(ctx).Where("project_id = ?", projectID)
	if f.UserID != 0 {
		query = query.Where("user_id = ?", f.UserID)
	}
	if f.Subject != "" {
		query = query.Where("id = ?", f.SubjectID)
	}
	if f.Subject != "" && tables[table] == (change{}).TableName() {
		query = query.Where("subject = ?", f.Subject)
	}
	if len(kinds) > 0 {
		query = query.Where("kind IN ?", kinds)
	}
	if c := f.Before; c != nil {
		// Within the cursor's change, tables in front are older as a whole.
		last := c.eventID
		if table < c.table {
			last = math.MaxInt64
		} else if table > c.table {
			last = 0
		}
		query = query.Where("datetime < ? OR datetime = ? AND (rev < ? OR rev = ? AND event_id < ?)", c.at, c.at, c.rev, c.rev, last)
	}
	limit := f.Limit
	if limit == 0 {
		limit = maxRows
	}
	var rows []R
	err := query.Order("datetime DESC, rev DESC, event_id DESC").Limit(limit).Find(&rows).Error
	return rows, db.Err(err)
}

func (r repository) deleteAll(ctx context.Context, projectID int64) error {
	for _, table := range tables {
		if err := r.db.From(ctx).Exec("DELETE FROM "+table+" WHERE project_id = ?", projectID).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// forget deletes a person from all rows, and the rows of their joining and leaving.
func (r repository) forget(ctx context.Context, userID int64) error {
	err := r.db.From(ctx).Exec("DELETE FROM history_change WHERE user_id = ? AND kind IN ?", userID, []Kind{MemberAdded, MemberRemoved}).Error
	if err != nil {
		return db.Err(err)
	}
	for _, table := range tables {
		if err := r.db.From(ctx).Exec("UPDATE "+table+" SET user_id = NULL, user_name = NULL WHERE user_id = ?", userID).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}
