package notifications

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// repository holds every query on notification.
type repository struct{ db *db.DB }

// insertAtOnce is how many rows one statement inserts.
const insertAtOnce = 500

func (r repository) insert(ctx context.Context, rows []notification) error {
	if len(rows) == 0 {
		return nil
	}
	return db.Err(r.db.From(ctx).CreateInBatches(rows, insertAtOnce).Error)
}

// unreadOf is the condition of unread rows of a subject.
const unreadOf = "subject = ? AND kind = ? AND read_at IS NULL AND user_id IN ?"

// grow makes unread rows of the row's subject stand for one more, and returns whose
// they are.
func (r repository) grow(ctx context.Context, row notification, to []int64) ([]int64, error) {
	// Changed first and read then: what is changed, no other transaction deletes meanwhile.
	res := r.db.From(ctx).Exec(`UPDATE notification SET count = count + 1, by_id = ?, name = ?, excerpt = ?, variant = ?, at = ? WHERE `+unreadOf,
		row.ByID, row.Name, row.Excerpt, row.Variant, row.At, row.Subject, row.Kind, to)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, db.Err(res.Error)
	}
	var have []int64
	err := r.db.From(ctx).Model(&notification{}).Where(unreadOf, row.Subject, row.Kind, to).Distinct().Pluck("user_id", &have).Error
	return have, db.Err(err)
}

// withdraw deletes unread rows of a subject, of all kinds if kind is empty, those of
// everyone if to is nil, and returns whose entries at the bell they were.
func (r repository) withdraw(ctx context.Context, kind, subject string, to []int64) ([]int64, error) {
	q := r.db.From(ctx).Where("subject = ? AND read_at IS NULL", subject)
	if kind != "" {
		q = q.Where("kind = ?", kind)
	}
	if to != nil {
		q = q.Where("user_id IN ?", to)
	}
	var rows []notification
	if err := q.Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, db.Err(err)
	}
	var ids, users []int64
	for _, n := range rows {
		ids = append(ids, n.ID)
		if n.Listed {
			users = append(users, n.UserID)
		}
	}
	return users, db.Err(r.db.From(ctx).Where("id IN ?", ids).Delete(&notification{}).Error)
}

// shown returns the newest rows that the bell shows a person.
func (r repository) shown(ctx context.Context, userID int64) ([]notification, error) {
	var all []notification
	err := r.db.From(ctx).Where("user_id = ? AND listed", userID).Order("at DESC, id DESC").Limit(maxShown).Find(&all).Error
	return all, db.Err(err)
}

// countUnread returns how many listed rows of a person are unread.
func (r repository) countUnread(ctx context.Context, userID int64) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&notification{}).Where("user_id = ? AND read_at IS NULL AND listed", userID).Count(&n).Error
	return int(n), db.Err(err)
}

// find returns a row of a person. NotFound if there is none.
func (r repository) find(ctx context.Context, userID, id int64) (notification, error) {
	var n notification
	err := r.db.From(ctx).Where("id = ? AND user_id = ?", id, userID).Take(&n).Error
	return n, db.Err(err)
}

// mark marks unread rows of a person as read.
func (r repository) mark(ctx context.Context, userID int64, ids []int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec(
		"UPDATE notification SET read_at = ?, mail_at = NULL, push_at = NULL WHERE id IN ? AND user_id = ? AND read_at IS NULL", at, ids, userID).Error)
}

// markUntil marks all listed rows of a person up to a time as read. The entries of
// the others were seen at the bell, so no mail tells of them.
func (r repository) markUntil(ctx context.Context, userID int64, until, at time.Time) error {
	err := r.db.From(ctx).Exec(
		"UPDATE notification SET read_at = ?, mail_at = NULL, push_at = NULL WHERE user_id = ? AND read_at IS NULL AND at <= ? AND listed", at, userID, until).Error
	if err != nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Exec(
		"UPDATE notification SET mail_at = NULL, push_at = NULL WHERE user_id = ? AND read_at IS NULL AND at <= ? AND NOT listed", userID, until).Error)
}

// deleteOfProject deletes a person's rows of a project. It reports whether there
// were any.
func (r repository) deleteOfProject(ctx context.Context, userID, projectID int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ? AND project_id = ?", userID, projectID).Delete(&notification{})
	return res.RowsAffected > 0, db.Err(res.Error)
}

// toldOf returns the people who have rows of a project.
func (r repository) toldOf(ctx context.Context, projectID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT DISTINCT user_id FROM notification WHERE project_id = ? ORDER BY user_id", projectID).Scan(&ids).Error
	return ids, db.Err(err)
}

// deleteAllOfProject deletes all rows of a project.
func (r repository) deleteAllOfProject(ctx context.Context, projectID int64) error {
	return db.Err(r.db.From(ctx).Where("project_id = ?", projectID).Delete(&notification{}).Error)
}

// prune deletes rows that were read before a time, and all before another one.
func (r repository) prune(ctx context.Context, readBefore, before time.Time) error {
	err := r.db.From(ctx).Where("at < ? AND (read_at < ? OR at < ?)", readBefore, readBefore, before).Delete(&notification{}).Error
	return db.Err(err)
}

// allOf returns all listed rows of a person, newest first.
func (r repository) allOf(ctx context.Context, userID int64) ([]notification, error) {
	var all []notification
	err := r.db.From(ctx).Where("user_id = ? AND listed", userID).Order("at DESC, id DESC").Find(&all).Error
	return all, db.Err(err)
}
