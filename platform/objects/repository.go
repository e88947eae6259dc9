package objects

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// States of a row of unused_object.
const (
	// reserved objects are being put, or have been and are not yet in use.
	reserved = "reserved"
	// deleting objects are to be deleted; nothing can use them any more.
	deleting = "deleting"
)

// unused is a row of unused_object.
type unused struct {
	StorageKey string `gorm:"primaryKey"`
	State      string
	Scope      string
	Size       int64
	// DueAt is when the object is to be deleted.
	DueAt time.Time
	// Attempts counts the failures, LastError is that of the last one.
	Attempts  int
	LastError string
	CreatedAt time.Time
}

// TableName is for GORM.
func (unused) TableName() string { return "unused_object" }

// maxRows is how many rows or keys one statement has.
const maxRows = 500

// repository holds every query on unused_object.
type repository struct{ db *db.DB }

// insert adds rows. A row that is there already gets state and time of the new one.
func (r repository) insert(ctx context.Context, rows []unused) error {
	onConflict := clause.OnConflict{DoUpdates: clause.AssignmentColumns([]string{"state", "due_at"})}
	return db.Err(r.db.From(ctx).Clauses(onConflict).CreateInBatches(rows, maxRows).Error)
}

func (r repository) reserved(ctx context.Context, scope string) (sum int64, err error) {
	q := r.db.From(ctx).Model(&unused{}).Select("COALESCE(SUM(size), 0)").Where("state = ?", reserved)
	if scope != "" {
		q = q.Where("scope = ?", scope)
	}
	return sum, db.Err(q.Scan(&sum).Error)
}

// use deletes the rows of reserved objects and returns how many there were.
func (r repository) use(ctx context.Context, keys []string) (n int64, err error) {
	for some := range slices.Chunk(keys, maxRows) {
		q := r.db.From(ctx).Where("storage_key IN ? AND state = ?", some, reserved).Delete(&unused{})
		if q.Error != nil {
			return n, db.Err(q.Error)
		}
		n += q.RowsAffected
	}
	return n, nil
}

func (r repository) discard(ctx context.Context, keys []string, now time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE unused_object SET state = ?, due_at = ? WHERE storage_key IN ? AND state = ?",
		deleting, now, keys, reserved).Error)
}

// hasExpired reports whether a reservation has ended.
func (r repository) hasExpired(ctx context.Context, now time.Time) (bool, error) {
	var found []int
	err := r.db.From(ctx).Raw("SELECT 1 FROM unused_object WHERE state = ? AND due_at <= ? LIMIT 1", reserved, now).Scan(&found).Error
	return len(found) > 0, db.Err(err)
}

// expire makes the objects of reservations that have ended ones to be deleted.
func (r repository) expire(ctx context.Context, now time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE unused_object SET state = ? WHERE state = ? AND due_at <= ?", deleting, reserved, now).Error)
}

// due returns at most n objects that are to be deleted, the longest due first.
func (r repository) due(ctx context.Context, now time.Time, n int) (all []unused, err error) {
	err = r.db.From(ctx).Where("state = ? AND due_at <= ?", deleting, now).Order("due_at, storage_key").Limit(n).Find(&all).Error
	return all, db.Err(err)
}

func (r repository) retry(ctx context.Context, u unused) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE unused_object SET due_at = ?, attempts = ?, last_error = ? WHERE storage_key = ?",
		u.DueAt, u.Attempts, u.LastError, u.StorageKey).Error)
}

func (r repository) delete(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return db.Err(r.db.From(ctx).Where("storage_key IN ?", keys).Delete(&unused{}).Error)
}

// among returns the keys that have a row.
func (r repository) among(ctx context.Context, keys []string) (map[string]bool, error) {
	return r.inStates(ctx, keys, reserved, deleting)
}

// held returns the keys that are reserved.
func (r repository) held(ctx context.Context, keys []string) (map[string]bool, error) {
	return r.inStates(ctx, keys, reserved)
}

func (r repository) inStates(ctx context.Context, keys []string, states ...string) (map[string]bool, error) {
	there := map[string]bool{}
	for some := range slices.Chunk(keys, maxRows) {
		var found []string
		if err := r.db.From(ctx).Model(&unused{}).Where("storage_key IN ? AND state IN ?", some, states).Pluck("storage_key", &found).Error; err != nil {
			return nil, db.Err(err)
		}
		for _, key := range found {
			there[key] = true
		}
	}
	return there, nil
}

// Failing is what could not be deleted so far.
type Failing struct {
	Count int64
	// Error is of one of them.
	Error string
}

// failing counts the objects whose deletion has failed.
func (r repository) failing(ctx context.Context) (f Failing, err error) {
	err = r.db.From(ctx).Raw("SELECT COUNT(*) AS count, COALESCE(MAX(last_error), '') AS error FROM unused_object WHERE state = ? AND attempts > 0", deleting).Scan(&f).Error
	return f, db.Err(err)
}
