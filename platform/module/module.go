// Package module says what a module is: a name, and whatever of the optional
// interfaces it needs. cmd/taskstack/modules.go lists the modules; nothing
// registers itself.
package module

import (
	"context"
	"io/fs"
	"log/slog"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/session"
	"taskstack.org/platform/storage"
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

// Worker is a module with work in the background. Run returns when ctx ends;
// an error ends the program.
type Worker interface {
	Run(ctx context.Context) error
}

// Locales is a module with texts: a file system with locales/en.json and
// locales/de.json.
type Locales interface{ Locales() fs.FS }

// Kit is what every module is given.
type Kit struct {
	DB       *db.DB
	Bus      *events.Bus
	Views    *views.Views
	Sessions *session.Store
	Realtime *realtime.Server
	Mail     *mail.Queue
	// Seal keeps secrets in the database that a copy of it does not give away.
	Seal    *seal.Sealer
	Storage storage.Storage
	Log     *slog.Logger
	// Refused counts what limits refuse; nil counts nothing.
	Refused *refused.Counter
	// Now is the clock; transactions have their own db.Now.
	Now func() time.Time
	// PublicURL is the address people use, without a slash at the end.
	PublicURL string
	// Development is true on a developer's machine.
	Development bool
	// RateLimit is false for tests and load runs.
	RateLimit bool
	// BcryptCost is the cost of new password hashes.
	BcryptCost int
	// ProjectQuota and TotalQuota are how many bytes of attachments one project
	// and the installation may have; 0 for no limit.
	ProjectQuota, TotalQuota int64
}
