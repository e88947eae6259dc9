package notifications

import (
	"unicode"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

const (
	// product is what mails call us.
	product = "Taskstack"
	// maxSubject is how many characters the subject of a mail has at most, maxInMail
	// how many notifications one lists.
	maxSubject = 200
	maxInMail  = 30
)

// letterTo is the recipient of a mail.
type letterTo struct {
	Address, Lang, Name string
	// Unsubscribe is the address that ends mails to them.
	Unsubscribe string
}

// mailWriter fills the mail template of package mail with texts of the catalogue.
type mailWriter struct {
	// catalogue is called when a mail is written: it is loaded only after the
	// modules are made.
	catalogue func() *i18n.Catalogue
	publicURL string
}

// write returns the mail that tells a person of notifications, newest first. Of a
// single one the mail says what it says; of several it is a list.
func (w mailWriter) write(to letterTo, entries []Entry) (mail.Message, error) {
	if to.Lang == "" {
		to.Lang = i18n.English
	}
	t := func(key string, params ...any) string { return w.catalogue().T(to.Lang, key, params...) }
	l := mail.Letter{
		Lang: to.Lang, Product: product, Greeting: t("notifications.mail.hello", "Name", to.Name), ButtonFails: t("notifications.mail.buttonFails"),
		Why: t("notifications.mail.why"), Unsubscribe: to.Unsubscribe,
		Links: []mail.Link{{Text: t("notifications.mail.settings"), Address: w.publicURL + settingsPath}, {Text: t("notifications.mail.unsubscribe"), Address: to.Unsubscribe}},
	}
	subject := t("notifications.mail.subject", "Count", len(entries))
	if len(entries) == 1 {
		e := entries[0]
		subject = sentence(t, e)
		l.Text = []string{subject}
		if e.Excerpt != "" {
			l.Text = append(l.Text, t("notifications.mail.quote", "Text", e.Excerpt))
		}
		l.Link, l.Button = w.publicURL+e.Path(), t("notifications.mail.open")
	} else {
		l.Text, l.Facts = []string{t("notifications.mail.text", "Count", len(entries))}, facts(t, entries)
		l.Link, l.Button = w.publicURL+listPath, t("notifications.mail.openAll")
	}
	l.Subject = "[" + product + "] " + oneLine(subject)
	return l.To(to.Address)
}

// facts returns a line for each notification, and one for those that are too many.
func facts(t func(key string, params ...any) string, entries []Entry) []string {
	var lines []string
	for i, e := range entries {
		if i == maxInMail {
			return append(lines, t("notifications.more", "Count", len(entries)-i))
		}
		line := "• " + sentence(t, e)
		if e.Excerpt != "" {
			line += ": " + t("notifications.mail.quote", "Text", oneLine(e.Excerpt))
		}
		lines = append(lines, line)
	}
	return lines
}

// sentence returns what a notification says.
func sentence(t func(key string, params ...any) string, e Entry) string {
	who := e.Who()
	if who == "" {
		who = t("notifications.someone")
	}
	params := []any{"Who", who, "Name", e.Name, "Project", e.Project}
	if e.Count > 1 {
		params = append(params, "Count", e.Count)
	}
	return t(e.Text, params...)
}

// oneLine makes a text fit a subject.
func oneLine(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if unicode.IsControl(r) {
			runes[i] = ' '
		}
	}
	if len(runes) > maxSubject {
		runes = append(runes[:maxSubject-1], '…')
	}
	return string(runes)
}
