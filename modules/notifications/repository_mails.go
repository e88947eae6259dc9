package notifications

import (
	"context"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// dueUsers returns people whom a mail is due to tell of something, those first that
// wait for longest.
func (r repository) dueUsers(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw(dueUsersSQL, now, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

const dueUsersSQL = "SELECT user_id FROM notification WHERE mail_at <= ? AND read_at IS NULL GROUP BY user_id ORDER BY MIN(mail_at), user_id LIMIT ?"

// due returns the rows of a person that a mail is due to tell of, newest first.
func (r repository) due(ctx context.Context, userID int64, now time.Time) ([]notification, error) {
	var all []notification
	err := r.db.From(ctx).Where("user_id = ? AND mail_at <= ? AND read_at IS NULL", userID, now).Order("at DESC, id DESC").Find(&all).Error
	return all, db.Err(err)
}

// claimMail takes rows that are due, so that no other mail tells of them. Conflict if
// one of them was read or taken meanwhile.
func (r repository) claimMail(ctx context.Context, ids []int64) error {
	res := r.db.From(ctx).Exec("UPDATE notification SET mail_at = NULL WHERE id IN ? AND mail_at IS NOT NULL AND read_at IS NULL", ids)
	if res.Error == nil && res.RowsAffected != int64(len(ids)) {
		return errs.Of(errs.Conflict)
	}
	return db.Err(res.Error)
}

// setMailed stores when a mail told of rows.
func (r repository) setMailed(ctx context.Context, ids []int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET mailed_at = ? WHERE id IN ?", at, ids).Error)
}

// postpone makes rows due at another time.
func (r repository) postpone(ctx context.Context, ids []int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET mail_at = ? WHERE id IN ?", at, ids).Error)
}

// cancelMails leaves out all mails that wait for a person.
func (r repository) cancelMails(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET mail_at = NULL WHERE user_id = ? AND mail_at IS NOT NULL", userID).Error)
}
