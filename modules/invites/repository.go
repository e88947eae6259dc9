package invites

import (
	"context"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// repository holds every query on invite.
type repository struct{ db *db.DB }

func (r repository) insert(ctx context.Context, i *invite) error {
	return db.Err(r.db.From(ctx).Create(i).Error)
}

// byCode returns the invitation of a code. NotFound if there is none.
func (r repository) byCode(ctx context.Context, code string) (invite, error) {
	var found invite
	err := r.db.From(ctx).Where("code = ?", code).Take(&found).Error
	if err == nil && found.Code != code {
		return invite{}, errs.Of(errs.NotFound)
	}
	return found, db.Err(err)
}

// inProject returns the invitations of a project that no one has used or
// withdrawn, the newest first.
func (r repository) inProject(ctx context.Context, projectID int64) ([]invite, error) {
	var all []invite
	err := r.db.From(ctx).Where("project_id = ? AND ended_as IS NULL", projectID).Order("id DESC").Find(&all).Error
	return all, db.Err(err)
}

// allOf returns all invitations of a project, the newest first.
func (r repository) allOf(ctx context.Context, projectID int64) ([]invite, error) {
	var all []invite
	err := r.db.From(ctx).Where("project_id = ?", projectID).Order("id DESC").Find(&all).Error
	return all, db.Err(err)
}

// waiting is the condition of the invitations that a person's start page shows.
const waiting = "to_id = ? AND ended_as IS NULL AND expires_at > ? AND NOT dismissed"

func (r repository) waitingFor(ctx context.Context, userID int64, now time.Time) ([]invite, error) {
	var all []invite
	err := r.db.From(ctx).Where(waiting, userID, now).Order("sent_at DESC, id DESC").Find(&all).Error
	return all, db.Err(err)
}

// countWaitingFor returns how many of them were sent after a time.
func (r repository) countWaitingFor(ctx context.Context, userID int64, now, after time.Time) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&invite{}).Where(waiting+" AND sent_at > ?", userID, now, after).Count(&n).Error
	return int(n), db.Err(err)
}

// update changes the invitation that a condition names. NotFound if there is none.
func (r repository) update(ctx context.Context, columns map[string]any, where string, args ...any) error {
	res := r.db.From(ctx).Model(&invite{}).Where(where, args...).Updates(columns)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Of(errs.NotFound)
	}
	return db.Err(res.Error)
}

func (r repository) sentAgain(ctx context.Context, id int64, at time.Time, lang string) error {
	return r.update(ctx, map[string]any{"sent_at": at, "expires_at": at.Add(lifetime), "lang": lang, "dismissed": false},
		"id = ? AND ended_as IS NULL", id)
}

func (r repository) withdraw(ctx context.Context, id int64, at time.Time) error {
	return r.update(ctx, map[string]any{"ended_as": withdrawn, "ended_at": at}, "id = ? AND ended_as IS NULL", id)
}

func (r repository) use(ctx context.Context, code string, by int64, at time.Time) error {
	return r.update(ctx, map[string]any{"ended_as": used, "ended_at": at, "used_by": by}, "code = ? AND ended_as IS NULL AND expires_at > ?", code, at)
}

// dismiss removes an invitation from the start page of the person it is for.
func (r repository) dismiss(ctx context.Context, code string, userID int64) error {
	return r.update(ctx, map[string]any{"dismissed": true}, "code = ? AND to_id = ?", code, userID)
}

// withdrawOf withdraws what a person has sent for a project.
func (r repository) withdrawOf(ctx context.Context, projectID, fromID int64, at time.Time) error {
	return r.exec(ctx, "UPDATE invite SET ended_as = ?, ended_at = ? WHERE project_id = ? AND from_id = ? AND ended_as IS NULL", withdrawn, at, projectID, fromID)
}

// dismissOf removes a project's invitations from the start page of a person.
func (r repository) dismissOf(ctx context.Context, projectID, toID int64) error {
	return r.exec(ctx, "UPDATE invite SET dismissed = ? WHERE project_id = ? AND to_id = ?", true, projectID, toID)
}

// deleteOf deletes all invitations from a person, to one, and that one has used.
func (r repository) deleteOf(ctx context.Context, userID int64) error {
	return r.exec(ctx, "DELETE FROM invite WHERE from_id = ? OR to_id = ? OR used_by = ?", userID, userID, userID)
}

// deleteTo deletes the invitations to a project.
func (r repository) deleteTo(ctx context.Context, projectID int64) error {
	return r.exec(ctx, "DELETE FROM invite WHERE project_id = ?", projectID)
}

// deleteEnded deletes what has ended before a time.
func (r repository) deleteEnded(ctx context.Context, before time.Time) error {
	return r.exec(ctx, "DELETE FROM invite WHERE ended_at < ? OR expires_at < ?", before, before)
}

func (r repository) exec(ctx context.Context, query string, args ...any) error {
	return db.Err(r.db.From(ctx).Exec(query, args...).Error)
}
