package auth

import (
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/session"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the auth module.
type Module struct {
	*shared
	SignUps       *SignUps
	Passwords     *Passwords
	SecondFactors *SecondFactors
	Logins        *Logins
	Verifications *Verifications
	Resets        *Resets
	Audit         *Audit
	// Administration is what administrators of the site do with an account.
	Administration *Administration

	steps    *SecondSteps
	browsers *Browsers
	people   *accounts.Service
	sessions *session.Store
	greeters []Greeter
	arrivals []Arrival
}

// New wires auth; doc.go says what the module owns.
func New(deps module.Deps, a *accounts.Module) *Module {
	s := &shared{db: deps.DB, repo: newRepository(deps.DB), credentials: a.Credentials, bus: deps.Bus, log: deps.Log, seal: deps.Seal, policy: newPolicy(deps.Settings)}
	if deps.RateLimit {
		s.limits = newLimits(deps.Now, deps.Refused, deps.SharedLimits)
	}
	m := newServices(s, a.Service, newHasher(deps.BcryptCost, deps.Refused), deps.Mail, newMailWriter(deps.PublicURL, deps.Views.Catalogue))
	m.sessions, m.browsers.publicURL = deps.Sessions, deps.PublicURL
	events.On(deps.Bus, m.Logins.endOfDeleted)
	events.On(deps.Bus, m.deliverLoginEnded)
	return m
}

// newServices makes the services; each uses those before it.
func newServices(s *shared, people *accounts.Service, h *hasher, mails mailQueue, w *mailWriter) *Module {
	m := &Module{shared: s, people: people}
	m.Audit = &Audit{shared: s, mails: mails, writer: w}
	m.Logins = &Logins{shared: s, audit: m.Audit}
	m.browsers = &Browsers{shared: s}
	m.steps = &SecondSteps{shared: s, audit: m.Audit, logins: m.Logins, browsers: m.browsers}
	m.Passwords = &Passwords{shared: s, hasher: h, audit: m.Audit, logins: m.Logins, browsers: m.browsers, steps: m.steps}
	m.SecondFactors = &SecondFactors{shared: s, audit: m.Audit, logins: m.Logins, passwords: m.Passwords}
	m.Verifications = &Verifications{shared: s, audit: m.Audit, passwords: m.Passwords}
	m.Resets = &Resets{
		shared: s, hasher: h, audit: m.Audit, logins: m.Logins, browsers: m.browsers, steps: m.steps,
		requests: make(chan resetRequest, resetQueue),
	}
	m.Administration = &Administration{shared: s, audit: m.Audit, logins: m.Logins, resets: m.Resets}
	m.SignUps = &SignUps{shared: s, hasher: h, people: people, audit: m.Audit, logins: m.Logins, verifications: m.Verifications}
	return m
}

// Name is the folder's name.
func (m *Module) Name() string { return "auth" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the pages of sign-up, log-in, verification, reset and security.
func (m *Module) Routes(r *web.Router) {
	steps, resets, verifications := secondStepPages{m}, resetPages{m}, verificationPages{m}
	r.GET("/login", m.showLogin, web.Everyone)
	r.POST("/login", m.logIn, web.WithoutToken(), web.WhileReadOnly(), web.Everyone)
	r.GET(secondStepPath, steps.showSecondStep, web.Everyone)
	r.POST(secondStepPath, steps.secondStep, web.WithoutToken(), web.WhileReadOnly(), web.Everyone)
	r.GET("/forgot-password", resets.showForgot, web.Everyone)
	r.POST("/forgot-password", resets.forgot, web.WithoutToken(), web.Everyone)
	r.GET("/reset-password/:case", resets.showReset, web.Everyone)
	r.POST("/reset-password/:case", resets.reset, web.WithoutToken(), web.Everyone)
	r.POST("/logout", m.logOut, web.WhileReadOnly(), web.SignedIn)
	r.GET("/signup", m.showSignUp, web.Everyone)
	r.POST("/signup", m.signUp, web.WithoutToken(), web.Everyone)
	r.GET("/signup/name", m.nameFree, web.Everyone)
	r.GET("/verify-email/:case", verifications.showVerify, web.Everyone)
	r.POST("/verify-email/:case", verifications.verify, web.WithoutToken(), web.Everyone)
	r.POST("/verify-email/:case/resend", verifications.resend, web.WithoutToken(), web.Everyone)
	r.POST("/verify-email/:case/address", verifications.correctAddress, web.WithoutToken(), web.Everyone)
	securityPages{m}.routes(r)

	// A wrong method on a one-segment route is 404, not 405 (contract, http.md
	// section 1).
	r.GET("/logout", func(*web.Context) error { return errs.Of(errs.NotFound) }, web.Everyone)
}

var (
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ accounts.Exporting = (*Module)(nil)
)
