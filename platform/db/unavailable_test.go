package db_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

func TestClassify(t *testing.T) {
	my := func(number uint16) error { return fmt.Errorf("move card: %w", &mysqldriver.MySQLError{Number: number}) }
	for name, tt := range map[string]struct {
		err   error
		after time.Duration // 0: the error passes
		full  bool
	}{
		"refused connection":      {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 5 * time.Second, false},
		"lost connection":         {mysqldriver.ErrInvalidConn, 5 * time.Second, false},
		"bad connection":          {fmt.Errorf("begin: %w", driver.ErrBadConn), 5 * time.Second, false},
		"unknown host":            {&net.DNSError{Name: "db"}, 5 * time.Second, false},
		"too slow":                {context.DeadlineExceeded, 5 * time.Second, false},
		"too many connections":    {my(1040), 5 * time.Second, false},
		"shutdown in progress":    {my(1053), 5 * time.Second, false},
		"changed password":        {my(1045), 5 * time.Second, false},
		"read-only":               {my(1290), 5 * time.Second, false},
		"deadlock, after retries": {my(1213), 5 * time.Second, false},
		"full disk":               {my(1021), time.Minute, true},
		"full table":              {my(1114), time.Minute, true},
		"full folder":             {&fs.PathError{Op: "write", Err: syscall.ENOSPC}, time.Minute, true},
		"quota":                   {&fs.PathError{Op: "write", Err: syscall.EDQUOT}, time.Minute, true},
		"read-only folder":        {&fs.PathError{Op: "open", Err: syscall.EROFS}, 5 * time.Second, false},
		"our mistake":             {my(1064), 0, false},
		"unknown column":          {my(1054), 0, false},
		"another":                 {errors.New("index out of range"), 0, false},
		"client gone":             {context.Canceled, 0, false},
		"known":                   {errs.Because(errs.NotFound, driver.ErrBadConn), 0, false},
		"known itself":            {errs.Of(errs.Unavailable), 0, false},
	} {
		got := db.Classify(tt.err)
		if tt.after == 0 {
			if got != tt.err { //nolint:errorlint // the very same
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		e := errs.As(got)
		if e.Kind != errs.Unavailable || e.RetryAfter != tt.after || errors.Is(got, db.ErrFull) != tt.full || (e.Message.Key == "errors.full") != tt.full || !errors.Is(got, tt.err) {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if db.Classify(nil) != nil {
		t.Error("nothing is something")
	}
}

// TestInterruptedStatement: a statement whose client has left is no failure.
func TestInterruptedStatement(t *testing.T) {
	pool, err := testenv.Open(t, testenv.SQLite(t), db.Options{}).Pool()
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() {
			rows, err := pool.QueryContext(ctx, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c")
			if err == nil {
				for n := 0; rows.Next(); n++ {
					if n == 100 {
						cancel()
					}
				}
				err = errors.Join(rows.Err(), rows.Close())
			}
			failed <- err
		}()
		if err := db.Classify(<-failed); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		cancel()
	}
}
