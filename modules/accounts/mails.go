package accounts

import (
	"net/url"
	"strings"
	"time"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

// product is what mails call us.
const product = "Taskstack"

// verifyMail is what the mails about an address to verify are made of.
type verifyMail struct {
	Verification
	Code string
	// Continue is the local path to go to afterwards; empty for none.
	Continue string
}

// noticeMail tells somebody what has happened to their account, so that they
// notice if it was not them.
type noticeMail struct {
	Name    string
	Kind    EventKind
	Device  string // empty if unknown
	Address string
	At      time.Time
	// NewEmail is the address that takes the place of the one it goes to, for
	// the kinds that are about one.
	NewEmail string
}

// noticeTexts are subject and text of the kinds of events that a mail tells of.
var noticeTexts = map[EventKind][2]string{
	EventNewDevice:       {"accounts.notice.newDeviceSubject", "accounts.notice.newDevice"},
	EventPasswordChanged: {"accounts.notice.passwordSubject", "accounts.notice.password"},
	EventPasswordReset:   {"accounts.notice.passwordSubject", "accounts.notice.reset"},
	EventEmailAsked:      {"accounts.notice.emailAskedSubject", "accounts.notice.emailAsked"},
	EventEmailChanged:    {"accounts.notice.emailChangedSubject", "accounts.notice.emailChanged"},
	EventFactorOn:        {"accounts.notice.factorOnSubject", "accounts.notice.factorOn"},
	EventFactorOff:       {"accounts.notice.factorOffSubject", "accounts.notice.factorOff"},
	EventCodeUsed:        {"accounts.notice.codeUsedSubject", "accounts.notice.codeUsed"},
}

// resetMail is what the mail with the code for a new password is made of.
type resetMail struct {
	Name     string
	CaseID   string
	Code     string
	Continue string // as of verifyMail
	Address  string // of whoever asked
}

// mailWriter composes this module's mails: it fills letters, whose layout is
// package mail's, with texts of the catalogue.
type mailWriter struct {
	// catalogue is asked for when a mail is written: it is loaded only after
	// the modules are made.
	catalogue func() *i18n.Catalogue
	publicURL string
}

func newMailWriter(publicURL string, catalogue func() *i18n.Catalogue) *mailWriter {
	return &mailWriter{catalogue: catalogue, publicURL: publicURL}
}

// verify writes the mail for a sign-up or for a changed address.
func (w *mailWriter) verify(lang string, m verifyMail) (mail.Message, error) {
	t := w.texts(lang)
	subject, text := "accounts.mail.subjectChange", "accounts.mail.change"
	if m.NewAccount {
		subject, text = "accounts.mail.subjectSignUp", "accounts.mail.signUp"
	}
	l := w.letter(lang, subject, m.Name)
	l.Text = []string{t(text, "Email", m.Email)}
	w.addCode(&l, codeLink(verifyPath(m.CaseID), m.Continue, m.Code), m.Code)
	l.Button = t("accounts.mail.button")
	if m.NewAccount {
		l.Why = t("accounts.mail.why")
	}
	return l.To(m.Email)
}

// reset writes the mail for a forgotten password.
func (w *mailWriter) reset(lang, to string, m resetMail) (mail.Message, error) {
	t := w.texts(lang)
	l := w.letter(lang, "accounts.mail.subjectReset", m.Name)
	l.Text = []string{t("accounts.mail.reset")}
	w.addCode(&l, codeLink(resetPath(m.CaseID), m.Continue, m.Code), m.Code)
	l.Button = t("accounts.mail.resetButton")
	l.Why = t("accounts.mail.resetWhy", "Address", m.Address)
	return l.To(to)
}

// notice writes the mail that tells of an event; its kind is in noticeTexts.
func (w *mailWriter) notice(lang, to string, m noticeMail) (mail.Message, error) {
	t, texts := w.texts(lang), noticeTexts[m.Kind]
	l := w.letter(lang, texts[0], m.Name)
	l.Text = []string{t(texts[1], "Email", m.NewEmail)}
	l.Facts = []string{t("accounts.notice.when", "At", m.At.UTC().Format("2006-01-02 15:04"))}
	if m.Device != "" {
		l.Facts = append(l.Facts, t("accounts.notice.device", "Device", m.Device))
	}
	l.Facts = append(l.Facts, t("accounts.notice.address", "Address", m.Address))
	l.Advice = t("accounts.notice.notYou")
	l.Link, l.Button = w.publicURL+"/forgot-password", t("accounts.mail.resetButton")
	return l.To(to)
}

// texts is the catalogue in one language.
func (w *mailWriter) texts(lang string) func(key string, params ...any) string {
	return func(key string, params ...any) string { return w.catalogue().T(lang, key, params...) }
}

// letter is what all mails begin with.
func (w *mailWriter) letter(lang, subject, name string) mail.Letter {
	t := w.texts(lang)
	return mail.Letter{
		Lang: lang, Product: product, Subject: "[" + product + "] " + t(subject),
		Greeting: t("accounts.mail.hello", "Name", name), ButtonFails: t("accounts.mail.buttonFails"),
	}
}

// addCode adds a code and the link that has it.
func (w *mailWriter) addCode(l *mail.Letter, path, code string) {
	l.Link, l.Code, l.CodeIs = w.publicURL+path, code, w.texts(l.Lang)("accounts.mail.codeIs")
}

// codeLink is the path of a page with the code filled in.
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

func verifyPath(caseID string) string { return "/verify-email/" + caseID }

func resetPath(caseID string) string { return "/reset-password/" + caseID }
