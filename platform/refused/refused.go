// Package refused counts what limits refuse, per limit, as one metric, and
// writes a sample of it into the log: an attack shows, and cannot fill the disk.
//
// docs/limits.md lists the limits with their names.
package refused

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"taskstack.org/platform/logs"
)

// Counter counts refusals per limit. A nil Counter ignores everything. It is
// safe for concurrent use.
type Counter struct {
	sampler *logs.Sampler
	now     func() time.Time

	mu     sync.Mutex
	limits map[string]uint64
	recent map[sender]*Recent
	more   []func() map[string]uint64
}

// New makes a counter that writes samples to log, by the clock now.
func New(log *slog.Logger, now func() time.Time) *Counter {
	return &Counter{sampler: logs.NewSampler(log, now, 1), now: now, limits: map[string]uint64{}, recent: map[sender]*Recent{}}
}

// Add counts one refusal by a limit. At most one refusal of a limit in ten
// seconds is logged, with attrs and the number of those in between. The name of
// a limit is a constant of the program, never what a client sends.
func (c *Counter) Add(ctx context.Context, name string, attrs ...slog.Attr) {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.limits[name]++
	for _, a := range attrs {
		if a.Key == "address" || a.Key == "client" {
			c.note(name, a.Value.String())
		}
	}
	c.mu.Unlock()
	c.sampler.Log(ctx, slog.LevelWarn, name, "refused by a limit", append([]slog.Attr{slog.String("limit", name)}, attrs...)...)
}

// Func returns a function that counts one refusal by a limit of a key, for limiters.
func (c *Counter) Func(name string) func(key string) {
	return func(key string) {
		c.Add(context.Background(), name)
		if c != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.note(name, key)
		}
	}
}

// FuncOfTyped is Func for keys that people type, such as names, which do not say who
// has sent them: no one is kept.
func (c *Counter) FuncOfTyped(name string) func(key string) {
	return func(string) { c.Add(context.Background(), name) }
}

// Include adds totals that are counted elsewhere, asked for with every
// collection. Only while wiring.
func (c *Counter) Include(totals func() map[string]uint64) {
	if c != nil {
		c.more = append(c.more, totals)
	}
}

// Totals returns the number of refusals by limit.
func (c *Counter) Totals() map[string]uint64 {
	all := map[string]uint64{}
	if c == nil {
		return all
	}
	for _, totals := range c.more {
		maps.Copy(all, totals())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range c.limits {
		all[name] += n
	}
	return all
}

// Collector returns the metric taskstack_refused_total{limit} for Prometheus.
func (c *Counter) Collector() prometheus.Collector {
	return collector{c, prometheus.NewDesc("taskstack_refused_total", "What limits have refused, by limit; docs/limits.md lists them.", []string{"limit"}, nil)}
}

type collector struct {
	counter *Counter
	desc    *prometheus.Desc
}

func (c collector) Describe(ch chan<- *prometheus.Desc) { ch <- c.desc }

func (c collector) Collect(ch chan<- prometheus.Metric) {
	for name, n := range c.counter.Totals() {
		ch <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, float64(n), name)
	}
}
