package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	gosqlite "github.com/glebarez/go-sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// txTries is how often a transaction that lost a deadlock is run in all.
const txTries = 8

type txKey struct{}

// transaction is what travels in the context.
type transaction struct {
	gorm          *gorm.DB
	now           time.Time
	values        map[reflect.Type]any
	beforeCommit  []func(context.Context) error
	afterCommit   []func(context.Context)
	afterRollback []func()
}

func current(ctx context.Context) *transaction {
	tx, _ := ctx.Value(txKey{}).(*transaction)
	return tx
}

type guardKey struct{}

// Guarded returns a context in which InTx asks guard before it begins a transaction, and
// returns its error instead. What has begun goes on.
func Guarded(ctx context.Context, guard func(ctx context.Context) error) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

// InTx runs fn in a transaction, which it finds in the context it is given. A
// nested call joins the outer one, and only the outermost commits. An error, a
// panic or an ended context rolls everything back.
//
// When the database picks this transaction as the victim of a deadlock, fn is
// run again from the start: so nothing in it may leave the process. Use
// AfterCommit for that.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if current(ctx) != nil {
		return fn(ctx)
	}
	if guard, ok := ctx.Value(guardKey{}).(func(ctx context.Context) error); ok {
		if err := guard(ctx); err != nil {
			return err
		}
	}
	step(ctx, TxBegin)
	var err error
	for try := range txTries {
		var tx *transaction
		tx, err = d.runTx(ctx, fn)
		if err == nil {
			step(ctx, TxCommitted)
			// What follows a commit belongs to it: it is done even if the
			// client that asked has left by now.
			after := context.WithoutCancel(ctx)
			for _, f := range tx.afterCommit {
				f(after)
			}
			return nil
		}
		for _, f := range tx.afterRollback {
			f()
		}
		if !isRetryable(err) || ctx.Err() != nil {
			return err
		}
		d.log.DebugContext(ctx, "transaction is run again", "try", try+1, "error", err)
		if !pause(ctx, try) {
			return ctx.Err()
		}
	}
	return fmt.Errorf("transaction lost %d times in a row: %w", txTries, err)
}

// TxStep is a moment of an outermost transaction.
type TxStep string

// The steps: before it begins, before it commits, and after that before anything
// follows.
const (
	TxBegin     TxStep = "begin"
	TxCommit    TxStep = "commit"
	TxCommitted TxStep = "committed"
)

type txStepsKey struct{}

// AtTxSteps returns a context in which fn is called at every step of every outermost
// transaction. With it, a test ends a request at each of them, as a killed process
// does.
func AtTxSteps(ctx context.Context, fn func(TxStep)) context.Context {
	return context.WithValue(ctx, txStepsKey{}, fn)
}

// BeforeTx returns a context in which every outermost transaction runs fn just
// before it begins. With it, a test lets another request commit between a check
// and the transaction that relies on it.
func BeforeTx(ctx context.Context, fn func()) context.Context {
	return AtTxSteps(ctx, func(s TxStep) {
		if s == TxBegin {
			fn()
		}
	})
}

func step(ctx context.Context, at TxStep) {
	if fn, ok := ctx.Value(txStepsKey{}).(func(TxStep)); ok {
		fn(at)
	}
}

func (d *DB) runTx(ctx context.Context, fn func(ctx context.Context) error) (*transaction, error) {
	tx := &transaction{now: d.now().UTC().Truncate(time.Second)}
	countStatement(ctx, 2) // begin and commit
	err := d.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx.gorm = g
		ctx := context.WithValue(ctx, txKey{}, tx)
		if err := fn(ctx); err != nil {
			return err
		}
		for i := 0; i < len(tx.beforeCommit); i++ { // one may add another
			if err := tx.beforeCommit[i](ctx); err != nil {
				return err
			}
		}
		step(ctx, TxCommit)
		return nil
	}, &sql.TxOptions{})
	return tx, err
}

// TxValue returns the value of type T that belongs to the transaction in ctx, in
// which code that is called several times collects what it does at the end. It
// makes the value at the first call of a transaction, and of every try of it, and
// reports that it is new.
func TxValue[T any](ctx context.Context) (value *T, isNew bool) {
	tx, key := current(ctx), reflect.TypeFor[T]()
	if tx == nil {
		return new(T), true
	}
	if v, ok := tx.values[key].(*T); ok {
		return v, false
	}
	if tx.values == nil {
		tx.values = map[reflect.Type]any{}
	}
	value = new(T)
	tx.values[key] = value
	return value, true
}

// BeforeCommit runs fn in the transaction in ctx when all else in it is done, at
// once if there is none. So fn's locks are held for the shortest time, and no code
// that waits for another lock holds them. An error of fn undoes the transaction.
func (d *DB) BeforeCommit(ctx context.Context, fn func(ctx context.Context) error) error {
	tx := current(ctx)
	if tx == nil {
		return fn(ctx)
	}
	tx.beforeCommit = append(tx.beforeCommit, fn)
	return nil
}

// Snapshot runs fn in a read-only transaction in which all queries see the
// database as it was at one moment, however many people write meanwhile. Within
// a transaction it just runs fn.
func (d *DB) Snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	if current(ctx) != nil {
		return fn(ctx)
	}
	options := &sql.TxOptions{}
	if d.dialect == MySQL {
		// Writing transactions run at READ COMMITTED; a page needs one view.
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
		countStatement(ctx, 1)
	}
	tx := &transaction{now: d.now().UTC().Truncate(time.Second)}
	countStatement(ctx, 2) // begin and commit
	return d.read.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx.gorm = g
		return fn(context.WithValue(ctx, txKey{}, tx))
	}, options)
}

// pause waits a little longer each time, at random so that two victims do not
// meet again. It reports whether the context is still alive.
func pause(ctx context.Context, try int) bool {
	limit := time.Duration(1<<try) * 2 * time.Millisecond
	timer := time.NewTimer(rand.N(limit) + time.Millisecond) // a guess gains nothing
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// AfterCommit runs fn after the transaction in ctx has committed, at once if
// there is none, never if it is rolled back. fn's context carries the values
// of the one InTx got, without its transaction, deadline or cancellation.
func (d *DB) AfterCommit(ctx context.Context, fn func(ctx context.Context)) {
	tx := current(ctx)
	if tx == nil {
		fn(ctx)
		return
	}
	tx.afterCommit = append(tx.afterCommit, fn)
}

// AfterRollback runs fn if the transaction in ctx is undone, to take back what
// was prepared in memory. Without a transaction it does nothing.
func (d *DB) AfterRollback(ctx context.Context, fn func()) {
	if tx := current(ctx); tx != nil {
		tx.afterRollback = append(tx.afterRollback, fn)
	}
}

// Now is the one time of the transaction in ctx, or of this moment without
// one: UTC, whole seconds, since that is what the contract's columns hold.
func (d *DB) Now(ctx context.Context) time.Time {
	if tx := current(ctx); tx != nil {
		return tx.now
	}
	return d.now().UTC().Truncate(time.Second)
}

// Error numbers of the two databases that mean: run it again.
const (
	mysqlDeadlock    = 1213
	mysqlLockTimeout = 1205
	sqliteBusy       = 5
	sqliteLocked     = 6
)

func isRetryable(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return my.Number == mysqlDeadlock || my.Number == mysqlLockTimeout
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		// The low byte is the primary code; the rest says what kind of busy.
		code := lite.Code() & 0xff
		return code == sqliteBusy || code == sqliteLocked
	}
	return false
}
