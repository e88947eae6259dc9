// Package web is the HTTP side shared by all modules: the router, what happens
// around every request, and the one place where an error becomes an answer.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
)

// Handler answers one request. An error it returns is answered by the router.
type Handler func(c *Context) error

// Options of New. Views, Sessions and Log are required.
type Options struct {
	Views    *views.Views
	Sessions *session.Store
	Log      *slog.Logger
	// Development shows the outbox and the components page, and switches off
	// what needs https.
	Development bool
	// PublicURL is the address people use; its origin is trusted.
	PublicURL string
	// AllowedOrigins are further origins that may send forms and open sockets.
	AllowedOrigins []string
	// TrustedProxies are addresses or networks whose X-Forwarded-For counts.
	TrustedProxies []string
	// AssetOrigin is the foreign origin that static files come from, if any.
	AssetOrigin string
	// Patience is how long a client may neither send nor take anything while
	// its request is served; zero for 20 seconds.
	Patience time.Duration
	// Requests limits requests per client address; nil for no limit.
	Requests *ratelimit.Limiter
	// VisitorLines bounds the lines in the log per address that is not signed
	// in; nil for no limit.
	VisitorLines *ratelimit.Limiter
	// Refused counts what limits refuse; nil counts nothing.
	Refused *refused.Counter
}

// Router takes the modules' routes.
type Router struct {
	engine *gin.Engine
	opts   Options
	csrf   *http.CrossOriginProtection
	nav    []views.NavItem
	viewer func(ctx context.Context) *views.Viewer
	ready  []readyCheck
	// origin tells whether the header Origin names a page of ours.
	origin func(r *http.Request) bool
	// address finds the client's address.
	address func(r *http.Request) string
	places  *places
	// uploads are forms with a file that are under way.
	uploads *places
	plain   sync.Map // language and status → error page
	errors  *logs.Sampler
	// countNews fills the badge of all pages; nil for no badge.
	countNews func(ctx context.Context, userID int64) (int, error)
}

// New makes a router with everything that happens around every request.
func New(o Options) (*Router, error) {
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	gin.SetMode(gin.ReleaseMode)
	r := &Router{
		engine: gin.New(), opts: o, csrf: http.NewCrossOriginProtection(),
		origin: CheckOrigin(append([]string{o.PublicURL}, o.AllowedOrigins...)), address: ClientAddr(o.TrustedProxies),
		places: newPlaces("heavy_pages", placesInAll(), o.Refused), uploads: newPlaces("uploads", uploadsInAll, o.Refused), errors: logs.NewSampler(o.Log, time.Now, errorLines),
	}
	r.engine.RedirectTrailingSlash = false
	r.engine.HandleMethodNotAllowed = true
	r.engine.UseRawPath = false
	// Context.ClientIP has the one rule for addresses; gin's own asks no header.
	if err := r.engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	for _, origin := range append([]string{o.PublicURL}, o.AllowedOrigins...) {
		if origin == "" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil {
			return nil, fmt.Errorf("origin %q: %w", origin, err)
		}
		if err := r.csrf.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("origin %q: %w", origin, err)
		}
	}
	// Nothing that a client sends is parsed before its requests are counted.
	r.engine.Use(r.requestLog, r.recovery, r.headers, r.limitRequests, o.Sessions.Middleware(), r.refuseCrossOrigin)
	r.engine.NoRoute(r.wrap(notFound))
	r.engine.NoMethod(r.wrap(methodNotAllowed))
	r.health()
	return r, nil
}

// GET registers a page or JSON route; it answers HEAD as well.
func (r *Router) GET(path string, h Handler) {
	r.engine.GET(path, r.wrap(h))
	r.engine.HEAD(path, r.wrap(h))
}

// POST registers a route that changes something. A signed-in person's request
// has to carry the anti-CSRF token of the login: form field or JSON key
// "token", or header X-Token; otherwise it is StaleToken and h does not run.
func (r *Router) POST(path string, h Handler, options ...PostOption) {
	r.engine.POST(path, r.wrap(checked(h, options)))
}

// Mount serves everything below prefix by a plain handler, without sessions.
func (r *Router) Mount(prefix string, h http.Handler) {
	r.engine.GET(prefix+"*file", gin.WrapH(h))
	r.engine.HEAD(prefix+"*file", gin.WrapH(h))
}

// Use adds something that happens before the handlers registered after it.
// What it returns as an error ends the request.
func (r *Router) Use(before Handler) {
	r.engine.Use(func(g *gin.Context) {
		c := &Context{Context: g, router: r}
		if err := before(c); err != nil {
			r.answer(c, err)
			g.Abort()
		}
	})
}

// IdentifyViewers tells the router how to find who looks at a page, in the
// context of a request.
func (r *Router) IdentifyViewers(viewer func(ctx context.Context) *views.Viewer) { r.viewer = viewer }

// CountNews tells the router how to count what is new for somebody: one
// statement per kind, since it is asked for every page.
func (r *Router) CountNews(count func(ctx context.Context, userID int64) (int, error)) {
	r.countNews = count
}

// AddNavItem adds an entry to the account menu of every page.
func (r *Router) AddNavItem(item views.NavItem) { r.nav = append(r.nav, item) }

// FirstSegments are the first path segments of all routes: names no user may
// have, since a user's pages live at /⟨name⟩ (contract, http.md section 5).
func (r *Router) FirstSegments() []string {
	seen := map[string]bool{}
	var all []string
	for _, route := range r.engine.Routes() {
		first, _, _ := strings.Cut(strings.TrimPrefix(route.Path, "/"), "/")
		if first != "" && first[0] != ':' && first[0] != '*' && !seen[first] {
			seen[first] = true
			all = append(all, first)
		}
	}
	return all
}

// Routes names all routes, such as "GET /login", in alphabetical order. HEAD,
// which every GET route answers, is not named.
func (r *Router) Routes() []string {
	var all []string
	for _, route := range r.engine.Routes() {
		if route.Method != http.MethodHead {
			all = append(all, route.Method+" "+route.Path)
		}
	}
	slices.Sort(all)
	return all
}

// LocalDevelopment makes a route for a developer's eyes only: on any other
// than a development server, and for requests that do not come from the machine
// itself, it does not exist.
func (r *Router) LocalDevelopment(h Handler) Handler {
	return func(c *Context) error {
		if !r.opts.Development || !fromThisMachine(c.Request) || !isLoopbackHost(c.Request.Host) {
			return errs.Of(errs.NotFound)
		}
		return h(c)
	}
}

// Development tells whether this is a development server.
func (r *Router) Development() bool { return r.opts.Development }

// Handler is the finished HTTP handler, with compression.
func (r *Router) Handler() (http.Handler, error) {
	// Random padding keeps the length of a compressed page from telling an
	// attacker what is in it (BREACH).
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(512), gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	compressed := wrap(r.engine)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		newBody(w, req, maxBody, r.opts.Patience)
		s, req := newSender(w, req, r.opts.Patience)
		defer s.discard()
		compressed.ServeHTTP(s, req)
		s.finish()
	}), nil
}

func (r *Router) wrap(h Handler) gin.HandlerFunc {
	return func(g *gin.Context) {
		c := &Context{Context: g, router: r}
		if err := h(c); err != nil {
			r.answer(c, err)
		}
	}
}
