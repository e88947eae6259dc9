package friends

import (
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// blocksPath is the page of blocked people.
const blocksPath = "/friend-requests/blocked"

// blocksPage lists the people that a person has blocked, and asks whether to block one more.
type blocksPage struct {
	views.Shell
	Blocked []accounts.Person
	// Person is who is to be blocked; nil for no one.
	Person *accounts.Person
	Error  string
}

func (m *Module) showBlocks(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	page := &blocksPage{}
	if name := c.Query("name"); name != "" {
		p, err := m.people.ByName(c.Ctx(), name)
		if err != nil {
			return err
		}
		if p.ID != by.UserID {
			page.Person = &p
		}
	}
	return m.blocks(c, by, http.StatusOK, page)
}

func (m *Module) blocks(c *web.Context, by accounts.Actor, status int, page *blocksPage) (err error) {
	if page.Blocked, err = m.Blocked(c.Ctx(), by); err != nil {
		return err
	}
	for _, p := range page.Blocked {
		if page.Person != nil && p.ID == page.Person.ID {
			page.Person = nil
		}
	}
	return c.Page(status, "friends/blocked", page)
}

// changeBlocks handles the buttons of the page: each sends a field named after its
// action.
func (m *Module) changeBlocks(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	form, err := c.Form()
	if err != nil {
		return err
	}
	done := "friends.blocked.done"
	switch {
	case form.Has("block"):
		err = m.Block(c.Ctx(), by, idIn(form, "block"))
	case form.Has("unblock"):
		done = "friends.blocked.undone"
		err = m.Unblock(c.Ctx(), by, idIn(form, "unblock"))
		if errs.KindOf(err) == errs.NotFound { // a second press
			err = nil
		}
	default:
		err = errs.Malformed("block", "friends.error.noBlock")
	}
	if texts, ok := c.FieldTexts(err); ok && !errs.As(err).Malformed {
		return m.blocks(c, by, http.StatusBadRequest, &blocksPage{Error: texts["block"]})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T(done)); err != nil {
		return err
	}
	return c.SeeOther(blocksPath)
}
