package chats

import (
	"context"
	"time"

	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{Figures: []module.AdminFigure{
		{Name: "chats:messages", Title: "chats.figure.messages", Order: 60, Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.repo.countMessages(ctx) }},
	}}
}

var _ module.AdminGuest = (*Module)(nil)
