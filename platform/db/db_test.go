package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// open gives a database with one table to try things on.
func open(t *testing.T, uri string) *db.DB {
	t.Helper()
	d := testenv.Open(t, uri, db.Options{})
	mustInTx(t, d, func(ctx context.Context) error {
		return d.From(ctx).Exec("CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, n INTEGER NOT NULL, CONSTRAINT uq_thing_name UNIQUE (name))").Error
	})
	return d
}

func mustInTx(t *testing.T, d *db.DB, fn func(ctx context.Context) error) {
	t.Helper()
	if err := d.InTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func insert(ctx context.Context, d *db.DB, id int, name string) error {
	return db.Err(d.From(ctx).Exec("INSERT INTO thing (id, name, n) VALUES (?, ?, 0)", id, name).Error)
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.From(t.Context()).Raw("SELECT COUNT(*) FROM thing").Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnErrorRollsBackAndRunsTheHooks(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		boom := errors.New("boom")
		var committed, undone bool
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			d.AfterCommit(ctx, func(context.Context) { committed = true })
			d.AfterRollback(ctx, func() { undone = true })
			return errors.Join(insert(ctx, d, 1, "a"), boom)
		})
		if !errors.Is(err, boom) || committed || !undone || count(t, d) != 0 {
			t.Fatalf("err %v, committed %v, undone %v, rows %d", err, committed, undone, count(t, d))
		}
	})
}

func TestANestedTransactionJoinsTheOuterOne(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		var order []string
		mustInTx(t, d, func(ctx context.Context) error {
			err := d.InTx(ctx, func(ctx context.Context) error {
				d.AfterCommit(ctx, func(context.Context) { order = append(order, "hook") })
				return insert(ctx, d, 1, "a")
			})
			order = append(order, "inner done")
			if !d.Now(ctx).Equal(d.Now(ctx)) {
				t.Error("two times in one transaction")
			}
			return err
		})
		if len(order) != 2 || order[0] != "inner done" || count(t, d) != 1 {
			t.Fatalf("order %v, rows %d", order, count(t, d))
		}
	})
}

func TestWhatFollowsACommitSurvivesAClientThatLeft(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		ctx, cancel := context.WithCancel(t.Context())
		var after error = errors.New("never ran")
		if err := d.InTx(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func(ctx context.Context) { cancel(); after = ctx.Err() })
			return insert(ctx, d, 1, "a")
		}); err != nil || after != nil {
			t.Fatalf("err %v, after %v", err, after)
		}
	})
}

func TestTakenKeysAndMissingRowsAreTheProductsErrors(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		mustInTx(t, d, func(ctx context.Context) error { return insert(ctx, d, 1, "a") })
		err := d.InTx(t.Context(), func(ctx context.Context) error { return insert(ctx, d, 2, "a") })
		if errs.KindOf(err) != errs.Conflict {
			t.Errorf("a taken key: %v", err)
		}
		var row struct{ ID int }
		err = db.Err(d.From(t.Context()).Table("thing").Where("id = 7").Take(&row).Error)
		if errs.KindOf(err) != errs.NotFound {
			t.Errorf("a missing row: %v", err)
		}
	})
}

// On SQLite a write outside a transaction would not wait for others, and no test would see
// it: it must fail.
func TestSQLiteRefusesWritesOutsideATransaction(t *testing.T) {
	d := open(t, testenv.SQLite(t))
	if err := insert(t.Context(), d, 1, "a"); err == nil {
		t.Fatal("it was written")
	}
}

func TestASnapshotDoesNotSeeLaterCommits(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		mustInTx(t, d, func(ctx context.Context) error { return insert(ctx, d, 1, "a") })
		err := d.Snapshot(t.Context(), func(ctx context.Context) error {
			var before, after int
			if err := d.From(ctx).Raw("SELECT COUNT(*) FROM thing").Scan(&before).Error; err != nil {
				return err
			}
			// Another connection commits in between.
			mustInTx(t, d, func(other context.Context) error { return insert(other, d, 2, "b") })
			if err := d.From(ctx).Raw("SELECT COUNT(*) FROM thing").Scan(&after).Error; err != nil {
				return err
			}
			if before != 1 || after != 1 {
				t.Errorf("the snapshot saw %d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil || count(t, d) != 2 {
			t.Fatalf("err %v, rows %d", err, count(t, d))
		}
	})
}

// Two transactions that each hold the row the other one wants: one of them loses
// the deadlock and is run again. SQLite has one writer, so there is none.
func TestADeadlockHasAVictimThatIsRunAgain(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		if d.Dialect() == db.SQLite {
			return
		}
		mustInTx(t, d, func(ctx context.Context) error {
			return errors.Join(insert(ctx, d, 1, "a"), insert(ctx, d, 2, "b"))
		})
		var (
			holding, all sync.WaitGroup
			runs         atomic.Int32
		)
		holding.Add(2)
		for first := 1; first <= 2; first++ {
			all.Go(func() {
				tries := 0
				err := d.InTx(t.Context(), func(ctx context.Context) error {
					tries++
					runs.Add(1)
					update := func(id int) error { return d.From(ctx).Exec("UPDATE thing SET n = n + 1 WHERE id = ?", id).Error }
					if err := update(first); err != nil {
						return err
					}
					if tries == 1 { // both hold their first row before either wants its second
						holding.Done()
						holding.Wait()
					}
					return update(3 - first)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var sum int
		if err := d.From(t.Context()).Raw("SELECT SUM(n) FROM thing").Scan(&sum).Error; err != nil {
			t.Fatal(err)
		}
		if runs.Load() != 3 || sum != 4 {
			t.Errorf("%d runs, want the two and the victim's second; sum %d", runs.Load(), sum)
		}
	})
}

// Many transactions that lock the same rows in opposite orders: whatever is run
// again, no increment may be lost.
func TestDeadlocksAreRunAgain(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		mustInTx(t, d, func(ctx context.Context) error {
			return errors.Join(insert(ctx, d, 1, "a"), insert(ctx, d, 2, "b"))
		})
		const writers, rounds = 4, 10
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				first, second := 1+w%2, 2-w%2
				for range rounds {
					err := d.InTx(t.Context(), func(ctx context.Context) error {
						for _, id := range []int{first, second} {
							if err := d.From(ctx).Exec("UPDATE thing SET n = n + 1 WHERE id = ?", id).Error; err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var sum int
		if err := d.From(t.Context()).Raw("SELECT SUM(n) FROM thing").Scan(&sum).Error; err != nil {
			t.Fatal(err)
		}
		if sum != writers*rounds*2 {
			t.Fatalf("sum %d, want %d", sum, writers*rounds*2)
		}
	})
}

// TestWhatIsRunAgain: only what lost a race, and not without end.
func TestWhatIsRunAgain(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		for name, c := range map[string]struct {
			err   error
			tries int
		}{
			"an error of ours":       {errors.New("boom"), 1},
			"a refusal":              {errs.Of(errs.Conflict), 1},
			"an ended context":       {context.DeadlineExceeded, 1},
			"a missing table":        {&mysqldriver.MySQLError{Number: 1146}, 1},
			"a taken key":            {&mysqldriver.MySQLError{Number: 1062}, 1},
			"a deadlock":             {&mysqldriver.MySQLError{Number: 1213}, 8},
			"a lock that was late":   {fmt.Errorf("move: %w", &mysqldriver.MySQLError{Number: 1205}), 8},
			"a lock, told by a kind": {errs.Because(errs.Internal, &mysqldriver.MySQLError{Number: 1213}), 8},
		} {
			tries, undone, committed := 0, 0, 0
			err := d.InTx(t.Context(), func(ctx context.Context) error {
				tries++
				d.AfterRollback(ctx, func() { undone++ })
				d.AfterCommit(ctx, func(context.Context) { committed++ })
				return c.err
			})
			if !errors.Is(err, c.err) || tries != c.tries || undone != c.tries || committed != 0 {
				t.Errorf("%s: run %d times, want %d; undone %d times, committed %d times: %v", name, tries, c.tries, undone, committed, err)
			}
		}
		// Once it succeeds, only the last run counts.
		tries, after := 0, []int{}
		mustInTx(t, d, func(ctx context.Context) error {
			tries++
			n := tries
			d.AfterCommit(ctx, func(context.Context) { after = append(after, n) })
			if err := insert(ctx, d, n, fmt.Sprint(n)); err != nil || n == 3 {
				return err
			}
			return &mysqldriver.MySQLError{Number: 1213}
		})
		if tries != 3 || len(after) != 1 || after[0] != 3 || count(t, d) != 1 {
			t.Errorf("run %d times, afterwards %v, %d rows", tries, after, count(t, d))
		}
		// A client that has left is not waited for.
		ctx, leave := context.WithCancel(t.Context())
		tries = 0
		err := d.InTx(ctx, func(context.Context) error {
			tries++
			leave()
			return &mysqldriver.MySQLError{Number: 1213}
		})
		if err == nil || tries != 1 {
			t.Errorf("run %d times for a client that has left: %v", tries, err)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		d := open(t, uri)
		ctx, n := db.CountStatements(t.Context())
		if err := d.InTx(ctx, func(ctx context.Context) error { return insert(ctx, d, 1, "a") }); err != nil {
			t.Fatal(err)
		}
		if n.Load() != 3 {
			t.Fatalf("counted %d, want begin, insert and commit", n.Load())
		}
	})
}

// TestNewDatabaseIsOpenedByMany: several programs that start at once on a database
// that does not exist all open it.
func TestNewDatabaseIsOpenedByMany(t *testing.T) {
	for range 200 {
		file := filepath.Join(t.TempDir(), "new.db")
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				d, err := db.Open(t.Context(), db.Options{Dialect: db.SQLite, DSN: file})
				if err == nil {
					err = d.Close()
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
}
