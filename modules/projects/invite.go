package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Invitation is what somebody sees who opened an invitation link.
type Invitation struct {
	Project Project
	// Role is what joining would make of them.
	Role Role
	// Already tells that they are a member and need not join.
	Already bool
	Owner   accounts.Person
	Members int
}

// Invitation looks a link's code up. NotFound for a code nobody gave out.
func (s *Service) Invitation(ctx context.Context, by accounts.Actor, code string) (Invitation, error) {
	if !by.SignedIn() {
		return Invitation{}, errs.Of(errs.Unauthenticated)
	}
	row, err := s.repo.byCode(ctx, by.UserID, code)
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{Project: row.Project, Role: roleOfCode(row.Project, code)}
	inv.Already = roleOf(row.Project, by.UserID, row.UserRole, false).IsMember()
	members, err := s.Members(ctx, row.Project)
	if err != nil {
		return Invitation{}, err
	}
	inv.Members = len(members)
	for _, m := range members {
		if m.Role == RoleOwner {
			inv.Owner = accounts.Person{ID: m.ID, Name: m.Name, PicURL: m.PicURL, GoToURL: m.URL}
		}
	}
	return inv, nil
}

func roleOfCode(p Project, code string) Role {
	if code == p.InviteAsAdminCode {
		return RoleAdmin
	}
	return RoleAccessOnly
}

// Join makes the actor a collaborator by an invitation code, with the role the
// code stands for. Joining a second time changes nothing. Everybody on the
// board gets the newcomer, the newcomer's home page gets the project.
func (s *Service) Join(ctx context.Context, by accounts.Actor, code string) (p Project, role Role, err error) {
	inv, err := s.Invitation(ctx, by, code)
	if err != nil {
		return Project{}, "", err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, inv.Project.ID, true)
		if err != nil {
			return err
		}
		p, role = in.Project, in.Role
		if in.Role.IsMember() {
			return nil
		}
		role = roleOfCode(in.Project, code)
		_, err = s.write(ctx, in, func(ctx context.Context, in Access) ([]Event, error) {
			return s.add(ctx, in.Project, by.UserID, role)
		})
		return err
	})
	return p, role, err
}
