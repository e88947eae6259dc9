// Package testenv gives tests the real services: a fresh database on SQLite
// and on MariaDB, and a Redis server of their own. Nothing is skipped when a
// service is missing; the test fails and names `make test`, which installs it.
//
// Addresses are in the form of TASKSTACK_DB_URI and TASKSTACK_REDIS_URL.
package testenv

import (
	"context"
	"os"
	"sync"
	"testing"

	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
)

// OnlyVariable names the one database, "sqlite" or "mariadb", that EachDatabase and
// EachMigrated are restricted to; `make check` uses it to be quick.
const OnlyVariable = "TASKSTACK_TEST_ONLY"

// EachDatabase runs fn as a subtest on a fresh, empty database of each kind,
// named "sqlite" and "mariadb".
func EachDatabase(t *testing.T, fn func(t *testing.T, uri string)) {
	t.Helper()
	each(t, SQLite, MariaDB, fn)
}

// EachMigrated is EachDatabase with all migrations applied.
func EachMigrated(t *testing.T, fn func(t *testing.T, uri string)) {
	t.Helper()
	each(t, MigratedSQLite, MigratedMariaDB, fn)
}

func each(t *testing.T, sqlite, mariadb func(testing.TB) string, fn func(*testing.T, string)) {
	t.Helper()
	all := map[string]func(testing.TB) string{"sqlite": sqlite, "mariadb": mariadb}
	only := os.Getenv(OnlyVariable)
	if all[only] == nil && only != "" {
		t.Fatalf("testenv: %s=%s: write sqlite or mariadb; as it is nothing would be tested", OnlyVariable, only)
	}
	for name, fresh := range all {
		if only != "" && only != name {
			continue
		}
		t.Run(name, func(t *testing.T) { fn(t, fresh(t)) })
	}
}

// Open opens the database at uri with package db and closes it when the test
// ends. Options other than the address may be given in o.
func Open(t testing.TB, uri string, o db.Options) *db.DB {
	t.Helper()
	at, err := config.ParseDatabase(uri, "")
	if err != nil {
		t.Fatalf("testenv: %s: %v", uri, err)
	}
	o.Dialect, o.DSN = at.Dialect, at.DSN
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("testenv: close database: %v", err)
		}
	})
	return d
}

// services are what one test process shares among its tests. Starting a
// database server takes a second, so this is the one place with package state.
type services struct {
	mariaDBOnce sync.Once
	mariaDB     *mariaDB
	mariaDBErr  error
	// mariaDBLease is held, and thereby kept from being collected, until the
	// process ends: with it would go the lock that keeps the server running.
	mariaDBLease func() error

	mysqlSchemaOnce sync.Once
	mysqlSchema     schema
	mysqlSchemaErr  error

	sqliteFileOnce sync.Once
	sqliteFile     []byte
	sqliteFileErr  error
}

var shared services // See services.

func sharedMariaDB(t testing.TB) *mariaDB {
	t.Helper()
	shared.mariaDBOnce.Do(func() { shared.mariaDBErr = shared.connect() })
	if shared.mariaDBErr != nil {
		t.Fatalf("testenv: no MariaDB for the tests; run `make test`, which installs and starts one: %v", shared.mariaDBErr)
	}
	return shared.mariaDB
}

func (s *services) connect() error {
	ctx := context.Background() // The server is not one test's.
	address := os.Getenv(MySQLVariable)
	if address == "" {
		var err error
		if address, s.mariaDBLease, err = Lease(ctx); err != nil {
			return err
		}
	}
	m, err := connectMariaDB(ctx, address)
	s.mariaDB = m
	return err
}
