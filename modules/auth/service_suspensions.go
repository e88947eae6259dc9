package auth

import (
	"context"
	"time"

	"taskstack.org/platform/errs"
)

// Suspension is a row of table suspension: an account that no one can log in to.
type Suspension struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt time.Time
	// Reason is shown to the person when they log in; empty for none.
	Reason string
	// Until is when the suspension ends by itself; nil if someone has to end it.
	Until *time.Time
}

// TableName is for GORM.
func (Suspension) TableName() string { return "suspension" }

// Suspend is SuspendFor without a reason and an end.
func (s *Logins) Suspend(ctx context.Context, userID int64) error {
	return s.SuspendFor(ctx, userID, "", nil)
}

// SuspendFor ends the logins of an account and refuses further log-ins, with the
// reason, until a time or until Unsuspend. The caller decides who may. NotFound if
// there is no such account; suspending again replaces reason and end.
func (s *Logins) SuspendFor(ctx context.Context, userID int64, reason string, until *time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		// Locked, so that a concurrent log-in either sees the suspension or is
		// ended by it.
		if _, err := s.credentials.Lock(ctx, userID); err != nil {
			return err
		}
		now := s.db.Now(ctx)
		before, err := s.repo.suspensions(ctx, []int64{userID}, now)
		if err != nil {
			return err
		}
		if err := s.repo.saveSuspension(ctx, &Suspension{UserID: userID, CreatedAt: now, Reason: reason, Until: until}); err != nil || len(before) > 0 {
			return err
		}
		if err := s.audit.record(ctx, userID, eventSuspended, RequestInfo{}); err != nil {
			return err
		}
		return s.endLogins(ctx, userID, "")
	})
}

// Unsuspend allows log-ins again. An account that is not suspended is no error.
func (s *Logins) Unsuspend(ctx context.Context, userID int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		removed, err := s.repo.deleteSuspension(ctx, userID)
		if err != nil || !removed {
			return err
		}
		return s.audit.record(ctx, userID, eventUnsuspended, RequestInfo{})
	})
}

// Suspensions returns the suspensions of some people that are in force, by person,
// in one statement.
func (s *Logins) Suspensions(ctx context.Context, userIDs ...int64) (map[int64]Suspension, error) {
	found, err := s.repo.suspensions(ctx, userIDs, s.db.Now(ctx))
	all := make(map[int64]Suspension, len(found))
	for _, one := range found {
		all[one.UserID] = one
	}
	return all, err
}

// NewestSuspensions returns at most limit suspensions that are in force, the newest
// first.
func (s *Logins) NewestSuspensions(ctx context.Context, limit int) ([]Suspension, error) {
	return s.repo.newestSuspensions(ctx, s.db.Now(ctx), limit)
}

// checkNotSuspended is Forbidden, with a text that says why and until when, for
// suspended people. It is called after the password or a code was right.
func (s *Logins) checkNotSuspended(ctx context.Context, userID int64) error {
	all, err := s.Suspensions(ctx, userID)
	if err != nil {
		return err
	}
	one, suspended := all[userID]
	switch {
	case !suspended:
		return nil
	case one.Reason == "" && one.Until == nil:
		return errs.New(errs.Forbidden, "auth.suspended")
	case one.Until == nil:
		return errs.New(errs.Forbidden, "auth.suspendedFor", "Reason", one.Reason)
	}
	until := one.Until.UTC().Format("2006-01-02 15:04")
	if one.Reason == "" {
		return errs.New(errs.Forbidden, "auth.suspendedUntil", "Until", until)
	}
	return errs.New(errs.Forbidden, "auth.suspendedUntilFor", "Until", until, "Reason", one.Reason)
}
