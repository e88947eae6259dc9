package projects

import (
	"net/http"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// NewPage is the form for a new project.
type NewPage struct {
	views.Shell
	OwnerName string
	Name      string
	Desc      string
	Private   bool
	Chat      bool
	// Errors holds a message per field: name, desc.
	Errors       map[string]string
	InvalidNames []string
}

func (m *Module) newForm(c *web.Context) error {
	return m.showNew(c, http.StatusOK, Draft{Private: true}, nil)
}

func (m *Module) showNew(c *web.Context, status int, d Draft, messages map[string]string) error {
	return c.Page(status, "projects/new", &NewPage{
		OwnerName: accounts.ActorFrom(c.Ctx()).Name, Name: d.Name, Desc: d.Desc, Private: d.Private, Chat: d.Chat,
		Errors: messages, InvalidNames: m.reserved(),
	})
}

// create answers 400 for what the page's script would never send, and 200 with
// the form for a name that is taken (contract, http.md section 7.11).
func (m *Module) create(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	name, err := web.Require(form, "name")
	if err != nil {
		return err
	}
	d := Draft{
		Name: name, Desc: normalNewlines(form.Get("desc")),
		Private: form.Has("project_private"), Chat: form.Has("create_project_chat_group"),
	}
	p, err := m.Create(c.Ctx(), accounts.ActorFrom(c.Ctx()), d)
	if texts, ok := c.FieldTexts(err); ok {
		status := http.StatusBadRequest
		if errs.KindOf(err) == errs.Conflict {
			status = http.StatusOK
		}
		return m.showNew(c, status, d, texts)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(p.URL())
}

// normalNewlines undoes the carriage returns browsers put into forms, so that
// limits count what was typed.
func normalNewlines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// InvitePage asks whether to join.
type InvitePage struct {
	views.Shell
	ProjectName string
	OwnerName   string
	OwnerPicURL string
	Role        string
	Members     int
}

func (m *Module) invitation(c *web.Context) error {
	inv, err := m.Invitation(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("code"))
	if err != nil {
		return err
	}
	if inv.Already {
		return c.SeeOther(inv.Project.URL())
	}
	return c.Page(http.StatusOK, "projects/invite", &InvitePage{
		ProjectName: inv.Project.Name, OwnerName: inv.Project.OwnerName, OwnerPicURL: inv.Owner.PicURL,
		Role: string(inv.Role), Members: inv.Members,
	})
}

// greet says on the pages of log-in and sign-up which invitation they lead back
// to. The code in the path is what entitles a person to know; nothing is said of
// a code that is unknown or switched off.
func (m *Module) greet(c *web.Context, path string) (accounts.Greeting, bool, error) {
	code, ok := strings.CutPrefix(path, "/invite/")
	if !ok {
		return accounts.Greeting{}, false, nil
	}
	inv, err := m.Service.invitation(c.Ctx(), accounts.Actor{}, code)
	if errs.KindOf(err) == errs.NotFound {
		return accounts.Greeting{}, false, nil
	}
	if err != nil {
		return accounts.Greeting{}, false, err
	}
	text := "projects.join.asReader"
	if inv.Role == RoleAdmin {
		text = "projects.join.asAdmin"
	}
	return accounts.Greeting{
		Name: inv.Project.OwnerName, PicURL: inv.Owner.PicURL, Text: c.T(text), Hint: c.T("projects.join.first"),
		Heading: c.T("projects.join.heading", "Owner", inv.Project.OwnerName, "Project", inv.Project.Name),
	}, true, nil
}

func (m *Module) join(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	p, role, err := m.Join(c.Ctx(), by, c.Param("code"))
	if err != nil {
		return err
	}
	if role != RoleOwner {
		if err := c.Flash(c.T(joinedText(role), "Project", p.OwnerName+"/"+p.Name, "Role", roleName(role))); err != nil {
			return err
		}
	}
	return c.SeeOther(p.URL())
}

// joinedText says that somebody has joined, and what they can do now.
func joinedText(r Role) string {
	if r == RoleAdmin {
		return "projects.joined.admin"
	}
	return "projects.joined.reader"
}

// roleName is the role as the contract's message says it in both languages.
func roleName(r Role) string {
	if r == RoleAdmin {
		return "Admin"
	}
	return "Access Only"
}

// BoardPage is a project's page.
type BoardPage struct {
	views.Shell
	Project  BoardProject
	Role     Role
	CanWrite bool
	IsOwner  bool
	IsMember bool
	// HeadHidden tells that this browser has put the page's head away.
	HeadHidden bool
	// May holds the actions of the table that this viewer is allowed.
	May     map[string]bool
	Members []Member
	// Lists is what the lists module shows.
	Lists    any
	PageData map[string]any
}

// AsksForBadge leaves the badge to its script.
func (*BoardPage) AsksForBadge() {}

// BoardProject is what the page says of the project itself.
type BoardProject struct {
	ID         int64
	Name       string
	OwnerName  string
	Desc       string
	Visibility Visibility
}

func (m *Module) board(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	b, err := m.Board(c.Ctx(), by, c.Param("user"), c.Param("project"))
	if err != nil {
		return err
	}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, map[string]any{"rev": b.Rev, "role": b.Role, "project": b.Data})
	}
	if c.Request.URL.Path != b.URL() {
		return c.SeeOther(withQuery(b.URL(), c.Request.URL.RawQuery))
	}
	head, _ := c.Cookie("board_head") // no cookie, no wish
	return c.Page(http.StatusOK, "projects/board", &BoardPage{
		HeadHidden: head == "hidden",
		Project:    BoardProject{ID: b.ID, Name: b.Name, OwnerName: b.OwnerName, Desc: b.ProjectDesc, Visibility: b.Visibility},
		Role:       b.Role, CanWrite: b.Role.Can(Write), IsOwner: b.Role == RoleOwner, IsMember: b.Role.IsMember(), May: b.Role.Rights(),
		Members: b.Members, Lists: b.Views["lists"], PageData: m.pageData(by, b),
	})
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// pageData is the contract's (pages.md section 5), and rev.
func (m *Module) pageData(by accounts.Actor, b *Board) map[string]any {
	data := map[string]any{
		"currentUserId": nil, "currentUserIsAuthenticated": by.SignedIn(), "currentUserRole": b.Role,
		"may": b.Role.Rights(), "rev": b.Rev, "project": b.Data,
	}
	if by.SignedIn() {
		data["currentUserId"] = by.UserID
	}
	if b.Role.Can(AddMembers) {
		data["invalidNames"] = m.reserved()
		data["inviteLink"] = m.kit.PublicURL + "/invite/" + b.InviteCode
		data["inviteAsAdminLink"] = m.kit.PublicURL + "/invite/" + b.InviteAsAdminCode
		data["inviteLinks"] = m.links(b.inviteLinks())
	}
	return data
}
