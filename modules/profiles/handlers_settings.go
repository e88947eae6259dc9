package profiles

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

// settingsPage is the settings tab.
type settingsPage struct {
	Page
	Account accounts.Account
	// Dialog is the open form: the value of its field submit, or empty.
	Dialog string
	// Typed is its input by field; passwords are not sent back.
	Typed url.Values
	// Stale is true after a form with an outdated token.
	Stale bool
	// Transferable are the projects that the deletion asks about.
	Transferable []projects.OwnedProject
	// Message is about the open form as a whole.
	Message string
}

// SecurityURL is the page about logins and the second factor.
func (p *settingsPage) SecurityURL() string { return p.Account.GoToURL + "/settings/security" }

// ErrorsOf returns the messages by field of a form, if it is the open one.
func (p *settingsPage) ErrorsOf(dialog string) map[string]string {
	if p.Dialog != dialog {
		return nil
	}
	return p.Errors
}

// TypedIn returns the input of a field of a form.
func (p *settingsPage) TypedIn(dialog, field string) string {
	if p.Dialog != dialog {
		return ""
	}
	return p.Typed.Get(field)
}

// Chosen returns the choice for a project.
func (p *settingsPage) Chosen(projectID int64) string {
	return p.TypedIn("deleteAccount", newOwnerPrefix+strconv.FormatInt(projectID, 10))
}

// dialogs are the forms of the settings.
var dialogs = map[string]func(m *Module, c *web.Context, form url.Values) error{
	"changeUsername":    (*Module).changeName,
	"changeEmail":       (*Module).changeEmail,
	"cancelEmailChange": (*Module).cancelEmailChange,
	"changePassword":    (*Module).changePassword,
	"deleteAccount":     (*Module).deleteAccount,
	"switches":          (*Module).setSwitches,
}

func (m *Module) settings(c *web.Context) error {
	p, done, err := m.loadProfile(c)
	if err != nil || done {
		return err
	}
	if !p.Own {
		return errs.Of(errs.NotFound)
	}
	page := &settingsPage{Dialog: c.Query("dialog")}
	return m.showSettings(c, http.StatusOK, page)
}

// showSettings shows the viewer's settings.
func (m *Module) showSettings(c *web.Context, status int, page *settingsPage) (err error) {
	by := accounts.ActorFrom(c.Ctx())
	if page.Account, err = m.accounts.Account(c.Ctx(), by); err != nil {
		return err
	}
	if page.Transferable, err = m.Transferable(c.Ctx(), by); err != nil {
		return err
	}
	wrong := page.Errors
	page.Page = newPage(c, Profile{Profile: page.Account.Profile, Own: true}, "settings")
	page.Errors = wrong
	page.PageData.InvalidNames = m.accounts.ReservedUserNames()
	return c.Page(status, "profiles/settings", page)
}

// change handles the switches as JSON, and the forms (contract, http.md section
// 7.14).
func (m *Module) change(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if _, err := m.Own(c.Ctx(), by, c.Param("user")); err != nil {
		return err
	}
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return m.setSwitch(c, by)
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	act, ok := dialogs[form.Get("submit")]
	if !ok {
		return errs.Malformed("submit", "errors.unknownForm")
	}
	if err := act(m, c, form); err != nil {
		return m.again(c, form, err)
	}
	return nil
}

// again shows the form with its problems; other errors are returned.
func (m *Module) again(c *web.Context, form url.Values, err error) error {
	e := errs.As(err)
	status := http.StatusBadRequest
	page := &settingsPage{Dialog: form.Get("submit"), Typed: form}
	texts, hasFields := c.FieldTexts(err)
	switch {
	case e.Kind == errs.RateLimited:
		status, page.Message = http.StatusTooManyRequests, c.ErrorText(err)
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	case hasFields:
		page.Errors = texts
	default:
		return err
	}
	return m.showSettings(c, status, page)
}

// setSwitch turns one switch. An unknown switch changes nothing (contract).
func (m *Module) setSwitch(c *web.Context, by accounts.Actor) error {
	var in struct {
		Setting accounts.Setting `json:"setting"`
		Value   *bool            `json:"value"`
	}
	if err := json.NewDecoder(c.Request.Body).Decode(&in); err != nil {
		return errs.Malformed("value", "profiles.settings.noSwitch")
	}
	if in.Value == nil {
		return errs.Missing("value")
	}
	if accounts.IsSetting(in.Setting) {
		if err := m.set(c, by, in.Setting, *in.Value); err != nil {
			return err
		}
	}
	c.Status(http.StatusOK)
	return nil
}

// set turns a switch; staying logged in also changes the login and its cookie.
func (m *Module) set(c *web.Context, by accounts.Actor, setting accounts.Setting, on bool) error {
	if setting != accounts.StayLoggedIn {
		return m.accounts.Set(c.Ctx(), by, setting, on)
	}
	if err := m.auth.Logins.SetPersistent(c.Ctx(), by, on); err != nil {
		return err
	}
	return m.deps.Sessions.Login(c.Context, m.deps.Sessions.LoginID(c.Request), on)
}

// setSwitches handles all switches as a form, for browsers without scripts.
func (m *Module) setSwitches(c *web.Context, form url.Values) error {
	by := accounts.ActorFrom(c.Ctx())
	for _, setting := range []accounts.Setting{accounts.StayLoggedIn, accounts.PrivateProfile, accounts.HideEmail, accounts.BlockRequests} {
		if err := m.set(c, by, setting, form.Has(string(setting))); err != nil {
			return err
		}
	}
	return m.saved(c, by.Name, "profiles.settings.saved")
}

// saved redirects to the settings, which show a message.
func (m *Module) saved(c *web.Context, name, text string, params ...any) error {
	if err := c.Flash(c.T(text, params...)); err != nil {
		return err
	}
	return c.SeeOther(settingsPath(name))
}

func settingsPath(name string) string { return "/" + name + "/settings" }

// staleSettings answers an outdated token: scripts get only the status, a form the
// page with a dialog (contract, http.md section 11) over the form's own dialog
// with its input, except passwords, and the current token.
func (m *Module) staleSettings(c *web.Context) error {
	if _, err := m.Own(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user")); err != nil {
		return err
	}
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return emptyStaleToken(c)
	}
	page := &settingsPage{Stale: true}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if _, ok := dialogs[form.Get("submit")]; ok {
		page.Dialog, page.Typed = form.Get("submit"), form
	}
	return m.showSettings(c, web.StatusStaleToken, page)
}

// export streams an archive with everything that is stored about the person.
func (m *Module) export(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if _, err := m.Own(c.Ctx(), by, c.Param("user")); err != nil {
		return err
	}
	if err := m.exports.MayExport(by); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="taskstack-`+by.Name+`.zip"`)
	h.Set("Cache-Control", "no-store")
	return m.exports.WriteExport(c.Ctx(), by, c.Writer)
}

// requestInfo describes a request to auth.
func requestInfo(c *web.Context) auth.RequestInfo {
	return auth.RequestInfo{Address: c.ClientIP(), UserAgent: c.Request.UserAgent(), Lang: c.Lang()}
}

// findChangePassword redirects password managers to the form, after the log-in.
func (m *Module) findChangePassword(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.Path))
	}
	return c.SeeOther(settingsPath(by.Name) + "?dialog=changePassword")
}
