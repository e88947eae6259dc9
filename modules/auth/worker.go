package auth

import (
	"context"
	"errors"
	"time"
)

const (
	// storeSeenInterval is how often the last use of logins is stored.
	storeSeenInterval = time.Minute
	// tidyInterval is how often expired rows are deleted.
	tidyInterval = time.Hour
	// tidyBatch is how many logins one transaction deletes.
	tidyBatch = 500
)

// Run stores the last use of logins, sends the codes of requested resets, and
// deletes expired rows and accounts that were never verified. A database error
// is only logged: the next round tries again.
func (m *Module) Run(ctx context.Context) error {
	seen, tidy := time.NewTicker(storeSeenInterval), time.NewTicker(tidyInterval)
	defer seen.Stop()
	defer tidy.Stop()
	m.tidyAndLog(ctx)
	for {
		select {
		case <-ctx.Done():
			// The remaining work is done with a context of its own.
			ctx = context.WithoutCancel(ctx)
			m.Logins.storeSeen(ctx)
			m.Resets.beginAll(ctx)
			return nil
		case r := <-m.Resets.requests:
			m.Resets.beginAndLog(ctx, r)
		case <-seen.C:
			m.Logins.storeSeen(ctx)
		case <-tidy.C:
			m.tidyAndLog(ctx)
		}
	}
}

// beginAll begins all requested resets.
func (s *Resets) beginAll(ctx context.Context) {
	for {
		select {
		case r := <-s.requests:
			s.beginAndLog(ctx, r)
		default:
			return
		}
	}
}

func (s *Resets) beginAndLog(ctx context.Context, r resetRequest) {
	if err := s.begin(ctx, r); err != nil {
		s.log.ErrorContext(ctx, "requested password reset failed", "error", err)
	}
}

func (m *Module) tidyAndLog(ctx context.Context) {
	if err := m.tidy(ctx); err != nil && ctx.Err() == nil {
		m.log.WarnContext(ctx, "expired logins and accounts not deleted", "error", err)
	}
}

// tidy deletes expired logins, which closes their sockets, other expired rows, and
// accounts and new addresses that were not verified in time.
func (m *Module) tidy(ctx context.Context) error {
	for ended := tidyBatch; ended == tidyBatch; {
		err := m.db.InTx(ctx, func(ctx context.Context) error {
			n, err := m.Logins.deleteEnded(ctx)
			ended = n
			return err
		})
		if err != nil {
			return err
		}
	}
	return m.db.InTx(ctx, func(ctx context.Context) error {
		now := m.db.Now(ctx)
		err := errors.Join(
			m.repo.deleteEvents(ctx, now.Add(-eventLife)), m.repo.deleteResets(ctx, now.Add(-resetLife)),
			m.repo.deleteEndedSuspensions(ctx, now), m.repo.deleteEndedPendingLogins(ctx, now))
		if err != nil {
			return err
		}
		oldest := now.Add(-unverifiedLife)
		n, err := m.credentials.DeleteUnverified(ctx, oldest)
		if err == nil && n > 0 {
			m.log.InfoContext(ctx, "accounts never verified are deleted", "accounts", n)
		}
		return errors.Join(err, m.credentials.ClearStaleEmails(ctx, oldest))
	})
}
