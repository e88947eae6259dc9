package auth

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// Authenticate finds the login of a request, puts its person into the request's
// context and returns the viewer; nil for a visitor. Without a cookie it asks no
// database. The router calls it before every handler.
func (m *Module) Authenticate(c *web.Context) (*views.Viewer, error) {
	secret := m.sessions.LoginID(c.Request)
	if secret == "" {
		return nil, nil
	}
	who, err := m.Logins.identify(c.Ctx(), hashSecret(secret))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c.SetCtx(logs.With(accounts.WithActor(c.Ctx(), who.actor()), slog.Int64("user", who.UserID)))
	if c.Request.Method == http.MethodGet && isPage(c) {
		m.browsers.remember(c)
	}
	p := accounts.User{ID: who.UserID, Name: who.Name, DisplayName: who.DisplayName, SmallAvatarURL: who.SmallAvatarURL}.Person()
	return &views.Viewer{ID: p.ID, Name: p.Name, Called: p.Called(), PicURL: p.PicURL, GoToURL: p.GoToURL, Token: who.Token}, nil
}

// isPage reports whether a browser loads a page. Tools, and browsers that do not
// send Sec-Fetch-Dest, count at the start page.
func isPage(c *web.Context) bool {
	dest := c.GetHeader("Sec-Fetch-Dest")
	return dest == "document" || dest == "" && c.Request.URL.Path == "/"
}

// loginPage is the form of /login.
type loginPage struct {
	views.Shell
	Username string
	// Continue is the page that follows; empty for the start page. It means the
	// same on the other pages.
	Continue string
	Keep     bool
	// Error is shown below both fields: it does not say which one is wrong.
	Error string
	// Notice is the reason for a refusal although both are right.
	Notice string
	// Greeting introduces the page that follows; nil if nothing is known of it.
	Greeting *Greeting
}

// Greeting is what log-in and sign-up say about the page that follows, such as an
// invitation.
type Greeting struct {
	// Name and PicURL are those of the inviting person.
	Name, PicURL        string
	Heading, Text, Hint string
	// Email is the address whose mails the visitor has shown to read: the path
	// that follows was sent to it only. The form of a sign-up begins
	// with it, and with it a sign-up needs no code. Empty if nothing is known.
	Email string
}

// Greeter returns the greeting for the path that follows log-in. It reports false
// for a path of another module.
type Greeter func(c *web.Context, path string) (Greeting, bool, error)

// Arrival is what a module does for a person who has just completed a sign-up
// that leads to path. It returns where to go instead; it reports false for a path
// of another module, and if the person should see that path.
type Arrival func(c *web.Context, by accounts.Actor, path string) (to string, ok bool, err error)

// AddArrival adds a module's arrival.
func (m *Module) AddArrival(a Arrival) { m.arrivals = append(m.arrivals, a) }

// arrive returns the page that follows a completed sign-up. changed is true if it
// is another one than the sign-up led to.
func (m *Module) arrive(c *web.Context, by accounts.Actor) (to string, changed bool, err error) {
	for _, arrival := range m.arrivals {
		if to, ok, err := arrival(c, by, continueTo(c)); ok || err != nil {
			return to, ok, err
		}
	}
	return c.Continue(), false, nil
}

// AddGreeter adds a module's greeter.
func (m *Module) AddGreeter(g Greeter) { m.greeters = append(m.greeters, g) }

// greet sets the greeting for the page that follows.
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

// signupPage is the form of /signup.
type signupPage struct {
	views.Shell
	Username string
	Email    string
	Continue string
	Keep     bool
	// Greeting is as on loginPage.
	Greeting *Greeting
	// Errors are by field: username, useremail, password.
	Errors map[string]string
	// Refusal says why no one, or no one without an invitation, may sign up; empty if
	// they may.
	Refusal string
	// InvalidNamesJSON are the reserved names, for the script.
	InvalidNamesJSON any
}

func (m *Module) showLogin(c *web.Context) error {
	if accounts.ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	if err := m.sessions.Begin(c.Context); err != nil {
		return err
	}
	return m.loginPage(c, http.StatusOK, &loginPage{})
}

func (m *Module) loginPage(c *web.Context, status int, page *loginPage) error {
	if err := m.greet(c, &page.Greeting); err != nil {
		return err
	}
	page.Continue = continueTo(c)
	return c.Page(status, "auth/login", page)
}

func (m *Module) signupPage(c *web.Context, status int, page *signupPage) error {
	if err := m.greet(c, &page.Greeting); err != nil {
		return err
	}
	if page.Greeting != nil && page.Email == "" && accounts.ValidEmail(page.Greeting.Email) {
		page.Email = page.Greeting.Email
	}
	if err := m.policy.check(page.Greeting != nil); err != nil {
		page.Refusal = c.ErrorText(err)
	}
	page.InvalidNamesJSON = m.people.ReservedUserNames()
	return c.Page(status, "auth/signup", page)
}

// refusesCookies reports whether a browser has not kept the cookie of the log-in
// page: it would not keep that of the login either. A form that was not sent by
// our page is not checked.
func (m *Module) refusesCookies(c *web.Context, in logInForm) bool {
	_, err := c.Request.Cookie(m.sessions.CookieName())
	return in.Cookies && err != nil
}

type logInForm struct {
	Name     string `form:"username,required"`
	Password string `form:"password,required"`
	Keep     bool   `form:"keepUserLoggedIn"`
	// Cookies is in the forms of our page.
	Cookies bool `form:"cookies"`
}

func (m *Module) logIn(c *web.Context) error {
	in, err := web.DecodeForm[logInForm](c)
	if err != nil {
		return err
	}
	if m.refusesCookies(c, in) {
		if err := m.sessions.Begin(c.Context); err != nil { // a later attempt may succeed
			return err
		}
		return m.loginPage(c, http.StatusForbidden, &loginPage{Username: in.Name, Keep: in.Keep, Notice: c.T("auth.login.noCookies")})
	}
	result, err := m.Passwords.logIn(c.Ctx(), in.Name, in.Password, in.Keep, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		page := &loginPage{Username: in.Name, Keep: in.Keep}
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
	return m.answerLogin(c, result)
}

// answerLogin sets the cookie of a login and redirects: to the second step, to a
// pending verification, or to the page that follows.
func (m *Module) answerLogin(c *web.Context, result loginResult) error {
	if err := m.sessions.Login(c.Context, result.Secret, result.Persistent); err != nil {
		return err
	}
	if result.SecondStep {
		return c.SeeOther(web.WithContinue(secondStepPath, continueTo(c)))
	}
	if result.VerificationToken != "" {
		return c.SeeOther(web.WithContinue(verifyPath(result.VerificationToken), continueTo(c)))
	}
	return c.SeeOther(c.Continue())
}

func (m *Module) logOut(c *web.Context) error {
	m.browsers.remember(c)
	if err := m.Logins.logOut(c.Ctx(), m.requestInfo(c).LoginID); err != nil {
		return err
	}
	if err := m.sessions.Logout(c.Context); err != nil {
		return err
	}
	return c.SeeOther(c.Continue())
}

func (m *Module) showSignUp(c *web.Context) error {
	if accounts.ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	return m.signupPage(c, http.StatusOK, &signupPage{Continue: continueTo(c)})
}

type signUpForm struct {
	Name     string `form:"username,required"`
	Email    string `form:"useremail,required"`
	Password string `form:"password,required"`
	Keep     bool   `form:"keepUserLoggedIn"`
}

func (m *Module) signUp(c *web.Context) error {
	if accounts.ActorFrom(c.Ctx()).SignedIn() {
		return c.SeeOther("/")
	}
	form, err := web.DecodeForm[signUpForm](c)
	if err != nil {
		return err
	}
	in := SignUp{Name: form.Name, Email: form.Email, Password: form.Password, Keep: form.Keep, Continue: continueTo(c)}
	var greeting *Greeting
	if err := m.greet(c, &greeting); err != nil {
		return err
	}
	if greeting != nil {
		in.ProvenEmail, in.Invited = greeting.Email, true
	}
	result, err := m.SignUps.signUp(c.Ctx(), in, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return m.signupPage(c, status, &signupPage{
			Username: in.Name, Email: in.Email, Continue: in.Continue, Keep: in.Keep,
			Errors: formTexts(c, err, "username"),
		})
	}
	if err != nil {
		return err
	}
	if result.VerificationToken != "" {
		return m.answerLogin(c, result)
	}
	if err := m.sessions.Login(c.Context, result.Secret, result.Persistent); err != nil {
		return err
	}
	to, _, err := m.arrive(c, result.Actor)
	if err != nil {
		return err
	}
	return c.SeeOther(to)
}

// formStatus returns the status to show a form again with: 200 for wrong input
// (contract), 403 for Forbidden, 429 after too many attempts, 503 when too many
// log-ins are under way. ok is false for other errors, and for none.
func formStatus(c *web.Context, err error) (status int, ok bool) {
	if err == nil {
		return 0, false
	}
	switch e := errs.As(err); e.Kind { //nolint:exhaustive // the others are not shown in the form
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

// formTexts returns the messages of an error by field; a message without a field
// is put below the given one.
func formTexts(c *web.Context, err error, field string) map[string]string {
	if texts, ok := c.FieldTexts(err); ok {
		return texts
	}
	return map[string]string{field: c.ErrorText(err)}
}

// continueTo returns the path that follows, empty for the start page.
func continueTo(c *web.Context) string {
	if to := c.Continue(); to != "/" {
		return to
	}
	return ""
}

// requestInfo describes a request to the services.
func (m *Module) requestInfo(c *web.Context) RequestInfo {
	info := RequestInfo{Address: c.ClientIP(), UserAgent: c.Request.UserAgent(), Lang: c.Lang(), Devices: m.browsers.cookie(c.Request)}
	if secret := m.sessions.LoginID(c.Request); secret != "" {
		info.LoginID = hashSecret(secret)
	}
	return info
}
