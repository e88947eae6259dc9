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

// Page is what all tabs of a profile show; Projects and Friends are of theirs.
type Page struct {
	views.Shell
	Profile Profile
	// Tab is projects, friends or settings.
	Tab      string
	Projects []projects.Project
	Friends  []accounts.Person
	// Editing shows the form for text and picture, with what was typed and a
	// message per field.
	Editing bool
	Desc    string
	Errors  map[string]string
	MaxDesc int
	// RemovingFriend shows the question whether to.
	RemovingFriend bool
	// PageData is the contract's (pages.md section 7).
	PageData map[string]any
}

func newPage(c *web.Context, p Profile, tab string) Page {
	return Page{
		Profile: p, Tab: tab, Desc: p.Desc, MaxDesc: accounts.MaxDescLength,
		Editing: p.Own && c.Query("edit") != "", RemovingFriend: p.IsFriend && c.Query("removeFriend") != "",
		PageData: map[string]any{"username": p.Name, "userId": p.ID},
	}
}

// SetShell also hands the token of the login to the scripts of one's own page.
func (p *Page) SetShell(s views.Shell) {
	p.Shell = s
	if p.Profile.Own && s.Viewer != nil {
		p.PageData["token"] = s.Viewer.Token
	}
}

// profile is the entry: it leads to the first tab.
func (m *Module) profile(c *web.Context) error {
	p, err := m.Profile(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"))
	if err != nil {
		return err
	}
	return c.SeeOther(p.GoToURL + "/projects")
}

// look finds the profile a tab is about. done tells that the request is
// answered: a name in another spelling leads to the stored one (defect H12).
func (m *Module) look(c *web.Context) (p Profile, done bool, err error) {
	p, err = m.Profile(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"))
	if err != nil || c.Param("user") == p.Name {
		return p, false, err
	}
	u := url.URL{Path: p.GoToURL + strings.TrimPrefix(c.Request.URL.Path, "/"+c.Param("user")), RawQuery: c.Request.URL.RawQuery}
	return p, true, c.SeeOther(u.String())
}

func (m *Module) projectsTab(c *web.Context) error {
	p, done, err := m.look(c)
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
	p, done, err := m.look(c)
	if err != nil || done {
		return err
	}
	page := newPage(c, p, "friends")
	if page.Friends, err = m.Friends(c.Ctx(), accounts.ActorFrom(c.Ctx()), p); err != nil {
		return err
	}
	return c.Page(http.StatusOK, "profiles/friends", &page)
}

// act is what the forms of a profile's head do (contract, http.md section
// 7.12). A profile that may not be seen answers as one that does not exist.
func (m *Module) act(c *web.Context) error {
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
		return m.editProfile(c, p, form)
	case "removeFriend":
		return m.removeFriend(c, by, p)
	}
	return errs.Malformed("submit", "errors.unknownForm")
}

func (m *Module) editProfile(c *web.Context, p Profile, form url.Values) error {
	if !p.Own {
		return errs.Of(errs.NotFound)
	}
	edit, err := profileEdit(c, form)
	if err == nil {
		_, err = m.accounts.EditProfile(c.Ctx(), accounts.ActorFrom(c.Ctx()), edit)
	}
	if texts, ok := c.FieldTexts(err); ok && isForm(c) {
		page := newPage(c, p, "projects")
		page.Editing, page.Desc, page.Errors = true, form.Get("newProfileDesc"), texts
		return m.showProjects(c, http.StatusBadRequest, page)
	}
	if err != nil {
		return err
	}
	return m.done(c, p.GoToURL+"/projects")
}

// profileEdit reads the form. A picture that is no file counts as none: the
// contract's script sends the text "null" when it is unchanged.
func profileEdit(c *web.Context, form url.Values) (accounts.ProfileEdit, error) {
	desc, err := web.Require(form, "newProfileDesc")
	if err != nil {
		return accounts.ProfileEdit{}, err
	}
	// Browsers send line breaks as two characters; the limit is on one.
	desc = strings.ReplaceAll(desc, "\r\n", "\n")
	edit := accounts.ProfileEdit{Desc: &desc, Drawn: form.Has("drawnPicture")}
	if c.Request.MultipartForm == nil || len(c.Request.MultipartForm.File["newProfilePic"]) == 0 {
		return edit, nil
	}
	edit.Picture, err = contentOf(c.Request.MultipartForm.File["newProfilePic"][0])
	return edit, err
}

// contentOf reads an uploaded file, one byte beyond the limit at most: accounts
// says what is wrong with it.
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
		return m.done(c, "/") // the profile is not for them any more
	}
	return m.done(c, p.GoToURL+"/projects")
}

// done answers scripts as the contract has it, empty, and leads a browser that
// sent the form itself back to a page.
func (m *Module) done(c *web.Context, next string) error {
	if isForm(c) {
		return c.SeeOther(next)
	}
	c.Status(http.StatusOK)
	return nil
}

// notOwnProfile answers a picture that is sent to another person's profile, as
// everything there that is not the viewer's to change (contract, http.md).
func notOwnProfile(*web.Context) error { return errs.Of(errs.NotFound) }

// isForm tells whether the browser itself has sent a form and waits for a page.
func isForm(c *web.Context) bool { return c.GetHeader("Sec-Fetch-Mode") == "navigate" }

// staleAct answers an outdated token to a form of a profile's head. What could
// not be done with the right one either is not there, as without a token.
func (m *Module) staleAct(c *web.Context) error {
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

// emptyStaleToken is what the contract's scripts expect.
func emptyStaleToken(c *web.Context) error {
	c.Status(web.StatusStaleToken)
	return nil
}

// pictureCache is how long a browser keeps a picture. Its content never
// changes; it is not kept for longer so that a deleted one is soon gone.
const pictureCache = "public, max-age=86400, immutable"

func (m *Module) picture(c *web.Context) (err error) {
	o, err := m.accounts.OpenPicture(c.Ctx(), c.Param("key"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	h := c.Writer.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", pictureCache)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(c.Writer, c.Request, "", o.ModTime(), o)
	return nil
}
