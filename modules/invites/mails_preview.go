package invites

import (
	"time"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// MailPreviews implements module.MailPreviewer.
func (m *Module) MailPreviews(lang string) ([]module.MailPreview, error) {
	i := invite{Code: "0123456789abcdef", Email: "ana@example.org", Lang: lang, Role: projects.RoleAdmin, ExpiresAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	message, err := m.writer.write(i, "Ben", projects.Project{Name: "garden", Title: "Garden"})
	return []module.MailPreview{{Name: "invitation", Message: message}}, err
}

var _ module.MailPreviewer = (*Module)(nil)
