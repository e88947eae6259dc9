package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/netaddr"
)

const (
	// maxBody bounds a request's body; forms are small.
	maxBody = 64 << 10
	// maxMultipart bounds a form with a picture, of people who are signed in.
	maxMultipart = 12 << 20
	// maxFields bounds the fields of a form.
	maxFields = 1000
	// maxPathInLog bounds what a line says of the path.
	maxPathInLog = 256
	// errorLines is how many failures are logged in ten seconds.
	errorLines = 20
)

// unloggedKey marks requests that have no line of their own in the log.
const unloggedKey = "taskstack.org/unlogged"

// requestLog writes one line per request and gives it an id, which every other
// line of the request carries too.
func (r *Router) requestLog(g *gin.Context) {
	id := rand.Text()[:12]
	g.Header("X-Request-Id", id)
	ctx, statements := db.CountStatements(logs.With(g.Request.Context(), slog.String("request", id)))
	g.Request = g.Request.WithContext(ctx)
	start := time.Now()
	// net/http cleans up after the request it has made; the one that handlers
	// have parsed is a copy of it.
	defer func() {
		if form := g.Request.MultipartForm; form != nil {
			_ = form.RemoveAll() // nothing is kept in files; see Form
		}
	}()
	g.Next()
	if g.GetBool(unloggedKey) || !r.mayLog(g) {
		return
	}
	r.opts.Log.InfoContext(g.Request.Context(), "request",
		"method", logs.Cut(g.Request.Method, 16), "path", pathForLog(g), "status", g.Writer.Status(), "took", time.Since(start),
		"statements", statements.Load(), "bytes", g.Writer.Size(), "address", r.address(g.Request))
}

// mayLog reports whether a request gets a line. Visitors of one address have a
// budget of lines, so that none of them fills the disk.
func (r *Router) mayLog(g *gin.Context) bool {
	if viewerFrom(g.Request.Context()) != nil {
		return true
	}
	_, ok := r.opts.VisitorLines.Take(netaddr.Key(r.address(g.Request)))
	return ok
}

// pathForLog leaves out what would give access to a reader of the log: codes of
// invitations and cases of verifications and resets.
func pathForLog(g *gin.Context) string {
	path := g.Request.URL.Path
	if len(path) > maxPathInLog {
		path = logs.Cut(path, maxPathInLog)
	}
	for _, p := range g.Params {
		if p.Key == "code" || p.Key == "case" {
			path = strings.Replace(path, p.Value, "…", 1)
		}
	}
	return path
}

// recovery answers a panic as an internal error; the server goes on.
func (r *Router) recovery(g *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v) //nolint:forbidigo // net/http's own way to cut an answer short
		}
		r.answer(&Context{Context: g, router: r}, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		g.Abort()
	}()
	g.Next()
}

// headers are the security headers of every answer. Scripts, styles, fonts and
// sockets come from this site alone; nothing inline runs.
func (r *Router) headers(g *gin.Context) {
	static := "'self'"
	if r.opts.AssetOrigin != "" {
		static += " " + r.opts.AssetOrigin
	}
	h := g.Writer.Header()
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "script-src " + static, "style-src " + static, "font-src " + static,
		"img-src " + static + " data: blob: https:", "media-src 'self'", "connect-src 'self'", "form-action 'self'",
		"frame-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "manifest-src 'self'", "worker-src 'self'",
	}, "; "))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
	if !r.opts.Development && strings.HasPrefix(r.opts.PublicURL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	g.Next()
}

// refuseCrossOrigin stops forms that another site sends in a visitor's name.
func (r *Router) refuseCrossOrigin(g *gin.Context) {
	err := r.csrf.Check(g.Request)
	if err == nil && !r.originIsOurs(g.Request) {
		err = errOrigin
	}
	if err != nil {
		r.refuse(g, errs.Because(errs.Forbidden, err))
		return
	}
	g.Next()
}

var errOrigin = errors.New("the origin is another scheme of this host")

// originIsOurs compares the scheme too, which net/http's check does not: a page
// that came without TLS is not ours. Browsers that send Sec-Fetch-Site have
// compared it themselves.
func (r *Router) originIsOurs(req *http.Request) bool {
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return req.Header.Get("Origin") == "" || req.Header.Get("Sec-Fetch-Site") != "" || r.origin(req)
}

func (r *Router) limitRequests(g *gin.Context) {
	address := netaddr.Key(r.address(g.Request))
	if wait, ok := r.opts.Requests.Take(address); !ok {
		r.opts.Refused.Add(g.Request.Context(), "requests_address", slog.String("address", address))
		g.Set(unloggedKey, true)
		r.refuseCheaply(g, &errs.Error{Kind: errs.RateLimited, RetryAfter: wait})
		return
	}
	g.Next()
}

func (r *Router) refuse(g *gin.Context, err error) {
	r.answer(&Context{Context: g, router: r}, err)
	g.Abort()
}
