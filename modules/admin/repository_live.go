package admin

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// saveServer writes that a server runs. What was asked of it stays.
func (r repository) saveServer(ctx context.Context, s server) error {
	return r.db.From(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"seen_at", "counts"}),
	}).Create(&s).Error
}

// deleteServer deletes the row of a server that stops.
func (r repository) deleteServer(ctx context.Context, name string) error {
	return r.db.From(ctx).Where("name = ?", name).Delete(&server{}).Error
}

// servers returns those that were seen since a time, by name. With lock their rows are
// locked until the transaction ends.
func (r repository) servers(ctx context.Context, since time.Time, lock bool) ([]server, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var all []server
	err := q.Where("seen_at >= ?", since).Order("name").Find(&all).Error
	return all, err
}

// drainAsked reports whether a server is to take no clients.
func (r repository) drainAsked(ctx context.Context, name string) (bool, error) {
	var found []server
	err := r.db.From(ctx).Select("drain_asked").Where("name = ?", name).Find(&found).Error
	return len(found) > 0 && found[0].DrainAsked, err
}

func (r repository) askDrain(ctx context.Context, name string, on bool) error {
	return r.db.From(ctx).Model(&server{}).Where("name = ?", name).Update("drain_asked", on).Error
}

func (r repository) insertDisconnect(ctx context.Context, d *disconnect) error {
	return r.db.From(ctx).Create(d).Error
}

// disconnects returns the rows since a time.
func (r repository) disconnects(ctx context.Context, since time.Time) ([]disconnect, error) {
	var all []disconnect
	err := r.db.From(ctx).Where("asked_at >= ?", since).Find(&all).Error
	return all, err
}

func (r repository) deleteOldLive(ctx context.Context, servers, disconnects time.Time) error {
	if err := r.db.From(ctx).Where("seen_at < ?", servers).Delete(&server{}).Error; err != nil {
		return err
	}
	return r.db.From(ctx).Where("asked_at < ?", disconnects).Delete(&disconnect{}).Error
}
