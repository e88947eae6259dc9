package migrate_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	_ "github.com/glebarez/go-sqlite"
	_ "github.com/go-sql-driver/mysql"

	"taskstack.org/internal/testenv"
	"taskstack.org/migrations"
	"taskstack.org/platform/config"
	"taskstack.org/platform/migrate"
)

// open returns a handle of its own on the database, as another process has.
func open(t *testing.T, uri string) (*sql.DB, string) {
	t.Helper()
	at, err := config.ParseDatabase(uri, "")
	if err != nil {
		t.Fatal(err)
	}
	driver, dsn := "mysql", at.DSN
	if at.Dialect == migrate.SQLite {
		driver, dsn = "sqlite", at.DSN+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_txlock=immediate"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	if at.Dialect == migrate.SQLite {
		db.SetMaxOpenConns(1) // As package db has it; a second connection taken inside would hang.
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, at.Dialect
}

func up(t *testing.T, db *sql.DB, dialect string) {
	t.Helper()
	if err := migrate.Up(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}

func TestUpDownUp(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		db, dialect := open(t, uri)
		up(t, db, dialect)
		fresh := readSchema(t, db, dialect)
		up(t, db, dialect)

		if err := migrate.Down(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler), 0); err != nil {
			t.Fatal(err)
		}
		if left := readSchema(t, db, dialect); len(left) != 0 {
			t.Fatalf("left after down: %v", slices.Sorted(maps.Keys(left)))
		}
		up(t, db, dialect)
		if again := readSchema(t, db, dialect); !maps.EqualFunc(fresh, again, table.equal) {
			t.Errorf("down and up again makes another schema:\n%v\n%v", fresh, again)
		}
		states, err := migrate.Status(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range states {
			if s.AppliedAt.IsZero() || s.Version != int64(i+1) {
				t.Errorf("state %d: %+v", i, s)
			}
		}
	})
}

func TestConcurrentUp(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		const servers = 4
		var wg sync.WaitGroup
		logs := make([]bytes.Buffer, servers)
		for i := range servers {
			db, dialect := open(t, uri)
			wg.Go(func() {
				if err := migrate.Up(t.Context(), db, dialect, migrations.FS, slog.New(slog.NewTextHandler(&logs[i], nil))); err != nil {
					t.Errorf("server %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		done := 0
		for i := range logs {
			done += strings.Count(logs[i].String(), "migration done")
		}
		db, dialect := open(t, uri)
		states, err := migrate.Status(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler))
		if err != nil || done != len(states) {
			t.Errorf("%d servers ran %d migrations of %d, error %v", servers, done, len(states), err)
		}
	})
}

// A first start that was cut off on MySQL leaves some tables and no version, or
// a table of versions without any.
func TestUpFinishesWhatWasCutOff(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		db, dialect := open(t, uri)
		up(t, db, dialect)
		whole := readSchema(t, db, dialect)
		if err := migrate.Down(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler), 1); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{"DELETE FROM schema_version", "DROP TABLE history_card_changed_list", "DROP TABLE card_user_assignment"} {
			if _, err := db.ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		up(t, db, dialect)
		if got := readSchema(t, db, dialect); !maps.EqualFunc(whole, got, table.equal) {
			t.Errorf("got %v", got)
		}
	})
}

// MySQL keeps what each statement of a step has done. A start that is cut off
// after any of them, again and again, is finished by the next one.
func TestEveryStepCanBeCutOffAnywhere(t *testing.T) {
	db, dialect := open(t, testenv.MariaDB(t))
	log := slog.New(slog.DiscardHandler)
	files, err := fs.Glob(migrations.FS, dialect+"/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	known := fstest.MapFS{}
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		cutOffEverywhere(t, db, string(text))
		known[file] = &fstest.MapFile{Data: text}
		if err := migrate.Up(t.Context(), db, dialect, known, log); err != nil {
			t.Fatalf("%s is not finished: %v", file, err)
		}
	}
	fresh, _ := open(t, testenv.MigratedMariaDB(t))
	if want, got := readSchema(t, fresh, dialect), readSchema(t, db, dialect); !maps.EqualFunc(want, got, table.equal) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// cutOffEverywhere runs the first statement of a step, then the first two, and
// so on, as starts do that get a little further each time.
func cutOffEverywhere(t *testing.T, db *sql.DB, step string) {
	t.Helper()
	conn, err := db.Conn(t.Context()) // A step is run by one connection: it may set variables.
	if err != nil {
		t.Fatal(err)
	}
	_, up, _ := strings.Cut(step, "-- +goose Up\n")
	up, _, _ = strings.Cut(up, "-- +goose Down\n")
	statements := strings.SplitAfter(up, ";\n")
	for end := range statements {
		for _, statement := range statements[:end] {
			if _, err := conn.ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("%v, when repeated: %s", err, statement)
			}
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

// MariaDB would take what MySQL does not know.
func TestStepsAreWrittenForMySQLToo(t *testing.T) {
	files, err := fs.Glob(migrations.FS, migrate.MySQL+"/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	unknown := regexp.MustCompile(`(?i)(column|key|index|constraint)\s+if\s+(not\s+)?exists|/\*M?!|\breturning\b|\buuid\b|\binet[46]\b`)
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if found := unknown.FindString(line); found != "" && !strings.HasPrefix(line, "--") {
				t.Errorf("%s: %q is no MySQL: %s", file, found, line)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	next := fstest.MapFS{}
	for _, dialect := range []string{migrate.MySQL, migrate.SQLite} {
		next[dialect+"/0001_a.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE a (id INTEGER);\n")}
		next[dialect+"/0002_b.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE b (id INTEGER);\n")}
	}
	broken := maps.Clone(next)
	older := maps.Clone(next)
	for _, dialect := range []string{migrate.MySQL, migrate.SQLite} {
		broken[dialect+"/0002_b.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE NONSENSE;\n")}
		delete(older, dialect+"/0002_b.sql")
	}
	log := slog.New(slog.DiscardHandler)

	t.Run("broken file", func(t *testing.T) {
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			err := migrate.Up(t.Context(), db, dialect, broken, log)
			if err == nil || !strings.Contains(err.Error(), "0002_b.sql failed") {
				t.Errorf("got %v", err)
			}
			if err := migrate.Up(t.Context(), db, dialect, next, log); err != nil {
				t.Errorf("after it was corrected: %v", err)
			}
		})
	})
	t.Run("newer database", func(t *testing.T) {
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			if err := migrate.Up(t.Context(), db, dialect, next, log); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Up(t.Context(), db, dialect, older, log); !errors.Is(err, migrate.ErrNewer) {
				t.Errorf("got %v", err)
			}
		})
	})
	t.Run("migration that was changed", func(t *testing.T) {
		changed := maps.Clone(next)
		for _, dialect := range []string{migrate.MySQL, migrate.SQLite} {
			changed[dialect+"/0001_a.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE a (id INTEGER, name INTEGER);\n")}
		}
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			if err := migrate.Up(t.Context(), db, dialect, older, log); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Up(t.Context(), db, dialect, changed, log); !errors.Is(err, migrate.ErrChanged) || !strings.Contains(err.Error(), "0001_a.sql") {
				t.Errorf("got %v", err)
			}
			if got := readSchema(t, db, dialect); len(got) != 1 {
				t.Errorf("it was changed: %v", slices.Sorted(maps.Keys(got)))
			}
			if err := migrate.Up(t.Context(), db, dialect, next, log); err != nil {
				t.Errorf("with the right migrations: %v", err)
			}
		})
	})
	t.Run("migration changed before it was applied", func(t *testing.T) {
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			if err := migrate.Up(t.Context(), db, dialect, broken, log); err == nil {
				t.Fatal("a broken file is applied")
			}
			for range 2 {
				if err := migrate.Up(t.Context(), db, dialect, next, log); err != nil {
					t.Errorf("got %v", err)
				}
			}
		})
	})
	t.Run("database from before checksums", func(t *testing.T) {
		testenv.EachMigrated(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			for _, q := range []string{"DROP TABLE schema_checksum", "DELETE FROM schema_version WHERE version_id > 7"} {
				if _, err := db.ExecContext(t.Context(), q); err != nil {
					t.Fatal(err)
				}
			}
			landed := onlyFirst(t, 7)
			for range 2 {
				if err := migrate.Up(t.Context(), db, dialect, landed, log); err != nil {
					t.Errorf("got %v", err)
				}
			}
			if got := query(t, db, "SELECT COUNT(*) FROM schema_checksum"); got[0][0] != "7" {
				t.Errorf("%s checksums", got[0][0])
			}
		})
	})
	t.Run("database with the old numbers", func(t *testing.T) {
		testenv.EachMigrated(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			for _, q := range []string{
				"DROP TABLE schema_checksum", "DELETE FROM schema_version WHERE version_id > 7",
				"INSERT INTO schema_version (version_id, is_applied) VALUES (8, TRUE)",
			} {
				if _, err := db.ExecContext(t.Context(), q); err != nil {
					t.Fatal(err)
				}
			}
			if err := migrate.Up(t.Context(), db, dialect, migrations.FS, log); !errors.Is(err, migrate.ErrChanged) {
				t.Errorf("got %v", err)
			}
		})
	})
	t.Run("database of the Flask application", func(t *testing.T) {
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			if _, err := db.ExecContext(t.Context(), "CREATE TABLE user (id INTEGER, name VARCHAR(16))"); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Up(t.Context(), db, dialect, migrations.FS, log); !errors.Is(err, migrate.ErrForeign) {
				t.Errorf("got %v", err)
			}
			if got := readSchema(t, db, dialect); len(got) != 1 {
				t.Errorf("it was changed: %v", got)
			}
		})
	})
	t.Run("stop while waiting", func(t *testing.T) {
		testenv.EachDatabase(t, func(t *testing.T, uri string) {
			db, dialect := open(t, uri)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := migrate.Up(ctx, db, dialect, migrations.FS, log); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	})
}

// onlyFirst returns the first n migrations of each dialect.
func onlyFirst(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	first := fstest.MapFS{}
	for _, dialect := range []string{migrate.MySQL, migrate.SQLite} {
		files, err := fs.Glob(migrations.FS, dialect+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files[:n] {
			text, err := fs.ReadFile(migrations.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			first[file] = &fstest.MapFile{Data: text}
		}
	}
	return first
}

// table is what the dialects must agree on.
type table struct {
	columns map[string]string // name → type, nullability, default
	keys    map[string]string // name → "unique" or "index", columns
	foreign map[string]string // columns → table and columns, rules
}

func (a table) equal(b table) bool {
	return maps.Equal(a.columns, b.columns) && maps.Equal(a.keys, b.keys) && maps.Equal(a.foreign, b.foreign)
}

func TestDialectsAgree(t *testing.T) {
	read := func(uri string) map[string]table {
		db, dialect := open(t, uri)
		return readSchema(t, db, dialect)
	}
	mysql, sqlite := read(testenv.MigratedMariaDB(t)), read(testenv.MigratedSQLite(t))
	if a, b := slices.Sorted(maps.Keys(mysql)), slices.Sorted(maps.Keys(sqlite)); !slices.Equal(a, b) {
		t.Errorf("tables differ:\nMySQL  %v\nSQLite %v", a, b)
	}
	for name := range mysql {
		for what, pair := range map[string][2]map[string]string{
			"columns":      {mysql[name].columns, sqlite[name].columns},
			"keys":         {mysql[name].keys, sqlite[name].keys},
			"foreign keys": {mysql[name].foreign, sqlite[name].foreign},
		} {
			if !maps.Equal(pair[0], pair[1]) {
				t.Errorf("%s: %s differ:\nMySQL  %v\nSQLite %v", name, what, pair[0], pair[1])
			}
		}
	}
}

// TestNames holds the conventions of contract/naming.md section 3.
func TestNames(t *testing.T) {
	db, dialect := open(t, testenv.MigratedMariaDB(t))
	lower := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for name, tb := range readSchema(t, db, dialect) {
		if !lower.MatchString(name) {
			t.Errorf("table %s", name)
		}
		for column := range tb.columns {
			if !lower.MatchString(column) {
				t.Errorf("column %s.%s", name, column)
			}
		}
		for key, is := range tb.keys {
			prefix := map[string]string{"unique": "uq_", "index": "ix_"}[strings.Fields(is)[0]] + name + "_"
			if key != "PRIMARY" && !strings.HasPrefix(key, prefix) {
				t.Errorf("key %s of %s should begin with %s", key, name, prefix)
			}
		}
	}
}

func readSchema(t *testing.T, db *sql.DB, dialect string) map[string]table {
	t.Helper()
	if dialect == migrate.MySQL {
		return readMySQL(t, db)
	}
	return readSQLite(t, db)
}

func readMySQL(t *testing.T, db *sql.DB) map[string]table {
	t.Helper()
	all := map[string]table{}
	for _, r := range query(t, db, `SELECT table_name FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_%'`) {
		all[r[0]] = table{map[string]string{}, map[string]string{}, map[string]string{}}
	}
	for _, r := range query(t, db, `SELECT table_name, column_name, column_type, is_nullable, COALESCE(column_default, 'NULL')
		FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_%'`) {
		all[r[0]].columns[r[1]] = strings.Join([]string{kind(r[2]), r[3], r[4]}, " ")
	}
	for _, r := range query(t, db, `SELECT table_name, index_name, IF(non_unique, 'index', 'unique'), GROUP_CONCAT(column_name ORDER BY seq_in_index)
		FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema\\_%' GROUP BY 1, 2, 3`) {
		all[r[0]].keys[r[1]] = r[2] + " " + r[3]
	}
	for _, r := range query(t, db, `SELECT k.table_name, GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position), k.referenced_table_name,
		GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position), r.update_rule, r.delete_rule
		FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
		ON r.constraint_schema = k.table_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
		WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
		GROUP BY k.table_name, k.constraint_name, k.referenced_table_name, r.update_rule, r.delete_rule`) {
		all[r[0]].foreign[r[1]] = foreign(r[2:])
	}
	return all
}

func readSQLite(t *testing.T, db *sql.DB) map[string]table {
	t.Helper()
	all := map[string]table{}
	for _, r := range query(t, db, `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'schema\_%' ESCAPE '\'`) {
		tb := table{map[string]string{}, map[string]string{}, map[string]string{}}
		for _, c := range query(t, db, `SELECT name, type, CASE WHEN "notnull" OR pk THEN 'NO' ELSE 'YES' END, COALESCE(dflt_value, 'NULL')
			FROM pragma_table_info(?)`, r[0]) {
			tb.columns[c[0]] = strings.Join([]string{kind(c[1]), c[2], c[3]}, " ")
		}
		if pk := query(t, db, `SELECT GROUP_CONCAT(name) FROM (SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk)`, r[0]); pk[0][0] != "" {
			tb.keys["PRIMARY"] = "unique " + pk[0][0]
		}
		// SQLite forgets the names of unique constraints; only the text keeps them.
		for _, m := range regexp.MustCompile(`CONSTRAINT "(uq_\w+)" UNIQUE \(([^)]*)\)`).FindAllStringSubmatch(r[1], -1) {
			tb.keys[m[1]] = "unique " + strings.NewReplacer(`"`, "", " ", "").Replace(m[2])
		}
		for _, i := range query(t, db, `SELECT l.name, (SELECT GROUP_CONCAT(name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)),
			CASE l."unique" WHEN 1 THEN 'unique' ELSE 'index' END FROM pragma_index_list(?) l WHERE l.origin = 'c'`, r[0]) {
			tb.keys[i[0]] = i[2] + " " + i[1]
		}
		for _, f := range query(t, db, `SELECT GROUP_CONCAT("from"), "table", GROUP_CONCAT("to"), on_update, on_delete
			FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id`, r[0]) {
			tb.foreign[f[0]] = foreign(f[1:])
		}
		all[r[0]] = tb
	}
	return all
}

// kind brings the two spellings of a type together.
func kind(typ string) string {
	typ = strings.ToLower(typ)
	for _, same := range [][2]string{{"int(11)", "integer"}, {"bigint(20)", "bigint"}, {"tinyint(1)", "boolean"}, {"mediumtext", "text"}, {"longtext", "text"}} {
		if typ == same[0] {
			return same[1]
		}
	}
	return typ
}

func foreign(r []string) string {
	rules := strings.ReplaceAll(strings.Join(r[2:], " "), "NO ACTION", "RESTRICT")
	return fmt.Sprintf("%s(%s) %s", r[0], r[1], rules)
}

func query(t *testing.T, db *sql.DB, q string, args ...any) [][]string {
	t.Helper()
	_, rows := queryNamed(t, db, q, args...)
	return rows
}

// queryNamed returns the names of the columns too.
func queryNamed(t *testing.T, db *sql.DB, q string, args ...any) (names []string, all [][]string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q, args...)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close() //nolint:errcheck // Read to its end.
	names, err = rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, v := range values {
			row[i] = v.String
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names, all
}
