package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	gosqlite "github.com/glebarez/go-sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"

	"taskstack.org/platform/errs"
)

// After an outage has begun, clients come back after retryUnavailable; a full
// disk takes longer to be emptied.
const (
	retryUnavailable = 5 * time.Second
	retryFull        = time.Minute
)

var (
	// ErrFull is the cause of errors about a full disk, of the database or of
	// the folder for files.
	ErrFull = errors.New("no space is left")
	// ErrAway is the cause of errors about a database that cannot be used for
	// now.
	ErrAway = errors.New("the database is away")
)

// Classify turns an error that the product does not know, but that only says
// that the database or the disk cannot be used for now, into Unavailable with
// RetryAfter, whose cause is ErrAway, or ErrFull for a full disk, which has a
// message of its own. A statement that was interrupted, which only the end of its
// context does, is context.Canceled. Other errors, and nil, pass. Driver errors are
// recognised by their numbers.
func Classify(err error) error {
	var known *errs.Error
	switch {
	case err == nil || errors.As(err, &known) && known.Kind != errs.Internal:
		return err
	case isInterrupted(err):
		return errors.Join(context.Canceled, err)
	case isFull(err):
		return &errs.Error{Kind: errs.Unavailable, Message: errs.Text("errors.full"), RetryAfter: retryFull, Cause: errors.Join(ErrFull, err)}
	case isAway(err):
		return &errs.Error{Kind: errs.Unavailable, RetryAfter: retryUnavailable, Cause: errors.Join(ErrAway, err)}
	}
	return err
}

// Error numbers of MariaDB and MySQL.
const (
	mysqlDiskFull  = 1021
	mysqlWriteFail = 1026
	mysqlTableFull = 1114
	mysqlTempFull  = 3675 // MySQL 8: create table failed, no space
)

// mysqlAway are the numbers that say that the server cannot serve for now: too
// many connections, being started or stopped, read-only, refusing our login.
var mysqlAway = map[uint16]bool{ // a constant table
	1037: true, 1038: true, 1040: true, 1041: true, 1042: true, 1043: true, 1044: true, 1045: true, 1049: true, 1053: true,
	1077: true, 1079: true, 1080: true, 1129: true, 1130: true, 1152: true, 1158: true, 1159: true, 1160: true, 1161: true,
	1184: true, 1203: true, 1205: true, 1213: true, 1226: true, 1290: true, 1317: true, 1792: true, 1836: true, 1927: true,
	2006: true, 2013: true, 3024: true, 3032: true, 3168: true, 4031: true,
}

// Primary result codes of SQLite.
const (
	sqliteReadOnly  = 8
	sqliteInterrupt = 9
	sqliteIOError   = 10
	sqliteFull      = 13
	sqliteCantOpen  = 14
)

func isInterrupted(err error) bool {
	var lite *gosqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteInterrupt
}

func isFull(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case mysqlDiskFull, mysqlWriteFail, mysqlTableFull, mysqlTempFull:
			return true
		}
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqliteFull {
		return true
	}
	return errors.Is(err, ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func isAway(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return mysqlAway[my.Number]
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOError, sqliteCantOpen:
			return true
		}
		return false
	}
	var network net.Error // also of a name that is not found
	return errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) || errors.Is(err, mysqldriver.ErrBusyBuffer) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNREFUSED)
}
