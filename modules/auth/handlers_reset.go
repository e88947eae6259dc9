package auth

import (
	"net/http"

	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// forgotPage is the form that requests a reset.
type forgotPage struct {
	views.Shell
	Name     string
	Continue string
	Error    string
}

// resetPage is the form for the code of the mail and a new password.
type resetPage struct {
	views.Shell
	Token    string
	Code     string
	Continue string
	// Errors are by field: code, password.
	Errors map[string]string
}

// resetPages handles the pages of the password reset.
type resetPages struct{ *Module }

func (m resetPages) showForgot(c *web.Context) error {
	return c.Page(http.StatusOK, "auth/forgot", &forgotPage{Continue: continueTo(c)})
}

type forgotForm struct {
	Name string `form:"name,required"`
}

// forgot redirects to the form for the code, whether or not there is an account
// (contract, defect H05).
func (m resetPages) forgot(c *web.Context) error {
	in, err := web.DecodeForm[forgotForm](c)
	if err != nil {
		return err
	}
	token, err := m.Resets.ForgotPassword(c.Ctx(), in.Name, continueTo(c), m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return c.Page(status, "auth/forgot", &forgotPage{Name: in.Name, Continue: continueTo(c), Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(resetPath(token), continueTo(c)))
}

func (m resetPages) showReset(c *web.Context) error {
	if err := m.Resets.checkResetToken(c.Ctx(), c.Param("case")); err != nil {
		return m.usedLink(c, err, "auth.usedLink.reset")
	}
	return m.resetPage(c, http.StatusOK, c.Query("code"), nil)
}

func (m resetPages) resetPage(c *web.Context, status int, code string, messages map[string]string) error {
	return c.Page(status, "auth/reset", &resetPage{
		Token: c.Param("case"), Code: code, Continue: continueTo(c), Errors: messages,
	})
}

type resetForm struct {
	Code     string `form:"code,required"`
	Password string `form:"password,required"`
}

func (m resetPages) reset(c *web.Context) error {
	if err := m.Resets.checkResetToken(c.Ctx(), c.Param("case")); err != nil {
		return m.usedLink(c, err, "auth.usedLink.reset")
	}
	in, err := web.DecodeForm[resetForm](c)
	if err != nil {
		return err
	}
	result, err := m.Resets.resetPassword(c.Ctx(), c.Param("case"), in.Code, in.Password, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return m.resetPage(c, status, in.Code, formTexts(c, err, "code"))
	}
	if err != nil {
		return err
	}
	return m.answerLogin(c, result)
}
