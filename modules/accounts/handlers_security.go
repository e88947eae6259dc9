package accounts

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// SecurityPage shows somebody's second factor, logins, and what has happened.
type SecurityPage struct {
	views.Shell
	// Base is the page's own path, without a query.
	Base   string
	Factor SecondFactor
	Logins []LoginInfo
	Events []Event
}

// FactorPage sets the second factor up, or changes it.
type FactorPage struct {
	views.Shell
	Base   string
	Factor SecondFactor
	// Setup is the key that waits for its first code, nil before the password.
	Setup   *FactorSetup
	Picture template.URL
	// Errors are by field: password, code, and offPassword, which is the one of
	// switching off.
	Errors map[string]string
}

// CodesPage shows new recovery codes, this once.
type CodesPage struct {
	views.Shell
	Base  string
	Codes []string
	// Download is the same as a file.
	Download template.URL
	// First is true when the second factor has just been switched on.
	First bool
}

// securityPath is the path of somebody's security page.
func securityPath(name string) string { return profilePath(name) + "/settings/security" }

// ownHandler handles a request of somebody to a page of their own.
type ownHandler func(c *web.Context, by Actor) error

// own hides a page from everybody but the person in its path (contract, http.md
// section 7), and leads to the stored spelling.
func own(h ownHandler) web.Handler {
	return func(c *web.Context) error {
		by, name := ActorFrom(c.Ctx()), c.Param("user")
		if !by.SignedIn() || !strings.EqualFold(name, by.Name) {
			return errs.Of(errs.NotFound)
		}
		if name != by.Name && c.Request.Method != http.MethodPost {
			return c.SeeOther(profilePath(by.Name) + strings.TrimPrefix(c.Request.URL.Path, "/"+name))
		}
		return h(c, by)
	}
}

func (m *Module) securityRoutes(r *web.Router) {
	const base = "/:user/settings/security"
	r.GET(base, own(m.showSecurity))
	r.GET(base+"/second-factor", own(m.showFactor))
	// A reload of a page that was an answer to a form asks for the page above.
	for path, h := range map[string]ownHandler{
		"/second-factor/confirm": m.confirmFactor, "/second-factor/off": m.removeFactor, "/recovery-codes": m.renewCodes,
		"/logins/end": m.endLogin, "/logins/end-others": m.endOthers, "/logins/end-all": m.endAll,
	} {
		r.POST(base+path, own(h))
		r.GET(base+path, own(func(c *web.Context, by Actor) error { return c.SeeOther(securityPath(by.Name)) }))
	}
	r.POST(base+"/second-factor", own(m.beginFactor))
}

func (m *Module) showSecurity(c *web.Context, by Actor) error {
	page := &SecurityPage{Base: securityPath(by.Name)}
	var err error
	if page.Factor, err = m.SecondFactor(c.Ctx(), by); err != nil {
		return err
	}
	if page.Logins, err = m.Logins(c.Ctx(), by); err != nil {
		return err
	}
	if page.Events, err = m.Events(c.Ctx(), by); err != nil {
		return err
	}
	return c.Page(http.StatusOK, "accounts/security", page)
}

func (m *Module) showFactor(c *web.Context, by Actor) error {
	return m.factorPage(c, by, http.StatusOK, nil, nil)
}

func (m *Module) factorPage(c *web.Context, by Actor, status int, setup *FactorSetup, messages map[string]string) error {
	factor, err := m.SecondFactor(c.Ctx(), by)
	if err != nil {
		return err
	}
	page := &FactorPage{Base: securityPath(by.Name), Factor: factor, Setup: setup, Errors: messages}
	if setup != nil {
		page.Picture = template.URL(setup.Key.Picture) //nolint:security // our own picture
	}
	return c.Page(status, "accounts/factor", page)
}

func (m *Module) beginFactor(c *web.Context, by Actor) error {
	password, err := requireField(c, "password")
	if err != nil {
		return err
	}
	setup, err := m.BeginSecondFactor(c.Ctx(), by, password)
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
	}
	if err != nil {
		return err
	}
	return m.factorPage(c, by, http.StatusOK, &setup, nil)
}

func (m *Module) confirmFactor(c *web.Context, by Actor) error {
	code, err := requireField(c, "code")
	if err != nil {
		return err
	}
	sealed, err := requireField(c, "setup")
	if err != nil {
		return err
	}
	codes, err := m.ConfirmSecondFactor(c.Ctx(), by, sealed, code, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		setup, openErr := m.OpenSetup(c.Ctx(), by, sealed)
		if openErr != nil { // too old: from the beginning
			return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
		}
		return m.factorPage(c, by, status, &setup, formTexts(c, err, "code"))
	}
	if err != nil {
		return err
	}
	return codesPage(c, by, codes, true)
}

func (m *Module) renewCodes(c *web.Context, by Actor) error {
	password, err := requireField(c, "password")
	if err != nil {
		return err
	}
	codes, err := m.RenewRecoveryCodes(c.Ctx(), by, password, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
	}
	if err != nil {
		return err
	}
	return codesPage(c, by, codes, false)
}

func (m *Module) removeFactor(c *web.Context, by Actor) error {
	password, err := requireField(c, "offPassword")
	if err != nil {
		return err
	}
	err = m.RemoveSecondFactor(c.Ctx(), by, password, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, map[string]string{"offPassword": formTexts(c, err, "password")["password"]})
	}
	if err != nil {
		return err
	}
	return m.backToSecurity(c, by, "accounts.twoFactor.isOff")
}

func codesPage(c *web.Context, by Actor, codes []string, first bool) error {
	text := "Taskstack " + by.Name + "\n\n" + strings.Join(codes, "\n") + "\n"
	return c.Page(http.StatusOK, "accounts/codes", &CodesPage{
		Base: securityPath(by.Name), Codes: codes, First: first,
		Download: template.URL("data:text/plain;charset=utf-8," + url.PathEscape(text)), //nolint:security // letters, digits and dashes
	})
}

func (m *Module) endLogin(c *web.Context, by Actor) error {
	id, err := requireField(c, "id")
	if err != nil {
		return err
	}
	if err := m.EndLogin(c.Ctx(), by, id, m.visit(c)); err != nil && !isNotFound(err) {
		return err // one that has ended by itself is what was wanted
	}
	return m.backToSecurity(c, by, "accounts.sessions.ended")
}

func (m *Module) endOthers(c *web.Context, by Actor) error {
	if err := m.EndOtherLogins(c.Ctx(), by, m.visit(c)); err != nil {
		return err
	}
	return m.backToSecurity(c, by, "accounts.sessions.othersEnded")
}

func (m *Module) endAll(c *web.Context, by Actor) error {
	if err := m.EndAllLogins(c.Ctx(), by, m.visit(c)); err != nil {
		return err
	}
	if err := m.sessions.Logout(c.Context); err != nil {
		return err
	}
	return c.SeeOther("/")
}

func (m *Module) backToSecurity(c *web.Context, by Actor, textKey string) error {
	if err := c.Flash(c.T(textKey)); err != nil {
		return err
	}
	return c.SeeOther(securityPath(by.Name))
}

// requireField is one field of the posted form.
func requireField(c *web.Context, name string) (string, error) {
	form, err := c.Form()
	if err != nil {
		return "", err
	}
	return web.Require(form, name)
}
