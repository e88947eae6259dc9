package web

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"taskstack.org/platform/errs"
)

// readyTimeout bounds one readiness check.
const readyTimeout = 2 * time.Second

type readyCheck struct {
	name  string
	check func(ctx context.Context) error
}

// AddReadyCheck adds something that must work for this server to be given
// traffic.
func (r *Router) AddReadyCheck(name string, check func(ctx context.Context) error) {
	r.ready = append(r.ready, readyCheck{name, check})
}

// health answers /healthz while the process lives, and /readyz while everything
// it needs answers too.
func (r *Router) health() {
	r.GET("/healthz", func(c *Context) error {
		return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
	})
	r.GET("/readyz", func(c *Context) error {
		status, checks := http.StatusOK, map[string]string{}
		for _, rc := range r.ready {
			ctx, cancel := context.WithTimeout(c.Ctx(), readyTimeout)
			err := rc.check(ctx)
			cancel()
			checks[rc.name] = "ok"
			if err != nil {
				// The reason may name addresses: it belongs in the log.
				r.opts.Log.WarnContext(c.Ctx(), "not ready", "check", rc.name, "error", err)
				status, checks[rc.name] = http.StatusServiceUnavailable, "failed"
			}
		}
		return c.JSON(status, map[string]any{"checks": checks})
	})
}

// Metrics serves /metrics to the machine itself, and to whoever brings the
// token as a bearer token.
func (r *Router) Metrics(g prometheus.Gatherer, token string) {
	handler := promhttp.HandlerFor(g, promhttp.HandlerOpts{})
	r.GET("/metrics", func(c *Context) error {
		if !r.mayReadMetrics(c, token) {
			return errs.Of(errs.NotFound)
		}
		handler.ServeHTTP(c.Writer, c.Request)
		return nil
	})
}

func (r *Router) mayReadMetrics(c *Context, token string) bool {
	given, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if ok && token != "" {
		return subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	// Behind a proxy on the same machine everybody seems local, so what a
	// proxy passed on does not count.
	ip := net.ParseIP(c.RemoteIP())
	return ip != nil && ip.IsLoopback() && c.GetHeader("X-Forwarded-For") == ""
}
