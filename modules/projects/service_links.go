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
func (s linkManager) InviteLinks(ctx context.Context, by accounts.Actor, projectID int64) ([]InviteLink, error) {
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
func (s linkManager) RenewInviteLink(ctx context.Context, by accounts.Actor, projectID int64, role Role) (InviteLink, error) {
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
func (s linkManager) SwitchInviteLink(ctx context.Context, by accounts.Actor, projectID int64, role Role, on bool) error {
	return s.changeLink(ctx, by, projectID, role, func(ctx context.Context) error {
		return s.repo.switchLink(ctx, projectID, role, on)
	})
}

// changeLink changes what no board shows, so it is in no log.
func (s linkManager) changeLink(ctx context.Context, by accounts.Actor, projectID int64, role Role, change func(ctx context.Context) error) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, projectID, true)
		if err != nil {
			return err
		}
		if err := in.Check(ManageInvites); err != nil {
			return err
		}
		if !role.IsCollaborator() {
			return errs.Field("role", "projects.error.role")
		}
		return change(ctx)
	})
}

// renewLinks gives both links new codes and leaves on or off what is.
func (s linkManager) renewLinks(ctx context.Context, projectID int64) error {
	for _, role := range []Role{RoleAdmin, RoleAccessOnly} {
		if err := s.repo.setCode(ctx, projectID, role, newInviteCode()); err != nil {
			return err
		}
	}
	return nil
}

// LetAdminsInvite decides whether admins may add members as the owner may: by the
// links, by e-mail and from among their friends. The pages of admins load anew.
//
// Errors: those of Record.
func (s linkManager) LetAdminsInvite(ctx context.Context, r Request, on bool) (rev int64, err error) {
	return s.Record(ctx, r, ManageInvites, func(ctx context.Context, in *Change) ([]Event, error) {
		if in.AdminsInvite == on {
			return nil, nil
		}
		links, err := s.repo.collaborators(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.UserRole == RoleAdmin {
				if err := membership(s).reload(ctx, in.ID, l.UserID); err != nil {
					return nil, err
				}
			}
		}
		if err := s.repo.letAdminsInvite(ctx, in.ID, on); err != nil {
			return nil, err
		}
		kind := "projects.invitingOff"
		if on {
			kind = "projects.invitingOn"
		}
		err = s.bus.Publish(ctx, Happened{ProjectID: in.ID, Rev: in.NextRev(), Kind: kind, ID: in.ID, Name: in.Name, By: r.By})
		return []Event{{Name: "project_inviting_changed", Payload: invitingChanged{on}}}, err
	})
}
