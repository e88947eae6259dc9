package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofrs/flock"
)

// lockPatience is how long one attempt waits before a line is logged and the
// next begins.
const lockPatience = 5 * time.Second

// locked runs fn while no other process runs anything of this package on the
// same database.
func locked(ctx context.Context, db *sql.DB, dialect string, log *slog.Logger, fn func() error) error {
	switch dialect {
	case MySQL:
		return lockedByName(ctx, db, log, "taskstack_migrate_", fn)
	case SQLite:
		return lockedByFile(ctx, db, log, fn)
	default:
		return fmt.Errorf("no migrations for the dialect %q", dialect)
	}
}

// Exclusive runs fn while no other process runs one of the same kind on the same
// MySQL database, as migrations do among themselves. kind has at most 32 letters.
func Exclusive(ctx context.Context, db *sql.DB, log *slog.Logger, kind string, fn func() error) error {
	return lockedByName(ctx, db, log, kind, fn)
}

// lockedByName uses MySQL's GET_LOCK, which belongs to one connection and ends
// with it, however the process ends. Locks are shared by all users of a server.
func lockedByName(ctx context.Context, db *sql.DB, log *slog.Logger, kind string, fn func() error) (err error) {
	lockName := "CONCAT('" + kind + "', MD5(DATABASE()))" // at most 64 characters
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for got := int64(0); got != 1; {
		var answer sql.NullInt64
		if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK("+lockName+", ?)", int(lockPatience.Seconds())).Scan(&answer); err != nil {
			return fmt.Errorf("lock the database for migration: %w", err)
		}
		if !answer.Valid {
			return errors.New("lock the database for migration: the server refused GET_LOCK")
		}
		if got = answer.Int64; got != 1 {
			log.InfoContext(ctx, "another server is migrating the database; waiting for it")
		}
	}
	err = fn()
	// Also when ctx has ended: the connection goes back into the pool.
	var released sql.NullInt64
	releaseErr := conn.QueryRowContext(context.WithoutCancel(ctx), "SELECT RELEASE_LOCK("+lockName+")").Scan(&released)
	if releaseErr == nil && released.Int64 != 1 {
		releaseErr = errors.New("it was lost meanwhile; make sure that no other server was starting")
	}
	if releaseErr != nil {
		err = errors.Join(err, fmt.Errorf("give back the lock for migration: %w", releaseErr))
	}
	return err
}

// lockedByFile locks a file beside the SQLite database. SQLite's own lock would
// have to be held across several transactions, which it cannot. The kernel
// drops the lock when the process ends; the empty file stays, because deleting
// it would let two processes lock different files.
func lockedByFile(ctx context.Context, db *sql.DB, log *slog.Logger, fn func() error) error {
	var path string
	if err := db.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		return fmt.Errorf("find the database file: %w", err)
	}
	if path == "" {
		return fn() // In memory: no other process can have it open.
	}
	file := flock.New(path + ".migrate.lock")
	for got := false; !got; {
		attempt, cancel := context.WithTimeout(ctx, lockPatience)
		var err error
		got, err = file.TryLockContext(attempt, 20*time.Millisecond)
		cancel()
		if err != nil && (ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded)) {
			return fmt.Errorf("lock %s for migration: %w", path, err)
		}
		if !got {
			log.InfoContext(ctx, "another server is migrating the database; waiting for it")
		}
	}
	return errors.Join(fn(), file.Unlock())
}
