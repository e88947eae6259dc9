// Package jobs runs what servers do again and again in the background, notes each
// result in the table job_run, and lets an administrator ask for a run at once.
//
// What is noted are the jobs that one of several servers does: their rows outlive that
// server, so that the next one goes on with them. Work that every server does runs in
// the same way and is not noted.
//
// Tables owned: job_run.
package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// pollEvery is how often the server that does the jobs looks for requests to run one.
	pollEvery = 3 * time.Second
	// forgottenAfter is how long the row of a job is kept that no server has any more.
	forgottenAfter = 30 * 24 * time.Hour
	// maxError is how many characters of an error are kept, maxServer of a server's name.
	maxError  = 512
	maxServer = 64
)

// Run is a row of table job_run: a job and its last run.
type Run struct {
	// Name is "⟨module⟩: ⟨what it does⟩", as the log has it.
	Name         string `gorm:"primaryKey"`
	EverySeconds int64
	// Server did the last run. StartedAt is nil before the first run has ended.
	Server     string
	StartedAt  *time.Time
	DurationMs int64
	// Error is that of the last run, Failures how many in a row have failed.
	Error    string
	Failures int64
	NextAt   time.Time
	// AskedAt is when an administrator asked for a run that has not ended.
	AskedAt *time.Time
}

// TableName is for GORM.
func (Run) TableName() string { return "job_run" }

// Every is how often the job runs.
func (r Run) Every() time.Duration { return time.Duration(r.EverySeconds) * time.Second }

// Duration is how long the last run took.
func (r Run) Duration() time.Duration { return time.Duration(r.DurationMs) * time.Millisecond }

// Runner notes the runs of jobs. It is safe for concurrent use.
type Runner struct {
	db     *db.DB
	repo   repository
	log    *slog.Logger
	server string
	poll   time.Duration

	mu sync.Mutex
	// running are the jobs that this server does, by name; a value in the channel is a
	// request to run at once.
	running map[string]chan struct{}
	// woken is which request, by its time, each job knows of.
	woken map[string]time.Time
}

// New returns the runner of a server; server is its name on the pages of administrators.
func New(d *db.DB, log *slog.Logger, server string) *Runner {
	return &Runner{db: d, repo: repository{d}, log: log, server: text.Cut(server, maxServer), poll: pollEvery, running: map[string]chan struct{}{}, woken: map[string]time.Time{}}
}

// noted is the key of what Repeat finds in its context.
type noted struct{}

type notes struct {
	runner *Runner
	module string
}

// Of returns a context in which Repeat notes what the jobs of a module do. A nil Runner
// notes nothing.
func (r *Runner) Of(ctx context.Context, module string) context.Context {
	if r == nil {
		return ctx
	}
	return context.WithValue(ctx, noted{}, notes{r, module})
}

// Repeat runs a job at once and at every interval until ctx ends, and then returns nil.
// An error of the job is logged as a warning together with the job's name: the next
// round tries again. In a context of Runner.Of each run is noted, and begins earlier if
// an administrator asks for it.
func Repeat(ctx context.Context, interval time.Duration, log *slog.Logger, name string, job func(ctx context.Context) error) error {
	do := func(ctx context.Context) error {
		err := job(ctx)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "periodic job failed", "job", name, "error", err)
		}
		return err
	}
	var asked <-chan struct{} // never, unless it is noted
	if n, ok := ctx.Value(noted{}).(notes); ok {
		full := n.module + ": " + name
		var leave func()
		asked, leave = n.runner.join(ctx, full, interval)
		defer leave()
		unnoted := do
		do = func(ctx context.Context) error { return n.runner.note(ctx, full, interval, unnoted) }
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		_ = do(ctx) // is in the log
		select {
		case <-ctx.Done():
			return nil
		case <-asked:
			ticker.Reset(interval)
		case <-ticker.C:
		}
	}
}

// join lists a job as one that this server does.
func (r *Runner) join(ctx context.Context, name string, interval time.Duration) (asked <-chan struct{}, leave func()) {
	ch := make(chan struct{}, 1)
	r.mu.Lock()
	r.running[name] = ch
	delete(r.woken, name)
	r.mu.Unlock()
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		return r.repo.insert(ctx, &Run{Name: name, EverySeconds: seconds(interval), Server: r.server, NextAt: r.db.Now(ctx)})
	})
	r.warn(ctx, name, err)
	return ch, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.running[name] == ch {
			delete(r.running, name)
		}
	}
}

// note runs a job and writes down how that went. A run that was cut off by the end of
// its context is not noted: another server repeats it.
func (r *Runner) note(ctx context.Context, name string, interval time.Duration, job func(ctx context.Context) error) error {
	started, clock := r.db.Now(ctx), time.Now()
	failed := job(ctx)
	if ctx.Err() != nil {
		return failed
	}
	took := time.Since(clock)
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		run := Run{
			Name: name, EverySeconds: seconds(interval), Server: r.server, StartedAt: &started, DurationMs: took.Milliseconds(),
			NextAt: r.db.Now(ctx).Add(interval),
		}
		if failed != nil {
			run.Error = text.Cut(failed.Error(), maxError)
		}
		return r.repo.update(ctx, run)
	})
	r.mu.Lock()
	delete(r.woken, name) // a request of the same second is another one
	r.mu.Unlock()
	r.warn(ctx, name, err)
	return failed
}

// warn logs that a job could not be noted. The job itself is worth more.
func (r *Runner) warn(ctx context.Context, name string, err error) {
	if err != nil && ctx.Err() == nil {
		r.log.WarnContext(ctx, "job could not be noted", "job", name, "error", err)
	}
}

// Run looks for requests to run a job, and deletes the rows of jobs that no server has
// any more, until ctx ends. The server that does the jobs calls it.
func (r *Runner) Run(ctx context.Context) error {
	ticker := time.NewTicker(r.poll)
	defer ticker.Stop()
	err := r.db.InTx(ctx, func(ctx context.Context) error {
		return r.repo.deleteForgotten(ctx, r.db.Now(ctx).Add(-forgottenAfter))
	})
	for {
		if err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "requests to run a job could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			err = r.wake(ctx)
		}
	}
}

// wake lets the jobs run that were asked for. One that is running already runs once more
// afterwards.
func (r *Runner) wake(ctx context.Context) error {
	runs, err := r.repo.asked(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range runs {
		if r.woken[run.Name].Equal(*run.AskedAt) {
			continue // it knows, and has not ended
		}
		select {
		case r.running[run.Name] <- struct{}{}:
			r.woken[run.Name] = *run.AskedAt
		default: // it is about to run, or this server does not do it
		}
	}
	return nil
}

// All returns the jobs with their last runs, in the order of their names.
func (r *Runner) All(ctx context.Context) ([]Run, error) {
	if r == nil {
		return nil, nil
	}
	return r.repo.all(ctx)
}

// Ask asks the server that does the jobs to run one within seconds. It belongs into a
// transaction. Errors: NotFound.
func (r *Runner) Ask(ctx context.Context, name string) error {
	if r == nil || !utf8.ValidString(name) {
		return errs.Of(errs.NotFound)
	}
	found, err := r.repo.ask(ctx, name, r.db.Now(ctx))
	if err == nil && !found {
		err = errs.Of(errs.NotFound)
	}
	return err
}

func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
