// Package module says what a module is: a name, and whatever of the optional
// interfaces it needs. internal/wiring lists the modules; nothing
// registers itself.
package module

import (
	"context"
	"io/fs"
	"log/slog"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/events"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/push"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/session"
	"taskstack.org/platform/settings"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// Module is a domain package wired into the binary.
type Module interface {
	// Name is the module's folder name.
	Name() string
}

// Routes is a module with HTTP routes.
type Routes interface{ Routes(r *web.Router) }

// Sockets is a module with Socket.IO events.
type Sockets interface{ Sockets(rt *realtime.Server) }

// Worker is a module with work in the background that every server does. Run
// returns when ctx ends; an error ends the program.
type Worker interface {
	Run(ctx context.Context) error
}

// Jobs is a module with work in the background that one of several servers does:
// deleting what is old, filling an index. When that server dies, another one takes
// over within half a minute, so jobs begin with what is due. RunJobs returns when ctx
// ends; an error ends the program. Administrators see each Repeat in it, with its last
// run, and can ask for one at once.
type Jobs interface {
	RunJobs(ctx context.Context) error
}

// Gatekeeper is a module that keeps addresses of clients away from the whole program.
// Blocks is asked for every request, and must not query the database.
type Gatekeeper interface{ Blocks(address string) bool }

// Locales is a module with texts: a file system with locales/en.json and
// locales/de.json.
type Locales interface{ Locales() fs.FS }

// Host is a module that collects something from others, such as each module's
// part of an export: Connect is called once with all modules, before any route
// is registered. The host asks each for an interface of its own.
type Host interface{ Connect(all []Module) }

// Site is what pages say about this server.
type Site struct {
	Operator config.Operator
	// Mail is how mails leave: config.MailOutbox, MailSMTP or MailSES.
	Mail string
	// SessionCookie is the name of the cookie that keeps people logged in.
	SessionCookie string
	// DeviceCookie is the name of the cookie that marks a known browser.
	DeviceCookie string
}

// Deps is what every module may use: the database, the bus, views, the clock.
type Deps struct {
	DB       *db.DB
	Bus      *events.Bus
	Views    *views.Views
	Sessions *session.Store
	Realtime *realtime.Server
	Mail     *mail.Queue
	// Outbox holds mails on a development server; nil where mails are really sent.
	Outbox *mail.Outbox
	Site   Site
	// Seal keeps secrets in the database that a copy of it does not give away.
	Seal *seal.Sealer
	// Objects are the uploaded files.
	Objects *objects.Store
	Log     *slog.Logger
	// Server is the name of this server, which tells it from others of the installation.
	Server string
	// Version is that of the program.
	Version string
	// Settings are what administrators change while the program runs; nil gives the
	// defaults. Configuration is the environment as people may see it.
	Settings      *settings.Store
	Configuration []config.Line
	// Jobs notes the runs of Jobs.
	Jobs *jobs.Runner
	// Examine finds out what is wrong around the server, as `taskstack doctor` does; nil
	// where no server runs.
	Examine func(ctx context.Context) ([]doctor.Finding, error)
	// Refused counts what limits refuse; nil counts nothing.
	Refused *refused.Counter
	// Push sends to browsers; nil where the operator has turned that off.
	Push *push.Sender
	// Now is the clock; transactions have their own db.Now.
	Now func() time.Time
	// PublicURL is the address people use, without a slash at the end.
	PublicURL string
	// Development is true on a developer's machine.
	Development bool
	// RateLimit is false for tests and load runs.
	RateLimit bool
	// SharedLimits makes limits hold over all servers; nil for a single one.
	SharedLimits ratelimit.Shared
	// BcryptCost is the cost of new password hashes.
	BcryptCost int
	// ProjectQuota and TotalQuota are how many bytes of attachments one project
	// and the installation may have; 0 for no limit.
	ProjectQuota, TotalQuota int64
	// MaxFiles is how many attachments a list or card may have, MaxFileSize how many
	// bytes each; 0 for the default of module files.
	MaxFiles    int
	MaxFileSize int64
}
