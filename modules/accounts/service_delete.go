package accounts

import (
	"context"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Deletion is what somebody sends who wants to delete their account.
type Deletion struct {
	Password string
	// Name is the account's name, typed again; nil if nobody asked for it.
	Name *string
	// First is done before anything is deleted, in the same transaction: what
	// others are to keep is handed over. It may be nil.
	First func(ctx context.Context) error
}

// Delete removes the actor's account and everything that belongs to it, in one
// transaction: Deleting lets every module remove its rows. Logins, sockets and
// the picture end with it. Errors: Unauthenticated; Invalid with the fields
// password, confirmName; RateLimited; whatever First returns.
func (s *Service) Delete(ctx context.Context, by Actor, d Deletion) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	f := errs.Fields{}
	if err := s.confirmInto(ctx, f, by, "password", d.Password); err != nil {
		return err
	}
	d.checkName(f, u)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, "password", d.Password)
		if err != nil {
			return err
		}
		if d.checkName(f, u); len(f) > 0 {
			return f.Err()
		}
		if d.First != nil {
			if err := d.First(ctx); err != nil {
				return err
			}
		}
		return s.delete(ctx, u.ID)
	})
}

// checkName adds to f that the typed name is not the account's.
func (d Deletion) checkName(f errs.Fields, u user) {
	if d.Name != nil && !strings.EqualFold(text.Identifier(*d.Name), u.Name) {
		f.Add("confirmName", "accounts.settings.wrongName")
	}
}

func (s *Service) delete(ctx context.Context, userID int64) error {
	u, err := s.repo.lockUser(ctx, userID)
	if err != nil {
		return err
	}
	if err := s.bus.Publish(ctx, Deleting{UserID: u.ID, Name: u.Name}); err != nil {
		return err
	}
	if err := s.endLogins(ctx, u.ID, ""); err != nil {
		return err
	}
	s.deletePicturesLater(ctx, u.AvatarURL)
	return s.repo.deleteUser(ctx, u.ID)
}
