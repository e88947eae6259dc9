package accounts

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// LandingPage is the start page of somebody who is not signed in.
type LandingPage struct{ views.Shell }

// LoginPage is the form of /login.
type LoginPage struct {
	views.Shell
	Username string
	// Continue is where to go afterwards; empty for the start page. So it is
	// on the other pages.
	Continue string
	Keep     bool
	// Error stands under both fields: it does not tell which one is wrong.
	Error string
	// Notice is what stands in the way though both are right.
	Notice string
	// Greeting says what the person logs in for; nil where nothing is known.
	Greeting *Greeting
}

// Greeting is what a page of log-in or sign-up says about the page that it leads
// back to, as an invitation does.
type Greeting struct {
	// Name and PicURL are those of the person who has sent the reader here.
	Name, PicURL        string
	Heading, Text, Hint string
}

// Greeter returns the greeting for a path that log-in leads back to. It reports
// false for a path that is not its own.
type Greeter func(c *web.Context, path string) (Greeting, bool, error)

// AddGreeter registers a module's greeter.
func (m *Module) AddGreeter(g Greeter) { m.greeters = append(m.greeters, g) }

// greet puts into a page what the greeters know about the page that comes next.
func (m *Module) greet(c *web.Context, page **Greeting) error {
	for _, greeter := range m.greeters {
		g, ok, err := greeter(c, continueTo(c))
		if err != nil {
			return err
		}
		if ok {
			*page = &g
		}
	}
	return nil
}

// SignupPage is the form of /signup.
type SignupPage struct {
	views.Shell
	Username string
	Email    string
	Continue string
	Keep     bool
	// Greeting is as on LoginPage.
	Greeting *Greeting
	// Errors are by field: username, useremail, password.
	Errors map[string]string
	// InvalidNamesJSON are the reserved names, for the script.
	InvalidNamesJSON any
}

type viewerKey struct{}

// identify finds out who is there, before every handler, and puts it into the
// request's context. Without a cookie it asks nobody.
func (m *Module) identify(c *web.Context) error {
	secret := m.sessions.LoginID(c.Request)
	if secret == "" {
		return nil
	}
	who, err := m.Service.identify(c.Ctx(), hashSecret(secret))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return nil
	}
	if err != nil {
		return err
	}
	c.SetCtx(withIdentity(c.Ctx(), who))
	if c.Request.Method == http.MethodGet && c.GetHeader("Sec-Fetch-Dest") == "document" {
		m.rememberBrowser(c)
	}
	return nil
}

// withIdentity puts who is there into a context: for services the actor, for
// pages the viewer, for the log the id.
func withIdentity(ctx context.Context, who identity) context.Context {
	ctx = WithActor(ctx, who.actor())
	ctx = context.WithValue(ctx, viewerKey{}, &views.Viewer{
		ID: who.UserID, Name: who.Name, PicURL: pictureURL(who.SmallAvatarURL), GoToURL: profilePath(who.Name),
		Token: who.Token,
	})
	return logs.With(ctx, slog.Int64("user", who.UserID))
}

func viewer(ctx context.Context) *views.Viewer {
	v, _ := ctx.Value(viewerKey{}).(*views.Viewer)
	return v
}

// start is "/": home for people who are signed in, else the landing page.
func (m *Module) start(c *web.Context) error {
	if c.GetHeader("Sec-Fetch-Dest") == "" { // tools, and browsers that say nothing of it
		m.rememberBrowser(c)
	}
	if ActorFrom(c.Ctx()).SignedIn() && m.home != nil {
		return m.home(c)
	}
	return c.Page(http.StatusOK, "accounts/landing", &LandingPage{})
}

func (m *Module) showLogin(c *web.Context) error {
	if ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	if err := m.sessions.Begin(c.Context); err != nil {
		return err
	}
	return m.loginPage(c, http.StatusOK, &LoginPage{})
}

func (m *Module) loginPage(c *web.Context, status int, page *LoginPage) error {
	if err := m.greet(c, &page.Greeting); err != nil {
		return err
	}
	page.Continue = continueTo(c)
	return c.Page(status, "accounts/login", page)
}

func (m *Module) signupPage(c *web.Context, status int, page *SignupPage) error {
	if err := m.greet(c, &page.Greeting); err != nil {
		return err
	}
	page.InvalidNamesJSON = m.ReservedUserNames()
	return c.Page(status, "accounts/signup", page)
}

// refusesCookies tells whether a browser that was sent the page of the log-in
// has not kept its cookie: nothing would be left of the login. A form that does
// not come from our page is believed.
func (m *Module) refusesCookies(c *web.Context, form url.Values) bool {
	_, err := c.Request.Cookie(m.sessions.CookieName())
	return form.Has("cookies") && err != nil
}

func (m *Module) logIn(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	name, err := web.Require(form, "username")
	if err != nil {
		return err
	}
	password, err := web.Require(form, "password")
	if err != nil {
		return err
	}
	keep := form.Has("keepUserLoggedIn")
	if m.refusesCookies(c, form) {
		if err := m.sessions.Begin(c.Context); err != nil { // it may keep them from now on
			return err
		}
		return m.loginPage(c, http.StatusForbidden, &LoginPage{Username: name, Keep: keep, Notice: c.T("accounts.login.noCookies")})
	}
	w, err := m.LogIn(c.Ctx(), name, password, keep, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		page := &LoginPage{Username: name, Keep: keep}
		if text := c.ErrorText(err); status == http.StatusForbidden {
			page.Notice = text
		} else {
			page.Error = text
		}
		return m.loginPage(c, status, page)
	}
	if err != nil {
		return err
	}
	return m.welcome(c, w)
}

// welcome sets the cookie of a login that has begun and sends its person on: to
// the second step, to a verification that waits, or to where they wanted to go.
func (m *Module) welcome(c *web.Context, w Welcome) error {
	if err := m.sessions.Login(c.Context, w.Secret, w.Persistent); err != nil {
		return err
	}
	if w.SecondStep {
		return c.SeeOther(web.WithContinue(secondStepPath, continueTo(c)))
	}
	if w.CaseID != "" {
		return c.SeeOther(web.WithContinue(verifyPath(w.CaseID), continueTo(c)))
	}
	return c.SeeOther(c.Continue())
}

func (m *Module) logOut(c *web.Context) error {
	m.rememberBrowser(c)
	if err := m.LogOut(c.Ctx(), m.visit(c).LoginID); err != nil {
		return err
	}
	if err := m.sessions.Logout(c.Context); err != nil {
		return err
	}
	return c.SeeOther("/")
}

func (m *Module) showSignUp(c *web.Context) error {
	if ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	return m.signupPage(c, http.StatusOK, &SignupPage{Continue: continueTo(c)})
}

func (m *Module) signUp(c *web.Context) error {
	if ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	in := SignUp{Keep: form.Has("keepUserLoggedIn"), Continue: continueTo(c)}
	for field, into := range map[string]*string{"username": &in.Name, "useremail": &in.Email, "password": &in.Password} {
		if *into, err = web.Require(form, field); err != nil {
			return err
		}
	}
	w, err := m.SignUp(c.Ctx(), in, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return m.signupPage(c, status, &SignupPage{
			Username: in.Name, Email: in.Email, Continue: in.Continue, Keep: in.Keep,
			Errors: formTexts(c, err, "username"),
		})
	}
	if err != nil {
		return err
	}
	return m.welcome(c, w)
}

// languageAge is how long the language is remembered, in seconds (36,500 days;
// contract, http.md section 2).
const languageAge = 36_500 * 24 * 60 * 60

// setLanguage sets the cookie that old pages set by script, so that the menu
// works without one.
func (m *Module) setLanguage(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	lang := form.Get("lang")
	if lang != i18n.English && lang != i18n.German {
		return errs.Malformed("lang", "accounts.language.unknown")
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:security // scripts may read it, by contract
		Name: "lang", Value: lang, Path: "/", MaxAge: languageAge, SameSite: http.SameSiteStrictMode,
		Secure: strings.HasPrefix(m.publicURL, "https://"),
	})
	return c.SeeOther(web.LocalPath(form.Get("continue")))
}

// formStatus is the status to show a form again with: 200 for wrong input, as
// the contract has it, 403 for somebody who may not, 429 when there were too
// many attempts, 503 when too many log in at this moment. Other errors, and
// none, do not concern the form.
func formStatus(c *web.Context, err error) (status int, ok bool) {
	if err == nil {
		return 0, false
	}
	switch e := errs.As(err); e.Kind { //nolint:exhaustive // the others do not concern the form
	case errs.Invalid:
		return http.StatusOK, true
	case errs.Conflict:
		return http.StatusOK, true
	case errs.Forbidden: // suspended
		return http.StatusForbidden, true
	case errs.Unavailable:
		if e.Message.Key == "" || e.RetryAfter == 0 {
			return 0, false
		}
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
		return http.StatusServiceUnavailable, true
	case errs.RateLimited:
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
		return http.StatusTooManyRequests, true
	}
	return 0, false
}

// formTexts are the messages of an error by field; what concerns no field
// stands under the given one.
func formTexts(c *web.Context, err error, field string) map[string]string {
	if texts, ok := c.FieldTexts(err); ok {
		return texts
	}
	return map[string]string{field: c.ErrorText(err)}
}

// continueTo is the path to go to afterwards, empty for the start page.
func continueTo(c *web.Context) string {
	if to := c.Continue(); to != "/" {
		return to
	}
	return ""
}

func (m *Module) visit(c *web.Context) Visit {
	v := Visit{Address: c.ClientIP(), UserAgent: c.Request.UserAgent(), Lang: c.Lang(), Devices: m.devicesOf(c.Request)}
	if secret := m.sessions.LoginID(c.Request); secret != "" {
		v.LoginID = hashSecret(secret)
	}
	return v
}
