package auth

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// factorQueries are the queries on second factors, recovery codes and pending
// logins.
type factorQueries struct{ db *db.DB }

// factor returns a person's second factor, NotFound if there is none. lock locks
// its row until the transaction ends.
func (r factorQueries) factor(ctx context.Context, userID int64, lock bool) (secondFactor, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var f secondFactor
	err := q.Where("user_id = ?", userID).Take(&f).Error
	return f, db.Err(err)
}

// insertFactor is Conflict if there is one.
func (r factorQueries) insertFactor(ctx context.Context, f *secondFactor) error {
	return db.Err(r.db.From(ctx).Create(f).Error)
}

func (r factorQueries) setFactorStep(ctx context.Context, userID, step int64) error {
	return r.db.From(ctx).Model(&secondFactor{}).Where("user_id = ?", userID).Update("last_step", step).Error
}

func (r factorQueries) setFactorSecret(ctx context.Context, userID int64, sealed string) error {
	return r.db.From(ctx).Model(&secondFactor{}).Where("user_id = ?", userID).Update("secret", sealed).Error
}

// deleteFactor deletes a second factor and its recovery codes.
func (r factorQueries) deleteFactor(ctx context.Context, userID int64) error {
	if err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&recoveryCode{}).Error; err != nil {
		return err
	}
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&secondFactor{}).Error
}

func (r factorQueries) replaceRecoveryCodes(ctx context.Context, userID int64, codes []recoveryCode) error {
	if err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&recoveryCode{}).Error; err != nil {
		return err
	}
	return r.db.From(ctx).Create(&codes).Error
}

func (r factorQueries) countRecoveryCodes(ctx context.Context, userID int64) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&recoveryCode{}).Where("user_id = ?", userID).Count(&n).Error
	return int(n), err
}

// deleteRecoveryCode reports whether there was such a code.
func (r factorQueries) deleteRecoveryCode(ctx context.Context, userID int64, hash string) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ? AND code_hash = ?", userID, hash).Delete(&recoveryCode{})
	return res.RowsAffected > 0, res.Error
}

func (r factorQueries) insertPendingLogin(ctx context.Context, h *pendingLogin) error {
	return r.db.From(ctx).Create(h).Error
}

// pendingLogin returns a log-in that waits for its second step, NotFound if there
// is none or its time has run out.
func (r factorQueries) pendingLogin(ctx context.Context, id string, now time.Time) (pendingLogin, error) {
	var h pendingLogin
	err := r.db.From(ctx).Where("id = ? AND ends_at > ?", id, now).Take(&h).Error
	return h, db.Err(err)
}

// deletePendingLogins deletes those of a person.
func (r factorQueries) deletePendingLogins(ctx context.Context, userID int64) error {
	return r.db.From(ctx).Where("user_id = ?", userID).Delete(&pendingLogin{}).Error
}

// deletePendingLogin reports whether there was such a log-in.
func (r factorQueries) deletePendingLogin(ctx context.Context, id string) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&pendingLogin{})
	return res.RowsAffected > 0, res.Error
}

func (r factorQueries) deleteEndedPendingLogins(ctx context.Context, now time.Time) error {
	return r.db.From(ctx).Where("ends_at <= ?", now).Delete(&pendingLogin{}).Error
}
