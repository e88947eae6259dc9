package doctor

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
)

// clockTolerance is how far the clocks of server and database may be apart:
// links and logins end by them.
const clockTolerance = 5 * time.Second

// DatabaseOptions say which database is examined.
type DatabaseOptions struct {
	Database   config.Database
	Migrations fs.FS
	Now        func() time.Time
}

// Database examines the database: whether it answers, its version, schema and
// settings, and its clock.
func Database(o DatabaseOptions) Check {
	const database = about("database")
	return func(ctx context.Context) []Finding {
		if o.Database.Dialect == config.SQLite {
			// Opening would make the file.
			if _, err := os.Stat(o.Database.DSN); errors.Is(err, fs.ErrNotExist) {
				return []Finding{database.ok("%s does not exist yet; the first start makes it", o.Database)}
			}
		}
		d, err := db.Open(ctx, db.Options{Dialect: o.Database.Dialect, DSN: o.Database.DSN, MaxConns: 2})
		if err != nil {
			return []Finding{database.problem("Check TASKSTACK_DB_URI: host, port, user, password, and that the server runs and lets this machine in.",
				"%s does not answer: %v", o.Database, err)}
		}
		defer func() { _ = d.Close() }() // Nothing was written.
		pool, err := d.Pool()
		if err != nil {
			return []Finding{database.problem("", "%v", err)}
		}
		found := []Finding{database.ok("%s answers", o.Database), schema(ctx, pool, o)}
		if o.Database.Dialect == config.SQLite {
			return append(found, sqliteSound(ctx, pool))
		}
		return append(found, mysqlServer(ctx, pool, o.Now)...)
	}
}

func schema(ctx context.Context, pool *sql.DB, o DatabaseOptions) Finding {
	const database = about("database schema")
	standing, err := migrate.Look(ctx, pool, o.Database.Dialect, o.Migrations)
	switch {
	case err != nil:
		return database.problem("Give the database user the right to read its own tables.", "cannot be read: %v", err)
	case standing.Foreign:
		return database.problem("Read docs/moving.md; in short: stop the old application, back up, run `taskstack migrate`.",
			"the tables are those of the Flask application")
	case standing.Version > standing.Newest:
		return database.problem("Start that version, or restore the backup from before its migration.",
			"version %d is newer than this program, which knows %d", standing.Version, standing.Newest)
	case standing.Version < standing.Newest:
		return database.warn("The next start applies them, or `taskstack migrate`; back up first.",
			"version %d of %d: migrations are pending", standing.Version, standing.Newest)
	}
	return database.ok("version %d, up to date", standing.Version)
}

// sqliteSound looks for damage. It reads the whole file once.
func sqliteSound(ctx context.Context, pool *sql.DB) Finding {
	const database = about("database file")
	var answer string
	if err := pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&answer); err != nil {
		return database.warn("Run it again when less is going on.", "could not be checked: %v", err)
	}
	if answer != "ok" {
		return database.problem("Stop the server, keep a copy of the file, and restore the last backup.", "is damaged: %s", answer)
	}
	return database.ok("is not damaged")
}

// The oldest versions that are supported, as majorMinor writes them.
const (
	oldestMySQL   = 8.00
	oldestMariaDB = 10.06
)

// mysqlServer examines a MySQL or MariaDB server by its variables.
func mysqlServer(ctx context.Context, pool *sql.DB, now func() time.Time) []Finding {
	const database = about("database server")
	variables, err := mysqlVariables(ctx, pool)
	if err != nil {
		return []Finding{database.problem("Look at the log of the database server.", "does not show its settings: %v", err)}
	}
	return []Finding{
		mysqlVersion(variables["version"]), mysqlCharset(variables["character_set_database"]), mysqlMode(variables["sql_mode"]),
		mysqlTimes(variables), mysqlConnections(variables["max_connections"]), mysqlClock(ctx, pool, now),
	}
}

func mysqlVariables(ctx context.Context, pool *sql.DB) (values map[string]string, err error) {
	rows, err := pool.QueryContext(ctx, "SHOW VARIABLES WHERE Variable_name IN "+
		"('version', 'character_set_database', 'sql_mode', 'wait_timeout', 'innodb_lock_wait_timeout', 'max_allowed_packet', 'max_connections')")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values = map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, err
		}
		values[name] = value
	}
	return values, rows.Err()
}

func mysqlVersion(version string) Finding {
	const subject = about("database version")
	name, oldest, need := "MySQL", oldestMySQL, "8.0"
	if strings.Contains(version, "MariaDB") {
		name, oldest, need = "MariaDB", oldestMariaDB, "10.6"
	}
	if majorMinor(version) < oldest {
		return subject.problem("Use "+name+" "+need+" or newer.", "%s %s is too old", name, version)
	}
	return subject.ok("%s %s", name, version)
}

// majorMinor returns "10.11.6-MariaDB" as 10.11 and "10.6.1" as 10.06, so that
// versions compare; 0 for what is no version.
func majorMinor(version string) float64 {
	parts := strings.SplitN(strings.TrimPrefix(version, "5.5.5-"), ".", 3)
	if len(parts) < 2 {
		return 0
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if errors.Join(err1, err2) != nil {
		return 0
	}
	return float64(major) + float64(minor)/100
}

func mysqlCharset(charset string) Finding {
	const subject = about("database character set")
	if charset != "utf8mb4" {
		return subject.warn("Tables of Taskstack name their own character set, so nothing is lost; for tools of your own: ALTER DATABASE … CHARACTER SET utf8mb4.",
			"the database's default is %s", charset)
	}
	return subject.ok("utf8mb4")
}

func mysqlMode(mode string) Finding {
	const subject = about("database mode")
	switch {
	case strings.Contains(mode, "ANSI_QUOTES"), strings.Contains(mode, "NO_BACKSLASH_ESCAPES"), strings.Contains(mode, "PAD_CHAR_TO_FULL_LENGTH"):
		return subject.problem("Set sql_mode to the server's default, which has neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES.", "sql_mode is %s", mode)
	case !strings.Contains(mode, "STRICT_TRANS_TABLES") && !strings.Contains(mode, "STRICT_ALL_TABLES"):
		return subject.problem("Add STRICT_TRANS_TABLES to sql_mode.", "is not strict: the server would cut what is too long instead of refusing it")
	}
	return subject.ok("strict")
}

// What the settings of the server must allow. The pool closes an idle
// connection after five minutes, and a change may hold 10,000 ids.
const (
	leastWaitTimeout = 600     // seconds
	leastPacket      = 4 << 20 // bytes
	mostLockWait     = 60      // seconds; nginx gives up after 90
)

func mysqlTimes(variables map[string]string) Finding {
	const subject = about("database time-outs and sizes")
	number := func(name string) int {
		n, err := strconv.Atoi(variables[name])
		if err != nil {
			return 0
		}
		return n
	}
	switch {
	case number("wait_timeout") < leastWaitTimeout:
		return subject.warn("Set wait_timeout to 600 or more; the server's default is 28800.", "the server closes idle connections after %s s", variables["wait_timeout"])
	case number("innodb_lock_wait_timeout") > mostLockWait:
		return subject.warn("Set innodb_lock_wait_timeout to 50, the default.", "a change waits up to %s s for a lock, longer than browsers do", variables["innodb_lock_wait_timeout"])
	case number("max_allowed_packet") < leastPacket:
		return subject.problem("Set max_allowed_packet to 16M, the default.", "statements may have only %s bytes", variables["max_allowed_packet"])
	}
	return subject.ok("wait_timeout %s s, lock wait %s s", variables["wait_timeout"], variables["innodb_lock_wait_timeout"])
}

// connectionsPerServer is the size of a server's pool, with room for a backup and
// a person with a shell.
const connectionsPerServer = 16 + 4

func mysqlConnections(limit string) Finding {
	const subject = about("database connections")
	n, err := strconv.Atoi(limit)
	if err != nil || n < connectionsPerServer {
		return subject.warn("Set max_connections to at least 20 for each Taskstack server.", "the server allows %s in all, one Taskstack server uses up to 16", limit)
	}
	return subject.ok("%d allowed, enough for %d servers", n, n/connectionsPerServer)
}

func mysqlClock(ctx context.Context, pool *sql.DB, now func() time.Time) Finding {
	var theirs time.Time
	before := now()
	err := pool.QueryRowContext(ctx, "SELECT UTC_TIMESTAMP(6)").Scan(&theirs)
	after := now()
	if err != nil {
		return about("clock").problem("Look at the log of the database server.", "the database does not say its time: %v", err)
	}
	return clock(before, after, theirs)
}

// clock compares a time that was read between two of this machine's.
func clock(before, after, theirs time.Time) Finding {
	const subject = about("clock")
	ahead := max(before.Sub(theirs), theirs.Sub(after))
	if ahead > clockTolerance {
		return subject.problem("Let both machines set their clocks by NTP (timedatectl set-ntp true).", "this machine and the database are %s apart", ahead.Round(time.Second))
	}
	return subject.ok("agrees with the database's")
}
