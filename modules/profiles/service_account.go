package profiles

import (
	"cmp"
	"context"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// ChangeName renames the actor, after the password. Errors: Unauthenticated;
// Invalid with the fields newUsername, password; RateLimited.
func (s *Service) ChangeName(ctx context.Context, by accounts.Actor, name, password string, info auth.RequestInfo) error {
	f := errs.Fields{}
	if err := s.accounts.CheckNewName(ctx, f, by, name); err != nil {
		return err
	}
	return s.auth.Passwords.Confirmed(ctx, by, auth.Confirmation{Field: "password", Password: password}, f, func(ctx context.Context) error {
		renamed, err := s.accounts.Rename(ctx, by, name)
		if err != nil || !renamed {
			return err
		}
		return s.auth.Audit.RecordRename(ctx, by, info)
	})
}

// Deletion is the form that deletes an account.
type Deletion struct {
	Password string
	// Name is the account's name, typed again; nil if the form has no such field.
	Name *string
	// NewOwners are the decisions about projects. With Complete set, every project
	// that has collaborators needs one, so that their work is not deleted by
	// mistake.
	NewOwners []NewOwner
	Complete  bool
}

// Transferable returns the actor's projects that have collaborators: those that
// could be transferred before a deletion.
func (s *Service) Transferable(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error) {
	owned, err := s.projects.Owned(ctx, by)
	return transferable(owned), err
}

// DeleteAccount deletes the actor's account, in one transaction: projects with a
// new owner are transferred, all others are deleted with it. Errors:
// Unauthenticated; Invalid with the fields password, confirmName, and heirs if a
// project is undecided or its new owner is not a collaborator any more;
// RateLimited.
func (s *Service) DeleteAccount(ctx context.Context, by accounts.Actor, d Deletion) error {
	if err := s.onlyOwn(ctx, by, d.NewOwners); err != nil {
		return err
	}
	f := errs.Fields{}
	if err := s.checkTypedName(ctx, f, by, d); err != nil {
		return err
	}
	return s.auth.Passwords.Confirmed(ctx, by, auth.Confirmation{Field: "password", Password: d.Password}, f, func(ctx context.Context) error {
		// The actor may have been renamed since the check.
		if err := s.checkTypedName(ctx, f, by, d); err != nil || len(f) > 0 {
			return cmp.Or(err, f.Err())
		}
		if d.Complete {
			if err := s.allDecided(ctx, by, d.NewOwners); err != nil {
				return err
			}
		}
		if err := s.transfer(ctx, by, d.NewOwners); err != nil {
			return err
		}
		return s.accounts.Delete(ctx, by)
	})
}

// checkTypedName adds to f that the typed name is not the account's.
func (s *Service) checkTypedName(ctx context.Context, f errs.Fields, by accounts.Actor, d Deletion) error {
	own, err := s.accounts.Account(ctx, by)
	if err == nil && d.Name != nil && !strings.EqualFold(text.Identifier(*d.Name), own.Name) {
		f.Add("confirmName", "profiles.delete.wrongName")
	}
	return err
}

// onlyOwn refuses a choice about a project of another person. So the transaction
// handles at most as many choices as the actor has projects.
func (s *Service) onlyOwn(ctx context.Context, by accounts.Actor, newOwners []NewOwner) error {
	if len(newOwners) == 0 {
		return nil
	}
	owned, err := s.projects.Owned(ctx, by)
	if err != nil {
		return err
	}
	own := make(map[int64]bool, len(owned))
	for _, p := range owned {
		own[p.ID] = true
	}
	for _, o := range newOwners {
		if !own[o.ProjectID] {
			return impossible(o, nil)
		}
	}
	return nil
}

// impossible returns the error for a choice that cannot be carried out.
func impossible(o NewOwner, cause error) error {
	return &errs.Error{
		Kind: errs.Invalid, Cause: cause,
		Fields: map[string]errs.Message{"heirs": errs.Text("profiles.delete.cannotTransfer", "Name", o.Name)},
	}
}

func (s *Service) allDecided(ctx context.Context, by accounts.Actor, newOwners []NewOwner) error {
	decided := map[int64]bool{}
	for _, o := range newOwners {
		decided[o.ProjectID] = true
	}
	open, err := s.Transferable(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range open {
		if !decided[p.ID] {
			return errs.Field("heirs", "profiles.delete.undecided", "Project", p.Called())
		}
	}
	return nil
}

func (s *Service) transfer(ctx context.Context, by accounts.Actor, newOwners []NewOwner) error {
	for _, o := range newOwners {
		if o.Name == "" {
			continue
		}
		err := s.projects.Transfer(ctx, projects.By(by, o.ProjectID), o.Name)
		switch errs.KindOf(err) { //nolint:exhaustive // the others are not caused by the choice
		case errs.Invalid, errs.Conflict, errs.NotFound, errs.Forbidden:
			return impossible(o, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
