package history

import (
	"context"

	"taskstack.org/platform/db"
)

// repository holds every query on the history tables.
type repository struct{ db *db.DB }

func (r repository) add(ctx context.Context, rows any) error {
	return db.Err(r.db.From(ctx).Create(rows).Error)
}

// newest reads a project's last rows of one table.
func newest[R any](ctx context.Context, r repository, projectID int64, limit int) ([]R, error) {
	var rows []R
	err := r.db.From(ctx).Where("project_id = ?", projectID).Order("datetime DESC, event_id DESC").Limit(limit).Find(&rows).Error
	return rows, db.Err(err)
}
