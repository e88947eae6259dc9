package profiles

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
	"taskstack.org/platform/web"
)

// SettingsPage is the settings tab.
type SettingsPage struct {
	Page
	Account accounts.Account
	// Dialog is the form that is open: the value of its field submit, or empty.
	Dialog string
	// Typed is what was typed into it, by field; passwords are not given back.
	Typed url.Values
	// Stale tells that the page is too old for what was sent.
	Stale bool
	// Inherited are the projects whose future is asked about on deletion.
	Inherited []projects.OwnedProject
	// Message is about the open form as a whole.
	Message string
}

// SecurityURL is the page about logins and the second factor.
func (p *SettingsPage) SecurityURL() string { return p.Account.GoToURL + "/settings/security" }

// ErrorsOf are the messages by field of a form, if it is the one that is open.
func (p *SettingsPage) ErrorsOf(dialog string) map[string]string {
	if p.Dialog != dialog {
		return nil
	}
	return p.Errors
}

// TypedIn is what was typed into a field of a form.
func (p *SettingsPage) TypedIn(dialog, field string) string {
	if p.Dialog != dialog {
		return ""
	}
	return p.Typed.Get(field)
}

// Chosen is what was chosen to become of a project.
func (p *SettingsPage) Chosen(projectID int64) string {
	return p.TypedIn("deleteAccount", heirPrefix+strconv.FormatInt(projectID, 10))
}

// Fields of the form for deletion: one per project, heir-⟨id⟩, whose value is a
// collaborator's name, or "-", which no name is, to delete it too. Empty: no
// choice was made yet.
const (
	heirPrefix = "heir-"
	deleteToo  = "-"
)

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
	p, done, err := m.look(c)
	if err != nil || done {
		return err
	}
	if !p.Own {
		return errs.Of(errs.NotFound)
	}
	page := &SettingsPage{Dialog: c.Query("dialog")}
	return m.showSettings(c, http.StatusOK, page)
}

// showSettings shows the settings of whoever looks.
func (m *Module) showSettings(c *web.Context, status int, page *SettingsPage) (err error) {
	by := accounts.ActorFrom(c.Ctx())
	if page.Account, err = m.accounts.Account(c.Ctx(), by); err != nil {
		return err
	}
	if page.Inherited, err = m.Inherited(c.Ctx(), by); err != nil {
		return err
	}
	wrong := page.Errors
	page.Page = newPage(c, Profile{Profile: page.Account.Profile, Own: true}, "settings")
	page.Errors = wrong
	page.PageData["invalidNames"] = m.accounts.ReservedUserNames()
	return c.Page(status, "profiles/settings", page)
}

// change takes the switches as JSON, and the forms (contract, http.md section
// 7.14).
func (m *Module) change(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if _, err := m.Own(c.Ctx(), by, c.Param("user")); err != nil {
		return err
	}
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return m.flip(c, by)
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

// again shows the form with what is wrong; other errors pass.
func (m *Module) again(c *web.Context, form url.Values, err error) error {
	e := errs.As(err)
	status := http.StatusBadRequest
	page := &SettingsPage{Dialog: form.Get("submit"), Typed: form}
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

// flip turns one switch, at once. A switch there is not changes nothing, as
// the contract has it.
func (m *Module) flip(c *web.Context, by accounts.Actor) error {
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

// set turns a switch; staying logged in also changes the cookie.
func (m *Module) set(c *web.Context, by accounts.Actor, setting accounts.Setting, on bool) error {
	if err := m.accounts.Set(c.Ctx(), by, setting, on); err != nil || setting != accounts.StayLoggedIn {
		return err
	}
	return m.kit.Sessions.Login(c.Context, m.kit.Sessions.LoginID(c.Request), on)
}

// setSwitches takes all switches as a form, for browsers without scripts.
func (m *Module) setSwitches(c *web.Context, form url.Values) error {
	by := accounts.ActorFrom(c.Ctx())
	for _, setting := range []accounts.Setting{accounts.StayLoggedIn, accounts.PrivateProfile, accounts.HideEmail, accounts.BlockRequests} {
		if err := m.set(c, by, setting, form.Has(string(setting))); err != nil {
			return err
		}
	}
	return m.saved(c, by.Name, "profiles.settings.saved")
}

// saved leads back to the settings, which say what was done.
func (m *Module) saved(c *web.Context, name, text string, params ...any) error {
	if err := c.Flash(c.T(text, params...)); err != nil {
		return err
	}
	return c.SeeOther(settingsPath(name))
}

func settingsPath(name string) string { return "/" + name + "/settings" }

func (m *Module) changeName(c *web.Context, form url.Values) error {
	in, err := required(form, "newUsername", "password")
	if err != nil {
		return err
	}
	name := text.Identifier(in[0])
	if err := m.accounts.ChangeName(c.Ctx(), accounts.ActorFrom(c.Ctx()), name, in[1], visit(c)); err != nil {
		return err
	}
	return m.saved(c, name, "profiles.settings.nameChanged", "Name", name)
}

func (m *Module) changeEmail(c *web.Context, form url.Values) error {
	in, err := required(form, "newEmail", "password")
	if err != nil {
		return err
	}
	by := accounts.ActorFrom(c.Ctx())
	back := settingsPath(by.Name)
	caseID, err := m.accounts.ChangeEmail(c.Ctx(), by, in[0], in[1], back, visit(c))
	if err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue("/verify-email/"+caseID, back))
}

func (m *Module) cancelEmailChange(c *web.Context, _ url.Values) error {
	by := accounts.ActorFrom(c.Ctx())
	if err := m.accounts.CancelEmailChange(c.Ctx(), by); err != nil {
		return err
	}
	return m.saved(c, by.Name, "profiles.settings.emailKept")
}

func (m *Module) changePassword(c *web.Context, form url.Values) error {
	in, err := required(form, "old_password", "newPassword")
	if err != nil {
		return err
	}
	by := accounts.ActorFrom(c.Ctx())
	if err := m.accounts.ChangePassword(c.Ctx(), by, in[0], in[1], visit(c)); err != nil {
		return err
	}
	return m.saved(c, by.Name, "profiles.settings.passwordChanged")
}

// deleteAccount deletes at once what a form in the contract's shape asks for.
// Our own also carries the typed name and what is to become of the projects
// that others work in.
func (m *Module) deleteAccount(c *web.Context, form url.Values) error {
	in, err := required(form, "password")
	if err != nil {
		return err
	}
	d := accounts.Deletion{Password: in[0]}
	complete := form.Has("confirmName")
	if complete {
		name := form.Get("confirmName")
		d.Name = &name
	}
	heirs, err := heirsOf(form)
	if err != nil {
		return err
	}
	if err := m.DeleteAccount(c.Ctx(), accounts.ActorFrom(c.Ctx()), d, heirs, complete); err != nil {
		return err
	}
	if err := m.kit.Sessions.Logout(c.Context); err != nil {
		return err
	}
	if err := c.Flash(c.T("profiles.delete.done")); err != nil {
		return err
	}
	return c.SeeOther("/")
}

func heirsOf(form url.Values) ([]Heir, error) {
	var heirs []Heir
	for field, values := range form {
		id, ok := strings.CutPrefix(field, heirPrefix)
		if !ok || values[0] == "" {
			continue
		}
		projectID, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, errs.Field("heirs", "profiles.delete.noHeir", "Name", values[0])
		}
		heirs = append(heirs, Heir{ProjectID: projectID, Name: strings.TrimPrefix(values[0], deleteToo)})
	}
	return heirs, nil
}

// staleSettings answers an outdated token: scripts get nothing but the status,
// a form the page with a dialog that says so (contract, http.md section 11).
func (m *Module) staleSettings(c *web.Context) error {
	if _, err := m.Own(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user")); err != nil {
		return err
	}
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return emptyStaleToken(c)
	}
	return m.showSettings(c, web.StatusStaleToken, &SettingsPage{Stale: true})
}

// export sends everything we keep about the person as an archive, as it is
// written: it may be large.
func (m *Module) export(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if _, err := m.Own(c.Ctx(), by, c.Param("user")); err != nil {
		return err
	}
	if err := m.accounts.MayExport(by); err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="taskstack-`+by.Name+`.zip"`)
	h.Set("Cache-Control", "no-store")
	return m.accounts.WriteExport(c.Ctx(), by, c.Writer)
}

// required are the values of fields; a missing one is Invalid.
func required(form url.Values, names ...string) ([]string, error) {
	values := make([]string, len(names))
	for i, name := range names {
		var err error
		if values[i], err = web.Require(form, name); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func visit(c *web.Context) accounts.Visit {
	return accounts.Visit{Address: c.ClientIP(), UserAgent: c.Request.UserAgent(), Lang: c.Lang()}
}

// findChangePassword leads password managers to the form, after the log-in.
func (m *Module) findChangePassword(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return c.SeeOther(web.WithContinue("/login", c.Request.URL.Path))
	}
	return c.SeeOther(settingsPath(by.Name) + "?dialog=changePassword")
}
