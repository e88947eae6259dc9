package db

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
)

// slowStatement is from when on a statement is worth a warning.
const slowStatement = 500 * time.Millisecond

type counterKey struct{}

// CountStatements returns a context under which every statement is counted,
// begin and commit included. Tests and the benchmark hold pages to a constant
// number with it, and the request log reports it.
func CountStatements(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), n
}

func countStatement(ctx context.Context, n int64) {
	if c, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		c.Add(n)
	}
}

// ForUpdate locks the rows a query reads until the transaction ends. SQLite,
// whose write transactions are alone anyway, ignores it.
func ForUpdate(g *gorm.DB) *gorm.DB {
	return g.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
}

// statementLog is GORM's logger: it counts statements and reports slow or
// failing ones, with their placeholders and never with their values, which may
// be secrets.
type statementLog struct{ log *slog.Logger }

func (s statementLog) LogMode(logger.LogLevel) logger.Interface { return s }

func (s statementLog) Info(ctx context.Context, msg string, args ...any) {
	s.log.DebugContext(ctx, "gorm", "message", msg, "args", len(args))
}

func (s statementLog) Warn(ctx context.Context, msg string, args ...any) {
	s.log.WarnContext(ctx, "gorm", "message", msg, "args", len(args))
}

func (s statementLog) Error(ctx context.Context, msg string, args ...any) {
	s.log.ErrorContext(ctx, "gorm", "message", msg, "args", len(args))
}

func (s statementLog) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), err error) {
	countStatement(ctx, 1)
	took := time.Since(begin)
	if took < slowStatement && (err == nil || isExpected(err)) {
		return
	}
	sql, rows := fc()
	if err != nil && !isExpected(err) {
		s.log.WarnContext(ctx, "statement failed", "sql", sql, "error", err, "took", took)
		return
	}
	s.log.WarnContext(ctx, "slow statement", "sql", sql, "rows", rows, "took", took)
}

// ParamsFilter keeps values out of the log: GORM calls it to fill in the
// statement's placeholders.
func (s statementLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// isExpected reports errors that are answers (nothing found, a key that is
// taken, a deadlock that is retried, a client that left) from broken SQL.
func isExpected(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, gorm.ErrDuplicatedKey) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || isInterrupted(err) || isRetryable(err)
}

var _ gorm.ParamsFilter = statementLog{}
