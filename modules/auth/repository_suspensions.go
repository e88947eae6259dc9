package auth

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// suspensionQueries are the queries on suspensions.
type suspensionQueries struct{ db *db.DB }

// inForce is the condition under which a suspension refuses log-ins at a time.
const inForce = "(until IS NULL OR until > ?)"

// saveSuspension stores a suspension, in place of an earlier one of the person.
func (r suspensionQueries) saveSuspension(ctx context.Context, s *Suspension) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(s).Error
}

// deleteSuspension reports whether there was one.
func (r suspensionQueries) deleteSuspension(ctx context.Context, userID int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ?", userID).Delete(&Suspension{})
	return res.RowsAffected > 0, res.Error
}

// suspensions returns those of some people that are in force.
func (r suspensionQueries) suspensions(ctx context.Context, userIDs []int64, now time.Time) ([]Suspension, error) {
	var found []Suspension
	err := r.db.From(ctx).Where("user_id IN ? AND "+inForce, userIDs, now).Find(&found).Error
	return found, err
}

// newestSuspensions returns at most limit suspensions that are in force, the newest first.
func (r suspensionQueries) newestSuspensions(ctx context.Context, now time.Time, limit int) ([]Suspension, error) {
	var found []Suspension
	err := r.db.From(ctx).Where(inForce, now).Order("created_at DESC, user_id DESC").Limit(limit).Find(&found).Error
	return found, err
}

// deleteEndedSuspensions deletes those whose time is over.
func (r suspensionQueries) deleteEndedSuspensions(ctx context.Context, now time.Time) error {
	return r.db.From(ctx).Where("until <= ?", now).Delete(&Suspension{}).Error
}
