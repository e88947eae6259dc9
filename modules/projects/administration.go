package projects

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "projects:all", Title: "projects.figure.all", Order: 40, Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.Service.repo.count(ctx) }},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
