package accounts

import (
	"context"
	"errors"
	"time"
)

const (
	// seenFlush is how often it is written down which logins were in use.
	seenFlush = time.Minute
	// tidyEvery is how often ended logins and forgotten accounts are deleted.
	tidyEvery = time.Hour
	// tidyBatch is how many logins one transaction deletes.
	tidyBatch = 500
)

// Run writes down which logins were in use, looks into requests for new
// passwords, and deletes logins that have ended and accounts that were never
// verified. A database that is away for a while
// is only logged: the next round does what this one could not.
func (m *Module) Run(ctx context.Context) error {
	m.warnOfReservedNames(ctx)
	flush, tidy := time.NewTicker(seenFlush), time.NewTicker(tidyEvery)
	defer flush.Stop()
	defer tidy.Stop()
	m.tidyAndLog(ctx)
	for {
		select {
		case <-ctx.Done():
			// What is left counts too; ctx is over, so it gets one of its own.
			ctx = context.WithoutCancel(ctx)
			m.writeSeen(ctx)
			m.beginResets(ctx)
			return nil
		case r := <-m.resets:
			m.beginResetAndLog(ctx, r)
		case <-flush.C:
			m.writeSeen(ctx)
		case <-tidy.C:
			m.tidyAndLog(ctx)
		}
	}
}

func (s *Service) writeSeen(ctx context.Context) {
	persistent, browser := s.seen.take()
	if len(persistent)+len(browser) == 0 {
		return
	}
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		if err := s.repo.seen(ctx, persistent, true, now); err != nil {
			return err
		}
		return s.repo.seen(ctx, browser, false, now)
	})
	if err != nil {
		s.log.WarnContext(ctx, "use of logins not written down", "logins", len(persistent)+len(browser), "error", err)
	}
}

// beginResets looks into all requests for a new password that wait.
func (s *Service) beginResets(ctx context.Context) {
	for {
		select {
		case r := <-s.resets:
			s.beginResetAndLog(ctx, r)
		default:
			return
		}
	}
}

func (s *Service) beginResetAndLog(ctx context.Context, r resetRequest) {
	if err := s.beginReset(ctx, r); err != nil {
		s.log.ErrorContext(ctx, "a new password was asked for in vain", "error", err)
	}
}

func (s *Service) tidyAndLog(ctx context.Context) {
	if err := s.tidy(ctx); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "ended logins and forgotten accounts not deleted", "error", err)
	}
}

// tidy deletes ended logins, telling the sockets bound to them, what has run
// out, accounts and new addresses that were not verified in time, and pictures
// nobody has.
func (s *Service) tidy(ctx context.Context) error {
	for ended := tidyBatch; ended == tidyBatch; {
		err := s.db.InTx(ctx, func(ctx context.Context) error {
			n, err := s.deleteEnded(ctx)
			ended = n
			return err
		})
		if err != nil {
			return err
		}
	}
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		err := errors.Join(
			s.repo.deleteEvents(ctx, now.Add(-eventLife)), s.repo.deleteResets(ctx, now.Add(-resetLife)),
			s.repo.deleteEndedHalfLogins(ctx, now))
		if err != nil {
			return err
		}
		oldest := now.Add(-unverifiedLife)
		n, err := s.repo.deleteUnverified(ctx, oldest)
		if err == nil && n > 0 {
			s.log.InfoContext(ctx, "accounts never verified are deleted", "accounts", n)
		}
		return errors.Join(err, s.repo.clearStaleEmails(ctx, oldest))
	})
	if err != nil {
		return err
	}
	n, err := s.sweepPictures(ctx)
	if n > 0 {
		s.log.InfoContext(ctx, "pictures nobody has are deleted", "pictures", n)
	}
	return err
}

func (s *Service) deleteEnded(ctx context.Context) (int, error) {
	ids, err := s.repo.endedLogins(ctx, s.db.Now(ctx), tidyBatch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := s.repo.deleteLogins(ctx, ids); err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.bus.Publish(ctx, LoginEnded{LoginID: id}); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// warnOfReservedNames tells whose pages a route hides: names that were taken
// before the route came (contract, http.md section 5).
func (s *Service) warnOfReservedNames(ctx context.Context) {
	names, err := s.repo.namesAmong(ctx, s.ReservedNames())
	if err != nil {
		s.log.WarnContext(ctx, "reserved names not checked", "error", err)
		return
	}
	for _, name := range names {
		s.log.WarnContext(ctx, "a user has a reserved name: their profile cannot be reached", "name", name)
	}
}
