package invites

import (
	"taskstack.org/modules/projects"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
)

// product is what mails call us.
const product = "Taskstack"

// mailWriter fills the mail template of package mail with texts of the catalogue.
type mailWriter struct {
	// catalogue is called when a mail is written: it is loaded only after the
	// modules are made.
	catalogue func() *i18n.Catalogue
	publicURL string
}

// write returns the mail of an invitation. It holds no text that the inviting
// person could type freely, except the project's name: our mails are no way to
// send others what one likes.
func (w mailWriter) write(i invite, from string, p projects.Project) (mail.Message, error) {
	t := func(key string, params ...any) string { return w.catalogue().T(i.Lang, key, params...) }
	may := "invites.mail.mayView"
	if i.Role == projects.RoleAdmin {
		may = "invites.mail.mayEdit"
	}
	l := mail.Letter{
		Lang: i.Lang, Product: product, Subject: "[" + product + "] " + t("invites.mail.subject", "From", from, "Project", p.Called()),
		Greeting: t("invites.mail.hello"),
		Text:     []string{t("invites.mail.text", "From", from, "Project", p.Called()), t(may)},
		Facts:    []string{t("invites.mail.until", "Date", i.ExpiresAt.UTC().Format("2006-01-02"))},
		Link:     w.publicURL + "/invite/" + i.Code, Button: t("invites.mail.button"), ButtonFails: t("invites.mail.buttonFails"),
		Why: t("invites.mail.why", "From", from, "Email", i.Email),
	}
	m, err := l.To(i.Email)
	m.Expires = i.ExpiresAt
	return m, err
}
