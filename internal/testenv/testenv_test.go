package testenv_test

import (
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
)

// The fast copies must be what migrations make, and no test may see another's.
func TestMigratedDatabasesAreFreshAndOwn(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		d := testenv.Open(t, uri, db.Options{})
		insert := func(name string) error {
			pool, err := d.Pool()
			if err != nil {
				return err
			}
			_, err = pool.ExecContext(t.Context(), "INSERT INTO chat_group (name) VALUES (?)", name)
			return err
		}
		if err := insert("one"); err != nil {
			t.Fatal(err)
		}
		pool, err := d.Pool()
		if err != nil {
			t.Fatal(err)
		}
		var id, rows int
		if err := pool.QueryRowContext(t.Context(), "SELECT MAX(id), COUNT(*) FROM chat_group").Scan(&id, &rows); err != nil || id != 1 || rows != 1 {
			t.Errorf("id %d, %d rows, error %v", id, rows, err)
		}
		// Foreign keys are in force.
		if _, err := pool.ExecContext(t.Context(), "INSERT INTO list (project_id, name, list_desc, pos) VALUES (99, '', '', 0)"); err == nil {
			t.Error("a list without a project was accepted")
		}
	})
}

func TestRedisRestart(t *testing.T) {
	r := testenv.Redis(t)
	before := r.URL
	r.Stop(t)
	r.Start(t)
	if r.URL != before {
		t.Errorf("address changed from %s to %s", before, r.URL)
	}
}

func BenchmarkMigratedMariaDB(b *testing.B) {
	for b.Loop() {
		testenv.MigratedMariaDB(b)
	}
}

func BenchmarkMigratedSQLite(b *testing.B) {
	for b.Loop() {
		testenv.MigratedSQLite(b)
	}
}
