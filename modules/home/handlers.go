package home

import (
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
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

// HidesBadge keeps the badge away from the page that shows what it counts.
func (*Page) HidesBadge() {}

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

// projectData is a project in the page's data.
type projectData struct {
	ID        int64  `json:"id"`
	OwnerName string `json:"ownerName"`
	Name      string `json:"name"`
	GoToURL   string `json:"goToUrl"`
}

// friendData is a friend in the page's data.
type friendData struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	PicURL  string `json:"picUrl"`
	GoToURL string `json:"goToUrl"`
}

func pageData(o Overview) map[string]any {
	friends := make([]friendData, len(o.Friends))
	for i, p := range o.Friends {
		friends[i] = friendData{ID: p.ID, Name: p.Name, PicURL: p.PicURL, GoToURL: p.GoToURL}
	}
	notifications := make([]any, len(o.Feed))
	for i, e := range o.Feed {
		notifications[i] = e.Data
	}
	return map[string]any{
		"currentUserIsAuthenticated": true,
		"projects":                   map[string]any{"whereOwner": projectsData(o.Owned), "whereCollab": projectsData(o.Collab)},
		"friends":                    friends,
		"notifications":              notifications,
	}
}

func projectsData(tiles []projects.Tile) []projectData {
	all := make([]projectData, len(tiles))
	for i, t := range tiles {
		all[i] = projectData{ID: t.ID, OwnerName: t.OwnerName, Name: t.Name, GoToURL: t.URL()}
	}
	return all
}
