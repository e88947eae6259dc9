package testenv

import (
	"os"
	"strings"
	"testing"
)

// TestHandedOnDatabasesAreAsNew: a database that a test has written to is emptied, and
// one of which that makes none is not handed on.
func TestHandedOnDatabasesAreAsNew(t *testing.T) {
	if os.Getenv(OnlyVariable) == "sqlite" {
		return // SQLite's are copies of a file.
	}
	MigratedMariaDB(t)
	made, server := shared.mysqlSchema, shared.mariaDB
	fresh := func(t *testing.T) string {
		t.Helper()
		name := "t_" + randomHex(t, 6)
		server.exec(t, "CREATE DATABASE "+name+"; USE "+name+"; SET foreign_key_checks = 0;\n"+made.tables+made.rows+"SET foreign_key_checks = 1; USE mysql")
		t.Cleanup(func() { server.exec(t, "DROP DATABASE "+name) })
		return name
	}
	empty := func(t *testing.T, name string, want bool) {
		t.Helper()
		if ok, err := server.empty(t.Context(), made, name); ok != want || err != nil {
			t.Fatalf("emptied: %v, %v", ok, err)
		}
	}
	count := func(t *testing.T, query string) (n int) {
		t.Helper()
		if err := server.admin.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	t.Run("rows", func(t *testing.T) {
		name := fresh(t)
		versions := count(t, "SELECT COUNT(*) FROM "+name+".schema_version")
		server.exec(t, "INSERT INTO "+name+".chat_group (name) VALUES ('one'), ('two'); DELETE FROM "+name+".schema_checksum")
		empty(t, name, true)
		server.exec(t, "INSERT INTO "+name+".chat_group (name) VALUES ('three')")
		if id, n := count(t, "SELECT MAX(id) FROM "+name+".chat_group"), count(t, "SELECT COUNT(*) FROM "+name+".chat_group"); id != 1 || n != 1 {
			t.Errorf("id %d, %d rows", id, n)
		}
		if n, sums := count(t, "SELECT COUNT(*) FROM "+name+".schema_version"), count(t, "SELECT COUNT(*) FROM "+name+".schema_checksum"); n != versions || sums < n-1 {
			t.Errorf("%d of %d versions, %d checksums", n, versions, sums)
		}
	})
	t.Run("tables", func(t *testing.T) {
		name := fresh(t)
		for change, back := range map[string]string{
			"CREATE TABLE %.other (id INT)":                 "DROP TABLE %.other",
			"ALTER TABLE %.chat_group ADD COLUMN other INT": "ALTER TABLE %.chat_group DROP COLUMN other",
			"CREATE INDEX other ON %.chat_group (name)":     "DROP INDEX other ON %.chat_group",
		} {
			server.exec(t, strings.ReplaceAll(change, "%", name))
			empty(t, name, false)
			server.exec(t, strings.ReplaceAll(back, "%", name))
		}
		empty(t, name, true)
	})
	t.Run("someone connected", func(t *testing.T) {
		name := fresh(t)
		other, err := connectMariaDB(t.Context(), server.uri(""))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = other.admin.Close() })
		conn, err := other.admin.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := conn.ExecContext(t.Context(), "USE "+name); err != nil {
			t.Fatal(err)
		}
		empty(t, name, false)
	})
}
