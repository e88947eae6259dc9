package profiles

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// Page is a tab of a profile; Projects and Friends are set on their tabs.
type Page struct {
	views.Shell
	Profile Profile
	// Tab is projects, friends or settings.
	Tab      string
	Projects []projects.Project
	Friends  []accounts.Person
	// Editing shows the form for text and picture, with the input and a message per
	// field.
	Editing bool
	Desc    string
	// DisplayName is the input, as Desc.
	DisplayName      string
	Errors           map[string]string
	MaxDesc, MaxName int
	// RemovingFriend shows the confirmation for ending the friendship.
	RemovingFriend bool
	// PageData is the contract's (pages.md section 7).
	PageData pageData
}

// pageData is what the scripts of the pages of a profile read.
type pageData struct {
	UserName string `json:"username"`
	UserID   int64  `json:"userId"`
	// Token is that of the login, for the own page.
	Token string `json:"token,omitempty"`
	// InvalidNames are for the form of the user name.
	InvalidNames []string `json:"invalidNames,omitempty"`
}

func newPage(c *web.Context, p Profile, tab string) Page {
	return Page{
		Profile: p, Tab: tab, Desc: p.Desc, DisplayName: p.DisplayName, MaxDesc: accounts.MaxDescLength, MaxName: accounts.MaxDisplayNameLength,
		Editing: p.Own && c.Query("edit") != "", RemovingFriend: p.IsFriend && c.Query("removeFriend") != "",
		PageData: pageData{UserName: p.Name, UserID: p.ID},
	}
}

// SetShell also gives the token of the login to the scripts of the own page.
func (p *Page) SetShell(s views.Shell) {
	p.Shell = s
	if p.Profile.Own && s.Viewer != nil {
		p.PageData.Token = s.Viewer.Token
	}
}

// profile redirects to the first tab.
func (m *Module) profile(c *web.Context) error {
	p, err := m.Profile(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"))
	if err != nil {
		return err
	}
	return c.SeeOther(p.GoToURL + "/projects")
}

// loadProfile returns the profile of a tab. done is true if the request is
// answered: a name in another spelling redirects to the stored one (defect H12).
func (m *Module) loadProfile(c *web.Context) (p Profile, done bool, err error) {
	p, err = m.Profile(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"))
	if err != nil || c.Param("user") == p.Name {
		return p, false, err
	}
	u := url.URL{Path: p.GoToURL + strings.TrimPrefix(c.Request.URL.Path, "/"+c.Param("user")), RawQuery: c.Request.URL.RawQuery}
	return p, true, c.SeeOther(u.String())
}

func (m *Module) projectsTab(c *web.Context) error {
	p, done, err := m.loadProfile(c)
	if err != nil || done {
		return err
	}
	return m.showProjects(c, http.StatusOK, newPage(c, p, "projects"))
}

func (m *Module) showProjects(c *web.Context, status int, page Page) (err error) {
	page.Projects, err = m.projects.OwnedBy(c.Ctx(), accounts.ActorFrom(c.Ctx()), page.Profile.Person)
	if err != nil {
		return err
	}
	return c.Page(status, "profiles/projects", &page)
}

func (m *Module) friendsTab(c *web.Context) error {
	p, done, err := m.loadProfile(c)
	if err != nil || done {
		return err
	}
	page := newPage(c, p, "friends")
	if page.Friends, err = m.Friends(c.Ctx(), accounts.ActorFrom(c.Ctx()), p); err != nil {
		return err
	}
	return c.Page(http.StatusOK, "profiles/friends", &page)
}

// submit handles the forms of a profile's head (contract, http.md section 7.12).
// A profile that is hidden from the actor is not found.
func (m *Module) submit(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	p, err := m.Profile(c.Ctx(), by, c.Param("user"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	switch form.Get("submit") {
	case "editProfile":
		return m.editProfile(c, p)
	case "removeFriend":
		return m.removeFriend(c, by, p)
	}
	return errs.Malformed("submit", "errors.unknownForm")
}

// profileForm is the form of a profile. The contract's form has no display name.
type profileForm struct {
	Desc        string  `form:"newProfileDesc,required"`
	DisplayName *string `form:"newDisplayName"`
	Drawn       bool    `form:"drawnPicture"`
}

func (m *Module) editProfile(c *web.Context, p Profile) error {
	if !p.Own {
		return errs.Of(errs.NotFound)
	}
	in, err := web.DecodeForm[profileForm](c)
	if err != nil {
		return err
	}
	edit, err := in.edit(c)
	if err == nil {
		_, err = m.accounts.EditProfile(c.Ctx(), accounts.ActorFrom(c.Ctx()), edit)
	}
	if texts, ok := c.FieldTexts(err); ok && isForm(c) {
		page := newPage(c, p, "projects")
		page.Editing, page.Desc, page.Errors = true, in.Desc, texts
		if in.DisplayName != nil {
			page.DisplayName = *in.DisplayName
		}
		return m.showProjects(c, http.StatusBadRequest, page)
	}
	if err != nil {
		return err
	}
	return m.done(c, p.GoToURL+"/projects")
}

// edit returns what the form changes. A picture that is not a file is ignored: the
// contract's script sends the text "null" when it is unchanged.
func (in profileForm) edit(c *web.Context) (edit accounts.ProfileEdit, err error) {
	// Browsers send line breaks as two characters; they count as one.
	desc := strings.ReplaceAll(in.Desc, "\r\n", "\n")
	edit = accounts.ProfileEdit{Desc: &desc, DisplayName: in.DisplayName, Drawn: in.Drawn}
	if c.Request.MultipartForm == nil || len(c.Request.MultipartForm.File["newProfilePic"]) == 0 {
		return edit, nil
	}
	edit.Picture, err = contentOf(c.Request.MultipartForm.File["newProfilePic"][0])
	return edit, err
}

// contentOf reads an uploaded file, at most one byte beyond the limit, so that
// accounts refuses it.
func contentOf(file *multipart.FileHeader) (content []byte, err error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, picture.MaxBytes+1))
}

func (m *Module) removeFriend(c *web.Context, by accounts.Actor, p Profile) error {
	if !p.IsFriend {
		return errs.Of(errs.NotFound)
	}
	if err := m.friends.Remove(c.Ctx(), by, p.ID); err != nil {
		return err
	}
	if p.Private {
		return m.done(c, "/") // the profile is hidden from the actor
	}
	return m.done(c, p.GoToURL+"/projects")
}

// done answers scripts with an empty body (contract), and redirects a browser
// that has sent the form itself.
func (m *Module) done(c *web.Context, next string) error {
	if isForm(c) {
		return c.SeeOther(next)
	}
	c.Status(http.StatusOK)
	return nil
}

// notOwnProfile answers a picture for another person's profile with 404
// (contract, http.md).
func notOwnProfile(*web.Context) error { return errs.Of(errs.NotFound) }

// isForm reports whether the browser itself has sent a form and expects a page.
func isForm(c *web.Context) bool { return c.GetHeader("Sec-Fetch-Mode") == "navigate" }

// staleSubmit answers a form of a profile's head with an outdated token. An action
// that a valid token would not allow either is NotFound.
func (m *Module) staleSubmit(c *web.Context) error {
	p, err := m.Profile(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if form.Get("submit") == "editProfile" && !p.Own {
		return errs.Of(errs.NotFound)
	}
	return emptyStaleToken(c)
}

// emptyStaleToken answers with the status that the contract's scripts expect.
func emptyStaleToken(c *web.Context) error {
	c.Status(web.StatusStaleToken)
	return nil
}
