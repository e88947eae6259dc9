package chats

import (
	"context"
	"encoding/json"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/realtime"
)

// chatEvent is a row of what servers send to people of chats.
type chatEvent struct {
	StreamID  int64 `gorm:"primaryKey;autoIncrement:false"`
	Rev       int64 `gorm:"primaryKey;autoIncrement:false"`
	Payload   string
	CreatedAt time.Time
}

// nextInStream gives a stream of the log its next number, and holds its row until
// the transaction ends.
func (r repository) nextInStream(ctx context.Context, id int64) (rev int64, err error) {
	const query = "UPDATE chat_stream SET rev = rev + 1 WHERE id = ?"
	raised := r.db.From(ctx).Exec(query, id)
	if raised.Error == nil && raised.RowsAffected == 0 { // its first number
		insert := "INSERT OR IGNORE"
		if r.db.Dialect() == db.MySQL {
			insert = "INSERT IGNORE"
		}
		if err := r.exec(ctx, insert+" INTO chat_stream (id, rev) VALUES (?, 0)", id); err != nil {
			return 0, err
		}
		raised = r.db.From(ctx).Exec(query, id)
	}
	if raised.Error != nil {
		return 0, db.Err(raised.Error)
	}
	return rev, db.Err(r.db.From(ctx).Raw("SELECT rev FROM chat_stream WHERE id = ?", id).Take(&rev).Error)
}

func (r repository) appendToStream(ctx context.Context, id int64, e realtime.Event) error {
	return db.Err(r.db.From(ctx).Create(&chatEvent{StreamID: id, Rev: e.Rev, Payload: string(e.Payload), CreatedAt: r.db.Now(ctx)}).Error)
}

// Rev implements realtime.Log.
func (r repository) Rev(ctx context.Context, id int64) (rev int64, err error) {
	return rev, db.Err(r.db.From(ctx).Raw("SELECT rev FROM chat_stream WHERE id = ?", id).Scan(&rev).Error)
}

// Revs implements realtime.Log. Streams never end, and are at 0 before their first
// event.
func (r repository) Revs(ctx context.Context, ids []int64) (map[int64]int64, error) {
	var rows []struct{ ID, Rev int64 }
	err := r.db.From(ctx).Raw("SELECT id, rev FROM chat_stream WHERE id IN ?", ids).Scan(&rows).Error
	revs := make(map[int64]int64, len(ids))
	for _, id := range ids {
		revs[id] = 0
	}
	for _, row := range rows {
		revs[row.ID] = row.Rev
	}
	return revs, db.Err(err)
}

// EventsAfter implements realtime.Log.
func (r repository) EventsAfter(ctx context.Context, id, after int64, limit int) ([]realtime.Event, error) {
	var rows []chatEvent
	err := r.db.From(ctx).Where("stream_id = ? AND rev > ?", id, after).Order("rev").Limit(limit).Find(&rows).Error
	events := make([]realtime.Event, len(rows))
	for i, row := range rows {
		events[i] = realtime.Event{Rev: row.Rev, Name: sentName, Payload: json.RawMessage(row.Payload)}
	}
	return events, db.Err(err)
}

// deleteEvents deletes what was sent before a time, and returns how many rows it
// has deleted, at most limit.
func (r repository) deleteEvents(ctx context.Context, before time.Time, limit int) (int64, error) {
	query := "DELETE FROM chat_event WHERE rowid IN (SELECT rowid FROM chat_event WHERE created_at < ? LIMIT ?)"
	if r.db.Dialect() == db.MySQL {
		query = "DELETE FROM chat_event WHERE created_at < ? LIMIT ?"
	}
	res := r.db.From(ctx).Exec(query, before, limit)
	return res.RowsAffected, db.Err(res.Error)
}

var _ realtime.Log = repository{}
