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
	"math"
	"path"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
)

// The dialects, which are also the names of the folders.
const (
	MySQL  = "mysql"
	SQLite = "sqlite"
)

// AdoptionTable records how far a database of the Flask application has been
// taken over (package migrations/adopt).
const AdoptionTable = "flask_adoption"

// versionTable records which migrations a database has.
const versionTable = "schema_version"

var (
	// ErrNewer says that the database has migrations this program does not know.
	ErrNewer = errors.New("the database was migrated by a newer Taskstack; start that version, or restore the backup from before its migration")
	// ErrForeign says that the database holds tables this program did not make.
	ErrForeign = errors.New("the database holds tables of the Flask application; stop that application, back up, and run `taskstack migrate`, " +
		"which takes them over (docs/moving.md), or name an empty database in TASKSTACK_DB_URI")
)

// State is one migration and whether the database has it.
type State struct {
	Version int64
	Name    string // file name
	// AppliedAt is zero when the migration is pending.
	AppliedAt time.Time
}

// Up applies what is pending, oldest first, and logs each step. It waits for
// another process that is migrating the same database, until ctx ends. A MySQL
// pool must allow two connections.
// Errors: ErrNewer, ErrForeign, ErrChanged, or one that names the file that failed.
func Up(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger) error {
	return locked(ctx, db, dialect, log, func() error {
		if err := refuseForeign(ctx, db, dialect); err != nil {
			return err
		}
		return upTo(ctx, db, dialect, fsys, log, math.MaxInt64)
	})
}

// UpTo applies what is pending up to a version, for those who bring rows of that
// version. Unlike Up it does not refuse tables of the Flask application.
func UpTo(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger, version int64) error {
	return locked(ctx, db, dialect, log, func() error { return upTo(ctx, db, dialect, fsys, log, version) })
}

func upTo(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger, version int64) error {
	p, err := provider(ctx, db, dialect, fsys)
	if err != nil {
		return err
	}
	known, err := checksumsOf(fsys, dialect, p)
	if err != nil {
		return err
	}
	if err := verify(ctx, db, dialect, known); err != nil {
		return err
	}
	results, err := p.UpTo(ctx, version)
	report(ctx, log, results)
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
	return locked(ctx, db, dialect, log, func() error {
		p, err := provider(ctx, db, dialect, fsys)
		if err != nil {
			return err
		}
		results, err := p.DownTo(ctx, to)
		report(ctx, log, results)
		return explain(err)
	})
}

// Status lists every migration of the program, oldest first.
func Status(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS, log *slog.Logger) (states []State, err error) {
	err = locked(ctx, db, dialect, log, func() error {
		p, err := provider(ctx, db, dialect, fsys)
		if err != nil {
			return err
		}
		all, err := p.Status(ctx)
		if err != nil {
			return fmt.Errorf("read the database's migrations: %w", err)
		}
		for _, s := range all {
			states = append(states, State{Version: s.Source.Version, Name: path.Base(s.Source.Path), AppliedAt: s.AppliedAt})
		}
		return nil
	})
	return states, err
}

// provider must be called under the lock: goose makes its version table, which
// on MySQL takes two steps, in whatever is called first, with no lock of its own.
func provider(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS) (*goose.Provider, error) {
	known := map[string]goose.Dialect{MySQL: goose.DialectMySQL, SQLite: goose.DialectSQLite3}
	files, err := fs.Sub(fsys, dialect)
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	p, err := goose.NewProvider(known[dialect], db, files, goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	return p, repairVersionTable(ctx, db, dialect)
}

// repairVersionTable removes a version table that a start cut off between the
// two steps has left empty; goose could not go on from there.
func repairVersionTable(ctx context.Context, db *sql.DB, dialect string) error {
	columns, err := columnsOf(ctx, db, dialect, versionTable)
	if err != nil || len(columns) == 0 {
		return err
	}
	var rows int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+versionTable).Scan(&rows); err != nil {
		return fmt.Errorf("look at %s: %w", versionTable, err)
	}
	if rows > 0 {
		return nil
	}
	if _, err := db.ExecContext(ctx, "DROP TABLE "+versionTable); err != nil {
		return fmt.Errorf("remove the empty %s: %w", versionTable, err)
	}
	return nil
}

func report(ctx context.Context, log *slog.Logger, results []*goose.MigrationResult) {
	for _, r := range results {
		log.InfoContext(ctx, "migration done", "file", path.Base(r.Source.Path), "direction", r.Direction, "took", r.Duration)
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
	return fmt.Errorf("migration %s failed, the ones before it stay; correct the cause and start again: %w",
		path.Base(partial.Failed.Source.Path), partial.Err)
}

// refuseForeign protects a database of the Flask application: it has no
// version table, so it looks as if all migrations were pending. A table "user"
// of ours has a column that theirs lacks, also when a first start on MySQL was
// cut off half way.
func refuseForeign(ctx context.Context, db *sql.DB, dialect string) error {
	foreign, err := isForeign(ctx, db, dialect)
	if err == nil && foreign {
		return ErrForeign
	}
	return err
}

func isForeign(ctx context.Context, db *sql.DB, dialect string) (bool, error) {
	columns, err := columnsOf(ctx, db, dialect, "user")
	if err != nil || len(columns) > 0 && !slices.Contains(columns, "created_at") {
		return err == nil, err
	}
	if columns, err = columnsOf(ctx, db, dialect, AdoptionTable); err != nil || len(columns) == 0 {
		return false, err
	}
	// Taking over was begun; until its end the new tables are empty.
	var ended int
	err = db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+AdoptionTable+" WHERE step = 'done' AND NOT EXISTS "+
		"(SELECT 1 FROM "+AdoptionTable+" WHERE step = 'going back')").Scan(&ended)
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", AdoptionTable, err)
	}
	return ended == 0, nil
}

// BookkeepingTables are the tables that this package makes, beside those of the
// migrations.
func BookkeepingTables() []string { return []string{versionTable, checksumTable} }

// columnsOf returns the names of a table's columns, none if there is no such
// table.
func columnsOf(ctx context.Context, db *sql.DB, dialect, table string) (names []string, err error) {
	query := "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
	if dialect == SQLite {
		query = "SELECT name FROM pragma_table_info(?)"
	}
	rows, err := db.QueryContext(ctx, query, table)
	if err != nil {
		return nil, fmt.Errorf("look at the database's tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("look at the database's tables: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
