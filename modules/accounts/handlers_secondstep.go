package accounts

import (
	"errors"
	"net/http"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

const secondStepPath = "/login/second-step"

// SecondStepPage takes the code that follows the password.
type SecondStepPage struct {
	views.Shell
	Continue string
	Error    string
}

func (m *Module) showSecondStep(c *web.Context) error {
	err := m.WaitsForSecondStep(c.Ctx(), m.visit(c))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return c.SeeOther(web.WithContinue("/login", continueTo(c)))
	}
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "accounts/secondStep", &SecondStepPage{Continue: continueTo(c)})
}

// secondStep leads back to the first one if that was too long ago.
func (m *Module) secondStep(c *web.Context) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	code, err := web.Require(form, "code")
	if err != nil {
		return err
	}
	w, err := m.SecondStep(c.Ctx(), code, m.visit(c))
	if errors.Is(err, errs.Of(errs.Unauthenticated)) {
		return c.SeeOther(web.WithContinue("/login", continueTo(c)))
	}
	if status, ok := formStatus(c, err); ok {
		return c.Page(status, "accounts/secondStep", &SecondStepPage{Continue: continueTo(c), Error: formTexts(c, err, "code")["code"]})
	}
	if err != nil {
		return err
	}
	return m.welcome(c, w)
}
