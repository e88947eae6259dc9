package mail

import (
	"context"
	"time"
)

// Queued is a mail that waits, or one that was given up, without its texts.
type Queued struct {
	ID          int64
	To, Subject string
	// Failed is true for a mail that was given up: its texts are gone.
	Failed   bool
	Attempts int
	// DueAt is when it is tried next, or when it was given up.
	DueAt, CreatedAt time.Time
	// LastError is the last attempt's; empty for none.
	LastError string
}

// Unsent returns at most limit mails that wait or were given up, the newest first.
func (q *Queue) Unsent(ctx context.Context, limit int) ([]Queued, error) {
	rows, err := q.repo.newest(ctx, limit)
	all := make([]Queued, len(rows))
	for i, j := range rows {
		all[i] = Queued{
			ID: j.ID, To: j.Recipient, Subject: j.Subject, Failed: j.State == stateFailed, Attempts: j.Attempts, DueAt: j.DueAt, CreatedAt: j.CreatedAt,
			LastError: j.LastError,
		}
	}
	return all, err
}

// Counts returns how many mails wait, and how many were given up.
func (q *Queue) Counts(ctx context.Context) (waiting, failed int, err error) {
	counts, err := q.repo.count(ctx)
	return counts[stateWaiting], counts[stateFailed], err
}

// TryNow lets all mails that wait for another attempt be tried at once, and returns
// how many. Those that a server is sending just now are left to it.
func (q *Queue) TryNow(ctx context.Context) (n int64, err error) {
	err = q.db.InTx(ctx, func(ctx context.Context) error {
		n, err = q.repo.hurry(ctx, q.db.Now(ctx))
		return err
	})
	if err == nil {
		q.db.AfterCommit(ctx, func(context.Context) { q.poke() })
	}
	return n, err
}

// poke lets Run look for mails, if it does not already.
func (q *Queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
