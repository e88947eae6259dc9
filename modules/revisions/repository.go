package revisions

import (
	"context"
	"slices"
	"time"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
)

// repository holds every query on text_version.
type repository struct{ db *db.DB }

func (r repository) add(ctx context.Context, v *revision) error {
	return db.Err(r.db.From(ctx).Create(v).Error)
}

// of returns the replaced texts of one item, newest first.
func (r repository) of(ctx context.Context, projectID int64, kind projects.TextKind, itemID int64, limit int) ([]revision, error) {
	var all []revision
	err := r.db.From(ctx).Where("project_id = ? AND kind = ? AND item_id = ?", projectID, kind, itemID).
		Order("id DESC").Limit(limit).Find(&all).Error
	return all, db.Err(err)
}

// prune deletes the replaced texts of one item except the newest.
func (r repository) prune(ctx context.Context, projectID int64, kind projects.TextKind, itemID int64, keep int) error {
	var last []int64
	err := r.db.From(ctx).Raw(`SELECT id FROM text_version WHERE project_id = ? AND kind = ? AND item_id = ?
ORDER BY id DESC LIMIT 1 OFFSET ?`, projectID, kind, itemID, keep).Scan(&last).Error
	if err != nil || len(last) == 0 {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Exec("DELETE FROM text_version WHERE project_id = ? AND kind = ? AND item_id = ? AND id <= ?",
		projectID, kind, itemID, last[0]).Error)
}

// maxIDs is how many ids one statement names; databases allow some 32,000.
const maxIDs = 20_000

// deleteItems deletes all replaced texts of lists or cards.
func (r repository) deleteItems(ctx context.Context, kind projects.TextKind, ids []int64) error {
	for some := range slices.Chunk(ids, maxIDs) {
		if err := r.db.From(ctx).Exec("DELETE FROM text_version WHERE kind = ? AND item_id IN ?", kind, some).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// ofProject returns all replaced texts of a project, its lists and its cards,
// oldest first.
func (r repository) ofProject(ctx context.Context, projectID int64) ([]revision, error) {
	var all []revision
	err := r.db.From(ctx).Where("project_id = ?", projectID).Order("id").Find(&all).Error
	return all, db.Err(err)
}

// deleteBefore deletes the texts that were replaced before a time.
func (r repository) deleteBefore(ctx context.Context, t time.Time) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM text_version WHERE replaced_at < ?", t).Error)
}
