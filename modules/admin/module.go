package admin

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the admin module.
type Module struct {
	*Service
	figures  *figures
	guests   []guest
	mails    *mailPage
	jobs     *jobsPage
	health   *healthPage
	settings *settingsPage
	*announcements
	*blocks
	limits    *limitsPage
	servers   *servers
	livePage  *livePage
	live      Live
	publicURL string
	log       *slog.Logger
}

// New wires admin; doc.go says what the module owns.
func New(deps module.Deps, people People, a *auth.Module, b Boards) *Module {
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, people: people, passwords: a.Passwords, logins: a.Logins, access: a.Administration, boards: b, bus: deps.Bus,
	}
	events.On(deps.Bus, s.onDeleting)
	mails := &mailPage{queue: deps.Mail, people: people, catalogue: deps.Views.Catalogue, publicURL: deps.PublicURL, previewers: map[string]module.MailPreviewer{}}
	blocked := newBlocks(deps.Settings)
	return &Module{
		Service: s, figures: &figures{Service: s}, mails: mails, jobs: &jobsPage{deps.Jobs}, live: deps.Realtime, publicURL: deps.PublicURL, log: deps.Log,
		settings: &settingsPage{store: deps.Settings, repo: s.repo, configuration: deps.Configuration, refuse: blocked.refuseOwn},
		blocks:   blocked, limits: &limitsPage{totals: deps.Refused.Totals, recent: deps.Refused.Recent, people: people, server: deps.Server},
		servers: &servers{Service: s, live: deps.Realtime, log: deps.Log, name: deps.Server, version: deps.Version}, livePage: &livePage{s, deps.Server},
		announcements: newAnnouncements(deps.Settings, deps.Views.Catalogue, deps.Now),
		health:        &healthPage{db: deps.DB, repo: s.repo, jobs: deps.Jobs, examine: deps.Examine, server: deps.Server},
	}
}

// Name is the folder's name.
func (m *Module) Name() string { return "admin" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the pages. Administrators have an entry for them in the account menu.
func (m *Module) Routes(r *web.Router) {
	get := func(path string, h actingHandler) { r.GET(path, m.confirmed(h), web.SiteAdmin) }
	post := func(path string, h actingHandler) {
		r.POST(path, m.confirmed(h), web.OnStaleToken(m.stale), web.WhileReadOnly(), web.SiteAdmin)
	}
	get(basePath, m.showDashboard)
	get(peoplePath, m.showPeople)
	get(peoplePath+"/:id", m.showPerson)
	get(peoplePath+"/:id/:act", m.showAct)
	post(peoplePath+"/:id/:act", m.doAct)
	get(auditPath, m.showAudit)
	get(auditPath+"/export.csv", m.auditCSV)
	get(auditPath+"/export.json", m.auditJSON)
	get(basePath+"/:page", m.showGuest)
	post(basePath+"/:page/:act", m.doGuest)
	r.GET(confirmPath, m.showConfirm, web.SiteAdmin)
	r.POST(confirmPath, m.confirm, web.OnStaleToken(m.stale), web.WhileReadOnly(), web.SiteAdmin)
	r.GuardPosts(m.guardPost)
	r.AddBanners(m.Banners)
	r.GET(claimPath, m.showClaim, web.SignedIn)
	r.POST(claimPath, m.claim, web.SignedIn)
	r.AddNavItem(views.NavItem{Text: "admin.nav.admin", Icon: "lock", URL: func(v *views.Viewer) string {
		if m.seemsAdmin(v.ID) {
			return basePath
		}
		return ""
	}})
}

// dashboardPage shows the figures of the site.
type dashboardPage struct {
	page
	Charts []Chart
	Admins []Administrator
	// Connections are those of this server.
	Connections int
}

// Sockets refuses changes while the site is read-only. Pages are told by site_banners
// what is announced; those that connect have it already.
func (m *Module) Sockets(rt *realtime.Server) {
	rt.GuardChanges(m.guardEvent)
	m.send = rt.SendHere
}

// ownView is what this module's piece _adminPage.html shows: one of its pages.
type ownView struct {
	Mails    *mailView
	Jobs     *jobsView
	Health   *healthView
	Settings *settingsView
	Limits   *limitsView
	Live     *liveView
}

// AdminPart is what this module adds to its own pages: what is no module's.
func (m *Module) AdminPart() module.AdminPart {
	return module.AdminPart{
		Pages:   []module.AdminPage{m.mails.page(), m.settings.page(), m.livePage.page(), m.limits.page(), m.jobs.page(), m.health.page()},
		Figures: []module.AdminFigure{{Name: "admin:mailsWaiting", Title: "admin.mails.waiting", Order: 80, Read: m.mails.waiting}},
	}
}

func (m *Module) showDashboard(c *web.Context, by Acting) error {
	charts, err := m.figures.Charts(c.Ctx(), by.Actor)
	if err != nil {
		return err
	}
	admins, err := m.Administrators(c.Ctx())
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "admin/dashboard", &dashboardPage{
		page: m.newPage(basePath), Charts: charts, Admins: admins, Connections: int(m.live.Connections()),
	})
}

// Announcement is the token that makes the first account of a fresh installation its
// administrator.
func (m *Module) Announcement(ctx context.Context) (string, error) {
	token, err := m.NewClaim(ctx)
	if err != nil || token == "" {
		return "", err
	}
	return "There is no administrator yet. Sign up, then open " + m.publicURL + claimPath + " and enter this token once: " + token, nil
}

// hintInterval is how often a server looks who the administrators are, for the
// account menu.
const hintInterval = time.Minute

// Run keeps the entry of the account menu and the row of this server up to date, and
// announcements on time.
func (m *Module) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return module.Repeat(ctx, hintInterval, m.log, "read who the administrators are", m.refreshHint)
	})
	group.Go(func() error { return m.announcements.run(ctx) })
	group.Go(func() error { return m.servers.run(ctx) })
	return group.Wait()
}

// RunJobs keeps the figures, examines the site, and deletes what is old.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return module.Repeat(ctx, figureInterval, m.log, "keep the figures of the site", m.figures.keep)
	})
	group.Go(func() error { return module.Repeat(ctx, time.Hour, m.log, "delete old rows of the audit log", m.tidy) })
	group.Go(func() error {
		return module.Repeat(ctx, time.Hour, m.log, "delete rows of servers that have gone", m.tidyLive)
	})
	group.Go(func() error { return m.health.run(ctx, m.log) })
	return group.Wait()
}

// Export writes what administrators have done to the actor's account; who they were is
// not the actor's.
func (m *Module) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	rows, err := m.repo.audit(ctx, AuditQuery{Person: by.UserID, Limit: exportLimit})
	if err != nil || len(rows) == 0 {
		return err
	}
	type exported struct {
		At     time.Time `json:"at"`
		Act    string    `json:"act"`
		Reason string    `json:"reason"`
	}
	all := make([]exported, len(rows))
	for i, row := range rows {
		all[i] = exported{row.At, row.Act, row.Reason}
	}
	return to.JSON("administration", all)
}

var (
	_ module.Module     = (*Module)(nil)
	_ module.Routes     = (*Module)(nil)
	_ module.Sockets    = (*Module)(nil)
	_ module.Locales    = (*Module)(nil)
	_ module.Host       = (*Module)(nil)
	_ module.Worker     = (*Module)(nil)
	_ module.Jobs       = (*Module)(nil)
	_ module.Commander  = (*Module)(nil)
	_ module.Announcer  = (*Module)(nil)
	_ module.AdminGuest = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
