package lists

import (
	"context"
	"time"

	"golang.org/x/text/unicode/norm"

	"taskstack.org/platform/db"
)

// remove takes a list to another place.
func (r repository) remove(ctx context.Context, id int64, to Removal) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE list SET removed_as = ?, removed_at = ?, removed_by = ?, changed_rev = ? WHERE id = ?",
		to.RemovedAs, to.RemovedAt, to.RemovedBy, to.ChangedRev, id).Error)
}

// removedOne is a list of a project that waits in a place.
func (r repository) removedOne(ctx context.Context, projectID, id int64, from Place) (List, error) {
	var l List
	err := r.db.From(ctx).Where("id = ? AND project_id = ? AND removed_as = ?", id, projectID, from).Take(&l).Error
	return l, db.Err(err)
}

// removed are a project's lists that wait in a place.
func (r repository) removed(ctx context.Context, projectID int64, q Query) ([]List, error) {
	var all []List
	where, args := q.Conditions()
	err := r.db.From(ctx).Where("project_id = ?"+where, append([]any{projectID}, args...)...).
		Order("removed_at DESC, id DESC").Limit(q.Limit).Find(&all).Error
	return all, db.Err(err)
}

// Conditions is the part of a query on list or card that follows the condition
// on their parent.
func (q Query) Conditions() (text string, args []any) {
	text, args = " AND removed_as = ?", []any{q.Place}
	if q.Text != "" {
		// Names stay as they were typed: some systems write é as one character, some as two.
		text += " AND (name LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')"
		args = append(args, db.Contains(norm.NFC.String(q.Text)), db.Contains(norm.NFD.String(q.Text)))
	}
	if q.Before != nil {
		text += " AND (removed_at < ? OR removed_at = ? AND id < ?)"
		args = append(args, q.Before.At, q.Before.At, q.Before.ID)
	}
	return text, args
}

// all are the ids and names of a project's lists, wherever they are.
func (r repository) all(ctx context.Context, projectID int64) ([]List, error) {
	var all []List
	err := r.db.From(ctx).Select("id", "name", "removed_as").Where("project_id = ?", projectID).Find(&all).Error
	return all, db.Err(err)
}

// expire gives up what has been in the bin since before a time.
func (r repository) expire(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE list SET removed_as = ? WHERE removed_as = ? AND removed_at < ?", Gone, InBin, before).Error)
}

// gone are some lists that are about to be deleted for good.
func (r repository) gone(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT id FROM list WHERE removed_as = ? AND id > ? ORDER BY id LIMIT ?", Gone, after, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

func (r repository) delete(ctx context.Context, ids []int64) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM list WHERE id IN ?", ids).Error)
}

// forget takes a person out of who removed what; the places are there for the
// index.
func (r repository) forget(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE list SET removed_by = NULL WHERE removed_as IN ? AND removed_by = ?",
		[]Place{Gone, InBin, InArchive}, userID).Error)
}
