package admin

import (
	"context"
	"errors"
	"net/url"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/doctor"
)

// ActOfPage does an act of another module's page.
func (m *Module) ActOfPage(ctx context.Context, by Acting, page, act string) error {
	return m.ActOfPageWith(ctx, by, page, act, url.Values{})
}

// ActOfPageWith does an act with what was typed.
func (m *Module) ActOfPageWith(ctx context.Context, by Acting, page, act string, form url.Values) error {
	g, err := m.guest(page)
	if err != nil {
		return err
	}
	_, err = m.actOf(ctx, by, g, act, form)
	return err
}

// Examine keeps what an examination finds, as the job does.
func (m *Module) Examine(ctx context.Context, findings ...doctor.Finding) error {
	page := *m.health
	page.examine = func(context.Context) ([]doctor.Finding, error) { return findings, nil }
	return page.keep(ctx)
}

// Health is what the page shows.
func (m *Module) Health(ctx context.Context) (examined bool, findings []doctor.Finding, problems int, err error) {
	v, err := m.health.view(ctx, nil)
	if err != nil {
		return false, nil, 0, err
	}
	h, ok := v.(ownView)
	if !ok || h.Health == nil {
		return false, nil, 0, errors.New("the page shows something else")
	}
	return h.Health.Examined, h.Health.Findings, h.Health.Problems, nil
}

// Charts are the figures as the dashboard shows them.
func (m *Module) Charts(ctx context.Context, by accounts.Actor) ([]Chart, error) {
	return m.figures.Charts(ctx, by)
}

// KeepFigures is what the job does.
func (m *Module) KeepFigures(ctx context.Context) error { return m.figures.keep(ctx) }
