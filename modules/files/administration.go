package files

import (
	"context"
	"net/url"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{
		Figures: []module.AdminFigure{
			{Name: "files:bytes", Title: "files.figure.bytes", Order: 70, Bytes: true, Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.repo.sizeOfAll(ctx) }},
		},
		Pages: []module.AdminPage{{
			Path: "files", Title: "files.admin.title", Order: 60,
			View: func(ctx context.Context, _ url.Values) (any, error) { return m.readUse(ctx) },
		}},
		Person: func(ctx context.Context, userID int64) ([]module.AdminFact, error) {
			u, err := m.repo.ofPerson(ctx, userID)
			return []module.AdminFact{{Title: "files.admin.storage", Value: u.Bytes, Bytes: true}}, err
		},
	}
}

var _ module.AdminGuest = (*Module)(nil)
