package backup

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"

	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
	"taskstack.org/platform/storage"
)

// Target is what a backup is restored into: an empty database of either kind.
type Target struct {
	DB         *db.DB
	Files      storage.Storage // nil for the database alone
	Migrations fs.FS
	Log        *slog.Logger
}

// handler gets the entries of an archive.
type handler struct {
	// header decides whether the rest is read.
	header func(Header) error
	rows   func(table string, columns []string, rows [][]any) error
	file   func(key string, size int64, r io.Reader) error
	// end is called when the archive is known to be whole.
	end func(ending) error
}

// Verify reads a backup to its end and returns what it holds. Errors: ErrNoBackup,
// ErrDamaged.
func Verify(r io.Reader) (Summary, error) {
	return readCompressed(r, handler{})
}

// Restore fills an empty database and the storage. The backup is read twice: a
// damaged one changes nothing. Errors: those of Verify, ErrNewer, ErrNotEmpty.
func Restore(ctx context.Context, r io.ReadSeeker, t Target) (Summary, error) {
	if _, err := Verify(r); err != nil {
		return Summary{}, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Summary{}, err
	}
	return t.load(ctx, func(h handler) (Summary, error) { return readCompressed(r, h) })
}

// Move copies all rows of a database into an empty one of either kind. Nobody may
// write to the first meanwhile: what they write would be missing in the second.
func Move(ctx context.Context, s Source, t Target) (Summary, error) {
	r, w := io.Pipe()
	s.Files, t.Files = nil, nil
	written := make(chan error, 1)
	go func() {
		_, err := writeArchive(ctx, w, s)
		written <- errors.Join(err, w.CloseWithError(err))
	}()
	sum, err := t.load(ctx, func(h handler) (Summary, error) { return readArchive(r, h) })
	_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // ends the writer if the reader gave up
	if writeErr := <-written; err == nil || errors.Is(err, ErrDamaged) && writeErr != nil {
		err = errors.Join(writeErr, err)
	}
	return sum, err
}

// load reads an archive into the target, in one transaction that is only
// committed when the archive was whole.
func (t Target) load(ctx context.Context, read func(handler) (Summary, error)) (Summary, error) {
	l := &loader{ctx: ctx, target: t, rows: map[string]int{}}
	sum, err := read(handler{header: l.begin, rows: l.insert, file: l.file, end: l.end})
	return sum, errors.Join(err, l.close())
}

// loader inserts rows.
type loader struct {
	ctx    context.Context // of the one restore that it lives for
	target Target
	conn   *sql.Conn
	tx     *sql.Tx
	rows   map[string]int
}

// begin makes the schema that the backup was made with.
func (l *loader) begin(h Header) error {
	pool, err := l.target.DB.Pool()
	if err != nil {
		return err
	}
	dialect := l.target.DB.Dialect()
	standing, err := migrate.Look(l.ctx, pool, dialect, l.target.Migrations)
	switch {
	case err != nil:
		return err
	case h.Schema > standing.Newest:
		return ErrNewer
	case standing.Foreign:
		return ErrNotEmpty
	}
	if err := l.checkEmpty(); err != nil {
		return err
	}
	if standing.Version > h.Schema {
		if err := migrate.Down(l.ctx, pool, dialect, l.target.Migrations, l.target.Log, 0); err != nil {
			return err
		}
	}
	if err := migrate.UpTo(l.ctx, pool, dialect, l.target.Migrations, l.target.Log, h.Schema); err != nil {
		return err
	}
	if l.conn, err = pool.Conn(l.ctx); err != nil {
		return err
	}
	if dialect == db.MySQL {
		// Rows come by the names of their tables; they were whole where they come from.
		if _, err := l.conn.ExecContext(l.ctx, "SET SESSION foreign_key_checks = 0"); err != nil {
			return err
		}
	}
	if l.tx, err = l.conn.BeginTx(l.ctx, nil); err != nil {
		return err
	}
	if dialect == db.SQLite {
		_, err = l.tx.ExecContext(l.ctx, "PRAGMA defer_foreign_keys = ON")
	}
	return err
}

func (l *loader) checkEmpty() error {
	tables, err := tablesOf(l.ctx, l.target.DB)
	if err != nil {
		return err
	}
	for _, table := range tables {
		var found []int
		if err := l.target.DB.From(l.ctx).Raw("SELECT 1 FROM `" + table + "` LIMIT 1").Scan(&found).Error; err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("table %s has rows: %w", table, ErrNotEmpty)
		}
	}
	return nil
}

// batch is how many rows one INSERT has; SQLite allows 32,766 values.
const batch = 100

func (l *loader) insert(table string, columns []string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(batch, len(rows))
		one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
		statement := "INSERT INTO `" + table + "` (`" + strings.Join(columns, "`, `") + "`) VALUES " + strings.TrimSuffix(strings.Repeat(one+",", n), ",")
		values := make([]any, 0, n*len(columns))
		for _, row := range rows[:n] {
			values = append(values, row...)
		}
		if _, err := l.tx.ExecContext(l.ctx, statement, values...); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
		rows, l.rows[table] = rows[n:], l.rows[table]+n
	}
	return nil
}

func (l *loader) file(key string, size int64, r io.Reader) error {
	if l.target.Files == nil {
		return nil
	}
	return l.target.Files.Put(l.ctx, key, r, size, "")
}

// end commits and brings the schema up to date.
func (l *loader) end(e ending) error {
	dialect := l.target.DB.Dialect()
	if !maps.Equal(l.rows, e.Rows) {
		return fmt.Errorf("%w: rows are missing", ErrDamaged)
	}
	if dialect == db.SQLite {
		if err := setNextIDs(l.ctx, l.tx, dialect, e.Next); err != nil {
			return err
		}
	}
	if err := l.tx.Commit(); err != nil {
		return fmt.Errorf("commit what was restored: %w", err)
	}
	l.tx = nil
	if dialect == db.MySQL {
		if err := setNextIDs(l.ctx, l.conn, dialect, e.Next); err != nil {
			return err
		}
	}
	if err := l.close(); err != nil {
		return err
	}
	pool, err := l.target.DB.Pool()
	if err != nil {
		return err
	}
	return migrate.Up(l.ctx, pool, dialect, l.target.Migrations, l.target.Log)
}

// close undoes what was not committed and gives the connection back. Once the
// context has ended, connection and transaction have gone with it.
func (l *loader) close() error {
	var all []error
	if l.tx != nil {
		all = append(all, l.tx.Rollback())
	}
	if l.conn != nil && l.target.DB.Dialect() == db.MySQL {
		_, err := l.conn.ExecContext(context.WithoutCancel(l.ctx), "SET SESSION foreign_key_checks = 1")
		all = append(all, err)
	}
	if l.conn != nil {
		all = append(all, l.conn.Close())
	}
	l.tx, l.conn = nil, nil
	return errors.Join(slices.DeleteFunc(all, func(err error) bool { return errors.Is(err, sql.ErrTxDone) || errors.Is(err, driver.ErrBadConn) })...)
}

// tableEntry is the name of a piece of a table.
var tableEntry = regexp.MustCompile(`^tables/([a-z][a-z0-9_]*)/[0-9]{6,}\.jsonl$`)

// maxHeader bounds the first and the last entry.
const maxHeader = 1 << 20

// columnName is what a column or table may be called: it becomes part of a
// statement.
var columnName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
