package projects

import (
	"net/http"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// invitePath begins the paths of invitations; the code follows.
const invitePath = "/invite/"

// InvitePage is the page of an invitation, for everyone who has its link.
type InvitePage struct {
	views.Shell
	Invitation
	// CanEdit reports whether the role allows changes.
	CanEdit bool
	// Here is the page's own path, without its query.
	Here string
}

// shownLists and shownCards bound the picture of a board.
const (
	shownLists = 6
	shownCards = 6
)

// Picture returns the number of cards of each list, as far as the picture of the
// board shows them.
func (p *InvitePage) Picture() []int {
	shown := make([]int, 0, shownLists)
	for _, cards := range p.Outline[:min(len(p.Outline), shownLists)] {
		shown = append(shown, min(cards, shownCards))
	}
	return shown
}

// invitation shows what a code invites to. It changes nothing, so that programs
// that look at links in mails and chats use up none.
func (m *Module) invitation(c *web.Context) error {
	inv, err := m.Invitation(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("code"))
	switch {
	case errs.KindOf(err) == errs.NotFound && !c.WantsJSON():
		return m.invitePage(c, http.StatusNotFound, Invitation{})
	case err != nil:
		return err
	case inv.Already:
		return c.SeeOther(inv.Project.URL())
	case inv.End != "":
		return m.invitePage(c, http.StatusNotFound, inv)
	}
	return m.invitePage(c, http.StatusOK, inv)
}

func (m *Module) invitePage(c *web.Context, status int, inv Invitation) error {
	return c.Page(status, "projects/invite", &InvitePage{Invitation: inv, CanEdit: inv.Role == RoleAdmin, Here: c.Request.URL.EscapedPath()})
}

// greet says on the pages of log-in and sign-up which invitation they lead back
// to. The code in the path is what entitles a person to know; nothing is said of
// a code that is unknown or has ended.
func (m *Module) greet(c *web.Context, path string) (auth.Greeting, bool, error) {
	code, ok := strings.CutPrefix(path, invitePath)
	if !ok {
		return auth.Greeting{}, false, nil
	}
	inv, err := m.Invitation(c.Ctx(), accounts.Actor{}, code)
	if errs.KindOf(err) == errs.NotFound || err == nil && inv.End != "" {
		return auth.Greeting{}, false, nil
	}
	if err != nil {
		return auth.Greeting{}, false, err
	}
	text := "projects.join.asReader"
	if inv.Role == RoleAdmin {
		text = "projects.join.asAdmin"
	}
	return auth.Greeting{
		Name: inv.From.Called(), PicURL: inv.From.PicURL, Text: c.T(text), Hint: c.T("projects.join.first"),
		Heading: c.T("projects.join.heading", "Owner", inv.From.Called(), "Project", inv.Project.Called()), Email: inv.Email,
	}, true, nil
}

// arrive lets a person join who has signed up for an invitation: the page of the
// sign-up said to what. It reports false for a path that is no invitation, and for
// one that has ended meanwhile, which its page explains.
func (m *Module) arrive(c *web.Context, by accounts.Actor, path string) (to string, ok bool, err error) {
	code, ok := strings.CutPrefix(path, invitePath)
	if !ok {
		return "", false, nil
	}
	p, role, err := m.Join(c.Ctx(), by, code)
	if errs.KindOf(err) == errs.NotFound {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return p.URL(), true, m.welcome(c, p, role)
}

// join answers the button of the page.
func (m *Module) join(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	p, role, err := m.Join(c.Ctx(), by, c.Param("code"))
	if errs.KindOf(err) == errs.NotFound {
		return m.invitation(c) // it says why
	}
	if err != nil {
		return err
	}
	if err := m.welcome(c, p, role); err != nil {
		return err
	}
	return c.SeeOther(p.URL())
}

// welcome keeps the message that the board's page shows to a new member.
func (m *Module) welcome(c *web.Context, p Project, role Role) error {
	switch role {
	case RoleAdmin:
		return c.Flash(c.T("projects.joined.admin", "Project", p.Called()))
	case RoleAccessOnly:
		return c.Flash(c.T("projects.joined.reader", "Project", p.Called()))
	case RoleOwner, RoleVisitor, RoleNone:
	}
	return nil
}
