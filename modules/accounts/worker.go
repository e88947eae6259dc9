package accounts

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/platform/module"
)

const (
	// sweepInterval is how often unused pictures and old events are deleted.
	sweepInterval = time.Hour
	// keptTime is how long a page can ask for events that it missed.
	keptTime = 7 * 24 * time.Hour
	// pruneBatch is how many events one transaction deletes.
	pruneBatch = 1000
)

// Run warns about people with reserved names, and delivers what other servers have
// told people.
func (m *Module) Run(ctx context.Context) error {
	m.warnAboutReservedNames(ctx)
	return m.streams.Run(ctx)
}

// RunJobs deletes unused pictures and old events. An error is only logged: the next
// round tries again.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return module.Repeat(ctx, sweepInterval, m.log, "delete unused pictures", m.sweep) })
	group.Go(func() error { return module.Repeat(ctx, sweepInterval, m.log, "delete old events of people", m.prune) })
	return group.Wait()
}

// prune deletes the events that no page can ask for any more. Several servers may do
// it at the same time.
func (s *Service) prune(ctx context.Context) error {
	for {
		var n int64
		err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
			n, err = s.repo.deleteUserEvents(ctx, s.db.Now(ctx).Add(-keptTime), pruneBatch)
			return err
		})
		if err != nil || n < pruneBatch {
			return err
		}
	}
}

func (s *Service) sweep(ctx context.Context) error {
	n, err := s.pictures.sweep(ctx)
	if n > 0 {
		s.log.InfoContext(ctx, "unused pictures are deleted", "pictures", n)
	}
	return err
}
