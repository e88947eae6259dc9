package notifications

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the notifications module.
type Module struct {
	*Service
}

// New makes the module; doc.go says what it owns.
func New(deps module.Deps, people People, boards Boards, logins Logins) *Module {
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, people: people, boards: boards, logins: logins, kinds: map[string]module.NotificationKind{},
		mails: deps.Mail, writer: mailWriter{deps.Views.Catalogue, deps.PublicURL}, seal: deps.Seal, log: deps.Log,
		push: deps.Push, realtime: deps.Realtime,
	}
	events.On(deps.Bus, s.onNotification)
	events.On(deps.Bus, s.onWithdrawn)
	events.On(deps.Bus, s.onRead)
	events.On(deps.Bus, s.onMemberRemoved)
	events.On(deps.Bus, s.onProjectRemoved)
	events.On(deps.Bus, s.onLoginEnded)
	return &Module{s}
}

// Connect collects the kinds of all modules.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if n, ok := each.(module.Notifier); ok {
			m.addKinds(n.NotificationKinds())
		}
	}
}

// Name returns the folder's name.
func (m *Module) Name() string { return "notifications" }

// Locales returns the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the addresses of single notifications.
func (m *Module) Routes(r *web.Router) {
	r.GET("/notifications/:id", m.open, web.SignedIn)
	r.POST("/notifications/:id/read", m.mark, web.SignedIn)
	r.GET(settingsPath, m.settings, web.SignedIn)
	r.POST(settingsPath, m.saveSettings, web.SignedIn)
	r.GET(workerPath, m.showWorker, web.Everyone)
	r.GET(pushPath, m.pushKey, web.SignedIn)
	r.POST(pushPath, m.subscribe, web.SignedIn)
	r.POST(pushPath+"/remove", m.removeBrowser, web.SignedIn)
	r.GET(unsubscribePath, m.confirmUnsubscribe, web.Everyone)
	r.POST(unsubscribePath, m.unsubscribe, web.WithoutToken(), web.WithAnyBody(), web.Everyone)
}

// RunJobs sends mails and pushes, and deletes old notifications.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return module.Repeat(ctx, mailInterval, m.log, "send mails of notifications", m.SendMails)
	})
	group.Go(func() error { return module.Repeat(ctx, pushInterval, m.log, "send pushes", m.SendPushes) })
	group.Go(func() error { return module.Repeat(ctx, time.Hour, m.log, "delete old notifications", m.Sweep) })
	return group.Wait()
}

var (
	_ module.Module       = (*Module)(nil)
	_ module.Host         = (*Module)(nil)
	_ module.Routes       = (*Module)(nil)
	_ module.Locales      = (*Module)(nil)
	_ module.Sockets      = (*Module)(nil)
	_ module.Jobs         = (*Module)(nil)
	_ module.HomeGuest    = (*Module)(nil)
	_ module.BadgeCounter = (*Module)(nil)

	_ module.NotificationChooser = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
