package accounts

import (
	"errors"
	"net/http"
	"strings"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// LandingPage is the start page of a visitor.
type LandingPage struct{ views.Shell }

// start is "/": the start page of signed-in people, or the landing page.
func (m *Module) start(c *web.Context) error {
	by := ActorFrom(c.Ctx())
	switch {
	case !by.SignedIn():
		return c.Page(http.StatusOK, "accounts/landing", &LandingPage{})
	case m.startPage != nil:
		return m.startPage(c)
	}
	return c.SeeOther(User{Name: by.Name}.Person().GoToURL)
}

// pictureCache is how long a browser keeps a picture. Its content never changes;
// it is not kept for longer so that a deleted one disappears soon.
const pictureCache = "public, max-age=86400, immutable"

func (m *Module) picture(c *web.Context) (err error) {
	o, err := m.pictures.open(c.Ctx(), c.Param("key"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	h := c.Writer.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", pictureCache)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(c.Writer, c.Request, "", o.ModTime(), o)
	return nil
}

// languageAge is how long the language is remembered, in seconds (36,500 days;
// contract, http.md section 2).
const languageAge = 36_500 * 24 * 60 * 60

type setLanguage struct {
	Lang     string `form:"lang"`
	Continue string `form:"continue"`
}

// setLanguage sets the cookie that old pages set by script, so that the menu
// works without one, and the language of mails.
func (m *Module) setLanguage(c *web.Context) error {
	in, err := web.DecodeForm[setLanguage](c)
	if err != nil {
		return err
	}
	if in.Lang != i18n.English && in.Lang != i18n.German {
		return errs.Malformed("lang", "accounts.language.unknown")
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:security // scripts may read it, by contract
		Name: "lang", Value: in.Lang, Path: "/", MaxAge: languageAge, SameSite: http.SameSiteStrictMode,
		Secure: strings.HasPrefix(m.publicURL, "https://"),
	})
	if by := ActorFrom(c.Ctx()); by.SignedIn() {
		if err := m.SetLang(c.Ctx(), by, in.Lang); err != nil {
			return err
		}
	}
	return c.SeeOther(web.LocalPath(in.Continue))
}
