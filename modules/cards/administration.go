package cards

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "cards:all", Title: "cards.figure.all", Order: 50, Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.Service.repo.countAll(ctx) }},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
