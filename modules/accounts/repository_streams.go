package accounts

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/realtime"
)

// userEvent is an event of a person's stream.
type userEvent struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Rev       int64 `gorm:"primaryKey;autoIncrement:false"`
	Name      string
	Payload   string
	CreatedAt time.Time
}

// userStream is a row with the number of a person's last event.
type userStream struct {
	UserID int64 `gorm:"primaryKey;autoIncrement:false"`
	Rev    int64
}

// maxRows and maxBytes bound one statement.
const (
	maxRows  = 1000
	maxBytes = 1 << 20
)

// lockStreams returns the numbers of people's last events and locks them until the
// transaction ends, in the order of ids. It makes those that do not exist yet; an
// id without a person is missing in the result.
func (r repository) lockStreams(ctx context.Context, ids []int64) (map[int64]int64, error) {
	revs := make(map[int64]int64, len(ids))
	for part := range slices.Chunk(ids, maxRows) {
		found, err := r.lockSome(ctx, part)
		if err == nil && len(found) < len(part) {
			if err = r.makeStreams(ctx, part); err == nil {
				found, err = r.lockSome(ctx, part)
			}
		}
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			revs[s.UserID] = s.Rev
		}
	}
	return revs, nil
}

func (r repository) lockSome(ctx context.Context, ids []int64) ([]userStream, error) {
	var found []userStream
	err := db.ForUpdate(r.db.From(ctx).Where("user_id IN ?", ids).Order("user_id")).Find(&found).Error
	return found, db.Err(err)
}

func (r repository) makeStreams(ctx context.Context, ids []int64) error {
	insert := "INSERT OR IGNORE"
	if r.db.Dialect() == db.MySQL {
		insert = "INSERT IGNORE"
	}
	query := insert + " INTO user_stream (user_id, rev) SELECT id, 0 FROM `user` WHERE id IN ? ORDER BY id"
	return db.Err(r.db.From(ctx).Exec(query, ids).Error)
}

// appendUserEvents writes events of people whose streams this transaction has
// locked, and raises their numbers to those of their last events.
func (r repository) appendUserEvents(ctx context.Context, byUser map[int64][]realtime.Event) error {
	raised := map[int][]int64{}
	var rows []userEvent
	bytes := 0
	write := func() error {
		err := r.db.From(ctx).Create(&rows).Error
		rows, bytes = nil, 0
		return db.Err(err)
	}
	for id, events := range byUser {
		raised[len(events)] = append(raised[len(events)], id)
		for _, e := range events {
			row := userEvent{UserID: id, Rev: e.Rev, Name: e.Name, Payload: jsonOrNull(e.Payload), CreatedAt: r.db.Now(ctx)}
			rows, bytes = append(rows, row), bytes+len(row.Payload)
			if len(rows) == maxRows || bytes > maxBytes {
				if err := write(); err != nil {
					return err
				}
			}
		}
	}
	if len(rows) > 0 {
		if err := write(); err != nil {
			return err
		}
	}
	for by, ids := range raised {
		for part := range slices.Chunk(ids, maxRows) {
			if err := r.db.From(ctx).Exec("UPDATE user_stream SET rev = rev + ? WHERE user_id IN ?", by, part).Error; err != nil {
				return db.Err(err)
			}
		}
	}
	return nil
}

func jsonOrNull(payload json.RawMessage) string {
	if len(payload) == 0 {
		return "null"
	}
	return string(payload)
}

// Rev is the number of a person's last event; 0 if there is none.
func (r repository) Rev(ctx context.Context, userID int64) (int64, error) {
	var rev int64
	err := r.db.From(ctx).Raw("SELECT rev FROM user_stream WHERE user_id = ?", userID).Scan(&rev).Error
	return rev, db.Err(err)
}

// Revs is Rev for several people; those whose account is deleted are missing.
func (r repository) Revs(ctx context.Context, userIDs []int64) (map[int64]int64, error) {
	revs := make(map[int64]int64, len(userIDs))
	for part := range slices.Chunk(userIDs, maxAsked) {
		var found []userStream
		err := r.db.From(ctx).Raw("SELECT u.id AS user_id, COALESCE(s.rev, 0) AS rev FROM `user` u "+
			"LEFT JOIN user_stream s ON s.user_id = u.id WHERE u.id IN ?", part).Scan(&found).Error
		if err != nil {
			return nil, db.Err(err)
		}
		for _, s := range found {
			revs[s.UserID] = s.Rev
		}
	}
	return revs, nil
}

// maxAsked is how many numbers one statement reads; databases allow some 32,000
// parameters.
const maxAsked = 30_000

// EventsAfter reads the events of a person's stream.
func (r repository) EventsAfter(ctx context.Context, userID, after int64, limit int) ([]realtime.Event, error) {
	var rows []userEvent
	err := r.db.From(ctx).Where("user_id = ? AND rev > ?", userID, after).Order("rev").Limit(limit).Find(&rows).Error
	events := make([]realtime.Event, len(rows))
	for i, row := range rows {
		events[i] = realtime.Event{Rev: row.Rev, Name: row.Name, Payload: json.RawMessage(row.Payload)}
	}
	return events, db.Err(err)
}

// deleteUserEvents deletes at most limit events that are older than a time, and
// returns how many.
func (r repository) deleteUserEvents(ctx context.Context, before time.Time, limit int) (int64, error) {
	query := "DELETE FROM user_event WHERE rowid IN (SELECT rowid FROM user_event WHERE created_at < ? LIMIT ?)"
	if r.db.Dialect() == db.MySQL {
		query = "DELETE FROM user_event WHERE created_at < ? LIMIT ?"
	}
	res := r.db.From(ctx).Exec(query, before, limit)
	return res.RowsAffected, db.Err(res.Error)
}

var _ realtime.Log = repository{}
