package auth

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// eventQueries are the queries on security events and password resets.
type eventQueries struct{ db *db.DB }

func (r eventQueries) insertEvent(ctx context.Context, e *accountEvent) error {
	return r.db.From(ctx).Create(e).Error
}

// events returns the newest events of a person, newest first.
func (r eventQueries) events(ctx context.Context, userID int64, limit int) ([]accountEvent, error) {
	var found []accountEvent
	err := r.db.From(ctx).Where("user_id = ?", userID).Order("id DESC").Limit(limit).Find(&found).Error
	return found, err
}

// seenPlaces returns the devices and addresses of a person's events of some
// kinds.
func (r eventQueries) seenPlaces(ctx context.Context, userID int64, kinds []eventKind, limit int) ([]accountEvent, error) {
	var found []accountEvent
	err := r.db.From(ctx).Distinct("device", "address").Where("user_id = ? AND kind IN ?", userID, kinds).Limit(limit).Find(&found).Error
	return found, err
}

func (r eventQueries) deleteEvents(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Where("created_at < ?", before).Delete(&accountEvent{}).Error
}

// replaceReset stores a reset, which replaces an earlier one of the person.
func (r eventQueries) replaceReset(ctx context.Context, p *passwordReset) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(p).Error
}

// countResetAttempt uses up one of the attempts of a reset and returns the reset;
// NotFound if there is no such token, or no attempt is left.
func (r eventQueries) countResetAttempt(ctx context.Context, token string, limit int) (passwordReset, error) {
	var p passwordReset
	res := r.db.From(ctx).Model(&p).Where("case_id = ? AND attempts < ?", token, limit).Update("attempts", gorm.Expr("attempts + 1"))
	if res.Error != nil {
		return p, res.Error
	}
	if res.RowsAffected == 0 {
		return p, errs.Of(errs.NotFound)
	}
	err := r.db.From(ctx).Where("case_id = ?", token).Take(&p).Error
	return p, db.Err(err)
}

// deleteReset reports whether there was such a token.
func (r eventQueries) deleteReset(ctx context.Context, token string) (bool, error) {
	res := r.db.From(ctx).Where("case_id = ?", token).Delete(&passwordReset{})
	return res.RowsAffected > 0, res.Error
}

// deleteResetOf deletes the reset of a person: its code stops working.
func (r eventQueries) deleteResetOf(ctx context.Context, userID int64) error {
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&passwordReset{}).Error
}

func (r eventQueries) deleteResets(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Where("created_at <= ?", before).Delete(&passwordReset{}).Error
}
