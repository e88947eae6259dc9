package files

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "files:bytes", Title: "files.figure.bytes", Order: 70, Bytes: true, Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.repo.sizeOfAll(ctx) }},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
