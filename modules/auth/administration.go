package auth

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "auth:activeToday", Title: "auth.figure.activeToday", Order: 10, Read: func(ctx context.Context, day time.Time) (int64, error) { return m.repo.countActive(ctx, day) }},
		{Name: "auth:activeWeek", Title: "auth.figure.activeWeek", Order: 11, Read: func(ctx context.Context, day time.Time) (int64, error) {
			return m.repo.countActive(ctx, day.AddDate(0, 0, -6))
		}},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
