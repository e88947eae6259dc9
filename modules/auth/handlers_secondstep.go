package auth

import (
	"errors"
	"net/http"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

const secondStepPath = "/login/second-step"

// secondStepPage is the form for the code that follows the password.
type secondStepPage struct {
	views.Shell
	Continue string
	Error    string
}

// secondStepPages handles the page of the second step.
type secondStepPages struct{ *Module }

func (m secondStepPages) showSecondStep(c *web.Context) error {
	err := m.steps.checkPending(c.Ctx(), m.requestInfo(c))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return c.SeeOther(web.WithContinue("/login", continueTo(c)))
	}
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "auth/secondStep", &secondStepPage{Continue: continueTo(c)})
}

type codeForm struct {
	Code string `form:"code,required"`
}

// secondStep redirects to the log-in if the pending login has expired.
func (m secondStepPages) secondStep(c *web.Context) error {
	in, err := web.DecodeForm[codeForm](c)
	if err != nil {
		return err
	}
	result, err := m.steps.secondStep(c.Ctx(), in.Code, m.requestInfo(c))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return c.SeeOther(web.WithContinue("/login", continueTo(c)))
	}
	if status, ok := formStatus(c, err); ok {
		return c.Page(status, "auth/secondStep", &secondStepPage{Continue: continueTo(c), Error: formTexts(c, err, "code")["code"]})
	}
	if err != nil {
		return err
	}
	return m.answerLogin(c, result)
}
