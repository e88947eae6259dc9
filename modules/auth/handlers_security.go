package auth

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// securityPage shows a person's second factor, logins and security events.
type securityPage struct {
	views.Shell
	// Base is the page's own path, without a query.
	Base   string
	Factor factorState
	Logins []loginInfo
	Events []Event
}

// factorPage sets the second factor up, or changes it.
type factorPage struct {
	views.Shell
	Base   string
	Factor factorState
	// Setup is the key that is to be confirmed; nil before the password was right.
	Setup   *factorSetup
	Picture template.URL
	// Errors are by field: password, code, and offPassword in the form that
	// switches the factor off.
	Errors map[string]string
}

// codesPage shows new recovery codes, only once.
type codesPage struct {
	views.Shell
	Base  string
	Codes []string
	// Download is a data URL of the codes as a file.
	Download template.URL
	// First is true when the second factor has just been switched on.
	First bool
}

// securityPages handles the security page and the forms of the second factor.
type securityPages struct{ *Module }

// securityPath returns the path of a person's security page.
func securityPath(name string) string { return "/" + name + "/settings/security" }

// ownHandler handles a request of a person to a page of the own account.
type ownHandler func(c *web.Context, by accounts.Actor) error

// own is NotFound for all but the person in the path (contract, http.md section
// 7), and redirects to the stored spelling.
func own(h ownHandler) web.Handler {
	return func(c *web.Context) error {
		by, name := accounts.ActorFrom(c.Ctx()), c.Param("user")
		if !by.SignedIn() || !strings.EqualFold(name, by.Name) {
			return errs.Of(errs.NotFound)
		}
		if name != by.Name && c.Request.Method != http.MethodPost {
			return c.SeeOther("/" + by.Name + strings.TrimPrefix(c.Request.URL.Path, "/"+name))
		}
		return h(c, by)
	}
}

func (m securityPages) routes(r *web.Router) {
	const base = "/:user/settings/security"
	r.GET(base, own(m.showSecurity), web.OwnProfile)
	r.GET(base+"/second-factor", own(m.showFactor), web.OwnProfile)
	// A reload of the answer to a form sends GET: it leads to the security page.
	for path, h := range map[string]ownHandler{
		"/second-factor/confirm": m.confirmFactor, "/second-factor/off": m.removeFactor, "/recovery-codes": m.renewCodes,
		"/logins/end": m.endLogin, "/logins/end-others": m.endOthers, "/logins/end-all": m.endAll,
	} {
		r.POST(base+path, own(h), web.OwnProfile)
		r.GET(base+path, own(func(c *web.Context, by accounts.Actor) error { return c.SeeOther(securityPath(by.Name)) }), web.OwnProfile)
	}
	r.POST(base+"/second-factor", own(m.beginFactor), web.OwnProfile)
}

func (m securityPages) showSecurity(c *web.Context, by accounts.Actor) error {
	page := &securityPage{Base: securityPath(by.Name)}
	var err error
	if page.Factor, err = m.SecondFactors.secondFactor(c.Ctx(), by); err != nil {
		return err
	}
	if page.Logins, err = m.Logins.List(c.Ctx(), by); err != nil {
		return err
	}
	if page.Events, err = m.Audit.Events(c.Ctx(), by); err != nil {
		return err
	}
	return c.Page(http.StatusOK, "auth/security", page)
}

func (m securityPages) showFactor(c *web.Context, by accounts.Actor) error {
	return m.factorPage(c, by, http.StatusOK, nil, nil)
}

func (m securityPages) factorPage(c *web.Context, by accounts.Actor, status int, setup *factorSetup, messages map[string]string) error {
	factor, err := m.SecondFactors.secondFactor(c.Ctx(), by)
	if err != nil {
		return err
	}
	page := &factorPage{Base: securityPath(by.Name), Factor: factor, Setup: setup, Errors: messages}
	if setup != nil {
		page.Picture = template.URL(setup.Key.Picture) //nolint:security // our own picture
	}
	return c.Page(status, "auth/factor", page)
}

type passwordForm struct {
	Password string `form:"password,required"`
}

func (m securityPages) beginFactor(c *web.Context, by accounts.Actor) error {
	in, err := web.DecodeForm[passwordForm](c)
	if err != nil {
		return err
	}
	setup, err := m.SecondFactors.beginSecondFactor(c.Ctx(), by, in.Password)
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
	}
	if err != nil {
		return err
	}
	return m.factorPage(c, by, http.StatusOK, &setup, nil)
}

type factorForm struct {
	Code string `form:"code,required"`
	// Setup is the sealed setup that the page was shown with.
	Setup string `form:"setup,required"`
}

func (m securityPages) confirmFactor(c *web.Context, by accounts.Actor) error {
	in, err := web.DecodeForm[factorForm](c)
	if err != nil {
		return err
	}
	codes, err := m.SecondFactors.confirmSecondFactor(c.Ctx(), by, in.Setup, in.Code, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		setup, openErr := m.SecondFactors.openSetup(c.Ctx(), by, in.Setup)
		if openErr != nil { // too old: starts again
			return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
		}
		return m.factorPage(c, by, status, &setup, formTexts(c, err, "code"))
	}
	if err != nil {
		return err
	}
	return showCodes(c, by, codes, true)
}

func (m securityPages) renewCodes(c *web.Context, by accounts.Actor) error {
	in, err := web.DecodeForm[passwordForm](c)
	if err != nil {
		return err
	}
	codes, err := m.SecondFactors.renewRecoveryCodes(c.Ctx(), by, in.Password, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, formTexts(c, err, "password"))
	}
	if err != nil {
		return err
	}
	return showCodes(c, by, codes, false)
}

type offForm struct {
	Password string `form:"offPassword,required"`
}

func (m securityPages) removeFactor(c *web.Context, by accounts.Actor) error {
	in, err := web.DecodeForm[offForm](c)
	if err != nil {
		return err
	}
	err = m.SecondFactors.removeSecondFactor(c.Ctx(), by, in.Password, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return m.factorPage(c, by, status, nil, map[string]string{"offPassword": formTexts(c, err, "password")["password"]})
	}
	if err != nil {
		return err
	}
	return m.backToSecurity(c, by, "auth.twoFactor.isOff")
}

func showCodes(c *web.Context, by accounts.Actor, codes []string, first bool) error {
	text := "Taskstack " + by.Name + "\n\n" + strings.Join(codes, "\n") + "\n"
	return c.Page(http.StatusOK, "auth/codes", &codesPage{
		Base: securityPath(by.Name), Codes: codes, First: first,
		Download: template.URL("data:text/plain;charset=utf-8," + url.PathEscape(text)), //nolint:security // letters, digits and dashes
	})
}

type endLoginForm struct {
	ID string `form:"id,required"`
}

func (m securityPages) endLogin(c *web.Context, by accounts.Actor) error {
	in, err := web.DecodeForm[endLoginForm](c)
	if err != nil {
		return err
	}
	if err := m.Logins.endLogin(c.Ctx(), by, in.ID, m.requestInfo(c)); err != nil && !isNotFound(err) {
		return err // a login that has ended meanwhile counts as ended
	}
	return m.backToSecurity(c, by, "auth.sessions.ended")
}

func (m securityPages) endOthers(c *web.Context, by accounts.Actor) error {
	if err := m.Logins.EndOtherLogins(c.Ctx(), by, m.requestInfo(c)); err != nil {
		return err
	}
	return m.backToSecurity(c, by, "auth.sessions.othersEnded")
}

func (m securityPages) endAll(c *web.Context, by accounts.Actor) error {
	if err := m.Logins.endAllLogins(c.Ctx(), by, m.requestInfo(c)); err != nil {
		return err
	}
	if err := m.sessions.Logout(c.Context); err != nil {
		return err
	}
	return c.SeeOther("/")
}

func (m securityPages) backToSecurity(c *web.Context, by accounts.Actor, textKey string) error {
	if err := c.Flash(c.T(textKey)); err != nil {
		return err
	}
	return c.SeeOther(securityPath(by.Name))
}
