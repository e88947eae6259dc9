// Package web is the HTTP side shared by all modules: the router, what happens
// around every request, and the one place where an error becomes an answer.
package web

import (
	"context"
	"errors"
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

// Options of New. Views, Sessions, Log and Authenticate are required.
type Options struct {
	Views    *views.Views
	Sessions *session.Store
	Log      *slog.Logger
	// Authenticate finds who sends a request: it returns nil for a visitor and may
	// add to the request's context. It runs before every handler, whatever the
	// order in which routes are registered; only health and metrics go without.
	Authenticate func(c *Context) (*views.Viewer, error)
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
	// Timeout is how long a client may neither send nor receive anything while
	// its request is served; zero for 20 seconds.
	Timeout time.Duration
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
	firstSegments []string // once there is a handler
	engine        *gin.Engine
	opts          Options
	// audiences are those of the routes, by name.
	audiences map[string]Audience
	csrf      *http.CrossOriginProtection
	nav       []views.NavItem
	ready     []readyCheck
	// origin reports whether the header Origin names a page of ours.
	origin func(r *http.Request) bool
	// address finds the client's address.
	address func(r *http.Request) string
	places  *places
	// uploads are forms with a file that are under way.
	uploads *places
	plain   sync.Map // language and status → error page
	errors  *logs.Sampler
	// countBadge counts the badge of all pages; nil for no badge.
	countBadge func(ctx context.Context, userID int64) (int, error)
	// guard is asked before a POST route; nil for no guard.
	guard func(ctx context.Context) error
	// banners are what modules tell everyone.
	banners []func(lang string) []views.Banner
}

// New makes a router with everything that happens around every request.
func New(o Options) (*Router, error) {
	if o.Authenticate == nil {
		return nil, errors.New("web.Options.Authenticate is missing: every request would be a visitor's; pass that of the module auth, or web.NoViewer in a test")
	}
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	gin.SetMode(gin.ReleaseMode)
	r := &Router{
		engine: gin.New(), opts: o, audiences: map[string]Audience{}, csrf: http.NewCrossOriginProtection(),
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
	r.engine.NoRoute(r.authenticated(notFound))
	r.engine.NoMethod(r.authenticated(methodNotAllowed))
	r.health()
	r.manifest()
	r.texts()
	return r, nil
}

// GET registers a page or JSON route; it answers HEAD as well.
func (r *Router) GET(path string, h Handler, options ...RouteOption) {
	r.declare(http.MethodGet+" "+path, options)
	r.engine.GET(path, r.authenticated(h))
	r.engine.HEAD(path, r.authenticated(h))
}

// POST registers a route that changes something. A signed-in person's request
// has to carry the anti-CSRF token of the login: form field or JSON key
// "token", or header X-Token; otherwise it is StaleToken and h does not run.
func (r *Router) POST(path string, h Handler, options ...RouteOption) {
	post := r.declare(http.MethodPost+" "+path, options).post
	r.engine.POST(path, r.authenticated(r.guarded(checked(h, post), post)))
}

// GuardPosts asks guard before each POST route that has not WhileReadOnly; its error is
// the answer. Only while wiring.
func (r *Router) GuardPosts(guard func(ctx context.Context) error) { r.guard = guard }

func (r *Router) guarded(h Handler, p postRoute) Handler {
	return func(c *Context) error {
		if r.guard != nil && !p.whileReadOnly {
			if err := r.guard(c.Ctx()); err != nil {
				return err
			}
		}
		return h(c)
	}
}

// Mount serves everything below prefix by a plain handler, without sessions.
func (r *Router) Mount(prefix string, h http.Handler) {
	r.declare(http.MethodGet+" "+prefix+"*file", []RouteOption{Everyone})
	r.engine.GET(prefix+"*file", gin.WrapH(h))
	r.engine.HEAD(prefix+"*file", gin.WrapH(h))
}

// CountBadge registers the count of a person's notifications, for the badge in the
// header. Without one, the header has no badge.
func (r *Router) CountBadge(count func(ctx context.Context, userID int64) (int, error)) {
	r.countBadge = count
}

// AddBanners registers what a module tells everyone at the top of every page. It is
// called for every page, and must not query the database.
func (r *Router) AddBanners(of func(lang string) []views.Banner) { r.banners = append(r.banners, of) }

// AddNavItem adds an entry to the account menu of every page.
func (r *Router) AddNavItem(item views.NavItem) { r.nav = append(r.nav, item) }

// FirstSegments are the first path segments of all routes: names no user may
// have, since a user's pages live at /⟨name⟩ (contract, http.md section 5).
func (r *Router) FirstSegments() []string {
	if r.firstSegments == nil {
		return r.readFirstSegments()
	}
	return r.firstSegments
}

func (r *Router) readFirstSegments() []string {
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

// Development reports whether this is a development server.
func (r *Router) Development() bool { return r.opts.Development }

// Handler is the finished HTTP handler, with compression.
func (r *Router) Handler() (http.Handler, error) {
	// Random padding keeps the length of a compressed page from disclosing to an
	// attacker what is in it (BREACH). An empty board is 18.3 KB by gzip 5 in 0.44 ms of
	// CPU, and 20.5 KB by the fastest zstd in 0.48.
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(512), gzhttp.EnableZstd(false), gzhttp.CompressionLevel(5), gzhttp.RandomJitter(32, 0, false), gzhttp.ContentTypeFilter(worthCompressing))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	// The engine changes its routes at the first request, so nothing reads them afterwards.
	r.firstSegments = r.readFirstSegments()
	compressed := wrap(r.engine)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		newBody(w, req, maxBody, r.opts.Timeout)
		s, req := newSender(w, req, r.opts.Timeout)
		defer s.discard()
		compressed.ServeHTTP(s, req)
		s.finish()
	}), nil
}

// worthCompressing leaves out what is compressed already. gzhttp does not know fonts.
func worthCompressing(contentType string) bool {
	return gzhttp.DefaultContentTypeFilter(contentType) && !strings.HasPrefix(contentType, "font/")
}

// NoViewer authenticates every request as a visitor's, for tests.
func NoViewer(*Context) (*views.Viewer, error) { return nil, nil }

type viewerKey struct{}

// viewerFrom returns the viewer of a request that was authenticated; nil for a
// visitor.
func viewerFrom(ctx context.Context) *views.Viewer {
	v, _ := ctx.Value(viewerKey{}).(*views.Viewer)
	return v
}

// authenticated finds the viewer before h runs.
func (r *Router) authenticated(h Handler) gin.HandlerFunc {
	return r.wrap(func(c *Context) error {
		v, err := r.opts.Authenticate(c)
		if err != nil {
			return err
		}
		if v != nil {
			c.SetCtx(context.WithValue(c.Ctx(), viewerKey{}, v))
		}
		return h(c)
	})
}

// public registers a route for machines, without authentication.
func (r *Router) public(path string, h Handler) {
	r.declare(http.MethodGet+" "+path, []RouteOption{Everyone})
	r.engine.GET(path, r.wrap(h))
	r.engine.HEAD(path, r.wrap(h))
}

func (r *Router) wrap(h Handler) gin.HandlerFunc {
	return func(g *gin.Context) {
		c := &Context{Context: g, router: r}
		if err := h(c); err != nil {
			r.answer(c, err)
		}
	}
}
