package accounts

import (
	"net/http"

	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// ForgotPage asks whose password is forgotten.
type ForgotPage struct {
	views.Shell
	Name     string
	Continue string
	Error    string
}

// ResetPage takes the code of the mail and a new password.
type ResetPage struct {
	views.Shell
	CaseID   string
	Code     string
	Continue string
	// Errors are by field: code, password.
	Errors map[string]string
}

func (m *Module) showForgot(c *web.Context) error {
	return c.Page(http.StatusOK, "accounts/forgot", &ForgotPage{Continue: continueTo(c)})
}

// forgot answers everybody alike: with the page that waits for the code
// (contract, defect H05).
func (m *Module) forgot(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	name, err := web.Require(form, "name")
	if err != nil {
		return err
	}
	caseID, err := m.ForgotPassword(c.Ctx(), name, continueTo(c), m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return c.Page(status, "accounts/forgot", &ForgotPage{Name: name, Continue: continueTo(c), Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(resetPath(caseID), continueTo(c)))
}

func (m *Module) showReset(c *web.Context) error {
	if err := m.ResetCase(c.Ctx(), c.Param("case")); err != nil {
		return m.usedLink(c, err, "accounts.usedLink.reset")
	}
	return m.resetPage(c, http.StatusOK, c.Query("code"), nil)
}

func (m *Module) resetPage(c *web.Context, status int, code string, messages map[string]string) error {
	return c.Page(status, "accounts/reset", &ResetPage{
		CaseID: c.Param("case"), Code: code, Continue: continueTo(c), Errors: messages,
	})
}

func (m *Module) reset(c *web.Context) error {
	if err := m.ResetCase(c.Ctx(), c.Param("case")); err != nil {
		return m.usedLink(c, err, "accounts.usedLink.reset")
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	code, err := web.Require(form, "code")
	if err != nil {
		return err
	}
	password, err := web.Require(form, "password")
	if err != nil {
		return err
	}
	w, err := m.ResetPassword(c.Ctx(), c.Param("case"), code, password, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return m.resetPage(c, status, code, formTexts(c, err, "code"))
	}
	if err != nil {
		return err
	}
	return m.welcome(c, w)
}
