package notifications

import (
	"net/http"
	"net/url"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

const (
	settingsPath    = listPath + "/settings"
	unsubscribePath = listPath + "/unsubscribe"
	// kindField is how names of the form's fields begin that choose for a kind.
	kindField = "kind."
)

// settingsPage shows the settings, or what was typed and is wrong.
type settingsPage struct {
	views.Shell
	Settings
	Errors map[string]string
}

func (m *Module) settings(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.RequestURI()))
	}
	s, err := m.Settings(c.Ctx(), by)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "notifications/settings", &settingsPage{Settings: s})
}

func (m *Module) saveSettings(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	in, err := inputOf(form)
	if err != nil {
		return err
	}
	in.Lang = c.Lang()
	by := accounts.ActorFrom(c.Ctx())
	err = m.SaveSettings(c.Ctx(), by, in)
	if texts, ok := c.FieldTexts(err); ok && !errs.As(err).Malformed {
		return m.showAgain(c, by, in, texts)
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("notifications.settings.saved")); err != nil {
		return err
	}
	return c.SeeOther(settingsPath)
}

// showAgain shows what was typed, with what is wrong.
func (m *Module) showAgain(c *web.Context, by accounts.Actor, in Input, texts map[string]string) error {
	s, err := m.Settings(c.Ctx(), by)
	if err != nil {
		return err
	}
	s.Mails, s.Zone, s.QuietFrom, s.QuietTo = in.Mails, in.Zone, in.QuietFrom, in.QuietTo
	for i, kind := range s.Kinds {
		if choice, ok := in.Choices[kind.Name]; ok {
			s.Kinds[i].Choice = choice
		}
		if in.Pushes != nil {
			s.Kinds[i].Push = in.Pushes[kind.Name]
		}
	}
	muted := map[int64]bool{}
	for _, id := range in.Muted {
		muted[id] = true
	}
	for i, p := range s.Projects {
		s.Projects[i].Muted = muted[p.ID]
	}
	return c.Page(http.StatusOK, "notifications/settings", &settingsPage{Settings: s, Errors: texts})
}

// inputOf reads the form of the settings.
func inputOf(form url.Values) (Input, error) {
	in := Input{
		Choices: map[string]Choice{}, Mails: form.Has("mails"), Zone: strings.TrimSpace(form.Get("zone")),
		QuietFrom: form.Get("quietFrom"), QuietTo: form.Get("quietTo"),
	}
	for field, values := range form {
		if name, ok := strings.CutPrefix(field, kindField); ok {
			in.Choices[name] = Choice(values[0])
		}
	}
	if form.Has("pushes") { // the form has a box for each kind
		in.Pushes = map[string]bool{}
		for _, name := range form["push"] {
			in.Pushes[name] = true
		}
	}
	seen := map[int64]bool{}
	for _, typed := range form["muted"] {
		id, ok := socketio.ParseID(typed)
		if !ok {
			return in, errs.Malformed("muted", "notifications.error.project")
		}
		if !seen[int64(id)] {
			in.Muted = append(in.Muted, int64(id))
		}
		seen[int64(id)] = true
	}
	return in, nil
}

// unsubscribePage asks for a confirmation, or says that it is done.
type unsubscribePage struct {
	views.Shell
	// Action is the address of the form.
	Action string
	Done   bool
}

// confirmUnsubscribe shows a button. Following the link of a mail changes nothing:
// programs that check mails follow links, too.
func (m *Module) confirmUnsubscribe(c *web.Context) error {
	id, signature := signedPerson(c)
	if !m.isSigned(id, signature) {
		return errs.Of(errs.NotFound)
	}
	return c.Page(http.StatusOK, "notifications/unsubscribe", &unsubscribePage{Action: c.Request.URL.RequestURI()})
}

// unsubscribe ends the mails. It is what the button sends, and mail programs by
// themselves (RFC 8058), which have no login.
func (m *Module) unsubscribe(c *web.Context) error {
	id, signature := signedPerson(c)
	if err := m.Unsubscribe(c.Ctx(), id, signature); err != nil {
		return err
	}
	return c.Page(http.StatusOK, "notifications/unsubscribe", &unsubscribePage{Done: true})
}

func signedPerson(c *web.Context) (userID int64, signature string) {
	id, _ := socketio.ParseID(c.Query("person"))
	return int64(id), c.Query("signature")
}
