package accounts

import (
	"context"
	"time"

	"taskstack.org/platform/errs"
)

// suspension is a row of table suspension.
type suspension struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt time.Time
}

// TableName is for GORM.
func (suspension) TableName() string { return "suspension" }

// LoginInfo is a login as its person sees it in a list.
type LoginInfo struct {
	ID         string
	Device     string // empty if unknown
	Address    string
	CreatedAt  time.Time
	LastSeenAt time.Time
	// Current is the login the actor asks from.
	Current bool
}

// Logins are the actor's own, this one first, then as they were last seen.
func (s *Service) Logins(ctx context.Context, by Actor) ([]LoginInfo, error) {
	rows, err := s.repo.logins(ctx, by.UserID, s.db.Now(ctx))
	if err != nil {
		return nil, err
	}
	all := make([]LoginInfo, 0, len(rows))
	for _, current := range []bool{true, false} {
		for _, l := range rows {
			if (l.ID == by.LoginID) == current {
				all = append(all, LoginInfo{
					ID: l.ID, Device: l.Device, Address: l.Address, CreatedAt: l.CreatedAt, LastSeenAt: l.LastSeenAt, Current: current,
				})
			}
		}
	}
	return all, nil
}

// EndLogin ends one of the actor's own logins. NotFound for anybody else's, and
// for one that has ended.
func (s *Service) EndLogin(ctx context.Context, by Actor, id string, v Visit) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		l, err := s.repo.login(ctx, id)
		if err != nil {
			return err
		}
		if l.UserID != by.UserID {
			return errs.Of(errs.NotFound)
		}
		if err := s.recordEvent(ctx, by.UserID, EventLoginEnded, v); err != nil {
			return err
		}
		return s.LogOut(ctx, id)
	})
}

// EndOtherLogins logs the actor out everywhere else.
func (s *Service) EndOtherLogins(ctx context.Context, by Actor, v Visit) error {
	return s.endAndRecord(ctx, by, by.LoginID, EventOthersEnded, v)
}

// EndAllLogins logs the actor out everywhere, here too.
func (s *Service) EndAllLogins(ctx context.Context, by Actor, v Visit) error {
	return s.endAndRecord(ctx, by, "", EventAllEnded, v)
}

func (s *Service) endAndRecord(ctx context.Context, by Actor, except string, kind EventKind, v Visit) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.recordEvent(ctx, by.UserID, kind, v); err != nil {
			return err
		}
		return s.endLogins(ctx, by.UserID, except)
	})
}

// Suspend shuts an account: its logins end, and nobody can log in to it. The
// caller decides who may. NotFound if there is no such account; suspending twice
// is no error.
func (s *Service) Suspend(ctx context.Context, userID int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		// Held, so that a log-in under way either sees this or is ended by it.
		if _, err := s.repo.lockUser(ctx, userID); err != nil {
			return err
		}
		added, err := s.repo.insertSuspension(ctx, userID, s.db.Now(ctx))
		if err != nil || !added {
			return err
		}
		if err := s.recordEvent(ctx, userID, EventSuspended, Visit{}); err != nil {
			return err
		}
		return s.endLogins(ctx, userID, "")
	})
}

// Unsuspend opens an account again. Opening one that is open is no error.
func (s *Service) Unsuspend(ctx context.Context, userID int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		removed, err := s.repo.deleteSuspension(ctx, userID)
		if err != nil || !removed {
			return err
		}
		return s.recordEvent(ctx, userID, EventUnsuspended, Visit{})
	})
}

// checkNotSuspended is Forbidden, with a text that says why, for people who are
// suspended. Only who knows the password or a code is told.
func (s *Service) checkNotSuspended(ctx context.Context, userID int64) error {
	suspended, err := s.repo.isSuspended(ctx, userID)
	if err == nil && suspended {
		err = errs.New(errs.Forbidden, "accounts.suspended")
	}
	return err
}
