package migrate_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/migrations"
	"taskstack.org/platform/migrate"
)

// update adds what is missing; it never changes what is there.
var update = flag.Bool("update", false, "note the checksums of new migrations and dump the newest schema (make migration-dump)")

const (
	landedFolder = "../../migrations/testdata"
	// checksumFolder has a file per migration, so that branches that add
	// migrations change no file of each other.
	checksumFolder = landedFolder + "/checksums"
)

// A migration that has landed may be in a user's database. Its text stays as
// it is: testdata/checksums has a line per file.
func TestLandedMigrationsAreNotEdited(t *testing.T) {
	landed := readChecksums(t)
	files, err := fs.Glob(migrations.FS, "*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		now := hex.EncodeToString(sum[:])
		switch was, known := landed[file]; {
		case !known && *update:
			appendLine(t, filepath.Join(checksumFolder, strings.TrimSuffix(filepath.Base(file), ".sql")+".txt"), now+"  "+file)
		case !known:
			t.Errorf("migrations/%s is new: run `make migration-dump` and commit what it writes", file)
		case was != now:
			t.Errorf("migrations/%s has landed and was changed; databases have the old one. Restore it and write the next migration: make migration name=…", file)
		}
		delete(landed, file)
	}
	for file := range landed {
		t.Errorf("migrations/%s has landed and was deleted or renamed; databases have it. Restore it", file)
	}
}

func readChecksums(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(checksumFolder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s, error %v", len(files), checksumFolder, err)
	}
	landed := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			sum, file, ok := strings.Cut(strings.TrimSpace(line), "  ")
			if !ok {
				t.Fatalf("%s: line %q", name, line)
			}
			landed[file] = sum
		}
	}
	return landed
}

func appendLine(t *testing.T, name, line string) {
	t.Helper()
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(file, line); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// Databases of earlier versions, each with a row in every table, become what a
// new database is and lose nothing. testdata/⟨dialect⟩/NNNN.sql is the database
// after migration NNNN; a schema that has landed keeps its dump for ever.
func TestLandedSchemasAreUpgraded(t *testing.T) {
	files, err := fs.Glob(migrations.FS, "sqlite/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, error %v", len(files), err)
	}
	newest := fmt.Sprintf("%04d.sql", len(files))
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		fresh, dialect := open(t, uri)
		want := readSchema(t, fresh, dialect)
		dump := filepath.Join(landedFolder, dialect, newest)
		if _, err := os.Stat(dump); os.IsNotExist(err) && *update {
			fillTables(t, fresh, dialect, want)
			if err := os.MkdirAll(filepath.Dir(dump), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(dump, []byte(dumpOf(t, fresh, dialect)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(dump); err != nil {
			t.Errorf("no dump of the newest schema (%v): run `make migration-dump` and commit what it writes", err)
		}
		dumps, err := filepath.Glob(filepath.Join(landedFolder, dialect, "*.sql"))
		if err != nil || len(dumps) == 0 {
			t.Fatalf("%d dumps, error %v", len(dumps), err)
		}
		for _, name := range dumps {
			t.Run(filepath.Base(name), func(t *testing.T) { upgrade(t, dialect, name, want) })
		}
	})
}

func upgrade(t *testing.T, dialect, dump string, want map[string]table) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	empty := testenv.SQLite
	if dialect == migrate.MySQL {
		empty = testenv.MariaDB
	}
	db, _ := open(t, empty(t))
	load(t, db, dialect, string(text))
	before := rowsOf(t, db, slices.Collect(maps.Keys(readSchema(t, db, dialect))))
	if err := migrate.Up(t.Context(), db, dialect, migrations.FS, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if got := readSchema(t, db, dialect); !maps.EqualFunc(want, got, table.equal) {
		for name := range maps.Keys(want) {
			if !want[name].equal(got[name]) {
				t.Errorf("table %s differs from a new one:\nupgraded %v\nnew      %v", name, got[name], want[name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d tables, a new database has %d", len(got), len(want))
		}
	}
	for name, columns := range before {
		after := rowsOf(t, db, []string{name})[name]
		for column, values := range columns {
			if !slices.Equal(values, after[column]) {
				t.Errorf("%s.%s was %q and is %q", name, column, values, after[column])
			}
		}
	}
	if before["project"]["title"] == nil { // a project from before titles is called by its name
		if got := rowsOf(t, db, []string{"project"})["project"]; !slices.Equal(got["title"], before["project"]["name"]) {
			t.Errorf("projects called %q have the titles %q", before["project"]["name"], got["title"])
		}
	}
	writeAsBefore(t, db, dialect, string(text))
	if dialect == migrate.SQLite {
		if broken := query(t, db, "SELECT * FROM pragma_foreign_key_check"); len(broken) > 0 {
			t.Errorf("rows without what they refer to: %v", broken)
		}
	}
}

// writeAsBefore runs the dump's INSERT statements, which name the columns of their
// time, on the newest schema: during an update servers of the version before write
// to a database that the new one has migrated.
func writeAsBefore(t *testing.T, db *sql.DB, dialect, dump string) {
	t.Helper()
	var again []string
	for _, statement := range strings.SplitAfter(dump, ";\n\n") {
		rest, isInsert := strings.CutPrefix(statement, "INSERT INTO ")
		if !isInsert || strings.HasPrefix(rest, "`schema_") {
			continue
		}
		table, _, _ := strings.Cut(rest, " ")
		again = append(again, statement)
		again = slices.Insert(again, 0, "DELETE FROM "+table+";\n\n")
	}
	if len(again) < 50 {
		t.Fatalf("%d statements", len(again))
	}
	load(t, db, dialect, strings.Join(again, ""))
}

// load runs a dump, one statement after the other on one connection.
func load(t *testing.T, db *sql.DB, dialect, dump string) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	off, on := "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
	if dialect == migrate.MySQL {
		off, on = "SET foreign_key_checks = 0", "SET foreign_key_checks = 1"
	}
	for _, statement := range slices.Concat([]string{off}, strings.SplitAfter(dump, ";\n\n"), []string{on}) {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}

// rowsOf returns all values of tables: table, column, one value per row.
func rowsOf(t *testing.T, db *sql.DB, tables []string) map[string]map[string][]string {
	t.Helper()
	all := map[string]map[string][]string{}
	for _, name := range tables {
		columns, rows := queryNamed(t, db, "SELECT * FROM "+quoted(name))
		all[name] = map[string][]string{}
		for _, row := range rows {
			for i, column := range columns {
				all[name][column] = append(all[name][column], row[i])
			}
		}
	}
	return all
}

func quoted(name string) string { return "`" + name + "`" } // SQLite takes MySQL's quotes too

// fillTables puts one row into every table. All numbers are 1, so that every
// row refers to one that exists.
func fillTables(t *testing.T, db *sql.DB, dialect string, schema map[string]table) {
	t.Helper()
	var inserts strings.Builder
	for _, name := range slices.Sorted(maps.Keys(schema)) {
		columns := slices.Sorted(maps.Keys(schema[name].columns))
		values := make([]string, len(columns))
		for i, column := range columns {
			values[i] = valueFor(schema[name].columns[column])
			columns[i] = quoted(column)
		}
		fmt.Fprintf(&inserts, "INSERT INTO %s (%s) VALUES (%s);\n\n", quoted(name), strings.Join(columns, ", "), strings.Join(values, ", "))
	}
	load(t, db, dialect, inserts.String())
}

// valueFor returns a value that a column of a type takes.
func valueFor(column string) string {
	typ := strings.Fields(column)[0]
	switch {
	case strings.Contains(typ, "int") || strings.Contains(typ, "bool"):
		return "1"
	case strings.Contains(typ, "date") || strings.Contains(typ, "timestamp"):
		return "'2026-11-01 12:30:45'"
	case strings.Contains(typ, "blob") || strings.Contains(typ, "binary"):
		return "x'01'"
	default:
		return "'a'"
	}
}

// dumpOf writes the statements that make a database and its rows.
func dumpOf(t *testing.T, db *sql.DB, dialect string) string {
	t.Helper()
	var out strings.Builder
	var tables []string
	if dialect == migrate.SQLite {
		for _, r := range query(t, db, `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger', type = 'index', name`) {
			out.WriteString(r[2] + ";\n\n")
			if r[0] == "table" {
				tables = append(tables, r[1])
			}
		}
	} else {
		for _, r := range query(t, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1") {
			tables = append(tables, r[0])
			out.WriteString(query(t, db, "SHOW CREATE TABLE "+quoted(r[0]))[0][1] + ";\n\n")
		}
	}
	for _, name := range tables {
		values := rowsOf(t, db, []string{name})[name]
		names := slices.Sorted(maps.Keys(values))
		if len(names) == 0 {
			continue
		}
		for row := range values[names[0]] {
			texts := make([]string, len(names))
			for i, n := range names {
				texts[i] = literal(values[n][row])
			}
			fmt.Fprintf(&out, "INSERT INTO %s (`%s`) VALUES (%s);\n\n", quoted(name), strings.Join(names, "`, `"), strings.Join(texts, ", "))
		}
	}
	return out.String()
}

// literal writes a value as SQL; bytes that are no text as hexadecimal digits.
func literal(value string) string {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		value = at.Format(time.DateTime) // Drivers return their own form.
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "x'" + hex.EncodeToString([]byte(value)) + "'"
	}
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}
