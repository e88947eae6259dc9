package accounts

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

func (r repository) insertEvent(ctx context.Context, e *accountEvent) error {
	return r.db.From(ctx).Create(e).Error
}

// events are the newest events of somebody, newest first.
func (r repository) events(ctx context.Context, userID int64, limit int) ([]accountEvent, error) {
	var found []accountEvent
	err := r.db.From(ctx).Where("user_id = ?", userID).Order("id DESC").Limit(limit).Find(&found).Error
	return found, err
}

// seenPlaces are devices and addresses that somebody's events of some kinds
// came from.
func (r repository) seenPlaces(ctx context.Context, userID int64, kinds []EventKind, limit int) ([]accountEvent, error) {
	var found []accountEvent
	err := r.db.From(ctx).Distinct("device", "address").Where("user_id = ? AND kind IN ?", userID, kinds).Limit(limit).Find(&found).Error
	return found, err
}

func (r repository) deleteEvents(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Where("created_at < ?", before).Delete(&accountEvent{}).Error
}

// loginIDs are the logins of somebody, all but one.
func (r repository) loginIDs(ctx context.Context, userID int64, except string) ([]string, error) {
	var ids []string
	err := r.db.From(ctx).Model(&login{}).Where("user_id = ? AND id <> ?", userID, except).Order("id").Pluck("id", &ids).Error
	return ids, err
}

// logins are those of somebody that have not ended, last seen first.
func (r repository) logins(ctx context.Context, userID int64, now time.Time) ([]login, error) {
	var found []login
	err := r.db.From(ctx).Where("user_id = ? AND ends_at > ?", userID, now).Order("last_seen_at DESC, id").Find(&found).Error
	return found, err
}

func (r repository) login(ctx context.Context, id string) (login, error) {
	var l login
	err := r.db.From(ctx).Where("id = ?", id).Take(&l).Error
	return l, db.Err(err)
}

// replaceReset stores a reset in place of the one its person had.
func (r repository) replaceReset(ctx context.Context, p *passwordReset) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(p).Error
}

// countResetAttempt uses up one of the attempts of a reset and returns it;
// NotFound if there is no such case or none is left.
func (r repository) countResetAttempt(ctx context.Context, caseID string, limit int) (passwordReset, error) {
	var p passwordReset
	res := r.db.From(ctx).Model(&p).Where("case_id = ? AND attempts < ?", caseID, limit).Update("attempts", gorm.Expr("attempts + 1"))
	if res.Error != nil {
		return p, res.Error
	}
	if res.RowsAffected == 0 {
		return p, errs.Of(errs.NotFound)
	}
	err := r.db.From(ctx).Where("case_id = ?", caseID).Take(&p).Error
	return p, db.Err(err)
}

// deleteReset tells whether there was such a case.
func (r repository) deleteReset(ctx context.Context, caseID string) (bool, error) {
	res := r.db.From(ctx).Where("case_id = ?", caseID).Delete(&passwordReset{})
	return res.RowsAffected > 0, res.Error
}

// deleteResetOf makes a code worthless that somebody was mailed.
func (r repository) deleteResetOf(ctx context.Context, userID int64) error {
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&passwordReset{}).Error
}

func (r repository) deleteResets(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Where("created_at <= ?", before).Delete(&passwordReset{}).Error
}

// factor is somebody's second factor, NotFound if there is none. lock holds its
// row until the transaction ends.
func (r repository) factor(ctx context.Context, userID int64, lock bool) (secondFactor, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var f secondFactor
	err := q.Where("user_id = ?", userID).Take(&f).Error
	return f, db.Err(err)
}

// insertFactor is Conflict if there is one already.
func (r repository) insertFactor(ctx context.Context, f *secondFactor) error {
	return db.Err(r.db.From(ctx).Create(f).Error)
}

func (r repository) setFactorStep(ctx context.Context, userID, step int64) error {
	return r.db.From(ctx).Model(&secondFactor{}).Where("user_id = ?", userID).Update("last_step", step).Error
}

func (r repository) setFactorSecret(ctx context.Context, userID int64, sealed string) error {
	return r.db.From(ctx).Model(&secondFactor{}).Where("user_id = ?", userID).Update("secret", sealed).Error
}

// deleteFactor deletes a second factor and its recovery codes.
func (r repository) deleteFactor(ctx context.Context, userID int64) error {
	if err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&recoveryCode{}).Error; err != nil {
		return err
	}
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&secondFactor{}).Error
}

func (r repository) replaceRecoveryCodes(ctx context.Context, userID int64, codes []recoveryCode) error {
	if err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&recoveryCode{}).Error; err != nil {
		return err
	}
	return r.db.From(ctx).Create(&codes).Error
}

func (r repository) countRecoveryCodes(ctx context.Context, userID int64) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&recoveryCode{}).Where("user_id = ?", userID).Count(&n).Error
	return int(n), err
}

// deleteRecoveryCode tells whether there was such a code.
func (r repository) deleteRecoveryCode(ctx context.Context, userID int64, hash string) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ? AND code_hash = ?", userID, hash).Delete(&recoveryCode{})
	return res.RowsAffected > 0, res.Error
}

func (r repository) insertHalfLogin(ctx context.Context, h *halfLogin) error {
	return r.db.From(ctx).Create(h).Error
}

// halfLogin is a log-in that waits for its second step, NotFound if there is
// none or it has waited too long.
func (r repository) halfLogin(ctx context.Context, id string, now time.Time) (halfLogin, error) {
	var h halfLogin
	err := r.db.From(ctx).Where("id = ? AND ends_at > ?", id, now).Take(&h).Error
	return h, db.Err(err)
}

// deleteHalfLogins deletes those of somebody.
func (r repository) deleteHalfLogins(ctx context.Context, userID int64) error {
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&halfLogin{}).Error
}

// deleteHalfLogin reports whether there was such a log-in.
func (r repository) deleteHalfLogin(ctx context.Context, id string) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&halfLogin{})
	return res.RowsAffected > 0, res.Error
}

func (r repository) deleteEndedHalfLogins(ctx context.Context, now time.Time) error {
	return r.db.From(ctx).Where("ends_at <= ?", now).Delete(&halfLogin{}).Error
}

// insertSuspension tells whether it is new.
func (r repository) insertSuspension(ctx context.Context, userID int64, at time.Time) (bool, error) {
	res := r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&suspension{UserID: userID, CreatedAt: at})
	return res.RowsAffected > 0, res.Error
}

// deleteSuspension tells whether there was one.
func (r repository) deleteSuspension(ctx context.Context, userID int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ?", userID).Delete(&suspension{})
	return res.RowsAffected > 0, res.Error
}

func (r repository) isSuspended(ctx context.Context, userID int64) (bool, error) {
	var n int64
	err := r.db.From(ctx).Model(&suspension{}).Where("user_id = ?", userID).Count(&n).Error
	return n > 0, err
}
