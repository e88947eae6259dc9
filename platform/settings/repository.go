package settings

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
	"taskstack.org/platform/realtime"
)

// row is a row of table setting: a value that is not the default.
type row struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	ChangedAt time.Time
}

// TableName is for GORM.
func (row) TableName() string { return "setting" }

// revision is the row of table setting_revision: how many changes there were.
type revision struct {
	ID  int64 `gorm:"primaryKey;autoIncrement:false"`
	Rev int64
}

// TableName is for GORM.
func (revision) TableName() string { return "setting_revision" }

// repository holds every query on the tables of this package. It is the log of the
// stream of changes, whose events say only that there was one.
type repository struct{ db *db.DB }

func (r repository) rows(ctx context.Context) ([]row, error) {
	var all []row
	err := r.db.From(ctx).Find(&all).Error
	return all, db.Err(err)
}

// value returns what is stored, or else the default.
func (r repository) value(ctx context.Context, name, fallback string) (string, error) {
	var found []row
	err := r.db.From(ctx).Where("name = ?", name).Find(&found).Error
	if err != nil || len(found) == 0 {
		return fallback, db.Err(err)
	}
	return found[0].Value, nil
}

func (r repository) save(ctx context.Context, s *row) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(s).Error)
}

func (r repository) delete(ctx context.Context, name string) error {
	return db.Err(r.db.From(ctx).Where("name = ?", name).Delete(&row{}).Error)
}

// next returns the number of the next change, and holds its row until the transaction
// ends.
func (r repository) next(ctx context.Context) (int64, error) {
	first := revision{ID: streamID}
	if err := r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&first).Error; err != nil {
		return 0, db.Err(err)
	}
	if err := r.db.From(ctx).Exec("UPDATE setting_revision SET rev = rev + 1 WHERE id = ?", streamID).Error; err != nil {
		return 0, db.Err(err)
	}
	return r.Rev(ctx, streamID)
}

// Rev implements realtime.Log.
func (r repository) Rev(ctx context.Context, id int64) (int64, error) {
	var found []revision
	err := r.db.From(ctx).Where("id = ?", id).Find(&found).Error
	if err != nil || len(found) == 0 {
		return 0, db.Err(err)
	}
	return found[0].Rev, nil
}

// Revs implements realtime.Log. The stream never ends.
func (r repository) Revs(ctx context.Context, _ []int64) (map[int64]int64, error) {
	rev, err := r.Rev(ctx, streamID)
	return map[int64]int64{streamID: rev}, err
}

// EventsAfter implements realtime.Log: one event stands for all changes.
func (r repository) EventsAfter(ctx context.Context, id, after int64, _ int) ([]realtime.Event, error) {
	rev, err := r.Rev(ctx, id)
	if err != nil || rev <= after {
		return nil, err
	}
	return []realtime.Event{changed(rev)}, nil
}
