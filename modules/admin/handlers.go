package admin

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// Paths of the pages.
const (
	basePath    = "/admin"
	confirmPath = basePath + "/confirm"
	claimPath   = basePath + "/claim"
	peoplePath  = basePath + "/people"
	auditPath   = basePath + "/audit"
)

// page is what all pages of administrators have.
type page struct {
	views.Shell
	Nav []navLink
}

// navLink is an entry of the navigation.
type navLink struct {
	URL, Text string
	Current   bool
}

// newPage returns the frame of the page at a path.
func (m *Module) newPage(current string) page {
	p := page{Nav: []navLink{{URL: basePath, Text: "admin.nav.dashboard"}, {URL: peoplePath, Text: "admin.nav.people"}}}
	for _, g := range m.guests {
		p.Nav = append(p.Nav, navLink{URL: g.path(), Text: g.Title})
	}
	p.Nav = append(p.Nav, navLink{URL: auditPath, Text: "admin.nav.audit"})
	for i := range p.Nav {
		p.Nav[i].Current = p.Nav[i].URL == current
	}
	return p
}

// actingHandler answers a request of a person who may be an administrator: the
// services that it calls find out.
type actingHandler func(c *web.Context, by Acting) error

// confirmed leads an administrator who has to prove who they are to the form for it,
// and from there back to the page. A form that was posted is shown again then.
func (m *Module) confirmed(h actingHandler) web.Handler {
	return func(c *web.Context) error {
		err := h(c, m.acting(c))
		if !errors.Is(err, errUnconfirmed) {
			return err
		}
		to := c.Request.URL.RequestURI()
		if c.Request.Method == http.MethodPost {
			to = formOf(c)
		}
		return c.SeeOther(web.WithContinue(confirmPath, to))
	}
}

// formOf returns the page that has the form which was posted.
func formOf(c *web.Context) string {
	if name := c.Param("page"); name != "" {
		return basePath + "/" + name
	}
	return c.Request.URL.Path
}

func (m *Module) acting(c *web.Context) Acting {
	return Acting{Actor: accounts.ActorFrom(c.Ctx()), Address: c.ClientIP(), Lang: c.Lang()}
}

// stale answers an outdated token: for others than administrators there is no form.
func (m *Module) stale(c *web.Context) error {
	if err := m.checkAdmin(c.Ctx(), accounts.ActorFrom(c.Ctx()), false); err != nil {
		return err
	}
	return errs.Of(errs.StaleToken)
}

// formStatus returns the status with which a refused form is shown again; ok is false
// for errors that have a page of their own.
func formStatus(c *web.Context, err error) (status int, ok bool) {
	e := errs.As(err)
	if e == nil || e.Malformed {
		return 0, false
	}
	switch e.Kind { //nolint:exhaustive // the others are not about the form
	case errs.Invalid:
		return http.StatusBadRequest, len(e.Fields) > 0
	case errs.Conflict:
		return http.StatusConflict, e.Message.Key != ""
	case errs.RateLimited:
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
		return http.StatusTooManyRequests, true
	}
	return 0, false
}

// refused is what a page shows of a refused form.
type refused struct {
	// Errors are by field, Message is about the form as a whole.
	Errors  map[string]string
	Message string
}

func refusedBy(c *web.Context, err error) refused {
	if texts, ok := c.FieldTexts(err); ok {
		return refused{Errors: texts}
	}
	return refused{Message: c.ErrorText(err)}
}

// confirmPage asks who the administrator is.
type confirmPage struct {
	views.Shell
	refused
	Continue string
	TwoSteps bool
}

func (m *Module) showConfirm(c *web.Context) error {
	return m.confirmPage(c, http.StatusOK, refused{})
}

func (m *Module) confirmPage(c *web.Context, status int, r refused) error {
	by := accounts.ActorFrom(c.Ctx())
	if err := m.checkAdmin(c.Ctx(), by, false); err != nil {
		return err
	}
	twoSteps, err := m.passwords.HasSecondFactor(c.Ctx(), by)
	if err != nil {
		return err
	}
	return c.Page(status, "admin/confirm", &confirmPage{refused: r, Continue: c.Continue(), TwoSteps: twoSteps})
}

type confirmForm struct {
	Password string `form:"password,required"`
	Code     string `form:"code"`
}

func (m *Module) confirm(c *web.Context) error {
	if err := m.checkAdmin(c.Ctx(), accounts.ActorFrom(c.Ctx()), false); err != nil {
		return err
	}
	in, err := web.DecodeForm[confirmForm](c)
	if err != nil {
		return err
	}
	by := m.acting(c)
	info := auth.RequestInfo{Address: by.Address, UserAgent: c.Request.UserAgent(), Lang: by.Lang, LoginID: by.LoginID}
	err = m.Confirm(c.Ctx(), by.Actor, auth.Proof{Password: in.Password, Code: in.Code}, info)
	if status, ok := formStatus(c, err); ok {
		return m.confirmPage(c, status, refusedBy(c, err))
	}
	if err != nil {
		return err
	}
	to := c.Continue()
	if to == "/" {
		to = basePath
	}
	return c.SeeOther(to)
}

// claimPage asks for the token of the first start.
type claimPage struct {
	views.Shell
	refused
}

func (m *Module) showClaim(c *web.Context) error { return m.claimPage(c, http.StatusOK, refused{}) }

func (m *Module) claimPage(c *web.Context, status int, r refused) error {
	waits, err := m.CanClaim(c.Ctx())
	if err == nil && (!waits || !accounts.ActorFrom(c.Ctx()).SignedIn()) {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return err
	}
	return c.Page(status, "admin/claim", &claimPage{refused: r})
}

type claimForm struct {
	Token string `form:"claim"`
}

func (m *Module) claim(c *web.Context) error {
	waits, err := m.CanClaim(c.Ctx())
	if err == nil && !waits {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return err
	}
	in, err := web.DecodeForm[claimForm](c)
	if err != nil {
		return err
	}
	err = m.Claim(c.Ctx(), m.acting(c), in.Token)
	if status, ok := formStatus(c, err); ok {
		return m.claimPage(c, status, refusedBy(c, err))
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("admin.claim.done")); err != nil {
		return err
	}
	return c.SeeOther(basePath)
}
