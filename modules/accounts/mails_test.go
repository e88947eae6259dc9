package accounts

import (
	"strings"
	"testing"

	"taskstack.org/platform/i18n"
)

func TestVerificationMails(t *testing.T) {
	catalogue, err := i18n.New(locales)
	if err != nil {
		t.Fatal(err)
	}
	w := newMailWriter("https://taskstack.example", func() *i18n.Catalogue { return catalogue })
	v := Verification{Name: "bob", Email: "o'neil&co@x.y", CaseID: "0123456789abcdef0123456789abcdef", NewAccount: true}
	for _, lang := range i18n.Languages() {
		for _, newAccount := range []bool{true, false} {
			v.NewAccount = newAccount
			m, err := w.verify(lang, verifyMail{Verification: v, Code: "ab-_1234", Continue: "/anna/my board?x=1&y=2"})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Validate(); err != nil {
				t.Error(err)
			}
			const link = "https://taskstack.example/verify-email/0123456789abcdef0123456789abcdef?continue=%2Fanna%2Fmy%20board%3Fx%3D1%26y%3D2&code=ab-_1234"
			if m.To != v.Email || !strings.Contains(m.Text, "\n"+link+"\n") || !strings.Contains(m.Text, v.Email) || !strings.Contains(m.Text, "bob") {
				t.Errorf("%s: to %s, text:\n%s", lang, m.To, m.Text)
			}
			if n := strings.Count(m.HTML, `href="`+strings.ReplaceAll(link, "&", "&amp;")+`"`); n != 2 {
				t.Errorf("%s: %d links in the HTML, want the button and the address below it:\n%s", lang, n, m.HTML)
			}
			if !strings.Contains(m.HTML, "&amp;co@x.y") || !strings.Contains(m.HTML, `lang="`+lang+`"`) || !strings.Contains(m.HTML, ">ab-_1234<") {
				t.Errorf("%s: HTML:\n%s", lang, m.HTML)
			}
			why := catalogue.T(lang, "accounts.mail.why")
			if strings.Contains(m.Text, why) != newAccount {
				t.Errorf("%s: the reason is told for sign-ups only:\n%s", lang, m.Text)
			}
			for _, s := range []string{m.Text, m.HTML, m.Subject} {
				if strings.Contains(s, "accounts.") || strings.Contains(s, "{{") || strings.Contains(s, "<no value>") {
					t.Errorf("%s: something is not expanded:\n%s", lang, s)
				}
			}
		}
	}
}
