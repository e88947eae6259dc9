// Package db opens the database and carries transactions in the context.
//
// Two dialects are served: MySQL/MariaDB and SQLite. Repositories ask
// From(ctx) for their handle and thereby join whatever transaction the service
// opened with InTx; they cannot pick a wrong connection. Writes happen in
// transactions only: on SQLite the handle outside of one is read-only.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"taskstack.org/platform/errs"
)

// The dialects, as configuration and migration folders name them.
const (
	MySQL  = "mysql"
	SQLite = "sqlite"
)

// Options of Open. Dialect and DSN are required.
type Options struct {
	Dialect string
	// DSN is a Go MySQL DSN, or the path of the SQLite file.
	DSN string
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	Log *slog.Logger
	// MaxConns bounds the connections to MySQL, or the readers of SQLite; 0
	// means 16.
	MaxConns int
}

// DB is an open database of either dialect. Safe for concurrent use.
type DB struct {
	dialect string
	read    *gorm.DB
	write   *gorm.DB
	now     func() time.Time
	log     *slog.Logger
}

// Open connects and checks that the database answers.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	d := &DB{dialect: o.Dialect, now: o.Now, log: o.Log}
	var err error
	switch o.Dialect {
	case MySQL:
		err = d.openMySQL(o)
	case SQLite:
		err = d.openSQLite(ctx, o)
	default:
		err = fmt.Errorf("unknown database dialect %q", o.Dialect)
	}
	if err != nil {
		return nil, err
	}
	if err := d.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database does not answer: %w", err), d.Close())
	}
	return d, nil
}

func (d *DB) openMySQL(o Options) error {
	cfg, err := mysqldriver.ParseDSN(o.DSN)
	if err != nil {
		return fmt.Errorf("database address: %w", err)
	}
	cfg.ParseTime, cfg.Loc, cfg.InterpolateParams = true, time.UTC, true
	// Matched rows, not changed ones: an update to the same value is no "not found".
	cfg.ClientFoundRows = true
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["time_zone"] = "'+00:00'"
	connector, err := mysqldriver.NewConnector(cfg)
	if err != nil {
		return fmt.Errorf("database address: %w", err)
	}
	pool := sql.OpenDB(readCommitted{connector})
	pool.SetMaxOpenConns(o.MaxConns)
	pool.SetMaxIdleConns(o.MaxConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	// RDS and proxies drop long-lived connections; an hour is well below.
	pool.SetConnMaxLifetime(time.Hour)
	g, err := gorm.Open(mysql.New(mysql.Config{Conn: pool, SkipInitializeWithVersion: true}), d.gormConfig())
	if err != nil {
		return errors.Join(fmt.Errorf("open database: %w", err), pool.Close())
	}
	d.read, d.write = g, g
	return nil
}

// openSQLite opens one writer, since SQLite has one, and a pool of readers
// that WAL lets run beside it. Readers are query-only, so a write outside a
// transaction fails in every test instead of waiting for a lock in production.
func (d *DB) openSQLite(ctx context.Context, o Options) error {
	write, err := openSQLitePool(o.DSN, 1, "_txlock=immediate")
	if err != nil {
		return err
	}
	read, err := openSQLitePool(o.DSN, o.MaxConns, "_pragma=query_only(1)")
	if err != nil {
		return errors.Join(err, write.Close())
	}
	if err = firstPing(ctx, write); err == nil {
		d.write, err = gorm.Open(sqlite.Dialector{Conn: write}, d.gormConfig())
	}
	if err == nil {
		d.read, err = gorm.Open(sqlite.Dialector{Conn: read}, d.gormConfig())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("open database: %w", err), write.Close(), read.Close())
	}
	return nil
}

// firstPing opens the first connection. A new database is switched to WAL by it, for
// which SQLite does not wait as long as busy_timeout says when another program
// is just doing the same.
//
// Source: https://www.sqlite.org/wal.html, section 9
func firstPing(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	for {
		err := pool.PingContext(ctx)
		if !isRetryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(openPause):
		}
	}
}

// openPatience is how long another program may switch a new database to WAL,
// openPause how long to wait before asking again.
const (
	openPatience = 10 * time.Second
	openPause    = 20 * time.Millisecond
)

func openSQLitePool(path string, conns int, extra string) (*sql.DB, error) {
	// busy_timeout first: the pragmas after it may already have to wait.
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join([]string{
		"_pragma=busy_timeout(10000)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)",
		"_pragma=foreign_keys(1)", "_pragma=temp_store(MEMORY)", "_pragma=cache_size(-16000)", extra,
	}, "&")
	pool, err := sql.Open(sqlite.DriverName, dsn)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

func (d *DB) gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                 statementLog{log: d.log},
		NamingStrategy:         schema.NamingStrategy{SingularTable: true},
		TranslateError:         true,
		SkipDefaultTransaction: true,
		NowFunc:                func() time.Time { return d.now().UTC().Truncate(time.Second) },
	}
}

// Dialect is MySQL or SQLite.
func (d *DB) Dialect() string { return d.dialect }

// Pool is the connection pool for writing, for migrations.
func (d *DB) Pool() (*sql.DB, error) { return d.write.DB() }

// Ping asks whether the database answers, for readiness.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.read.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Close ends all connections.
func (d *DB) Close() error {
	var all []error
	for _, g := range []*gorm.DB{d.write, d.read} {
		if pool, err := g.DB(); err == nil {
			all = append(all, pool.Close())
		}
	}
	return errors.Join(all...)
}

// From is the handle for one query: of the transaction in ctx, or read-only
// (on SQLite) if there is none.
func (d *DB) From(ctx context.Context) *gorm.DB {
	if tx := current(ctx); tx != nil {
		return tx.gorm.WithContext(ctx)
	}
	return d.read.WithContext(ctx)
}

// Err turns what GORM and the drivers return into the product's errors:
// nothing found, and a unique key that is taken. Other errors, and nil, pass.
func Err(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return errs.Because(errs.NotFound, err)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return errs.Because(errs.Conflict, err)
	}
	return err
}
