package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// InviteLink is the way into a project with a role.
type InviteLink struct {
	Role Role
	Code string
	// On is false for a link that leads nowhere for now.
	On bool
}

// inviteLinks are a project's two links.
func (p Project) inviteLinks() []InviteLink {
	return []InviteLink{
		{RoleAdmin, p.InviteAsAdminCode, !p.InviteAsAdminOff},
		{RoleAccessOnly, p.InviteCode, !p.InviteOff},
	}
}

// InviteLinks are the links of a project. Errors: NotFound, Forbidden.
func (s *Service) InviteLinks(ctx context.Context, by accounts.Actor, projectID int64) ([]InviteLink, error) {
	in, err := s.Require(ctx, by, projectID, AddMembers)
	if err != nil {
		return nil, err
	}
	return in.inviteLinks(), nil
}

// RenewInviteLink gives the link of a role a new code, and switches it on; the
// old one leads nowhere from now on.
//
// Errors: NotFound, Forbidden, Invalid with the field role.
func (s *Service) RenewInviteLink(ctx context.Context, by accounts.Actor, projectID int64, role Role) (InviteLink, error) {
	link := InviteLink{Role: role, Code: newInviteCode(), On: true}
	return link, s.changeLink(ctx, by, projectID, role, func(ctx context.Context) error {
		if err := s.repo.setCode(ctx, projectID, role, link.Code); err != nil {
			return err
		}
		return s.repo.switchLink(ctx, projectID, role, true)
	})
}

// SwitchInviteLink switches the link of a role on or off.
//
// Errors: NotFound, Forbidden, Invalid with the field role.
func (s *Service) SwitchInviteLink(ctx context.Context, by accounts.Actor, projectID int64, role Role, on bool) error {
	return s.changeLink(ctx, by, projectID, role, func(ctx context.Context) error {
		return s.repo.switchLink(ctx, projectID, role, on)
	})
}

// changeLink changes what no board shows, so it is in no log.
func (s *Service) changeLink(ctx context.Context, by accounts.Actor, projectID int64, role Role, change func(ctx context.Context) error) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, projectID, true)
		if err != nil {
			return err
		}
		if err := in.Role.Check(AddMembers); err != nil {
			return err
		}
		if !role.IsCollaborator() {
			return errs.Field("role", "projects.error.role")
		}
		return change(ctx)
	})
}

// renewLinks gives both links new codes and leaves on or off what is.
func (s *Service) renewLinks(ctx context.Context, projectID int64) error {
	for _, role := range []Role{RoleAdmin, RoleAccessOnly} {
		if err := s.repo.setCode(ctx, projectID, role, newInviteCode()); err != nil {
			return err
		}
	}
	return nil
}
