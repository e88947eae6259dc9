package accounts

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

//go:embed mails
var mailFiles embed.FS

// verifyMail is what the mails about an address to verify are made of. A mail
// is two templates, mails/verify.html and mails/verify.txt, whose texts come
// from the catalogue.
type verifyMail struct {
	Verification
	Code string
	// Continue is the local path to go to afterwards; empty for none.
	Continue string
	// Link leads to the page that confirms the address.
	Link string
	Lang string
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
	// Link leads to where a new password can be set.
	Link string
	Lang string
	// Text says what happened.
	Text string
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
	Link     string
	Lang     string
}

// mailWriter composes this module's mails.
type mailWriter struct {
	html *htmltemplate.Template
	text *texttemplate.Template
	// catalogue is asked for when a mail is written: it is loaded only after
	// the modules are made.
	catalogue func() *i18n.Catalogue
	publicURL string
}

func newMailWriter(publicURL string, catalogue func() *i18n.Catalogue) *mailWriter {
	// The texts come in per language; parsing only wants to know that t exists.
	stub := map[string]any{"t": func(string, ...any) string { return "" }}
	return &mailWriter{
		html:      htmltemplate.Must(htmltemplate.New("").Funcs(stub).ParseFS(mailFiles, "mails/*.html")),
		text:      texttemplate.Must(texttemplate.New("").Funcs(stub).ParseFS(mailFiles, "mails/*.txt")),
		catalogue: catalogue,
		publicURL: publicURL,
	}
}

// verify writes the mail for a sign-up or for a changed address.
func (w *mailWriter) verify(lang string, m verifyMail) (mail.Message, error) {
	m.Lang, m.Link = lang, w.publicURL+codeLink(verifyPath(m.CaseID), m.Continue, m.Code)
	subject := w.catalogue().T(lang, "accounts.mail.subjectChange")
	if m.NewAccount {
		subject = w.catalogue().T(lang, "accounts.mail.subjectSignUp")
	}
	msg := mail.Message{To: m.Email, Subject: subject}
	var err error
	msg.HTML, msg.Text, err = w.render(lang, "verify", m)
	return msg, err
}

// reset writes the mail for a forgotten password.
func (w *mailWriter) reset(lang, to string, m resetMail) (mail.Message, error) {
	m.Lang, m.Link = lang, w.publicURL+codeLink(resetPath(m.CaseID), m.Continue, m.Code)
	msg := mail.Message{To: to, Subject: w.catalogue().T(lang, "accounts.mail.subjectReset")}
	var err error
	msg.HTML, msg.Text, err = w.render(lang, "reset", m)
	return msg, err
}

// notice writes the mail that tells of an event; its kind is in noticeTexts.
func (w *mailWriter) notice(lang, to string, m noticeMail) (mail.Message, error) {
	texts := noticeTexts[m.Kind]
	m.Lang, m.Text, m.Link = lang, w.catalogue().T(lang, texts[1], "Email", m.NewEmail), w.publicURL+"/forgot-password"
	msg := mail.Message{To: to, Subject: w.catalogue().T(lang, texts[0])}
	var err error
	msg.HTML, msg.Text, err = w.render(lang, "notice", m)
	return msg, err
}

func (w *mailWriter) render(lang, name string, data any) (html, text string, err error) {
	funcs := map[string]any{"t": func(key string, params ...any) string { return w.catalogue().T(lang, key, params...) }}
	htmlTemplate, err := w.html.Clone()
	if err != nil {
		return "", "", err
	}
	textTemplate, err := w.text.Clone()
	if err != nil {
		return "", "", err
	}
	var h, t strings.Builder
	if err := htmlTemplate.Funcs(funcs).ExecuteTemplate(&h, name+".html", data); err != nil {
		return "", "", fmt.Errorf("mail %s: %w", name, err)
	}
	if err := textTemplate.Funcs(funcs).ExecuteTemplate(&t, name+".txt", data); err != nil {
		return "", "", fmt.Errorf("mail %s: %w", name, err)
	}
	return h.String(), t.String(), nil
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
