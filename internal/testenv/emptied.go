package testenv

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// Making ninety tables takes MariaDB the better part of a second, emptying those
// that a test has written to a tenth. So the tests of all processes hand their
// migrated databases on: given back they are noted in a table of the server, and who
// takes one empties it first. One that a test has left in a state of which that
// cannot make a fresh one is dropped.

// free notes databases that no test uses, by the checksum of what made them. In
// memory: its statements are atomic and wait for nothing, and it ends with the server.
const makeFree = "CREATE DATABASE IF NOT EXISTS taskstack_tests; CREATE TABLE IF NOT EXISTS taskstack_tests.free " +
	"(name VARCHAR(64) NOT NULL PRIMARY KEY, made_of CHAR(64) NOT NULL) ENGINE=MEMORY"

func (s schema) sum() string {
	sum := sha256.Sum256([]byte(s.tables + s.rows + s.looks))
	return hex.EncodeToString(sum[:])
}

// giveBack lets other tests have a database.
func (m *mariaDB) giveBack(t testing.TB, made schema, name string) {
	t.Helper()
	m.exec(t, makeFree+"; INSERT INTO taskstack_tests.free VALUES ('"+name+"', '"+made.sum()+"')")
}

// takeEmptied returns a database that an earlier test has given back, as good as new;
// "" if there is none.
func (m *mariaDB) takeEmptied(t testing.TB, made schema) string {
	t.Helper()
	m.exec(t, makeFree)
	for {
		var name string
		err := m.admin.QueryRowContext(t.Context(), "DELETE FROM taskstack_tests.free WHERE made_of = '"+made.sum()+"' LIMIT 1 RETURNING name").Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return ""
		}
		if err != nil {
			t.Fatalf("testenv: take a database: %v", err)
		}
		ok, err := m.empty(t.Context(), made, name)
		if err != nil {
			t.Fatalf("testenv: empty a database: %v", err)
		}
		if ok {
			return name
		}
		m.exec(t, "DROP DATABASE "+name)
	}
}

// empty makes a database as it was when it was made. ok is false if it cannot, since
// someone is still connected or its tables are others now.
func (m *mariaDB) empty(ctx context.Context, made schema, name string) (ok bool, err error) {
	connected, err := column(ctx, m.admin, "SELECT id FROM information_schema.processlist WHERE db = ?", name)
	if err != nil || len(connected) > 0 {
		return false, err
	}
	looks, err := m.looksOf(ctx, name)
	if err != nil || looks != made.looks {
		return false, err
	}
	written, err := m.writtenIn(ctx, name)
	if err != nil {
		return false, err
	}
	var all strings.Builder
	fmt.Fprintf(&all, "USE %s; SET foreign_key_checks = 0;\n", name)
	for _, table := range written {
		fmt.Fprintf(&all, "TRUNCATE TABLE `%s`;\n", table)
	}
	all.WriteString(made.rows + "SET foreign_key_checks = 1; USE mysql")
	_, err = m.admin.ExecContext(ctx, all.String())
	return err == nil, err
}

// writtenIn returns the tables that have rows, or had some and would count on.
func (m *mariaDB) writtenIn(ctx context.Context, name string) ([]string, error) {
	tables, err := column(ctx, m.admin, "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", name)
	if err != nil {
		return nil, err
	}
	var filled []string
	for _, table := range tables {
		filled = append(filled, fmt.Sprintf("SELECT '%s' FROM dual WHERE EXISTS (SELECT 1 FROM `%s`.`%s`)", table, name, table))
	}
	written, err := column(ctx, m.admin, strings.Join(filled, " UNION ALL "))
	if err != nil {
		return nil, err
	}
	counted, err := column(ctx, m.admin, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND auto_increment > 1", name)
	written = append(written, counted...)
	slices.Sort(written)
	return slices.Compact(written), err
}

// looksOf is a checksum of the columns, indexes and foreign keys of a database.
func (m *mariaDB) looksOf(ctx context.Context, name string) (string, error) {
	sum := sha256.New()
	for _, query := range []string{
		"SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_default, extra, collation_name) FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position",
		"SELECT CONCAT_WS(' ', table_name, index_name, non_unique, column_name, seq_in_index) FROM information_schema.statistics WHERE table_schema = ? ORDER BY table_name, index_name, seq_in_index",
		"SELECT CONCAT_WS(' ', table_name, constraint_name, unique_constraint_name, update_rule, delete_rule) FROM information_schema.referential_constraints WHERE constraint_schema = ? ORDER BY table_name, constraint_name",
		"SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ? ORDER BY 1",
	} {
		lines, err := column(ctx, m.admin, query, name)
		if err != nil {
			return "", err
		}
		_, _ = io.WriteString(sum, strings.Join(lines, "\n")+"\n\n") // A hash does not fail.
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
