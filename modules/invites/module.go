package invites

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the invites module.
type Module struct {
	*Service
	log *slog.Logger
}

// New wires invites; doc.go says what the module owns.
func New(deps module.Deps, people People, b Boards) *Module {
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, bus: deps.Bus, boards: b, people: people, mails: deps.Mail,
		writer: mailWriter{catalogue: deps.Views.Catalogue, publicURL: deps.PublicURL},
	}
	if deps.RateLimit {
		s.limits = newLimits(deps.Now, deps.Refused, deps.SharedLimits)
	}
	b.AddInviteSource(s)
	events.On(deps.Bus, s.onMemberAdded)
	events.On(deps.Bus, s.onMemberRemoved)
	events.On(deps.Bus, s.onProjectRemoved)
	events.On(deps.Bus, s.onAccountDeleting)
	return &Module{s, deps.Log}
}

// Name is the folder's name.
func (m *Module) Name() string { return "invites" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the button of the notifications.
func (m *Module) Routes(r *web.Router) {
	r.POST("/invite/:code/dismiss", m.dismiss, web.SignedIn)
}

func (m *Module) dismiss(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	if err := m.Dismiss(c.Ctx(), by, c.Param("code")); err != nil {
		return err
	}
	if c.WantsJSON() {
		return c.JSON(http.StatusOK, realtime.OK{"ok": true})
	}
	return c.SeeOther(c.Continue())
}

// RunJobs deletes what has ended long ago.
func (m *Module) RunJobs(ctx context.Context) error {
	return module.Repeat(ctx, time.Hour, m.log, "delete old invitations", m.Sweep)
}

var (
	_ module.Module       = (*Module)(nil)
	_ module.Routes       = (*Module)(nil)
	_ module.Sockets      = (*Module)(nil)
	_ module.Locales      = (*Module)(nil)
	_ module.Jobs         = (*Module)(nil)
	_ module.HomeGuest    = (*Module)(nil)
	_ module.BadgeCounter = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
