package web

import (
	"context"
	"net/http"
	"time"
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
