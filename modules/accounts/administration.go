package accounts

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "accounts:people", Title: "accounts.figure.people", Order: 30, Read: func(ctx context.Context, _ time.Time) (int64, error) {
			return m.repo.countVerified(ctx, time.Unix(0, 0).UTC())
		}},
		{Name: "accounts:new", Title: "accounts.figure.new", Order: 20, Read: func(ctx context.Context, day time.Time) (int64, error) { return m.repo.countVerified(ctx, day) }},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
