package projects

import (
	"context"
	"crypto/subtle"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Invite is what a code gives: a role in a project, from a person.
type Invite struct {
	ProjectID int64
	Role      Role
	// From is the inviting person; 0 for the owner.
	From int64
	// Email is the address to which alone the code was sent, so that its holder
	// reads the mails of that address. Empty for a link.
	Email string
	// End says why the code can no longer be used; empty while it does.
	End InviteEnd
	// UsedBy is the person who joined by a code that holds for one person.
	UsedBy int64
}

// InviteEnd is why a code is no longer valid.
type InviteEnd string

// The ends. A code that was replaced is an unknown one.
const (
	InviteSwitchedOff InviteEnd = "off"
	InviteUsed        InviteEnd = "used"
	InviteWithdrawn   InviteEnd = "withdrawn"
	InviteExpired     InviteEnd = "expired"
)

// InviteSource keeps invitations that are no link of a project.
type InviteSource interface {
	// FindInvite returns the invitation of a code. Errors: NotFound.
	FindInvite(ctx context.Context, code string) (Invite, error)
	// UseInvite ends an invitation by which a person joins, in the transaction of
	// the join. Errors: NotFound if it has ended meanwhile.
	UseInvite(ctx context.Context, code string, userID int64) error
}

// AddInviteSource adds a source of invitations, whose codes lead to the same page
// as those of links. Only while wiring.
func (s *Service) AddInviteSource(source InviteSource) { s.invites = append(s.invites, source) }

// AddOutline lets the cards be seen as a shape on the page of an invitation:
// outline returns the number of cards of each list, in order. Only while wiring.
func (s *Service) AddOutline(outline func(ctx context.Context, projectID int64) ([]int, error)) {
	s.outline = outline
}

// Invitation is what the page of a code shows.
type Invitation struct {
	Invite
	Project Project
	// From is the inviting person.
	From accounts.Person
	// Already reports whether the actor is a member already.
	Already bool
	Members int
	// Outline is the number of cards of each list.
	Outline []int
}

// Cards returns the number of all cards.
func (i Invitation) Cards() (count int) {
	for _, n := range i.Outline {
		count += n
	}
	return count
}

// Invitation returns what a code invites to. The code is what entitles its holder
// to see it, signed in or not. Of a code that has ended only its end is returned,
// and the project to a member of it.
//
// Errors: NotFound for an unknown code.
func (s membership) Invitation(ctx context.Context, by accounts.Actor, code string) (inv Invitation, err error) {
	if inv.Invite, err = s.invite(ctx, code); err != nil {
		return Invitation{}, err
	}
	in, err := s.access(ctx, by, inv.ProjectID, false)
	if err != nil {
		return Invitation{}, err
	}
	inv.Project, inv.Already = in.Project, in.Role.IsMember()
	switch {
	case inv.Already:
		return inv, nil
	case inv.End != "":
		return Invitation{Invite: Invite{End: inv.End}}, nil
	}
	return s.describe(ctx, inv)
}

// invite returns the invitation of a code.
func (s membership) invite(ctx context.Context, code string) (Invite, error) {
	row, err := s.repo.byCode(ctx, code)
	if err == nil {
		if link, ok := row.linkOf(code); ok {
			inv := Invite{ProjectID: row.ID, Role: link.Role}
			if !link.On {
				inv.End = InviteSwitchedOff
			}
			return inv, nil
		}
	} else if errs.KindOf(err) != errs.NotFound {
		return Invite{}, err
	}
	for _, source := range s.invites {
		inv, err := source.FindInvite(ctx, code)
		if errs.KindOf(err) != errs.NotFound {
			return inv, err
		}
	}
	return Invite{}, errs.Of(errs.NotFound)
}

func (s membership) describe(ctx context.Context, inv Invitation) (Invitation, error) {
	members, err := s.Members(ctx, inv.Project)
	if err != nil {
		return Invitation{}, err
	}
	inv.Members = len(members)
	for _, m := range members { // the owner comes first
		if m.ID == inv.Invite.From || m.Role == RoleOwner {
			inv.From = accounts.Person{ID: m.ID, Name: m.Name, DisplayName: m.DisplayName, PicURL: m.PicURL, GoToURL: m.URL}
		}
	}
	if s.outline != nil {
		inv.Outline, err = s.outline(ctx, inv.Project.ID)
	}
	return inv, err
}

// linkOf returns the link with a code. It reports false for a code that is not one
// of the project's own. The codes are compared byte by byte: the database's
// collation is more tolerant.
func (p Project) linkOf(code string) (InviteLink, bool) {
	for _, l := range p.inviteLinks() {
		if l.Code != "" && subtle.ConstantTimeCompare([]byte(l.Code), []byte(code)) == 1 {
			return l, true
		}
	}
	return InviteLink{}, false
}

// Join makes the actor a collaborator by an invitation code, with the role the
// code gives. Joining a second time changes nothing. Everyone on the board gets
// the new member, the new member's home page gets the project.
//
// The code is looked up first and checked again with the project locked: it may
// have been renewed, switched off or used in between, with a member removed.
//
// Errors: Unauthenticated; NotFound for an unknown code and for one that has ended.
func (s membership) Join(ctx context.Context, by accounts.Actor, code string) (p Project, role Role, err error) {
	if !by.SignedIn() {
		return Project{}, "", errs.Of(errs.Unauthenticated)
	}
	found, err := s.invite(ctx, code)
	if err != nil {
		return Project{}, "", err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, found.ProjectID, true)
		if err != nil {
			return err
		}
		p, role = in.Project, in.Role
		if in.Role.IsMember() {
			return nil
		}
		if role, err = s.redeem(ctx, by, in.Project, code); err != nil {
			return err
		}
		_, err = s.write(ctx, By(by, in.ID), in, func(ctx context.Context, in *Change) ([]Event, error) {
			return s.add(ctx, in.Project, by.UserID, role, nil)
		})
		return err
	})
	return p, role, err
}

// redeem returns the role that a code gives in a project whose row is locked, and
// ends the code if it holds for one person.
func (s membership) redeem(ctx context.Context, by accounts.Actor, p Project, code string) (Role, error) {
	if link, ok := p.linkOf(code); ok {
		if !link.On {
			return "", errs.Of(errs.NotFound)
		}
		return link.Role, nil
	}
	for _, source := range s.invites {
		inv, err := source.FindInvite(ctx, code)
		if errs.KindOf(err) == errs.NotFound {
			continue
		}
		if err != nil {
			return "", err
		}
		if inv.ProjectID != p.ID || inv.End != "" {
			break
		}
		return inv.Role, source.UseInvite(ctx, code, by.UserID)
	}
	return "", errs.Of(errs.NotFound)
}
