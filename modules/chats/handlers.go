package chats

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// chatPage is the page /chat.
type chatPage struct {
	views.Shell
	// PageData is the contract's (pages.md section 4).
	PageData pageData
}

type pageData struct {
	CurrentUserID int64 `json:"currentUserId"`
	// ChatToOpen is false, or the chat that the address names.
	ChatToOpen any      `json:"chatToOpen"`
	Chats      Overview `json:"chats"`
	// FileLimits are those of one file.
	FileLimits files.Limits `json:"fileLimits"`
}

// show answers with the page, and scripts with its data.
func (m *Module) show(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.NotFound)
	}
	chats, err := m.Chats(c.Ctx(), by)
	if err != nil {
		return err
	}
	data := pageData{CurrentUserID: by.UserID, ChatToOpen: chats.named(c.Request.URL.Query()), Chats: chats, FileLimits: m.files.Limits()}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, data)
	}
	return c.Page(http.StatusOK, "chats/chat", &chatPage{PageData: data})
}

// named returns the chat that an address names, and else false: "with" a friend, or
// the id of a "group" or of a "project" group. Old pages know the first.
func (o Overview) named(query url.Values) any {
	if name := query.Get("with"); name != "" {
		for _, chat := range o.Users {
			if chat.Name == name {
				return groupRef{chat.ID, UserChat}
			}
		}
	}
	if chat, ok := o.Groups[query.Get("group")]; ok {
		return groupRef{chat.ID, Group}
	}
	if chat, ok := o.Projects[query.Get("project")]; ok {
		return groupRef{chat.ID, ProjectGroup}
	}
	return false
}

// messages answers with messages of a chat (contract, http.md section 7.9). New
// clients ask for pages by limit and before or after, and for what has changed by
// since.
func (m *Module) messages(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.NotFound)
	}
	ref, p, err := asked(c)
	if err != nil {
		return err
	}
	history, err := m.Read(c.Ctx(), by, ref, p)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, history.wire(by, ref))
}

// read marks the chat that a button of the notifications names as read.
func (m *Module) read(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	kind, typed, _ := strings.Cut(form.Get("chat"), ":")
	id, ok := socketio.ParseID(typed)
	if !ok {
		return errs.Malformed("chat", "chats.error.chatId")
	}
	if err := m.MarkRead(c.Ctx(), accounts.ActorFrom(c.Ctx()), Ref{Kind(kind), int64(id)}); err != nil {
		return err
	}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, struct{}{})
	}
	return c.SeeOther(c.Continue())
}

// linkedCards answers with the cards of an address's "ids", those that the person may
// see.
func (m *Module) linkedCards(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.NotFound)
	}
	var ids []int64
	for part := range strings.SplitSeq(c.Query("ids"), ",") {
		id, ok := socketio.ParseID(part)
		if !ok {
			return errs.Malformed("ids", "chats.error.linked")
		}
		ids = append(ids, int64(id))
	}
	all, err := m.LinkedCards(c.Ctx(), by, ids)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, all)
}

func asked(c *web.Context) (ref Ref, p Page, err error) {
	ref.Kind = Kind(c.Query("chat-type"))
	if err := ref.Kind.check(); err != nil {
		return ref, p, err
	}
	id, ok := socketio.ParseID(c.Query("chat-id"))
	if !ok {
		return ref, p, errs.Malformed("chat-id", "chats.error.chatId")
	}
	ref.ID = int64(id)
	limit, err := number(c, "limit")
	if err != nil {
		return ref, p, err
	}
	p.Limit, p.Changes = int(min(limit, maxPage)), c.Query("since") != ""
	if p.Before, err = number(c, "before"); err != nil {
		return ref, p, err
	}
	if p.After, err = number(c, "after"); err != nil {
		return ref, p, err
	}
	p.Since, err = number(c, "since")
	return ref, p, err
}

// number returns a parameter of the address that is a whole number, 0 for none.
func number(c *web.Context, name string) (int64, error) {
	typed := c.Query(name)
	if typed == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n < 0 {
		return 0, errs.Malformed(name, "chats.error.number")
	}
	return n, nil
}
