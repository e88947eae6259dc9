package module

import (
	"context"
	"log/slog"
	"time"

	"taskstack.org/platform/jobs"
)

// Repeat runs a job of a module's Worker or Jobs at once and at every interval until
// ctx ends, and then returns nil. An error of the job is logged as a warning together
// with the job's name: the next round tries again. Runs of Jobs are noted, for the
// pages of administrators.
func Repeat(ctx context.Context, interval time.Duration, log *slog.Logger, name string, job func(ctx context.Context) error) error {
	return jobs.Repeat(ctx, interval, log, name, job)
}
