package auth

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/modules/accounts"

	"taskstack.org/internal/testenv"
)

func TestALinkOfAMailThatWasUsedSaysSo(t *testing.T) {
	s := newSite(t, testenv.MigratedSQLite(t), false)
	b := s.browser()
	for path, want := range map[string]string{
		"/verify-email/" + strings.Repeat("0a", 16):   "If your address is confirmed, just log in",
		"/reset-password/" + strings.Repeat("0a", 16): "Log in with your new password, or request another e-mail",
		"/verify-email/x":   "",
		"/reset-password/x": "",
	} {
		answer := b.get(path)
		if answer.StatusCode != http.StatusNotFound || strings.Contains(answer.body, "usedLink") != (want != "") || !strings.Contains(answer.body, want) {
			t.Errorf("%s: %d %s", path, answer.StatusCode, answer.body)
		}
	}
	if answer := b.post("/verify-email/"+strings.Repeat("0a", 16), "code", "123456"); answer.StatusCode != 404 || !strings.Contains(answer.body, "usedLink") {
		t.Errorf("its form: %d %s", answer.StatusCode, answer.body)
	}
}

func TestABrowserThatRefusesCookiesIsInformed(t *testing.T) {
	s := newSite(t, testenv.MigratedSQLite(t), false)
	accounts.MakeUser(t, s.db, "anna")
	logIn := func(b *browser, pairs ...string) answer {
		return b.post("/login", append(pairs, "username", "anna", "password", accounts.TestPassword)...)
	}
	if answer := logIn(s.browser(), "cookies", "expected"); answer.StatusCode != http.StatusForbidden || answer.Header.Get("Set-Cookie") == "" {
		t.Errorf("without the page's cookie: %d %s", answer.StatusCode, answer.body)
	}
	var logins int64
	must(t, s.db.From(t.Context()).Table("login").Count(&logins).Error)
	if logins != 0 {
		t.Errorf("%d logins were begun that nothing is left of", logins)
	}
	b := s.browser()
	b.get("/login")
	if answer := logIn(b, "cookies", "expected"); answer.StatusCode != http.StatusFound {
		t.Errorf("with it: %d %s", answer.StatusCode, answer.body)
	}
	b = s.browser()
	logIn(b, "cookies", "expected") // cookies are allowed now
	if answer := logIn(b, "cookies", "expected"); answer.StatusCode != http.StatusFound {
		t.Errorf("at the second try: %d", answer.StatusCode)
	}
	if answer := logIn(s.browser()); answer.StatusCode != http.StatusFound {
		t.Errorf("a form of its own: %d", answer.StatusCode)
	}
}
