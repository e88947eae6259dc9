package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/pressly/goose/v3"
)

// checksumTable holds the checksum of each migration's text beside its version.
// It is made here and not by a migration, as the version table is.
const checksumTable = "schema_checksum"

// lastWithoutChecksum is the newest migration that landed before checksums were
// recorded. A database that has a later one without a checksum was made when
// migrations still changed their numbers.
const lastWithoutChecksum = 7

// ErrChanged says that the database has migrations of the same numbers with
// another text, so that nothing is known about its tables.
var ErrChanged = errors.New("this program cannot bring the database up to date: it was made by a development version whose migrations were " +
	"changed afterwards, or by a changed program; start the program that made it, or name an empty database in TASKSTACK_DB_URI")

// applied is one migration that the database has.
type applied struct {
	version  int64
	checksum sql.NullString
}

// checksums are the checksums of the program's migrations, by version.
type checksums map[int64]checksum

type checksum struct{ file, sum string }

func checksumsOf(fsys fs.FS, dialect string, p *goose.Provider) (checksums, error) {
	all := checksums{}
	for _, source := range p.ListSources() {
		file := path.Join(dialect, path.Base(source.Path))
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", file, err)
		}
		sum := sha256.Sum256(text)
		all[source.Version] = checksum{file: file, sum: hex.EncodeToString(sum[:])}
	}
	return all, nil
}

// verify compares what the database has with the program's migrations, and
// records the checksums of those it has and of those that Up is about to apply.
// They are recorded first: a start that is cut off must not leave a migration
// without one.
func verify(ctx context.Context, db *sql.DB, dialect string, known checksums) error {
	create := "CREATE TABLE IF NOT EXISTS " + checksumTable + " (version_id BIGINT NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL)"
	if _, err := db.ExecContext(ctx, create); err != nil {
		return fmt.Errorf("make %s: %w", checksumTable, err)
	}
	had, err := appliedIn(ctx, db, dialect)
	if err != nil {
		return err
	}
	has := map[int64]bool{}
	for _, m := range had {
		c, inProgram := known[m.version]
		switch {
		case !m.checksum.Valid && m.version > lastWithoutChecksum:
			return fmt.Errorf("the database's migration %d has no checksum: %w", m.version, ErrChanged)
		case inProgram && m.checksum.Valid && m.checksum.String != c.sum:
			return fmt.Errorf("the database has another migration %d than %s: %w", m.version, c.file, ErrChanged)
		}
		has[m.version] = m.checksum.Valid
	}
	for _, version := range slices.Sorted(maps.Keys(known)) {
		if has[version] {
			continue
		}
		if _, err := db.ExecContext(ctx, "REPLACE INTO "+checksumTable+" (version_id, checksum) VALUES (?, ?)", version, known[version].sum); err != nil {
			return fmt.Errorf("record the checksum of migration %d: %w", version, err)
		}
	}
	return nil
}

// appliedIn returns the migrations that the database has, oldest first.
func appliedIn(ctx context.Context, db *sql.DB, dialect string) (all []applied, err error) {
	columns, err := columnsOf(ctx, db, dialect, versionTable)
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT v.version_id, c.checksum FROM "+versionTable+" v LEFT JOIN "+checksumTable+
		" c ON c.version_id = v.version_id WHERE v.version_id > 0 ORDER BY 1")
	if err != nil {
		return nil, fmt.Errorf("read the database's migrations: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m applied
		if err := rows.Scan(&m.version, &m.checksum); err != nil {
			return nil, fmt.Errorf("read the database's migrations: %w", err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}
