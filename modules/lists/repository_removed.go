package lists

import (
	"context"

	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
)

// all returns the ids, names and locations of a project's lists.
func (r repository) all(ctx context.Context, projectID int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Select("id", "name", "removed_as").Where("project_id = ?", projectID).Find(&all).Error
	return all, db.Err(err)
}

// permanentlyDeleted returns up to limit lists whose rows are to be deleted.
func (r repository) permanentlyDeleted(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT id FROM list WHERE removed_as = ? AND id > ? ORDER BY id LIMIT ?",
		removal.PermanentlyDeleted, after, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

func (r repository) delete(ctx context.Context, ids []int64) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM list WHERE id IN ?", ids).Error)
}
