package auth

import (
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// verifyPage is the form for the code of a mail.
type verifyPage struct {
	views.Shell
	Name     string
	Email    string
	Token    string
	Code     string
	Continue string
	Error    string
	// NewAccount is true at sign-up, false for a changed address.
	NewAccount bool
	// CanCorrect offers to change a mistyped address.
	CanCorrect      bool
	Address         string // typed to correct it
	CorrectionError string
}

// usedLinkPage says what to do about a link of a mail that has been used or has
// expired.
type usedLinkPage struct {
	views.Shell
	// Text is a text key.
	Text string
}

// verificationPages handles the pages of verifications.
type verificationPages struct{ *Module }

// usedLink answers a link that was used or has expired: 404 with a page that says
// what to do. A malformed token is answered like any unknown path.
func (m *Module) usedLink(c *web.Context, err error, text string) error {
	if errs.KindOf(err) != errs.NotFound || !tokenPattern.MatchString(c.Param("case")) || c.WantsJSON() {
		return err
	}
	return c.Page(http.StatusNotFound, "auth/usedLink", &usedLinkPage{Text: text})
}

func (m verificationPages) showVerify(c *web.Context) error {
	v, err := m.Verifications.verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "auth.usedLink.verify")
	}
	return m.verifyPage(c, http.StatusOK, v, verifyPage{Code: c.Query("code")})
}

// verifyPage shows the form of a verification with the input and its problems.
func (m verificationPages) verifyPage(c *web.Context, status int, v verification, page verifyPage) error {
	may, err := m.Verifications.mayCorrectAddress(c.Ctx(), v, m.requestInfo(c))
	if err != nil {
		return err
	}
	page.Name, page.Email, page.Token, page.NewAccount = v.Name, v.Email, v.Token, v.NewAccount
	page.Continue, page.CanCorrect = continueTo(c), may
	return c.Page(status, "auth/verify", &page)
}

func (m verificationPages) verify(c *web.Context) error {
	v, err := m.Verifications.verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "auth.usedLink.verify")
	}
	in, err := web.DecodeForm[codeForm](c)
	if err != nil {
		return err
	}
	confirmed, err := m.Verifications.verify(c.Ctx(), v.Token, in.Code, m.requestInfo(c))
	if status, ok := formStatus(c, err); ok {
		return m.verifyPage(c, status, v, verifyPage{Code: in.Code, Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("auth.verify.done")); err != nil {
		return err
	}
	if !confirmed.NewAccount {
		return c.SeeOther(c.Continue())
	}
	return m.answerNewAccount(c, confirmed)
}

// answerNewAccount redirects a person whose sign-up is complete. The browser may
// be another one than that of the sign-up: it has to log in to see what only this
// person may see.
func (m verificationPages) answerNewAccount(c *web.Context, v verification) error {
	to, changed, err := m.arrive(c, accounts.Actor{UserID: v.userID, Name: v.Name})
	if err != nil {
		return err
	}
	if changed {
		own, err := m.Verifications.isOwnBrowser(c.Ctx(), v, m.requestInfo(c))
		if err != nil {
			return err
		}
		if !own {
			to = web.WithContinue("/login", to)
		}
	}
	return c.SeeOther(to)
}

func (m verificationPages) resend(c *web.Context) error {
	v, err := m.Verifications.verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "auth.usedLink.verify")
	}
	err = m.Verifications.resendVerification(c.Ctx(), v.Token, continueTo(c), c.Lang())
	if status, ok := formStatus(c, err); ok {
		return m.verifyPage(c, status, v, verifyPage{Error: c.ErrorText(err)})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("auth.verify.sentAgain", "Email", v.Email)); err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(verifyPath(v.Token), continueTo(c)))
}

type addressForm struct {
	Email string `form:"useremail,required"`
}

// correctAddress changes the address of a sign-up.
func (m verificationPages) correctAddress(c *web.Context) error {
	v, err := m.Verifications.verification(c.Ctx(), c.Param("case"))
	if err != nil {
		return m.usedLink(c, err, "auth.usedLink.verify")
	}
	in, err := web.DecodeForm[addressForm](c)
	if err != nil {
		return err
	}
	token, err := m.Verifications.correctAddress(c.Ctx(), v.Token, in.Email, continueTo(c), m.requestInfo(c))
	if status, ok := formStatus(c, err); ok && status != http.StatusForbidden {
		return m.verifyPage(c, status, v, verifyPage{Address: in.Email, CorrectionError: formTexts(c, err, "useremail")["useremail"]})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("auth.verify.corrected", "Email", in.Email)); err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue(verifyPath(token), continueTo(c)))
}

// nameCheck says whether a user name can be had.
type nameCheck struct {
	Free    bool   `json:"free"`
	Message string `json:"message"`
}

// nameFree answers the sign-up form, which asks while the name is typed.
func (m *Module) nameFree(c *web.Context) error {
	err := m.SignUps.nameFree(c.Ctx(), c.Query("name"), m.requestInfo(c))
	if texts, ok := c.FieldTexts(err); ok {
		return c.JSON(http.StatusOK, nameCheck{Message: texts["username"]})
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, nameCheck{Free: true, Message: c.T("auth.signup.nameFree")})
}
