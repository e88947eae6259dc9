package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/text"
)

// Limits of a Queue.
const (
	// maxSending is how many mails one server sends at the same time.
	maxSending = 4
	// sendPatience bounds one attempt.
	sendPatience = 30 * time.Second
	// claimLife is how long a mail belongs to the server that took it: longer
	// than an attempt and writing down its end, so that only a server that
	// died, or whose clock is far off, loses one.
	claimLife = 90 * time.Second
	// pollEvery is how soon a server finds what others left or what is due
	// again; its own new mails start it at once.
	pollEvery = 5 * time.Second
	// tidyEvery is how often old failures are deleted, failedLife how long they
	// are kept for the operator, with the error.
	tidyEvery  = time.Hour
	failedLife = 30 * 24 * time.Hour
	// drainPatience bounds the attempts under way when the program stops,
	// lastWrites what follows: writing down how the cut off ones ended.
	drainPatience = 10 * time.Second
	lastWrites    = 2 * time.Second
	// maxAttempts is how often a mail is tried; with the waits of retryAfter
	// that is most of a day.
	maxAttempts = 24
	// maxError is what fits into the column last_error.
	maxError = 1024
)

// retryAfter is how long to wait after the n-th failure: 5, 20, 80 seconds and
// so on up to an hour, each a quarter more or less at random, so that mails
// that failed together do not come back together. Whole seconds, as the column.
func retryAfter(n int) time.Duration {
	const first, most = 5 * time.Second, time.Hour
	wait := most
	if n <= 5 { // The next would be more than most.
		wait = first << (2 * (n - 1))
	}
	wait = wait*3/4 + rand.N(wait/2) // a guess gains nothing
	return wait.Truncate(time.Second)
}

// Queue sends mails in the background. They wait in the table mail_job, so a
// mail exists exactly when what caused it was committed, and none is lost with
// a server. Several servers may share a database: each mail is claimed by one
// of them. A server that dies between sending a mail and forgetting it leaves
// it to be sent once more, with the same Message-ID.
type Queue struct {
	db     *db.DB
	repo   repository
	sender Sender
	log    *slog.Logger
	wake   chan struct{}

	sent, failures, givenUp atomic.Uint64
}

// NewQueue returns a queue of the database in front of sender. Nothing is sent
// before Run.
func NewQueue(d *db.DB, sender Sender, log *slog.Logger) *Queue {
	return &Queue{db: d, repo: repository{d}, sender: sender, log: log, wake: make(chan struct{}, 1)}
}

// Enqueue writes a mail down, in the transaction of ctx if there is one, and
// returns: it is sent after the commit, and never when there is none. The error
// matches ErrInvalid if no server could send it.
func (q *Queue) Enqueue(ctx context.Context, m Message) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if m.ID == "" {
		m.ID = newID()
	}
	err := q.db.InTx(ctx, func(ctx context.Context) error {
		now := q.db.Now(ctx)
		j := job{
			MailID: m.ID, Recipient: m.To, Subject: m.Subject, TextBody: m.Text, HTMLBody: m.HTML,
			State: stateWaiting, DueAt: now, CreatedAt: now, Unsubscribe: m.Unsubscribe,
		}
		if !m.Expires.IsZero() {
			expires := m.Expires.UTC().Truncate(time.Second)
			j.ExpiresAt = &expires
		}
		return q.repo.insert(ctx, &j)
	})
	if err != nil {
		return fmt.Errorf("enqueue mail: %w", err)
	}
	q.db.AfterCommit(ctx, func(ctx context.Context) {
		q.log.DebugContext(ctx, "mail taken", "mail", m.ID)
		q.poke()
	})
	return nil
}

// Run sends until ctx ends, then lets the attempts under way finish. What still
// waits is sent after the next start, or by another server. It returns nil.
func (q *Queue) Run(ctx context.Context) error {
	// An attempt under way is not cut off by the end of ctx, only by drain.
	sends, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	poll, tidy := time.NewTicker(pollEvery), time.NewTicker(tidyEvery)
	defer poll.Stop()
	defer tidy.Stop()
	done := make(chan struct{}, maxSending)
	sending := 0
	for ctx.Err() == nil {
		for _, j := range q.take(ctx, maxSending-sending) {
			sending++
			go q.attempt(sends, j, done)
		}
		select {
		case <-q.wake:
		case <-poll.C:
		case <-tidy.C:
			q.tidy(ctx)
		case <-done:
			sending--
		case <-ctx.Done():
		}
	}
	drain(sending, done, cancel)
	return nil
}

// drain waits for the attempts under way; when the time is up it cancels them.
func drain(sending int, done <-chan struct{}, cancel func()) {
	limit := time.NewTimer(drainPatience)
	defer limit.Stop()
	cut := false
	for sending > 0 {
		select {
		case <-done:
			sending--
		case <-limit.C:
			if cut {
				return // They hang; their claims end by themselves.
			}
			cut = true
			cancel()
			limit.Reset(lastWrites)
		}
	}
}

// take claims up to n mails that are due. A database that does not answer is
// asked again at the next round.
func (q *Queue) take(ctx context.Context, n int) []job {
	if n == 0 {
		return nil
	}
	now := q.db.Now(ctx)
	ids, err := q.repo.due(ctx, now, n)
	var taken []job
	if err == nil && len(ids) > 0 {
		claim := newID()
		err = q.db.InTx(ctx, func(ctx context.Context) error {
			taken, err = q.repo.claim(ctx, ids, claim, now, now.Add(claimLife))
			return err
		})
	}
	if err != nil {
		if ctx.Err() == nil {
			q.log.WarnContext(ctx, "waiting mails not read", "error", err)
		}
		return nil
	}
	return taken
}

var (
	errExpired  = errors.New("it is too late: what the mail says is no longer true")
	errTooOften = errors.New("the program ended during each attempt")
)

// attempt sends a mail and writes down how that ended.
func (q *Queue) attempt(ctx context.Context, j job, done chan<- struct{}) {
	defer func() { done <- struct{}{} }()
	err := q.send(ctx, j)
	// Also when ctx was cancelled meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendPatience)
	defer cancel()
	if err := q.finish(ctx, j, err); err != nil {
		q.log.ErrorContext(ctx, "end of an attempt not written down", "mail", j.MailID, "error", err)
	}
}

// send tries once. Errors that match ErrInvalid or ErrRefused are final.
func (q *Queue) send(ctx context.Context, j job) (err error) {
	if j.ExpiresAt != nil && !q.db.Now(ctx).Before(*j.ExpiresAt) {
		return fmt.Errorf("%w: %w", ErrInvalid, errExpired)
	}
	if j.Attempts > maxAttempts {
		return fmt.Errorf("%w: %w", ErrInvalid, errTooOften)
	}
	defer func() {
		// A mail must not take the program down with it.
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: sender panicked: %v", ErrInvalid, p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	return q.sender.Send(ctx, j.message())
}

// finish forgets a mail that was sent, and puts one that was not back or aside.
func (q *Queue) finish(ctx context.Context, j job, err error) error {
	var write func(ctx context.Context) error
	switch {
	case err == nil:
		q.sent.Add(1)
		q.log.InfoContext(ctx, "mail sent", "mail", j.MailID, "attempts", j.Attempts)
		write = func(ctx context.Context) error { return q.repo.delete(ctx, j.ID) }
	case errors.Is(err, ErrInvalid) || errors.Is(err, ErrRefused) || j.Attempts >= maxAttempts:
		q.givenUp.Add(1)
		q.log.ErrorContext(ctx, "mail given up", "mail", j.MailID, "attempts", j.Attempts, "error", err)
		write = func(ctx context.Context) error {
			return q.repo.giveUp(ctx, j, q.db.Now(ctx), text.Cut(err.Error(), maxError))
		}
	default:
		wait := retryAfter(j.Attempts)
		q.failures.Add(1)
		q.log.WarnContext(ctx, "mail failed, will be tried again", "mail", j.MailID, "attempts", j.Attempts, "in", wait, "error", err)
		write = func(ctx context.Context) error {
			return q.repo.retry(ctx, j, q.db.Now(ctx).Add(wait), text.Cut(err.Error(), maxError))
		}
	}
	return q.db.InTx(ctx, write)
}

func (q *Queue) tidy(ctx context.Context) {
	err := q.db.InTx(ctx, func(ctx context.Context) error {
		n, err := q.repo.deleteFailed(ctx, q.db.Now(ctx).Add(-failedLife))
		if err == nil && n > 0 {
			q.log.InfoContext(ctx, "mails given up long ago are forgotten", "mails", n)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		q.log.WarnContext(ctx, "mails given up long ago not deleted", "error", err)
	}
}
