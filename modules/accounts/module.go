package accounts

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/session"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is accounts wired into the program.
type Module struct {
	*Service
	bus       *events.Bus
	sessions  *session.Store
	publicURL string
	home      web.Handler
	greeters  []Greeter
}

// New wires accounts; doc.go says what the module owns.
func New(k module.Kit) *Module {
	s := &Service{
		db: k.DB, repo: repository{k.DB}, bus: k.Bus, log: k.Log, cost: k.BcryptCost,
		mails: k.Mail, writer: newMailWriter(k.PublicURL, k.Views.Catalogue), storage: k.Storage,
		seal: k.Seal, resets: make(chan resetRequest, resetQueue),
		dummyHash: onceDummyHash(k.BcryptCost), hashes: newHashPlaces(k.Refused), refused: k.Refused,
	}
	if k.RateLimit {
		s.limits = newLimits(k.Now, k.Refused)
	}
	return &Module{Service: s, bus: k.Bus, sessions: k.Sessions, publicURL: k.PublicURL}
}

// Name is the module's folder.
func (m *Module) Name() string { return "accounts" }

// SetHome gives the start page of people who are signed in. Called once, while
// wiring.
func (m *Module) SetHome(home web.Handler) { m.home = home }

// ReserveNames adds names that nobody may have: the first segments of all
// routes. Called once, while wiring, after all modules have added theirs.
func (m *Module) ReserveNames(names []string) { m.routeNames = names }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes registers the routes, and before them what finds out who is there;
// so this module comes first.
func (m *Module) Routes(r *web.Router) {
	r.IdentifyViewers(viewer)
	r.Use(m.identify)

	r.GET("/", m.start)
	r.GET("/login", m.showLogin)
	r.POST("/login", m.logIn, web.WithoutToken())
	r.GET(secondStepPath, m.showSecondStep)
	r.POST(secondStepPath, m.secondStep, web.WithoutToken())
	r.GET("/forgot-password", m.showForgot)
	r.POST("/forgot-password", m.forgot, web.WithoutToken())
	r.GET("/reset-password/:case", m.showReset)
	r.POST("/reset-password/:case", m.reset, web.WithoutToken())
	r.POST("/logout", m.logOut)
	r.GET("/signup", m.showSignUp)
	r.POST("/signup", m.signUp, web.WithoutToken())
	r.GET("/signup/name", m.nameFree)
	r.GET("/verify-email/:case", m.showVerify)
	r.POST("/verify-email/:case", m.verify, web.WithoutToken())
	r.POST("/verify-email/:case/resend", m.resend, web.WithoutToken())
	r.POST("/verify-email/:case/address", m.mend, web.WithoutToken())
	r.POST("/language", m.setLanguage, web.WithoutToken())
	m.securityRoutes(r)

	// A wrong method on a one-segment route is 404, not 405 (contract,
	// http.md section 1).
	r.GET("/logout", notFound)
	r.GET("/language", notFound)
}

func notFound(*web.Context) error { return errs.Of(errs.NotFound) }

var ( // Guards: what the host will find when it asks.
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ Exporting = (*Module)(nil)
)
