package admin

import (
	"context"
	"net/url"

	"taskstack.org/modules/accounts"
)

// ActOfPage does an act of another module's page.
func (m *Module) ActOfPage(ctx context.Context, by Acting, page, act string) error {
	g, err := m.guest(page)
	if err != nil {
		return err
	}
	_, err = m.actOf(ctx, by, g, act, url.Values{})
	return err
}

// Charts are the figures as the dashboard shows them.
func (m *Module) Charts(ctx context.Context, by accounts.Actor) ([]Chart, error) {
	return m.figures.Charts(ctx, by)
}

// KeepFigures is what the job does.
func (m *Module) KeepFigures(ctx context.Context) error { return m.figures.keep(ctx) }
