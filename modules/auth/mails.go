package auth

import (
	"net/url"
	"strings"
	"time"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

// product is what mails call us.
const product = "Taskstack"

// verifyMail is the content of the mail with the code for an address.
type verifyMail struct {
	verification
	Code string
	// Continue is the local path to go to afterwards; empty for none.
	Continue string
}

// noticeMail is the content of a mail about a security event.
type noticeMail struct {
	Name    string
	Kind    eventKind
	Device  string // empty if unknown
	Address string
	At      time.Time
	// NewEmail is the address that replaces the recipient's, for the kinds about
	// addresses.
	NewEmail string
}

// noticeTexts are subject and text of the kinds of events that are notified by
// mail.
var noticeTexts = map[eventKind][2]string{
	eventNewDevice:       {"auth.notice.newDeviceSubject", "auth.notice.newDevice"},
	eventPasswordChanged: {"auth.notice.passwordSubject", "auth.notice.password"},
	eventPasswordReset:   {"auth.notice.passwordSubject", "auth.notice.reset"},
	eventEmailAsked:      {"auth.notice.emailAskedSubject", "auth.notice.emailAsked"},
	eventEmailChanged:    {"auth.notice.emailChangedSubject", "auth.notice.emailChanged"},
	eventFactorOn:        {"auth.notice.factorOnSubject", "auth.notice.factorOn"},
	eventFactorOff:       {"auth.notice.factorOffSubject", "auth.notice.factorOff"},
	eventCodeUsed:        {"auth.notice.codeUsedSubject", "auth.notice.codeUsed"},
}

// resetMail is the content of the mail with the code for a new password.
type resetMail struct {
	Name     string
	Token    string
	Code     string
	Continue string // as of verifyMail
	Address  string // of the requesting client; empty for an administrator
}

// mailWriter fills the mail template of package mail with texts of the catalogue.
type mailWriter struct {
	// catalogue is called when a mail is written: it is loaded only after the
	// modules are made.
	catalogue func() *i18n.Catalogue
	publicURL string
}

func newMailWriter(publicURL string, catalogue func() *i18n.Catalogue) *mailWriter {
	return &mailWriter{catalogue: catalogue, publicURL: publicURL}
}

// verify writes the mail for a sign-up or for a changed address.
func (w *mailWriter) verify(lang string, m verifyMail) (mail.Message, error) {
	t := w.texts(lang)
	subject, text := "auth.mail.subjectChange", "auth.mail.change"
	if m.NewAccount {
		subject, text = "auth.mail.subjectSignUp", "auth.mail.signUp"
	}
	l := w.template(lang, subject, m.Name)
	l.Text = []string{t(text, "Email", m.Email)}
	w.addCode(&l, codeLink(verifyPath(m.Token), m.Continue, m.Code), m.Code)
	l.Button = t("auth.mail.button")
	if m.NewAccount {
		l.Why = t("auth.mail.why")
	}
	return l.To(m.Email)
}

// reset writes the mail for a forgotten password.
func (w *mailWriter) reset(lang, to string, m resetMail) (mail.Message, error) {
	t := w.texts(lang)
	l := w.template(lang, "auth.mail.subjectReset", m.Name)
	l.Text = []string{t("auth.mail.reset")}
	w.addCode(&l, codeLink(resetPath(m.Token), m.Continue, m.Code), m.Code)
	l.Button = t("auth.mail.resetButton")
	l.Why = t("auth.mail.resetWhy", "Address", m.Address)
	if m.Address == "" { // asked for by an administrator
		l.Text, l.Why = []string{t("auth.mail.resetByAdmin")}, t("auth.mail.resetByAdminWhy")
	}
	return l.To(to)
}

// notice writes the mail about a security event; its kind is in noticeTexts.
func (w *mailWriter) notice(lang, to string, m noticeMail) (mail.Message, error) {
	t, texts := w.texts(lang), noticeTexts[m.Kind]
	l := w.template(lang, texts[0], m.Name)
	l.Text = []string{t(texts[1], "Email", m.NewEmail)}
	l.Facts = []string{t("auth.notice.when", "At", m.At.UTC().Format("2006-01-02 15:04"))}
	if m.Device != "" {
		l.Facts = append(l.Facts, t("auth.notice.device", "Device", m.Device))
	}
	if m.Address != "" {
		l.Facts = append(l.Facts, t("auth.notice.address", "Address", m.Address))
	}
	l.Advice = t("auth.notice.notYou")
	l.Link, l.Button = w.publicURL+"/forgot-password", t("auth.mail.resetButton")
	return l.To(to)
}

// texts returns the look-up of texts in one language.
func (w *mailWriter) texts(lang string) func(key string, params ...any) string {
	return func(key string, params ...any) string { return w.catalogue().T(lang, key, params...) }
}

// template returns the part that all mails share.
func (w *mailWriter) template(lang, subject, name string) mail.Letter {
	t := w.texts(lang)
	return mail.Letter{
		Lang: lang, Product: product, Subject: "[" + product + "] " + t(subject),
		Greeting: t("auth.mail.hello", "Name", name), ButtonFails: t("auth.mail.buttonFails"),
	}
}

// addCode adds a code and the link that contains it.
func (w *mailWriter) addCode(l *mail.Letter, path, code string) {
	l.Link, l.Code, l.CodeIs = w.publicURL+path, code, w.texts(l.Lang)("auth.mail.codeIs")
}

// codeLink returns the path of a page with the code filled in.
func codeLink(path, continueTo, code string) string {
	query := "?"
	if continueTo != "" {
		query += "continue=" + escape(continueTo) + "&"
	}
	return path + query + "code=" + escape(code)
}

// escape percent-encodes completely, blanks too: not every mail program leaves
// a plus in a link alone.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func verifyPath(token string) string { return "/verify-email/" + token }

func resetPath(token string) string { return "/reset-password/" + token }
