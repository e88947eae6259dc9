package module

import "taskstack.org/platform/mail"

// MailPreviewer is a module that writes mails. It implements this whether or not the
// pages of administrators, which show the previews, are part of the program.
type MailPreviewer interface {
	// MailPreviews returns every mail that the module writes, filled with examples, in a
	// language.
	MailPreviews(lang string) ([]MailPreview, error)
}

// MailPreview is an example of a mail.
type MailPreview struct {
	// Name is one within the module, "signUp".
	Name    string
	Message mail.Message
}
