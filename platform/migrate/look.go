package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Standing says how a database compares with a program's migrations.
type Standing struct {
	// Version is the newest migration that the database has, 0 if none.
	Version int64
	// Newest is the newest migration of the program.
	Newest int64
	// Foreign says that the tables are those of the Flask application.
	Foreign bool
}

// Look compares a database with the migrations without changing anything.
func Look(ctx context.Context, db *sql.DB, dialect string, fsys fs.FS) (s Standing, err error) {
	if s.Newest, err = newestIn(fsys, dialect); err != nil {
		return s, err
	}
	if s.Foreign, err = isForeign(ctx, db, dialect); err != nil || s.Foreign {
		return s, err
	}
	columns, err := columnsOf(ctx, db, dialect, versionTable)
	if err != nil || len(columns) == 0 {
		return s, err
	}
	if err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versionTable).Scan(&s.Version); err != nil {
		return s, fmt.Errorf("read the database's version: %w", err)
	}
	return s, nil
}

func newestIn(fsys fs.FS, dialect string) (newest int64, err error) {
	files, err := fs.Glob(fsys, dialect+"/*.sql")
	if err != nil {
		return 0, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	for _, file := range files {
		number, _, _ := strings.Cut(path.Base(file), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number: %w", file, err)
		}
		newest = max(newest, version)
	}
	return newest, nil
}
