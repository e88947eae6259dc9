package friends

import (
	"math"
	"net/http"
	"net/url"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// newFriendPage is the form of /new-friend.
type newFriendPage struct {
	views.Shell
	FriendName string
	// Continue is the page that follows, also after Cancel.
	Continue string
	Error    string
}

func (m *Module) newForm(c *web.Context) error {
	if !accounts.ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	return m.showNew(c, http.StatusOK, c.Query("name"), "")
}

func (m *Module) showNew(c *web.Context, status int, name, message string) error {
	return c.Page(status, "friends/new", &newFriendPage{FriendName: name, Continue: c.Continue(), Error: message})
}

type newRequest struct {
	Name string `form:"name,required"`
}

// create answers 200 with the form for what cannot be sent (contract, http.md
// section 7.11).
func (m *Module) create(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther("/")
	}
	in, err := web.DecodeForm[newRequest](c)
	if err != nil {
		return err
	}
	result, err := m.Send(c.Ctx(), by, in.Name)
	if texts, ok := c.FieldTexts(err); ok {
		return m.showNew(c, http.StatusOK, in.Name, texts["name"])
	}
	if errs.KindOf(err) == errs.RateLimited {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(errs.As(err).RetryAfter.Seconds()))))
		return m.showNew(c, http.StatusTooManyRequests, in.Name, c.ErrorText(err))
	}
	if err != nil {
		return err
	}
	if err := c.Flash(result.text(c)); err != nil {
		return err
	}
	return c.SeeOther(c.Continue())
}

// text returns the message for the sender of a request.
func (a sendResult) text(c *web.Context) string {
	switch {
	case a.Befriended:
		return c.T("friends.new.befriended", "Name", a.Name)
	case a.Name == "":
		return c.T("friends.new.sentToAddress")
	}
	return c.T("friends.new.sent", "Name", a.Name)
}

// answerRequest handles the buttons of the start page and of the notifications,
// with and without a script: each sends a field named after its action. Old pages send the events
// accept_freq and dont_accept_freq instead.
func (m *Module) answerRequest(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther("/")
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	switch {
	case form.Has("accept"):
		err = m.Accept(c.Ctx(), by, idIn(form, "accept"))
	case form.Has("decline"):
		err = m.Decline(c.Ctx(), by, idIn(form, "decline"))
	case form.Has("remove"):
		err = m.Remove(c.Ctx(), by, idIn(form, "remove"))
	case form.Has("withdraw"):
		err = m.Withdraw(c.Ctx(), by, form.Get("withdraw"))
	default:
		err = errs.Malformed("accept", "friends.error.noAnswer")
	}
	// A request that does not exist any more counts as answered.
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, struct{}{})
	}
	return c.SeeOther(c.Continue())
}

// idIn returns the id in a field, 0 if the field holds none.
func idIn(form url.Values, field string) int64 {
	id, _ := socketio.ParseID(form.Get(field))
	return int64(id)
}
