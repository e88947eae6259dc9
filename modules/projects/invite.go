package projects

import (
	"context"
	"crypto/subtle"

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
	return s.invitation(ctx, by, code)
}

func (s *Service) invitation(ctx context.Context, by accounts.Actor, code string) (Invitation, error) {
	row, err := s.repo.byCode(ctx, by.UserID, code)
	if err != nil {
		return Invitation{}, err
	}
	role, ok := row.roleOfCode(code)
	if !ok {
		return Invitation{}, errs.Of(errs.NotFound)
	}
	inv := Invitation{Project: row.Project, Role: role}
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

// roleOfCode returns the role that an invitation code gives. It reports false
// for a code that is not one of the project's own, and for one that is switched
// off. The codes are compared byte by byte: the database's collation is more
// tolerant.
func (p Project) roleOfCode(code string) (Role, bool) {
	for _, l := range p.inviteLinks() {
		if l.On && l.Code != "" && subtle.ConstantTimeCompare([]byte(l.Code), []byte(code)) == 1 {
			return l.Role, true
		}
	}
	return RoleNone, false
}

// Join makes the actor a collaborator by an invitation code, with the role the
// code gives. Joining a second time changes nothing. Everyone on the board gets
// the new member, the new member's home page gets the project.
//
// The code is looked up first and checked again with the project locked: it may
// have been renewed or switched off in between, with a member removed.
//
// Errors: Unauthenticated; NotFound for a code that leads nowhere.
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
		valid := false
		if role, valid = in.Project.roleOfCode(code); !valid {
			return errs.Of(errs.NotFound)
		}
		_, err = s.write(ctx, in, func(ctx context.Context, in Access) ([]Event, error) {
			return s.add(ctx, in.Project, by.UserID, role)
		})
		return err
	})
	return p, role, err
}
