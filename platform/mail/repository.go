package mail

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// States of a row of mail_job. There is none for a mail that was sent: its row
// is gone.
const (
	stateWaiting = "waiting"
	stateFailed  = "failed"
)

// job is a row of mail_job: a mail on its way, or one that was given up.
type job struct {
	ID        int64 `gorm:"primaryKey"`
	MailID    string
	Recipient string
	Subject   string
	TextBody  string
	HTMLBody  string
	State     string
	// Claim is random and names the round of the server that is at it; empty
	// if there is none.
	Claim string
	// Attempts counts those begun, so that a mail which ends the process is not
	// tried for ever.
	Attempts int
	// DueAt is when to try next; while it is claimed, when the claim ends.
	DueAt     time.Time
	ExpiresAt *time.Time
	LastError string
	CreatedAt time.Time
	// Unsubscribe is that of the Message.
	Unsubscribe string
}

// TableName is for GORM.
func (job) TableName() string { return "mail_job" }

func (j job) message() Message {
	return Message{ID: j.MailID, To: j.Recipient, Subject: j.Subject, Text: j.TextBody, HTML: j.HTMLBody, Unsubscribe: j.Unsubscribe}
}

// repository holds every query on mail_job.
type repository struct{ db *db.DB }

func (r repository) insert(ctx context.Context, j *job) error { return r.db.From(ctx).Create(j).Error }

// due are the ids of at most n mails that may be tried, the longest waiting
// first. None is claimed yet.
func (r repository) due(ctx context.Context, now time.Time, n int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&job{}).Where("state = ? AND due_at <= ?", stateWaiting, now).
		Order("due_at, id").Limit(n).Pluck("id", &ids).Error
	return ids, err
}

// claim takes those of ids that no other server claimed meanwhile: of two servers that
// update one row, the second waits for the first and then finds it not due.
func (r repository) claim(ctx context.Context, ids []int64, claim string, now, until time.Time) ([]job, error) {
	err := r.db.From(ctx).Exec(
		"UPDATE mail_job SET claim = ?, due_at = ?, attempts = attempts + 1 WHERE id IN ? AND state = ? AND due_at <= ?",
		claim, until, ids, stateWaiting, now).Error
	if err != nil {
		return nil, err
	}
	var taken []job
	err = r.db.From(ctx).Where("id IN ? AND claim = ?", ids, claim).Order("id").Find(&taken).Error
	return taken, err
}

// delete deletes a mail that was sent, whatever server has the claim by now.
func (r repository) delete(ctx context.Context, id int64) error {
	return r.db.From(ctx).Delete(&job{}, id).Error
}

// retry puts a mail back, unless its claim has ended and another server has it.
func (r repository) retry(ctx context.Context, j job, due time.Time, lastError string) error {
	return r.db.From(ctx).Exec("UPDATE mail_job SET claim = '', due_at = ?, last_error = ? WHERE id = ? AND claim = ?",
		due, lastError, j.ID, j.Claim).Error
}

// giveUp keeps that a mail failed, and when, but not its texts.
func (r repository) giveUp(ctx context.Context, j job, now time.Time, lastError string) error {
	return r.db.From(ctx).Exec(
		"UPDATE mail_job SET state = ?, claim = '', text_body = '', html_body = '', due_at = ?, last_error = ? WHERE id = ? AND claim = ?",
		stateFailed, now, lastError, j.ID, j.Claim).Error
}

// deleteFailed forgets what was given up before a time.
func (r repository) deleteFailed(ctx context.Context, before time.Time) (int64, error) {
	q := r.db.From(ctx).Where("state = ? AND due_at < ?", stateFailed, before).Delete(&job{})
	return q.RowsAffected, q.Error
}

// count is how many mails there are by state.
func (r repository) count(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := r.db.From(ctx).Model(&job{}).Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error
	counts := map[string]int{stateWaiting: 0, stateFailed: 0}
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, err
}

// newest returns the newest mails without their texts.
func (r repository) newest(ctx context.Context, limit int) ([]job, error) {
	var all []job
	err := r.db.From(ctx).Select("id", "recipient", "subject", "state", "attempts", "due_at", "last_error", "created_at").
		Order("id DESC").Limit(limit).Find(&all).Error
	return all, err
}

// hurry makes due what waits for another attempt and is claimed by no server.
func (r repository) hurry(ctx context.Context, now time.Time) (int64, error) {
	res := r.db.From(ctx).Exec("UPDATE mail_job SET due_at = ? WHERE state = ? AND claim = '' AND due_at > ?", now, stateWaiting, now)
	return res.RowsAffected, res.Error
}
