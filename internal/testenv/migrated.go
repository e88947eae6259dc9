package testenv

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/glebarez/go-sqlite" // The driver "sqlite", which package db uses too.

	"taskstack.org/migrations"
	"taskstack.org/platform/migrate"
)

// SQLite returns the address of a database file that does not exist yet, in a
// folder removed when the test ends.
func SQLite(t testing.TB) string {
	t.Helper()
	return sqliteURI(filepath.Join(t.TempDir(), "test.db"))
}

// MigratedSQLite returns the address of an SQLite database with all migrations
// applied: a copy of a file that is migrated once per test process.
func MigratedSQLite(t testing.TB) string {
	t.Helper()
	shared.sqliteFileOnce.Do(func() { shared.sqliteFile, shared.sqliteFileErr = migratedFile() })
	if shared.sqliteFileErr != nil {
		t.Fatalf("testenv: migrate SQLite: %v", shared.sqliteFileErr)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, shared.sqliteFile, 0o600); err != nil {
		t.Fatalf("testenv: %v", err)
	}
	return sqliteURI(path)
}

func sqliteURI(path string) string { return "sqlite:///" + path }

func migratedFile() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "taskstack-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "template.db")
	if err := migrateAt("sqlite", path+"?_pragma=synchronous(0)", migrate.SQLite); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// MigratedMariaDB returns the address of a MariaDB database with all
// migrations applied and no other rows. It is one that an earlier test had, emptied
// (emptied.go), or a new one, whose tables are made in one round trip from the
// statements that a migrated database shows.
func MigratedMariaDB(t testing.TB) string {
	t.Helper()
	server := sharedMariaDB(t)
	shared.mysqlSchemaOnce.Do(func() { shared.mysqlSchema, shared.mysqlSchemaErr = server.migratedSchema() })
	if shared.mysqlSchemaErr != nil {
		t.Fatalf("testenv: migrate MariaDB: %v", shared.mysqlSchemaErr)
	}
	name := server.takeEmptied(t, shared.mysqlSchema)
	if name == "" {
		name = "t_" + randomHex(t, 6)
		server.exec(t, "CREATE DATABASE "+name+"; USE "+name+"; SET foreign_key_checks = 0;\n"+
			shared.mysqlSchema.tables+shared.mysqlSchema.rows+"SET foreign_key_checks = 1; USE mysql")
	}
	t.Cleanup(func() { server.giveBack(t, shared.mysqlSchema, name) })
	return server.uri(name)
}

// schema is what makes a migrated database.
type schema struct {
	tables string // statements
	rows   string // statements, for the tables that say which migrations it has
	// looks is what looksOf says about it.
	looks string
}

// migratedSchema migrates a database, reads back the statements that make it
// and drops it.
func (m *mariaDB) migratedSchema() (made schema, err error) {
	ctx := context.Background() // The schema is not one test's.
	name, err := newPassword()
	if err != nil {
		return schema{}, err
	}
	name = "template_" + name
	if _, err := m.admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return schema{}, err
	}
	defer func() {
		_, dropErr := m.admin.ExecContext(ctx, "DROP DATABASE "+name)
		err = errors.Join(err, dropErr)
	}()
	if err := migrateAt("mysql", m.dsn(name), migrate.MySQL); err != nil {
		return schema{}, err
	}
	return m.dump(ctx, name)
}

// dump writes the statements that make a database's tables, and the rows of
// the tables that say which migrations a fresh database has.
func (m *mariaDB) dump(ctx context.Context, name string) (made schema, err error) {
	const versions = "schema_version"
	tables, err := column(ctx, m.admin, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1", name)
	if err != nil {
		return schema{}, err
	}
	var out, rows strings.Builder
	for _, table := range tables {
		var same, create string
		if err := m.admin.QueryRowContext(ctx, "SHOW CREATE TABLE `"+name+"`.`"+table+"`").Scan(&same, &create); err != nil {
			return schema{}, err
		}
		out.WriteString(create + ";\n")
	}
	applied, err := column(ctx, m.admin, "SELECT version_id FROM `"+name+"`."+versions+" ORDER BY id")
	if err != nil {
		return schema{}, err
	}
	for _, v := range applied {
		fmt.Fprintf(&rows, "INSERT INTO %s (version_id, is_applied) VALUES (%s, TRUE);\n", versions, v)
	}
	sums, err := column(ctx, m.admin, "SELECT CONCAT(version_id, ', ', QUOTE(checksum)) FROM `"+name+"`.schema_checksum")
	if err != nil {
		return schema{}, err
	}
	for _, sum := range sums {
		fmt.Fprintf(&rows, "INSERT INTO schema_checksum (version_id, checksum) VALUES (%s);\n", sum)
	}
	looks, err := m.looksOf(ctx, name)
	return schema{tables: out.String(), rows: rows.String(), looks: looks}, err
}

func column(ctx context.Context, q *sql.DB, query string, args ...any) (values []string, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}

func migrateAt(driver, dsn, dialect string) (err error) {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return migrate.Up(context.Background(), pool, dialect, migrations.FS, slog.New(slog.DiscardHandler))
}
