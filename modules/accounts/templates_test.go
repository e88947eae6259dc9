package accounts

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/i18n"
	"taskstack.org/templates"
)

// TestPagesOfTheProduct walks the real pages in both languages: they send what
// the handlers read and show what the handlers say.
func TestPagesOfTheProduct(t *testing.T) {
	for _, lang := range i18n.Languages() {
		t.Run(lang, func(t *testing.T) {
			s := newSiteWith(t, testenv.MigratedSQLite(t), true, templates.Files, templates.Files)
			b := s.browser()
			b.post("/language", "lang", lang)

			b.get("/").shows(t, lang, `a[href^="/signup"]`)
			b.get("/login?continue=%2Fa%2Fb").shows(t, lang, `form[method=post][action="/login?continue=%2fa%2fb"]`,
				"input[name=username]", "input[name=password][type=password]", "input[name=keepUserLoggedIn][type=checkbox]")
			wrong := b.post("/login", "username", `x"<y`, "password", "wrong")
			doc := wrong.shows(t, lang, "form[action='/login']")
			if value(doc, "username") != `x"<y` || value(doc, "password") != "" {
				t.Error("name not kept, or password sent back")
			}
			if n := strings.Count(doc.Text(), s.catalogueText(lang, "accounts.login.wrong")); n != 2 {
				t.Errorf("the message stands there %d times, want under both fields", n)
			}

			b.get("/signup?continue=%2Fa%2Fb").shows(t, lang, `form[method=post][action="/signup?continue=%2fa%2fb"]`, "#invalidNames",
				"input[name=username]", "input[name=useremail]", "input[name=password]", "input[name=password_confirm]", "input[name=keepUserLoggedIn]")
			doc = b.post("/signup", "username", "login", "useremail", "x", "password", "y").shows(t, lang, "form")
			for _, message := range []string{
				s.catalogueText(lang, "accounts.signup.nameTaken"),
				s.catalogueText(lang, "accounts.signup.emailMalformed", "Max", MaxEmailLength),
				s.catalogueText(lang, "accounts.signup.passwordLength", "Min", MinPasswordLength, "Max", MaxPasswordLength),
			} {
				if !strings.Contains(doc.Text(), message) {
					t.Errorf("%q is not shown", message)
				}
			}

			page, code := b.signUp("bob")
			doc = b.get(page+"?code="+code).shows(t, lang, `form[method=post][action="`+page+`"]`, `form[method=post][action="`+page+`/resend"]`)
			if value(doc, "code") != code || !strings.Contains(doc.Text(), "bob@example.org") {
				t.Error("code or address is missing")
			}
			if doc := b.post(page, "code", "wrong...").shows(t, lang, "form"); !strings.Contains(doc.Text(), s.catalogueText(lang, "accounts.verify.wrongCode")) {
				t.Error("no message for a wrong code")
			}
			b.post(page + "/resend").redirects(page)
			if doc := b.get(page).shows(t, lang, "form"); !strings.Contains(doc.Text(), s.catalogueText(lang, "accounts.verify.sentAgain", "Email", "bob@example.org")) {
				t.Error("nothing says that the mail was sent again")
			}
			b.post(page, "code", code).redirects("/")
			if doc := b.get("/").shows(t, lang, "form[action='/logout']"); !strings.Contains(doc.Text(), s.catalogueText(lang, "accounts.verify.done")) {
				t.Error("nothing says that the address is confirmed")
			}
			if a := b.get("/logout"); a.StatusCode != http.StatusNotFound {
				t.Errorf("GET /logout: %d", a.StatusCode)
			}
		})
	}
}
