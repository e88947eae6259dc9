package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"taskstack.org/internal/wiring"
	"taskstack.org/migrations"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/events"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/lease"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/migrate"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/push"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/session"
	"taskstack.org/platform/settings"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// drainTimeout is how long a stopping server waits for work in flight; with
// what follows it, the process ends within 25 seconds.
const drainTimeout = 20 * time.Second

// drainSpread is over how long clients of a stopping server move to the others,
// which then do not have to take all of them in one moment. A server that is alone
// sends them away at once, so that it is back the sooner.
const drainSpread = 10 * time.Second

// app is the program as a value: made, run, closed. Tests run the same.
type app struct {
	cfg      *config.Config
	log      *slog.Logger
	db       *db.DB
	mail     *mail.Queue
	objects  *objects.Store
	realtime *realtime.Server
	servers  *otherServers // nil for a single server
	refused  *refused.Counter
	jobs     *jobs.Runner
	settings *settings.Store
	// gatekeepers are the modules that keep addresses away.
	gatekeepers []module.Gatekeeper
	modules     *wiring.Modules
	router      *web.Router
	handler     http.Handler
	draining    atomic.Bool
	live        *liveSource // in development with TASKSTACK_SOURCE_DIR

	now     func() time.Time
	closers []io.Closer

	closeOnce sync.Once
	closeErr  error
}

// newApp connects everything. Pages that are loaded already are not loaded again.
// The caller must Close the app.
func newApp(ctx context.Context, cfg *config.Config, log *slog.Logger, now func() time.Time, pages *views.Views) (*app, error) {
	if err := cfg.Prepare(); err != nil {
		return nil, err
	}
	database, err := openDatabase(ctx, cfg, log, now)
	if err != nil {
		return nil, err
	}
	a := &app{cfg: cfg, log: log, db: database, now: now, refused: refused.New(log, now), closers: []io.Closer{database}}
	if err := a.build(ctx, pages); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// openDatabase opens the configured database and brings it up to date.
func openDatabase(ctx context.Context, cfg *config.Config, log *slog.Logger, now func() time.Time) (*db.DB, error) {
	database, err := db.Open(ctx, db.Options{Dialect: cfg.Database.Dialect, DSN: cfg.Database.DSN, Log: log, Now: now})
	if err != nil {
		return nil, fmt.Errorf("TASKSTACK_DB_URI: %w", err)
	}
	pool, err := database.Pool()
	if err == nil {
		err = migrate.Up(ctx, pool, database.Dialect(), migrations.FS, log)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), database.Close())
	}
	return database, nil
}

func (a *app) build(ctx context.Context, pages *views.Views) error {
	sessions, err := session.New(string(a.cfg.SecretKey), a.cfg.IsProduction(), texts(a.cfg.OldSecretKeys)...)
	if err != nil {
		return err
	}
	sealer, err := seal.New(a.cfg.SecretKey, a.cfg.OldSecretKeys...)
	if err != nil {
		return err
	}
	files, closer, err := openStorage(ctx, a.cfg)
	if err != nil {
		return err
	}
	a.closers = append(a.closers, closer)
	a.objects = objects.New(a.db, files, a.log)
	outbox, err := a.makeMail(ctx)
	if err != nil {
		return err
	}
	if err := a.connectServers(); err != nil {
		return err
	}
	if err := a.makeRealtime(pages); err != nil {
		return err
	}
	server := serverName()
	a.jobs = jobs.New(a.db, a.log, server)
	a.settings = settings.New(settings.Options{DB: a.db, Realtime: a.realtime, Log: a.log, Given: a.cfg.Given})
	deps := module.Deps{
		Server: server, Version: version, Jobs: a.jobs, Examine: a.examine, Settings: a.settings, Configuration: a.cfg.Lines(),
		DB: a.db, Bus: events.NewBus(a.db), Views: pages, Sessions: sessions, Realtime: a.realtime,
		Mail: a.mail, Outbox: outbox, Seal: sealer, Objects: a.objects, Log: a.log, Refused: a.refused, Now: a.now, PublicURL: a.cfg.PublicURL,
		Development: !a.cfg.IsProduction(), RateLimit: a.cfg.RateLimit, BcryptCost: a.cfg.BcryptCost,
		ProjectQuota: a.cfg.ProjectQuota, TotalQuota: a.cfg.TotalQuota, MaxFiles: a.cfg.MaxFiles, MaxFileSize: a.cfg.MaxFileSize,
		Site: module.Site{
			Operator: a.cfg.Operator, Mail: a.cfg.Mail, SessionCookie: sessions.CookieName(), DeviceCookie: auth.DeviceCookie(a.cfg.PublicURL),
		},
	}
	if a.cfg.Push {
		deps.Push = push.New(contactOf(a.cfg))
	}
	if a.servers != nil {
		deps.SharedLimits = a.servers.limits
	}
	a.modules = wiring.New(deps)
	if err := a.settings.Load(ctx); err != nil {
		return err
	}
	bundle, err := a.loadPages(ctx, pages)
	if err != nil {
		return err
	}
	if err := a.makeHandler(pages, sessions, bundle, files); err != nil { // handlers get the context of their request
		return err
	}
	if a.live != nil {
		a.handler = a.live.wrap(a.handler)
	}
	return nil
}

// loadPages loads texts, templates and the bundle, and returns what serves the
// bundle.
func (a *app) loadPages(ctx context.Context, pages *views.Views) (http.Handler, error) {
	if a.cfg.SourceDir == "" {
		load := embeddedSource().load
		if pages.IsLoaded() {
			load = embeddedSource().onlyBundle
		}
		bundle, err := load(pages, a.modules.All(), a.cfg.StaticURL)
		if err != nil {
			return nil, err
		}
		return bundle.Handler(), nil
	}
	a.live = &liveSource{source: folderSource(a.cfg.SourceDir), root: a.cfg.SourceDir, pages: pages, modules: a.modules.All(), log: a.log}
	return a.live.handler(), a.live.refresh(ctx)
}

// serverName is a name for this server that people recognise: the machine's, with
// letters that are others at each start.
func serverName() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "server"
	}
	return host + "-" + strings.ToLower(rand.Text()[:4])
}

// examine does what `taskstack doctor` does, from within the server.
func (a *app) examine(ctx context.Context) ([]doctor.Finding, error) {
	return examine(ctx, a.cfg, a.now)
}

// contactOf returns how push services may reach the operator.
func contactOf(cfg *config.Config) string {
	if strings.HasPrefix(cfg.PublicURL, "https://") {
		return cfg.PublicURL
	}
	from, err := netmail.ParseAddress(cfg.MailFrom)
	if err != nil {
		return ""
	}
	return from.Address
}

func texts(keys [][]byte) []string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = string(key)
	}
	return all
}

// makeRealtime makes the Socket.IO server, which modules are given.
func (a *app) makeRealtime(pages *views.Views) error {
	o := realtime.Options{
		Views: pages, Log: a.log, ClientAddr: web.ClientAddr(a.cfg.TrustedProxies),
		CheckOrigin: web.CheckOrigin(append([]string{a.cfg.PublicURL}, a.cfg.AllowedOrigins...)),
		NoLimits:    !a.cfg.RateLimit,
	}
	if a.servers != nil {
		o.Adapter, o.Hints = a.servers.adapter, a.servers.hints
	}
	if a.cfg.RateLimit {
		// Twenty a second is faster than a person drags; the burst is a pasted
		// list of cards.
		o.Events = ratelimit.New(50*time.Millisecond, 300, time.Now).OnRefuse(a.refused.Func("events"))
	}
	var err error
	a.realtime, err = realtime.New(o)
	if err != nil {
		return err
	}
	a.refused.Include(a.realtime.Refused)
	a.closers = append(a.closers, socketsOf{a.realtime})
	return nil
}

// leaveTimeout is how long a program that ends waits for handlers of sockets, and
// tries to say goodbye to other servers.
const leaveTimeout = 2 * time.Second

// socketsOf closes the server of sockets with the program.
type socketsOf struct{ realtime *realtime.Server }

func (s socketsOf) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	if err := s.realtime.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil // Redis is away, and the others know; or handlers end with the process.
}

func (a *app) makeHandler(pages *views.Views, sessions *session.Store, bundle http.Handler, files storage.Storage) error {
	o := web.Options{
		Views: pages, Sessions: sessions, Log: a.log, Development: !a.cfg.IsProduction(),
		PublicURL: a.cfg.PublicURL, AllowedOrigins: a.cfg.AllowedOrigins, TrustedProxies: a.cfg.TrustedProxies,
		AssetOrigin: origin(a.cfg.StaticURL), Refused: a.refused, Authenticate: a.modules.Auth.Authenticate,
	}
	if a.cfg.RateLimit {
		o.Requests = ratelimit.New(50*time.Millisecond, 300, time.Now)
		// A visitor's requests fill some 200 KB of log at once and 400 KB in an hour.
		o.VisitorLines = ratelimit.New(5*time.Second, 300, time.Now)
	}
	router, err := web.New(o)
	if err != nil {
		return err
	}
	router.Mount("/static/", bundle)
	router.AddReadyCheck("database", a.db.Ping)
	router.AddReadyCheck("storage", web.AtMostEvery(time.Second, files.Check))
	router.AddReadyCheck("running", a.checkRunning)
	if a.servers != nil {
		router.AddDegradedCheck("redis", a.servers.adapter.Check)
	}
	router.Metrics(a.metrics(), a.cfg.MetricsToken)
	for _, m := range a.modules.All() {
		if routes, ok := m.(module.Routes); ok {
			routes.Routes(router)
		}
		if keeper, ok := m.(module.Gatekeeper); ok {
			a.gatekeepers = append(a.gatekeepers, keeper)
		}
		if sockets, ok := m.(module.Sockets); ok {
			sockets.Sockets(a.realtime)
		}
	}
	if err := router.CheckAudiences(); err != nil {
		return err
	}
	a.router = router
	pagesHandler, err := router.Handler()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", a.realtime.Handler(a.modules.Auth.SocketAuth()))
	mux.Handle("/", pagesHandler)
	a.handler = web.Guard(a.refused, web.Block(a.refused, web.ClientAddr(a.cfg.TrustedProxies), a.isBlocked, mux))
	return nil
}

// isBlocked reports whether a module keeps an address away.
func (a *app) isBlocked(address string) bool {
	return slices.ContainsFunc(a.gatekeepers, func(g module.Gatekeeper) bool { return g.Blocks(address) })
}

func (a *app) metrics() prometheus.Gatherer {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), a.realtime.Collector(), a.mail.Collector(), a.refused.Collector())
	if a.servers != nil {
		registry.MustRegister(a.servers.collectors()...)
	}
	return registry
}

var errDraining = errors.New("the server is stopping")

func (a *app) checkRunning(context.Context) error {
	if a.draining.Load() || a.realtime.Draining() {
		return errDraining
	}
	return nil
}

func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Run serves on the listener until ctx ends, then lets work in flight finish.
func (a *app) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: web.MaxHeaderBytes,
		ErrorLog:       slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	// Workers outlive the last request, since requests hand work to them.
	workers, stopWorkers := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorkers()
	group, groupCtx := errgroup.WithContext(workers)
	held := lease.New(a.db, a.log, "jobs")
	group.Go(func() error { return held.Run(groupCtx) })
	group.Go(func() error { return held.While(groupCtx, a.jobs.Run) })
	for _, m := range a.modules.All() {
		if w, ok := m.(module.Worker); ok {
			group.Go(func() error { return w.Run(groupCtx) })
		}
		if j, ok := m.(module.Jobs); ok {
			group.Go(func() error { return held.While(a.jobs.Of(groupCtx, m.Name()), j.RunJobs) })
		}
	}
	group.Go(func() error { return held.While(groupCtx, a.objects.Run) })
	group.Go(func() error { return a.mail.Run(groupCtx) })
	group.Go(func() error { return a.settings.Run(groupCtx) })
	if a.servers != nil {
		group.Go(func() error { return a.servers.hints.Run(groupCtx) })
	}
	group.Go(func() error { releaseMemory(groupCtx); return nil })
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		err = a.drain(context.WithoutCancel(ctx), server)
	case <-groupCtx.Done():
		err = a.drain(context.WithoutCancel(ctx), server)
	}
	stopWorkers()
	return errors.Join(ignoreClosed(err), group.Wait())
}

// drain takes the server out of the balancer, sends sockets elsewhere and
// waits for what is in flight.
func (a *app) drain(ctx context.Context, server *http.Server) error {
	a.draining.Store(true)
	a.log.InfoContext(ctx, "stopping")
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	var over time.Duration
	if a.cfg.RedisURL != "" {
		over = drainSpread
	}
	return errors.Join(a.realtime.Drain(ctx, over), server.Shutdown(ctx))
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close lets go of the database and the folders. It may be called more than
// once.
func (a *app) Close() error {
	a.closeOnce.Do(func() {
		for _, c := range slices.Backward(a.closers) {
			a.closeErr = errors.Join(a.closeErr, c.Close())
		}
	})
	return a.closeErr
}
