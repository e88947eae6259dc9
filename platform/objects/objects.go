// Package objects keeps account of the objects in the storage, so that none is left
// behind and none that is needed is lost.
//
// At every moment each object is named by a row: of the module that uses it, or of
// the table unused_object. Reserve writes such rows before objects are put, Use
// deletes them in the transaction in which the rows of a module name the objects,
// Delete writes them in the transaction after which no row does so any more. Run
// deletes the objects whose rows are due, and tries again, later each time, when the
// storage fails. So whatever is cut off, a request, a server or the storage, leaves
// a row that says what is to be deleted, and nothing waits for the storage while it
// holds a lock.
//
// Tables owned: unused_object.
package objects

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/text"
)

const (
	// reservedFor is how long after its reservation an object must be in use: much
	// longer than any upload takes. What a killed server has left is deleted then.
	reservedFor = 6 * time.Hour
	// pollEvery is how soon the server with the lease finds what the others have left
	// to delete, and what is due again; its own deletions start it at once.
	pollEvery = 5 * time.Second
	// deleteBatch is how many objects are deleted before their rows are.
	deleteBatch = 100
	// maxFailures is after how many failures a round ends: most likely the storage
	// does not answer at all.
	maxFailures = 5
	// maxError is what fits into the column last_error.
	maxError = 512
)

// errExpired says that an object was put too long ago.
var errExpired = errors.New("the object was reserved too long ago, or not at all, and may be deleted")

// Store is a storage whose objects are accounted for. It is safe for concurrent use.
type Store struct {
	storage.Storage

	db   *db.DB
	repo repository
	log  *slog.Logger
	wake chan struct{}
}

// New returns the objects of a storage. Nothing is deleted before Run.
func New(d *db.DB, in storage.Storage, log *slog.Logger) *Store {
	return &Store{Storage: in, db: d, repo: repository{d}, log: log, wake: make(chan struct{}, 1)}
}

// Reservation is an object that is going to be put.
type Reservation struct {
	Key  string
	Size int64
}

// Reserve announces objects before they are put. It is called outside of a
// transaction: a row that is rolled back announces nothing. scope is what the sum of
// Reserved is asked for, such as the project whose quota counts them.
func (s *Store) Reserve(ctx context.Context, scope string, all ...Reservation) error {
	if len(all) == 0 {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		rows := make([]unused, len(all))
		for i, r := range all {
			rows[i] = unused{StorageKey: r.Key, State: reserved, Scope: scope, Size: r.Size, DueAt: now.Add(reservedFor), CreatedAt: now}
		}
		return s.repo.insert(ctx, rows)
	})
}

// Reserved returns the size of the objects of a scope that are reserved and not yet
// in use; of all scopes if scope is empty.
func (s *Store) Reserved(ctx context.Context, scope string) (int64, error) {
	return s.repo.reserved(ctx, scope)
}

// Held returns those of the keys that are reserved and not in use: their objects stay for
// some time, and may be used.
func (s *Store) Held(ctx context.Context, keys []string) (map[string]bool, error) {
	return s.repo.held(ctx, keys)
}

// Use ends the reservation of objects, in the transaction in which rows begin to name
// them. Errors: Unavailable if one was not reserved, or so long ago that it may be
// deleted.
func (s *Store) Use(ctx context.Context, keys ...string) error {
	n, err := s.repo.use(ctx, keys)
	if err == nil && n != int64(len(keys)) {
		err = errs.Because(errs.Unavailable, fmt.Errorf("%d of %d: %w", n, len(keys), errExpired))
	}
	return err
}

// Delete deletes objects after the commit, in the transaction after which no row
// names them.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	now := s.db.Now(ctx)
	rows := make([]unused, len(keys))
	for i, key := range keys {
		rows[i] = unused{StorageKey: key, State: deleting, DueAt: now, CreatedAt: now}
	}
	if err := s.repo.insert(ctx, rows); err != nil {
		return err
	}
	s.db.AfterCommit(ctx, func(context.Context) { s.wakeUp() })
	return nil
}

// Discard deletes objects that were reserved and are not needed after all. Those that
// are in use meanwhile, because a commit whose answer got lost has named them, stay.
// An error is only logged: what was reserved is deleted later anyway.
func (s *Store) Discard(ctx context.Context, keys ...string) {
	if len(keys) == 0 {
		return
	}
	// ctx may have been cancelled because the client disconnected.
	ctx = context.WithoutCancel(ctx)
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.discard(ctx, keys, s.db.Now(ctx)) })
	if err != nil {
		s.log.WarnContext(ctx, "objects of a failed upload are deleted in some hours", "count", len(keys), "error", err)
		return
	}
	s.wakeUp()
}

func (s *Store) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default: // It is going to look anyway.
	}
}

// Accounted returns those of the keys that a row of unused_object names.
func (s *Store) Accounted(ctx context.Context, keys []string) (map[string]bool, error) {
	return s.repo.among(ctx, keys)
}

// Run deletes what is due until ctx ends. One of several servers does it; two at the
// same time do no harm.
func (s *Store) Run(ctx context.Context) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		if _, err := s.DeleteDue(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "objects could not be deleted, will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-ticker.C:
		}
	}
}

// DeleteDue deletes the objects whose rows are due, and returns how many. What fails
// is due again later.
func (s *Store) DeleteDue(ctx context.Context) (deleted int, err error) {
	for {
		due, err := s.due(ctx)
		if err != nil || len(due) == 0 {
			return deleted, err
		}
		n, err := s.deleteAll(ctx, due)
		deleted += n
		if err != nil {
			return deleted, err
		}
	}
}

// due returns objects that are to be deleted now. Reservations that have ended are
// changed first: nothing can use them from then on.
func (s *Store) due(ctx context.Context) ([]unused, error) {
	now := s.db.Now(ctx)
	expired, err := s.repo.hasExpired(ctx, now)
	if err == nil && expired {
		err = s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.expire(ctx, now) })
	}
	if err != nil {
		return nil, err
	}
	return s.repo.due(ctx, now, deleteBatch)
}

// deleteAll deletes objects and then their rows. It returns the first failures.
func (s *Store) deleteAll(ctx context.Context, due []unused) (int, error) {
	var done []string
	var failed []unused
	var failures []error
	for _, u := range due {
		err := s.Storage.Delete(ctx, u.StorageKey)
		if err == nil {
			done = append(done, u.StorageKey)
			continue
		}
		if ctx.Err() != nil {
			break // The program stops; that is no failure of the storage.
		}
		u.LastError = text.Cut(err.Error(), maxError)
		failed, failures = append(failed, u), append(failures, err)
		if len(failed) == maxFailures {
			break
		}
	}
	// Also when ctx was cancelled meanwhile: the objects are deleted.
	err := s.db.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		for _, u := range failed {
			u.Attempts++
			u.DueAt = s.db.Now(ctx).Add(retryAfter(u.Attempts))
			if err := s.repo.retry(ctx, u); err != nil {
				return err
			}
		}
		return s.repo.delete(ctx, done)
	})
	return len(done), errors.Join(append(failures, err, ctx.Err())...)
}

// retryAfter is how long to wait after the n-th failure: 5, 20, 80 seconds and so on
// up to an hour.
func retryAfter(n int) time.Duration {
	const first, most, steps = 5 * time.Second, time.Hour, 5
	if n > steps { // The next would be more than most.
		return most
	}
	return first << (2 * (n - 1))
}

// Failing returns what the storage has refused to delete so far.
func (s *Store) Failing(ctx context.Context) (Failing, error) { return s.repo.failing(ctx) }
