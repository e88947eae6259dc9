package devtools

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// outboxPage lists the mails, newest first, and shows one of them.
type outboxPage struct {
	views.Shell
	Mails []OutboxMail
	// Current is nil as long as none is chosen.
	Current *OpenMail
}

// OutboxMail is a mail in the list.
type OutboxMail struct {
	ID, To, Subject string
	Time            time.Time
}

// OpenMail is the mail that is shown; its HTML form is a frame of its own.
type OpenMail struct{ ID, To, From, Subject, Text string }

// componentsPage shows every component.
type componentsPage struct{ views.Shell }

func (m *Module) components(c *web.Context) error {
	return c.Page(http.StatusOK, "dev/components", &componentsPage{})
}

func (m *Module) list(c *web.Context) error { return m.page(c, nil) }

func (m *Module) read(c *web.Context) error {
	id, found, err := m.chosen(c)
	if err != nil {
		return err
	}
	return m.page(c, &OpenMail{ID: id, To: found.To, From: found.From, Subject: found.Subject, Text: found.Text})
}

func (m *Module) page(c *web.Context, current *OpenMail) error {
	all, err := m.outbox.List(c.Ctx())
	if err != nil {
		return err
	}
	page := &outboxPage{Current: current, Mails: make([]OutboxMail, 0, len(all))}
	for _, s := range all {
		page.Mails = append(page.Mails, OutboxMail{ID: s.ID, To: s.To, Subject: s.Subject, Time: s.Date})
	}
	return c.Page(http.StatusOK, "dev/outbox", page)
}

func (m *Module) chosen(c *web.Context) (string, mail.Mail, error) {
	id := c.Param("id")
	found, err := m.outbox.Read(c.Ctx(), id)
	if errors.Is(err, fs.ErrNotExist) {
		err = errs.Because(errs.NotFound, err)
	}
	return id, found, err
}

// mailPolicy lets a mail look as it is meant to and do nothing: no scripts, no
// origin of its own. Links leave the frame, and only when they are clicked.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; " +
	"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

// html is the HTML form of a mail, for the frame.
func (m *Module) html(c *web.Context) error {
	_, found, err := m.chosen(c)
	if err != nil {
		return err
	}
	c.Header("Content-Security-Policy", mailPolicy)
	c.Header("Cache-Control", "no-store")
	// A link that opened inside the frame would show nothing: our pages refuse
	// to be framed.
	text := strings.Replace(found.HTML, "<head>", `<head><base target="_top">`, 1)
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(text))
	return nil
}
