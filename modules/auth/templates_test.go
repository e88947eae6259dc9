package auth

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/modules/accounts"

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
			if n := strings.Count(doc.Text(), s.catalogueText(lang, "auth.login.wrong")); n != 2 {
				t.Errorf("the message stands there %d times, want under both fields", n)
			}

			b.get("/signup?continue=%2Fa%2Fb").shows(t, lang, `form[method=post][action="/signup?continue=%2fa%2fb"]`, "#invalidNames",
				"input[name=username]", "input[name=useremail]", "input[name=password]", "input[name=password_confirm]", "input[name=keepUserLoggedIn]")
			doc = b.post("/signup", "username", "login", "useremail", "x", "password", "y").shows(t, lang, "form")
			for _, message := range []string{
				s.catalogueText(lang, "accounts.name.taken"),
				s.catalogueText(lang, "auth.signup.emailMalformed", "Max", accounts.MaxEmailLength),
				s.catalogueText(lang, "auth.signup.passwordLength", "Min", minPasswordLength, "Max", maxPasswordLength),
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
			if doc := b.post(page, "code", "wrong...").shows(t, lang, "form"); !strings.Contains(doc.Text(), s.catalogueText(lang, "auth.verify.wrongCode")) {
				t.Error("no message for a wrong code")
			}
			b.post(page + "/resend").redirects(page)
			if doc := b.get(page).shows(t, lang, "form"); !strings.Contains(doc.Text(), s.catalogueText(lang, "auth.verify.sentAgain", "Email", "bob@example.org")) {
				t.Error("nothing says that the mail was sent again")
			}
			b.post(page, "code", code).redirects("/")
			if doc := b.get("/").shows(t, lang, "form[action='/logout']"); !strings.Contains(doc.Text(), s.catalogueText(lang, "auth.verify.done")) {
				t.Error("nothing says that the address is confirmed")
			}
			if a := b.get("/logout"); a.StatusCode != http.StatusNotFound {
				t.Errorf("GET /logout: %d", a.StatusCode)
			}
		})
	}
}

func TestSuspendedPeopleSeeWhy(t *testing.T) {
	for _, lang := range i18n.Languages() {
		s := newSiteWith(t, testenv.MigratedSQLite(t), true, templates.Files, templates.Files)
		by := accounts.MakeUser(t, s.db, "anna")
		must(t, s.Logins.Suspend(t.Context(), by.UserID))
		b := s.browser()
		b.post("/language", "lang", lang)
		a := b.logIn("anna")
		text := s.catalogueText(lang, "auth.suspended")
		if doc := a.page(); a.StatusCode != http.StatusForbidden || !strings.Contains(doc.Find(".notice-danger").Text(), text) || value(doc, "username") != "anna" {
			t.Errorf("%s: %d\n%s", lang, a.StatusCode, a.body)
		}
		if a := b.post("/login", "username", "anna", "password", "wrong horse"); strings.Contains(a.body, text) {
			t.Error("somebody without the password is told")
		}
	}
}

func TestTooManyRequestsForResetsAreReportedInTheForm(t *testing.T) {
	s := newSiteWith(t, testenv.MigratedSQLite(t), true, templates.Files, templates.Files)
	b := s.browser()
	b.post("/language", "lang", "de")
	for range 3 {
		if a := b.post("/forgot-password", "name", "nobody"); a.StatusCode != http.StatusFound {
			t.Fatal(a.StatusCode)
		}
	}
	a := b.post("/forgot-password", "name", "Nobody")
	want := s.catalogueText("de", "accounts.tooManyMinutes", "Count", 10)
	if doc := a.page(); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "600" || strings.TrimSpace(doc.Find("#f-name-note").Text()) != want {
		t.Errorf("%d, Retry-After %q, want %q\n%s", a.StatusCode, a.Header.Get("Retry-After"), want, a.body)
	}
}
