// Package migrate brings a database to the schema a program was built with.
//
// Migrations are SQL files, one folder per dialect with the same numbers and
// names (see package migrations). Any number of servers may start at once: one
// of them migrates, the others wait for it and find nothing left to do.
package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"time"

	"github.com/pressly/goose/v3"
)

// The dialects, which are also the names of the folders.
const (
	MySQL  = "mysql"
	SQLite = "sqlite"
)

// versionTable records which migrations a database has.
const versionTable = "schema_version"

var (
	// ErrNewer says that the database has migrations this program does not know.
	ErrNewer = errors.New("the database was migrated by a newer Taskstack; start that version, or restore the backup from before its migration")
	// ErrForeign says that the database holds tables this program did not make.
	ErrForeign = errors.New("the database holds tables of the Flask application, which this version cannot adopt yet; " +
		"leave them alone and name an empty database in TASKSTACK_DB_URI")
)

// State is one migration and whether the database has it.
type State struct {
	Version int64
	Name    string // file name
	// AppliedAt is zero when the migration is pending.
	AppliedAt time.Time
}

// Up applies what is pending, oldest first, and logs each step. It waits for
// another process that is migrating the same database, until ctx ends.
// Errors: ErrNewer, ErrForeign, or one that names the file that failed.
func Up(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger) error {
	if err := refuseForeign(ctx, db, dialect); err != nil {
		return err
	}
	p, err := provider(db, dialect, fsys, log)
	if err != nil {
		return err
	}
	results, err := p.Up(ctx)
	report(log, results)
	if err != nil {
		return explain(err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the database's version: %w", err)
	}
	if current > target {
		return fmt.Errorf("database has version %d, this program knows %d: %w", current, target, ErrNewer)
	}
	return nil
}

// Down takes migrations back, newest first, until the database has version to;
// 0 empties it. Data in what is dropped is lost.
func Down(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger, to int64) error {
	p, err := provider(db, dialect, fsys, log)
	if err != nil {
		return err
	}
	results, err := p.DownTo(ctx, to)
	report(log, results)
	return explain(err)
}

// Status lists every migration of the program, oldest first.
func Status(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS) ([]State, error) {
	p, err := provider(db, dialect, fsys, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	all, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the database's migrations: %w", err)
	}
	states := make([]State, len(all))
	for i, s := range all {
		states[i] = State{Version: s.Source.Version, Name: path.Base(s.Source.Path), AppliedAt: s.AppliedAt}
	}
	return states, nil
}

func provider(db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger) (*goose.Provider, error) {
	known := map[string]goose.Dialect{MySQL: goose.DialectMySQL, SQLite: goose.DialectSQLite3}
	d, ok := known[dialect]
	if !ok {
		return nil, fmt.Errorf("no migrations for the dialect %q", dialect)
	}
	files, err := fs.Sub(fsys, dialect)
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	p, err := goose.NewProvider(d, db, files,
		goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true),
		goose.WithSessionLocker(newLock(dialect, log)))
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	return p, nil
}

func report(log *slog.Logger, results []*goose.MigrationResult) {
	for _, r := range results {
		log.Info("migration done", "file", path.Base(r.Source.Path), "direction", r.Direction, "took", r.Duration)
	}
}

// explain adds to an error what an operator can do about it.
func explain(err error) error {
	var partial *goose.PartialError
	if !errors.As(err, &partial) {
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	}
	return fmt.Errorf("migration %s failed, the ones before it stay; mend the cause and start again: %w",
		path.Base(partial.Failed.Source.Path), partial.Err)
}

// refuseForeign protects a database of the Flask application: it has no
// version table, so it looks as if all migrations were pending. A table "user"
// of ours has a column that theirs lacks, also when a first start on MySQL was
// cut off half way.
func refuseForeign(ctx context.Context, db *sql.DB, dialect string) error {
	query := "SELECT c.column_name FROM information_schema.columns c WHERE c.table_schema = DATABASE() AND c.table_name = 'user'"
	if dialect == SQLite {
		query = "SELECT name FROM pragma_table_info('user')"
	}
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("look at the database's tables: %w", err)
	}
	defer func() { _ = rows.Close() }() // Read to its end below, or failed anyway.
	found, ours := false, false
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return fmt.Errorf("look at the database's tables: %w", err)
		}
		found, ours = true, ours || column == "created_at"
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look at the database's tables: %w", err)
	}
	if found && !ours {
		return ErrForeign
	}
	return nil
}
