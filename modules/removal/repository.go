package removal

import (
	"context"
	"time"

	"golang.org/x/text/unicode/norm"

	"taskstack.org/platform/db"
)

// repository holds every query on the removal's columns of one table.
type repository struct {
	db            *db.DB
	table, parent string
}

func (r repository) setState(ctx context.Context, id int64, s State) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+r.table+" SET removed_as = ?, removed_at = ?, removed_by = ?, changed_rev = ? WHERE id = ?",
		s.RemovedAs, s.RemovedAt, s.RemovedBy, s.ChangedRev, id).Error)
}

func removed[T any](ctx context.Context, r repository, parentIDs []int64, q Query) ([]T, error) {
	query := r.db.From(ctx).Table(r.table).Where(r.parent+" IN ? AND removed_as = ?", parentIDs, q.Location)
	if q.Text != "" {
		// Names are stored as they were typed: some systems write é as one character, some as two.
		query = query.Where("(name LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')",
			db.Contains(norm.NFC.String(q.Text)), db.Contains(norm.NFD.String(q.Text)))
	}
	if q.Before != nil {
		query = query.Where("(removed_at < ? OR removed_at = ? AND id < ?)", q.Before.At, q.Before.At, q.Before.ID)
	}
	var all []T
	err := query.Order("removed_at DESC, id DESC").Limit(q.Limit).Find(&all).Error
	return all, db.Err(err)
}

// expire deletes permanently what has been in the trash since before a time.
func (r repository) expire(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+r.table+" SET removed_as = ? WHERE removed_as = ? AND removed_at < ?",
		PermanentlyDeleted, InTrash, before).Error)
}

// forget takes a person out of who removed what. The locations are there for
// the index.
func (r repository) forget(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+r.table+" SET removed_by = NULL WHERE removed_as IN ? AND removed_by = ?",
		[]Location{PermanentlyDeleted, InTrash, InArchive}, userID).Error)
}
