package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3/lock"
)

// lockPatience is how long one attempt waits before a line is logged and the
// next begins.
const lockPatience = 5 * time.Second

func newLock(dialect string, log *slog.Logger) lock.SessionLocker {
	if dialect == MySQL {
		return &namedLock{log: log}
	}
	return &fileLock{log: log}
}

// namedLock is MySQL's GET_LOCK, taken on the very connection that migrates:
// if that connection dies, so do the lock and the migration, together.
type namedLock struct{ log *slog.Logger }

// Names of locks are shared by the whole server and at most 64 characters long.
const lockName = "CONCAT('taskstack_migrate_', MD5(DATABASE()))"

func (l *namedLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	for {
		var got sql.NullInt64
		err := conn.QueryRowContext(ctx, "SELECT GET_LOCK("+lockName+", ?)", int(lockPatience.Seconds())).Scan(&got)
		switch {
		case err != nil:
			return fmt.Errorf("lock the database for migration: %w", err)
		case !got.Valid:
			return errors.New("lock the database for migration: the server refused GET_LOCK")
		case got.Int64 == 1:
			return nil
		}
		l.log.Info("another server is migrating the database; waiting for it")
	}
}

func (l *namedLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "DO RELEASE_LOCK("+lockName+")"); err != nil {
		return fmt.Errorf("unlock the database after migration: %w", err)
	}
	return nil
}

// fileLock is a lock on a file beside the SQLite database. SQLite's own lock
// would have to be held across several transactions, which it cannot. The
// kernel drops the lock when the process ends, however it ends; the empty file
// stays, because deleting it would let two processes lock different files.
type fileLock struct {
	log  *slog.Logger
	file *flock.Flock
}

func (l *fileLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var path string
	if err := conn.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		return fmt.Errorf("find the database file: %w", err)
	}
	if path == "" {
		return nil // In memory: nobody else can have it open.
	}
	file := flock.New(path + ".migrate.lock")
	for {
		attempt, cancel := context.WithTimeout(ctx, lockPatience)
		_, err := file.TryLockContext(attempt, 20*time.Millisecond)
		cancel()
		switch {
		case err == nil:
			l.file = file
			return nil
		case ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("lock %s for migration: %w", path, err)
		}
		l.log.Info("another server is migrating the database; waiting for it")
	}
}

func (l *fileLock) SessionUnlock(context.Context, *sql.Conn) error {
	if l.file == nil {
		return nil
	}
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("unlock after migration: %w", err)
	}
	return nil
}
