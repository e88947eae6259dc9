package notifications

import (
	"net/http"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/web"
)

// listPath is the page of all notifications.
const listPath = "/notifications"

func pathOf(id int64) string { return listPath + "/" + strconv.FormatInt(id, 10) }

// open leads to what a notification is about. One that has ended leads to the others.
func (m *Module) open(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	id, ok := socketio.ParseID(c.Param("id"))
	if !ok {
		return errs.Of(errs.NotFound)
	}
	path, err := m.Open(c.Ctx(), by, int64(id))
	if errs.KindOf(err) == errs.NotFound || err == nil && path == "" {
		return c.SeeOther(listPath)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(path)
}

// mark marks the notification of the address as read, and those that the field more
// names: the page shows them as one.
func (m *Module) mark(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	var ids []int64
	for _, typed := range append(strings.Fields(form.Get("more")), c.Param("id")) {
		id, ok := socketio.ParseID(typed)
		if !ok || len(ids) > maxShown {
			return errs.Of(errs.NotFound)
		}
		ids = append(ids, int64(id))
	}
	if err := m.Mark(c.Ctx(), accounts.ActorFrom(c.Ctx()), ids); err != nil {
		return err
	}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, struct{}{})
	}
	return c.SeeOther(listPath)
}
