package projects

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// newPage is the form for a new project.
type newPage struct {
	views.Shell
	OwnerName string
	Title     string
	Name      string
	Desc      string
	Private   bool
	Colour    Colour
	Colours   []Colour
	Chat      bool
	// WithLists reports whether the board is to begin with lists.
	WithLists bool
	// Key is the form's idempotency key, so that sending it twice makes one project.
	Key string
	// Errors holds a message per field: title, name, desc, colour, lists.
	Errors       map[string]string
	InvalidNames []string
}

func (m *Module) newForm(c *web.Context) error {
	return m.showNew(c, http.StatusOK, Draft{Private: true, Colour: colours[0], Lists: []string{""}, Key: newFormKey()}, nil)
}

func (m *Module) showNew(c *web.Context, status int, d Draft, messages map[string]string) error {
	return c.Page(status, "projects/new", &newPage{
		OwnerName: accounts.ActorFrom(c.Ctx()).Name, Title: d.Title, Name: d.Name, Desc: d.Desc, Private: d.Private, Chat: d.Chat,
		Colour: d.Colour, Colours: colours, WithLists: len(d.Lists) > 0, Key: d.Key,
		Errors: messages, InvalidNames: m.reserved(),
	})
}

type newProject struct {
	Title   string `form:"title"`
	Name    string `form:"name,required"`
	Desc    string `form:"desc"`
	Private bool   `form:"project_private"`
	Colour  Colour `form:"colour"`
	Chat    bool   `form:"create_project_chat_group"`
	// Lists are the names of lists, separated by commas.
	Lists string `form:"lists"`
	Key   string `form:"actionId"`
}

// create answers 400 for what the page's script would never send, and 200 with
// the form for a name that is taken (contract, http.md section 7.11).
func (m *Module) create(c *web.Context) error {
	in, err := web.DecodeForm[newProject](c)
	if err != nil {
		return err
	}
	d := Draft{Title: in.Title, Name: in.Name, Desc: normalNewlines(in.Desc), Private: in.Private, Colour: in.Colour, Chat: in.Chat, Lists: listNames(in.Lists), Key: in.Key}
	if d.Key != "" && !keyRule.MatchString(d.Key) {
		return errs.Malformed("actionId", "projects.error.actionId")
	}
	p, err := m.Create(c.Ctx(), accounts.ActorFrom(c.Ctx()), d)
	if texts, ok := c.FieldTexts(err); ok {
		status := http.StatusBadRequest
		if errs.KindOf(err) == errs.Conflict {
			status = http.StatusOK
		}
		if free, ok := errs.As(err).Current["name"].(string); ok {
			d.Name = free
		}
		return m.showNew(c, status, d, texts)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(p.URL())
}

// listNames reads names that are separated by commas.
func listNames(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	names := strings.Split(text, ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return names
}

// normalNewlines undoes the carriage returns browsers put into forms, so that
// limits count what was typed.
func normalNewlines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// BoardPage is a project's page.
type BoardPage struct {
	views.Shell
	Project  BoardProject
	Role     Role
	CanWrite bool
	IsOwner  bool
	IsMember bool
	// HeadHidden reports whether this browser hides the page's head.
	HeadHidden bool
	collapsed  map[string]bool
	// May holds the actions of the table that this viewer is allowed.
	May     map[string]bool
	Members []Member
	// colours are those that the board can have.
	Colours []Colour
	// Lists is what the lists module shows.
	Lists any
	// Views are what other modules show, by the name of their board part.
	Views    map[string]any
	PageData BoardData
	// JSON is PageData with the board.
	JSON template.JS
}

// Collapsed reports whether the viewer has collapsed a list.
func (p *BoardPage) Collapsed(listID int64) bool { return p.collapsed[strconv.FormatInt(listID, 10)] }

// collapsedLists reads the ids of the lists that the viewer has collapsed in this
// browser from a cookie, as static/js/lists/collapsed.js writes it: behind the
// viewer's own id, 0 for a visitor. The lists of another viewer are not collapsed.
func collapsedLists(cookie string, viewerID int64) map[string]bool {
	viewer, ids, _ := strings.Cut(cookie, ".")
	if viewer != strconv.FormatInt(viewerID, 10) {
		return nil
	}
	collapsed := map[string]bool{}
	for id := range strings.SplitSeq(ids, ".") {
		collapsed[id] = true
	}
	return collapsed
}

// AsksForBadge leaves the badge to its script.
func (*BoardPage) AsksForBadge() {}

// BoardProject is what the page says of the project itself.
type BoardProject struct {
	ID         int64
	Title      string
	Name       string
	OwnerName  string
	Desc       string
	Visibility Visibility
	Colour     Colour
}

func (m *Module) board(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	b, err := m.Board(c.Ctx(), by, c.Param("user"), c.Param("project"))
	if err != nil {
		return err
	}
	if c.WantsJSON() {
		data, err := b.encode(snapshot{Rev: b.Rev, Role: b.Role})
		if err != nil {
			return err
		}
		return c.EncodedJSON(http.StatusOK, data)
	}
	if c.Request.URL.Path != b.URL() {
		return c.SeeOther(withQuery(b.URL(), c.Request.URL.RawQuery))
	}
	head, _ := c.Cookie("board_head")           // without a cookie the head is shown
	collapsed, _ := c.Cookie("board_collapsed") // without a cookie no list is
	data := m.pageData(by, b)
	encoded, err := b.encode(data)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "projects/board", &BoardPage{
		HeadHidden: head == "hidden", collapsed: collapsedLists(collapsed, by.UserID),
		Project: BoardProject{ID: b.ID, Title: b.Called(), Name: b.Name, OwnerName: b.OwnerName, Desc: b.ProjectDesc, Visibility: b.Visibility, Colour: b.Colour()},
		Role:    b.Role, CanWrite: b.Can(Write), IsOwner: b.Role == RoleOwner, IsMember: b.Role.IsMember(), May: b.Rights(),
		Members: b.Members, Colours: colours, Lists: b.Views["lists"], Views: b.Views,
		PageData: data, JSON: template.JS(encoded), //nolint:security // encoding/json has escaped it for HTML
	})
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

func (m *Module) pageData(by accounts.Actor, b *Board) BoardData {
	data := BoardData{IsAuthenticated: by.SignedIn(), Role: b.Role, May: b.Rights(), Rev: b.Rev}
	if by.SignedIn() {
		data.UserID = &by.UserID
	}
	if b.Can(EditDetails) {
		data.InvalidNames = m.reserved()
	}
	if b.Can(AddMembers) {
		data.InviteLink = m.deps.PublicURL + "/invite/" + b.InviteCode
		data.InviteAsAdminLink = m.deps.PublicURL + "/invite/" + b.InviteAsAdminCode
		data.InviteLinks = m.links(b.inviteLinks())
	}
	return data
}
