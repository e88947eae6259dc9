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
)

// maxBody bounds a request's body; forms are small, and files come through
// sockets.
const maxBody = 1 << 20

// maxMultipart bounds a form with a picture.
const maxMultipart = 12 << 20

// requestLog writes one line per request and gives it an id, which every other
// line of the request carries too.
func (r *Router) requestLog(g *gin.Context) {
	id := rand.Text()[:12]
	g.Header("X-Request-Id", id)
	ctx, statements := db.CountStatements(logs.With(g.Request.Context(), slog.String("request", id)))
	g.Request = g.Request.WithContext(ctx)
	start := time.Now()
	g.Next()
	r.opts.Log.InfoContext(g.Request.Context(), "request",
		"method", g.Request.Method, "path", pathForLog(g), "status", g.Writer.Status(), "took", time.Since(start),
		"statements", statements.Load(), "bytes", g.Writer.Size(), "address", g.ClientIP())
}

// pathForLog leaves out what opens a door to whoever reads it: codes of
// invitations and cases of verifications and resets.
func pathForLog(g *gin.Context) string {
	path := g.Request.URL.Path
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
		"img-src " + static + " data: blob: https:", "connect-src 'self'", "form-action 'self'",
		"frame-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "manifest-src 'self'",
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
	if err := r.csrf.Check(g.Request); err != nil {
		r.refuse(g, errs.Because(errs.Forbidden, err))
		return
	}
	g.Next()
}

func (r *Router) limitRequests(g *gin.Context) {
	if wait, ok := r.opts.Requests.Take(g.ClientIP()); !ok {
		r.opts.Refused.Add(g.Request.Context(), "requests_address", slog.String("address", g.ClientIP()))
		r.refuse(g, &errs.Error{Kind: errs.RateLimited, RetryAfter: wait})
		return
	}
	g.Next()
}

func (r *Router) limitBody(g *gin.Context) {
	limit := int64(maxBody)
	if strings.HasPrefix(g.ContentType(), "multipart/") {
		limit = maxMultipart
	}
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, limit)
	g.Next()
}

func (r *Router) refuse(g *gin.Context, err error) {
	r.answer(&Context{Context: g, router: r}, err)
	g.Abort()
}
