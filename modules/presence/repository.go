package presence

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// repository holds every query on board_presence.
type repository struct{ db *db.DB }

// replace replaces a server's rows for some boards.
func (r repository) replace(ctx context.Context, server string, projectIDs []int64, rows []row) error {
	err := r.db.From(ctx).Exec("DELETE FROM board_presence WHERE project_id IN ? AND server_id = ?", projectIDs, server).Error
	if err == nil && len(rows) > 0 {
		err = r.db.From(ctx).Create(&rows).Error
	}
	return db.Err(err)
}

// of returns the rows of some boards, of all servers that are alive.
func (r repository) of(ctx context.Context, projectIDs []int64, since time.Time) (map[int64][]row, error) {
	var rows []row
	err := r.db.From(ctx).Where("project_id IN ? AND seen_at >= ?", projectIDs, since).
		Order("project_id, user_id, server_id").Find(&rows).Error
	all := map[int64][]row{}
	for _, row := range rows {
		all[row.ProjectID] = append(all[row.ProjectID], row)
	}
	return all, db.Err(err)
}

// heartbeat renews a server's rows and deletes those of dead servers.
func (r repository) heartbeat(ctx context.Context, server string, now, dead time.Time) error {
	err := r.db.From(ctx).Exec("UPDATE board_presence SET seen_at = ? WHERE server_id = ?", now, server).Error
	if err == nil {
		err = r.db.From(ctx).Exec("DELETE FROM board_presence WHERE seen_at < ?", dead).Error
	}
	return db.Err(err)
}

// forget deletes a server's rows.
func (r repository) forget(ctx context.Context, server string) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM board_presence WHERE server_id = ?", server).Error)
}
