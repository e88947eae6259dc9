package accounts

import (
	"context"
	"time"
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

// seenPlaces are devices and addresses that somebody's events came from.
func (r repository) seenPlaces(ctx context.Context, userID int64, limit int) ([]accountEvent, error) {
	var found []accountEvent
	err := r.db.From(ctx).Distinct("device", "address").Where("user_id = ?", userID).Limit(limit).Find(&found).Error
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
