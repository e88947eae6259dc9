package projects

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/realtime"
)

// projectEvent is a row of the change log.
type projectEvent struct {
	ProjectID int64 `gorm:"primaryKey;autoIncrement:false"`
	Rev       int64 `gorm:"primaryKey;autoIncrement:false"`
	Name      string
	Payload   string
	CreatedAt time.Time
}

// maxRows is how many rows one statement writes; databases allow some 32,000
// parameters.
const maxRows = 1000

// appendEvents writes what happened in projects whose rows this transaction
// holds, and raises their numbers to those of their last events.
func (r repository) appendEvents(ctx context.Context, all ...written) error {
	var rows []projectEvent
	raised := map[int][]int64{}
	for _, w := range all {
		raised[len(w.events)] = append(raised[len(w.events)], w.projectID)
		for _, e := range w.events {
			payload := string(e.Payload)
			if payload == "" {
				payload = "null"
			}
			rows = append(rows, projectEvent{ProjectID: w.projectID, Rev: e.Rev, Name: e.Name, Payload: payload, CreatedAt: r.db.Now(ctx)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := r.db.From(ctx).CreateInBatches(&rows, maxRows).Error; err != nil {
		return db.Err(err)
	}
	for by, ids := range raised {
		if err := r.exec(ctx, "UPDATE project SET rev = rev + ?, changed_at = ? WHERE id IN ?", by, r.db.Now(ctx), ids); err != nil {
			return err
		}
	}
	return nil
}

// Rev is the number of a project's last event; 0 if there is no such project.
func (r repository) Rev(ctx context.Context, projectID int64) (int64, error) {
	var rev int64
	err := r.db.From(ctx).Raw("SELECT rev FROM project WHERE id = ? AND deleted_at IS NULL", projectID).Scan(&rev).Error
	return rev, db.Err(err)
}

// maxAsked is how many numbers one statement reads; databases allow some 32,000
// parameters.
const maxAsked = 30_000

// Revs is Rev for several projects; those that are deleted are missing.
func (r repository) Revs(ctx context.Context, projectIDs []int64) (map[int64]int64, error) {
	revs := make(map[int64]int64, len(projectIDs))
	for part := range slices.Chunk(projectIDs, maxAsked) {
		var found []Project
		if err := r.db.From(ctx).Raw("SELECT id, rev FROM project WHERE id IN ? AND deleted_at IS NULL", part).Scan(&found).Error; err != nil {
			return nil, db.Err(err)
		}
		for _, p := range found {
			revs[p.ID] = p.Rev
		}
	}
	return revs, nil
}

// EventsAfter reads the change log.
func (r repository) EventsAfter(ctx context.Context, projectID, after int64, limit int) ([]realtime.Event, error) {
	var rows []projectEvent
	err := r.db.From(ctx).Where("project_id = ? AND rev > ?", projectID, after).Order("rev").Limit(limit).Find(&rows).Error
	events := make([]realtime.Event, len(rows))
	for i, row := range rows {
		events[i] = realtime.Event{Rev: row.Rev, Name: row.Name, Payload: json.RawMessage(row.Payload)}
	}
	return events, db.Err(err)
}

// longLogs are projects above an id that have had more than some events, by id;
// only with id and rev.
func (r repository) longLogs(ctx context.Context, after, events int64, limit int) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw("SELECT id, rev FROM project WHERE id > ? AND rev > ? ORDER BY id LIMIT ?", after, events, limit).Scan(&all).Error
	return all, db.Err(err)
}

// lastEventBefore is the number of a project's last event up to upTo that is
// older than a time; 0 if there is none.
func (r repository) lastEventBefore(ctx context.Context, projectID, upTo int64, before time.Time) (int64, error) {
	var rev int64
	err := r.db.From(ctx).Raw(`SELECT rev FROM project_event WHERE project_id = ? AND rev <= ? AND created_at < ?
ORDER BY rev DESC LIMIT 1`, projectID, upTo, before).Scan(&rev).Error
	return rev, db.Err(err)
}

// firstEvent is the number of a project's first event in the log.
func (r repository) firstEvent(ctx context.Context, projectID int64) (int64, error) {
	var rev int64
	err := r.db.From(ctx).Raw("SELECT rev FROM project_event WHERE project_id = ? ORDER BY rev LIMIT 1", projectID).Scan(&rev).Error
	return rev, db.Err(err)
}

// deleteEvents deletes a project's events up to a number.
func (r repository) deleteEvents(ctx context.Context, projectID, upTo int64) error {
	return r.exec(ctx, "DELETE FROM project_event WHERE project_id = ? AND rev <= ?", projectID, upTo)
}

var _ realtime.Log = repository{}
