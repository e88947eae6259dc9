package accounts

import (
	"net/http"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// VerifyPage is the form that takes the code of a mail.
type VerifyPage struct {
	views.Shell
	Name     string
	Email    string
	CaseID   string
	Code     string
	Continue string
	Error    string
	// NewAccount is true at sign-up, false for a changed address.
	NewAccount bool
	// CanMend offers to change a mistyped address.
	CanMend   bool
	Address   string // typed to mend it
	MendError string
}

// UsedLinkPage says what to do with a link of a mail that leads nowhere any
// more.
type UsedLinkPage struct {
	views.Shell
	// Text is the key of what it says.
	Text string
}

// usedLink answers a link that was used already or is too old: NotFound, in
// words that help. What no mail can have held is answered as any wrong address.
func (m *Module) usedLink(c *web.Context, err error, text string) error {
	if errs.KindOf(err) != errs.NotFound || !casePattern.MatchString(c.Param("case")) || c.WantsJSON() {
		return err
	}
	return c.Page(http.StatusNotFound, "accounts/usedLink", &UsedLinkPage{Text: text})
}

func (m *Module) showVerify(c *web.Context) error {
	v, err := m.Verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "accounts.usedLink.verify")
	}
	return m.verifyPage(c, http.StatusOK, v, VerifyPage{Code: c.Query("code")})
}

// verifyPage shows the form of a verification with what was typed, and what was
// wrong with it.
func (m *Module) verifyPage(c *web.Context, status int, v Verification, page VerifyPage) error {
	may, err := m.MayMend(c.Ctx(), v, m.visit(c))
	if err != nil {
		return err
	}
	page.Name, page.Email, page.CaseID, page.NewAccount = v.Name, v.Email, v.CaseID, v.NewAccount
	page.Continue, page.CanMend = continueTo(c), may
	return c.Page(status, "accounts/verify", &page)
}

func (m *Module) verify(c *web.Context) error {
	v, err := m.Verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "accounts.usedLink.verify")
	}
	code, err := requireField(c, "code")
	if err != nil {
		return err
	}
	_, err = m.Verify(c.Ctx(), v.CaseID, code, m.visit(c))
	if status, ok := formStatus(c, err); ok {
		return m.verifyPage(c, status, v, VerifyPage{Code: code, Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("accounts.verify.done")); err != nil {
		return err
	}
	return c.SeeOther(c.Continue())
}

func (m *Module) resend(c *web.Context) error {
	v, err := m.Verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "accounts.usedLink.verify")
	}
	err = m.ResendVerification(c.Ctx(), v.CaseID, continueTo(c), c.Lang())
	if status, ok := formStatus(c, err); ok {
		return m.verifyPage(c, status, v, VerifyPage{Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("accounts.verify.sentAgain", "Email", v.Email)); err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(verifyPath(v.CaseID), continueTo(c)))
}

// mend changes the address that somebody has signed up with.
func (m *Module) mend(c *web.Context) error {
	v, err := m.Verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "accounts.usedLink.verify")
	}
	email, err := requireField(c, "useremail")
	if err != nil {
		return err
	}
	caseID, err := m.MendAddress(c.Ctx(), v.CaseID, email, continueTo(c), m.visit(c))
	if status, ok := formStatus(c, err); ok && status != http.StatusForbidden {
		return m.verifyPage(c, status, v, VerifyPage{Address: email, MendError: formTexts(c, err, "useremail")["useremail"]})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("accounts.verify.mended", "Email", email)); err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(verifyPath(caseID), continueTo(c)))
}

// nameFree answers the form that asks while a name is typed.
func (m *Module) nameFree(c *web.Context) error {
	err := m.NameFree(c.Ctx(), c.Query("name"), m.visit(c))
	if texts, ok := c.FieldTexts(err); ok {
		return c.JSON(http.StatusOK, map[string]any{"free": false, "message": texts["username"]})
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"free": true, "message": c.T("accounts.signup.nameFree")})
}
