package projects

import (
	"net/http"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// trashPath is the page of a person's deleted projects.
const trashPath = "/trash"

// deletedPage lists a person's deleted projects.
type deletedPage struct {
	views.Shell
	Projects []Project
}

// Ends is when a project is deleted permanently.
func (p Project) Ends() time.Time {
	if p.DeletedAt == nil {
		return time.Time{}
	}
	return p.DeletedAt.Add(deletedLife)
}

func (m *Module) showDeleted(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", trashPath))
	}
	all, err := m.Deleted(c.Ctx(), by)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "projects/deleted", &deletedPage{Projects: all})
}

func (m *Module) restoreDeleted(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	id, err := typedID(form.Get("id"))
	if err != nil {
		return err
	}
	p, err := m.Restore(c.Ctx(), accounts.ActorFrom(c.Ctx()), id)
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("projects.trash.done", "Project", p.Called())); err != nil {
		return err
	}
	return c.SeeOther(p.URL())
}
