package module

import (
	"context"
	"log/slog"
	"time"
)

// Repeat runs a job of a module's Worker at once and at every interval until ctx
// ends, and then returns nil. An error of the job is logged as a warning together
// with the job's name: the next round tries again.
func Repeat(ctx context.Context, interval time.Duration, log *slog.Logger, name string, job func(ctx context.Context) error) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "periodic job failed", "job", name, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
