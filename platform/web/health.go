package web

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"
	"sync"
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
	// optional reports that the server does its work without it.
	optional bool
}

// AddReadyCheck adds something that must work for this server to be given
// traffic.
func (r *Router) AddReadyCheck(name string, check func(ctx context.Context) error) {
	r.ready = append(r.ready, readyCheck{name: name, check: check})
}

// AddDegradedCheck adds something that this server can do without for a while:
// /readyz says "degraded" while it fails, and the server keeps its traffic. The
// check logs its failures itself.
func (r *Router) AddDegradedCheck(name string, check func(ctx context.Context) error) {
	r.ready = append(r.ready, readyCheck{name: name, check: check, optional: true})
}

// health answers /healthz while the process lives, and /readyz while everything
// it needs answers too.
func (r *Router) health() {
	r.public("/healthz", func(c *Context) error {
		return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
	})
	r.public("/readyz", func(c *Context) error {
		checks, status := r.checkReady(c.Ctx())
		return c.JSON(status, map[string]any{"checks": checks})
	})
}

func (r *Router) checkReady(ctx context.Context) (checks map[string]string, status int) {
	status, checks = http.StatusOK, map[string]string{}
	for _, rc := range r.ready {
		err := checkWithin(ctx, rc)
		checks[rc.name] = "ok"
		switch {
		case err == nil:
		case rc.optional:
			checks[rc.name] = "degraded"
		default:
			// The reason may name addresses: it belongs in the log.
			r.errors.Log(ctx, slog.LevelWarn, "not ready", "not ready", slog.String("check", rc.name), slog.Any("error", err))
			status, checks[rc.name] = http.StatusServiceUnavailable, "failed"
		}
	}
	return checks, status
}

// AtMostEvery makes a readiness check that costs something, such as a write to
// the disk, run at most once per period; in between it has the last result.
func AtMostEvery(period time.Duration, check func(ctx context.Context) error) func(ctx context.Context) error {
	var (
		mu   sync.Mutex
		next time.Time
		last error
	)
	return func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		if time.Now().Before(next) {
			return last
		}
		// The result is not only for the client that happened to ask.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
		defer cancel()
		last, next = check(ctx), time.Now().Add(period)
		return last
	}
}

func checkWithin(ctx context.Context, rc readyCheck) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	return rc.check(ctx)
}

// Metrics serves /metrics: with a token to who brings it as a bearer token,
// without one to this machine only.
func (r *Router) Metrics(g prometheus.Gatherer, token string) {
	handler := promhttp.HandlerFor(g, promhttp.HandlerOpts{})
	r.public("/metrics", func(c *Context) error {
		if !mayReadMetrics(c, token) {
			return errs.Of(errs.NotFound)
		}
		handler.ServeHTTP(c.Writer, c.Request)
		return nil
	})
}

func mayReadMetrics(c *Context, token string) bool {
	if token == "" {
		return fromThisMachine(c.Request)
	}
	given, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
}
