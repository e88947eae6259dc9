package jobs

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// repository holds every query on the table job_run.
type repository struct{ db *db.DB }

// insert adds a job unless it has a row.
func (r repository) insert(ctx context.Context, run *Run) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(run).Error)
}

// update writes how a run ended. A request that came after its beginning stays.
func (r repository) update(ctx context.Context, run Run) error {
	failures := any(0)
	if run.Error != "" {
		failures = gorm.Expr("failures + 1")
	}
	return db.Err(r.db.From(ctx).Model(&Run{}).Where("name = ?", run.Name).Updates(map[string]any{
		"every_seconds": run.EverySeconds, "server": run.Server, "started_at": run.StartedAt, "duration_ms": run.DurationMs, "error": run.Error,
		"failures": failures, "next_at": run.NextAt, "asked_at": gorm.Expr("CASE WHEN asked_at <= ? THEN NULL ELSE asked_at END", *run.StartedAt),
	}).Error)
}

func (r repository) all(ctx context.Context) ([]Run, error) {
	var all []Run
	err := r.db.From(ctx).Order("name").Find(&all).Error
	return all, db.Err(err)
}

// ask notes that a job was asked for, and reports whether there is such a job.
func (r repository) ask(ctx context.Context, name string, at time.Time) (bool, error) {
	var found []Run
	if err := r.db.From(ctx).Where("name = ?", name).Find(&found).Error; err != nil || len(found) == 0 {
		return false, db.Err(err)
	}
	return true, db.Err(r.db.From(ctx).Model(&Run{}).Where("name = ?", name).Update("asked_at", at).Error)
}

// asked returns the jobs that were asked for.
func (r repository) asked(ctx context.Context) ([]Run, error) {
	var runs []Run
	err := r.db.From(ctx).Where("asked_at IS NOT NULL").Find(&runs).Error
	return runs, db.Err(err)
}

func (r repository) deleteForgotten(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Where("next_at < ?", before).Delete(&Run{}).Error)
}
