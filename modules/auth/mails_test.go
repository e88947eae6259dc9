package auth

import (
	"strings"
	"testing"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

func TestVerificationMails(t *testing.T) {
	catalogue, err := i18n.New(locales)
	if err != nil {
		t.Fatal(err)
	}
	w := newMailWriter("https://taskstack.example", func() *i18n.Catalogue { return catalogue })
	v := verification{Name: "bob", Email: "o'neil&co@x.y", Token: "0123456789abcdef0123456789abcdef", NewAccount: true}
	for _, lang := range i18n.Languages() {
		for _, newAccount := range []bool{true, false} {
			v.NewAccount = newAccount
			m, err := w.verify(lang, verifyMail{verification: v, Code: "ab-_1234", Continue: "/anna/my board?x=1&y=2"})
			if err != nil {
				t.Fatal(err)
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
			why := catalogue.T(lang, "auth.mail.why")
			if strings.Contains(m.Text, why) != newAccount {
				t.Errorf("%s: the reason is told for sign-ups only:\n%s", lang, m.Text)
			}
			checkMail(t, lang, m)
		}
	}
}

func TestResetMails(t *testing.T) {
	catalogue, err := i18n.New(locales)
	if err != nil {
		t.Fatal(err)
	}
	w := newMailWriter("https://taskstack.example", func() *i18n.Catalogue { return catalogue })
	for _, lang := range i18n.Languages() {
		m, err := w.reset(lang, "o'neil@x.y", resetMail{
			Name: "bob", Token: "0123456789abcdef0123456789abcdef", Code: "ab-_12345678901234567x", Continue: "/anna/board", Address: "<192.0.2.1>",
		})
		if err != nil {
			t.Fatal(err)
		}
		const link = "https://taskstack.example/reset-password/0123456789abcdef0123456789abcdef?continue=%2Fanna%2Fboard&code=ab-_12345678901234567x"
		if m.To != "o'neil@x.y" || !strings.Contains(m.Text, "\n"+link+"\n") || !strings.Contains(m.Text, "\nab-_12345678901234567x\n") || !strings.Contains(m.Text, "<192.0.2.1>") {
			t.Errorf("%s: text:\n%s", lang, m.Text)
		}
		if n := strings.Count(m.HTML, `href="`+strings.ReplaceAll(link, "&", "&amp;")+`"`); n != 2 || strings.Contains(m.HTML, "<192") {
			t.Errorf("%s: %d links:\n%s", lang, n, m.HTML)
		}
		checkMail(t, lang, m)
	}
}

// checkMail looks for what no mail may have (defect H22): placeholders that
// are still there, a link without a target, a subject without our name.
func checkMail(t *testing.T, lang string, m mail.Message) {
	t.Helper()
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(m.Subject, "[Taskstack] ") {
		t.Errorf("%s: subject %s", lang, m.Subject)
	}
	for _, s := range []string{m.Text, m.HTML, m.Subject} {
		for _, bad := range []string{"accounts.", "{{", "<no value>", "%!", `href=""`} {
			if strings.Contains(s, bad) || s == "" {
				t.Errorf("%s: %s is not expanded:\n%s", lang, bad, s)
			}
		}
	}
}
