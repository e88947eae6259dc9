package admin

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// repository holds every query on the tables of this module.
type repository struct{ db *db.DB }

// admins returns all administrators, the oldest first. With lock their rows are
// locked until the transaction ends, so that of two changes the second sees the first.
func (r repository) admins(ctx context.Context, lock bool) ([]siteAdmin, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var all []siteAdmin
	err := q.Order("user_id").Find(&all).Error
	return all, err
}

// isAdmin reports whether a person is an administrator. With lock the row is locked
// until the transaction ends.
func (r repository) isAdmin(ctx context.Context, userID int64, lock bool) (bool, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var found []siteAdmin
	err := q.Where("user_id = ?", userID).Find(&found).Error
	return len(found) > 0, err
}

// insertAdmin is Conflict if the person is one already.
func (r repository) insertAdmin(ctx context.Context, a *siteAdmin) error {
	return db.Err(r.db.From(ctx).Create(a).Error)
}

// deleteAdmin reports whether the person was one.
func (r repository) deleteAdmin(ctx context.Context, userID int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ?", userID).Delete(&siteAdmin{})
	return res.RowsAffected > 0, res.Error
}

// claims returns the tokens of a fresh installation, the oldest first. With lock their
// rows are locked until the transaction ends.
func (r repository) claims(ctx context.Context, lock bool) ([]claim, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var all []claim
	err := q.Order("id").Find(&all).Error
	return all, err
}

// insertClaim is Conflict if the id is taken.
func (r repository) insertClaim(ctx context.Context, c *claim) error {
	return db.Err(r.db.From(ctx).Create(c).Error)
}

// deleteClaim deletes one token.
func (r repository) deleteClaim(ctx context.Context, id int64) error {
	return r.db.From(ctx).Where("id = ?", id).Delete(&claim{}).Error
}

// deleteClaims deletes all tokens, and returns how many there were.
func (r repository) deleteClaims(ctx context.Context) (int64, error) {
	res := r.db.From(ctx).Where("id > ?", 0).Delete(&claim{})
	return res.RowsAffected, res.Error
}

// confirmedAt returns when a login was confirmed; the zero time for never.
func (r repository) confirmedAt(ctx context.Context, loginID string) (time.Time, error) {
	var found []confirmation
	err := r.db.From(ctx).Where("login_id = ?", loginID).Find(&found).Error
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return found[0].ConfirmedAt, nil
}

func (r repository) saveConfirmation(ctx context.Context, c *confirmation) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(c).Error
}

func (r repository) insertAudit(ctx context.Context, e *AuditEntry) error {
	return r.db.From(ctx).Create(e).Error
}

// audit returns rows of the audit log, the newest first.
func (r repository) audit(ctx context.Context, q AuditQuery) ([]AuditEntry, error) {
	find := r.db.From(ctx).Order("id DESC").Limit(q.Limit)
	if q.Before > 0 {
		find = find.Where("id < ?", q.Before)
	}
	if q.Act != "" {
		find = find.Where("act = ?", q.Act)
	}
	if q.Person > 0 {
		find = find.Where("subject_person_id = ?", q.Person)
	}
	if q.Name != "" {
		find = find.Where("by_name = ? OR subject = ?", q.Name, q.Name)
	}
	if !q.From.IsZero() {
		find = find.Where("at >= ?", q.From)
	}
	if !q.Until.IsZero() {
		find = find.Where("at < ?", q.Until)
	}
	var all []AuditEntry
	err := find.Find(&all).Error
	return all, err
}

// forgetPerson takes a person's id out of the audit log.
func (r repository) forgetPerson(ctx context.Context, userID int64) error {
	err := r.db.From(ctx).Model(&AuditEntry{}).Where("by_id = ?", userID).Update("by_id", nil).Error
	if err != nil {
		return err
	}
	return r.db.From(ctx).Model(&AuditEntry{}).Where("subject_person_id = ?", userID).Update("subject_person_id", nil).Error
}

func (r repository) deleteAudit(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Where("at < ?", before).Delete(&AuditEntry{}).Error
}

func (r repository) saveFigure(ctx context.Context, f *figure) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(f).Error
}

// figures returns the sums since a day, the oldest first.
func (r repository) figures(ctx context.Context, since string) ([]figure, error) {
	var all []figure
	err := r.db.From(ctx).Where("day >= ?", since).Order("day").Find(&all).Error
	return all, err
}

func (r repository) saveHealth(ctx context.Context, h *health) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(h).Error
}

// health returns the last examination of the site; ok is false before the first one.
func (r repository) health(ctx context.Context) (h health, ok bool, err error) {
	var found []health
	err = r.db.From(ctx).Where("id = ?", healthID).Find(&found).Error
	if err != nil || len(found) == 0 {
		return health{}, false, err
	}
	return found[0], true, nil
}

func (r repository) deleteFigures(ctx context.Context, before string) error {
	return r.db.From(ctx).Where("day < ?", before).Delete(&figure{}).Error
}
