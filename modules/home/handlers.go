package home

import (
	"maps"
	"net/http"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// Page is the start page.
type Page struct {
	views.Shell
	Overview
	// PageData is the contract's (pages.md section 3).
	PageData map[string]any
}

func (m *Module) home(c *web.Context) error {
	o, err := m.Overview(c.Ctx(), accounts.ActorFrom(c.Ctx()))
	if err != nil {
		return err
	}
	data := pageData(o)
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, data)
	}
	return c.Page(http.StatusOK, "home/home", &Page{Overview: o, PageData: data})
}

// notificationsPage shows the notifications; the panel at the bell shows a part of
// it.
type notificationsPage struct {
	views.Shell
	Notifications
}

func (m *Module) notifications(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	n, err := m.Notifications(c.Ctx(), by)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "home/notifications", &notificationsPage{Notifications: n})
}

// readMarks is the form of the notifications.
type readMarks struct {
	Until string `form:"until,required"`
}

func (m *Module) markRead(c *web.Context) error {
	in, err := web.DecodeForm[readMarks](c)
	if err != nil {
		return err
	}
	until, err := time.Parse(time.RFC3339, in.Until)
	if err != nil {
		return errs.Malformed("until", "home.error.until")
	}
	if err := m.MarkRead(c.Ctx(), accounts.ActorFrom(c.Ctx()), until); err != nil {
		return err
	}
	return done(c, "/notifications")
}

// setStar handles the buttons of the start page's tiles: each sends a field named
// after its action.
func (m *Module) setStar(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	field := "star"
	if form.Has("unstar") {
		field = "unstar"
	}
	id, ok := socketio.ParseID(form.Get(field))
	if !ok {
		return errs.Malformed(field, "home.error.star")
	}
	if err := m.SetStar(c.Ctx(), accounts.ActorFrom(c.Ctx()), int64(id), field == "star"); err != nil {
		return err
	}
	return done(c, "/")
}

// done answers a script with an empty object and others with a page.
func done(c *web.Context, path string) error {
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, struct{}{})
	}
	return c.SeeOther(path)
}

// projectData is a project in the page's data.
type projectData struct {
	ID        int64  `json:"id"`
	OwnerName string `json:"ownerName"`
	Title     string `json:"title"`
	Name      string `json:"name"`
	GoToURL   string `json:"goToUrl"`
}

// projectsByRole are a person's own projects and those of others.
type projectsByRole struct {
	WhereOwner  []projectData `json:"whereOwner"`
	WhereCollab []projectData `json:"whereCollab"`
}

// pageData returns the data of the page, with those of other modules.
func pageData(o Overview) map[string]any {
	notifications := make([]any, len(o.feed))
	for i, e := range o.feed {
		notifications[i] = e.Data
	}
	data := map[string]any{
		"currentUserIsAuthenticated": true,
		"projects":                   projectsByRole{projectsData(o.tiles.Owned), projectsData(o.tiles.Collab)},
		"notifications":              notifications,
	}
	maps.Copy(data, o.data)
	return data
}

func projectsData(tiles []projects.Tile) []projectData {
	all := make([]projectData, len(tiles))
	for i, t := range tiles {
		all[i] = projectData{ID: t.ID, OwnerName: t.OwnerName, Title: t.Called(), Name: t.Name, GoToURL: t.URL()}
	}
	return all
}
