package auth

import (
	"maps"
	"slices"
	"time"

	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
)

// Examples that previews of mails are filled with.
const (
	exampleName    = "ana"
	exampleEmail   = "ana@example.org"
	exampleToken   = "0123456789abcdef"
	exampleCode    = "123 456"
	exampleAddress = "192.0.2.1"
)

// MailPreviews implements module.MailPreviewer.
func (m *Module) MailPreviews(lang string) ([]module.MailPreview, error) {
	w := m.Audit.writer
	var all []module.MailPreview
	var failed error
	add := func(name string, message mail.Message, err error) {
		if err != nil && failed == nil {
			failed = err
		}
		all = append(all, module.MailPreview{Name: name, Message: message})
	}
	address := verification{Name: exampleName, Email: exampleEmail, Token: exampleToken, NewAccount: true}
	message, err := w.verify(lang, verifyMail{verification: address, Code: exampleCode})
	add("signUp", message, err)
	address.NewAccount = false
	message, err = w.verify(lang, verifyMail{verification: address, Code: exampleCode})
	add("change", message, err)
	message, err = w.reset(lang, exampleEmail, resetMail{Name: exampleName, Token: exampleToken, Code: exampleCode, Address: exampleAddress})
	add("reset", message, err)
	message, err = w.reset(lang, exampleEmail, resetMail{Name: exampleName, Token: exampleToken, Code: exampleCode})
	add("resetByAdmin", message, err)
	at := time.Date(2026, 1, 2, 15, 4, 0, 0, time.UTC)
	for _, kind := range slices.Sorted(maps.Keys(noticeTexts)) {
		message, err = w.notice(lang, exampleEmail, noticeMail{
			Name: exampleName, Kind: kind, Device: "Firefox, Linux", Address: exampleAddress, At: at, NewEmail: "ana@example.com",
		})
		add(string(kind), message, err)
	}
	return all, failed
}

var _ module.MailPreviewer = (*Module)(nil)
