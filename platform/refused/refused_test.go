package refused_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"taskstack.org/platform/refused"
)

func TestRefusalsAreCountedAndSampledPerLimit(t *testing.T) {
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var out bytes.Buffer
	c := refused.New(slog.New(slog.NewTextHandler(&out, nil)), func() time.Time { return clock })
	add := func(name string, n int) {
		for range n {
			c.Add(t.Context(), name, slog.String("address", "192.0.2.1"))
		}
	}
	lines := func() int { return strings.Count(out.String(), "\n") }
	add("logins", 1000)
	add("bodies", 1)
	if n := lines(); n != 2 {
		t.Errorf("%d lines for two limits:\n%s", n, out.String())
	}
	clock = clock.Add(9999 * time.Millisecond)
	add("logins", 1)
	if n := lines(); n != 2 {
		t.Errorf("a line within ten seconds:\n%s", out.String())
	}
	clock = clock.Add(time.Millisecond)
	c.Func("logins")()
	if n := lines(); n != 3 || !strings.Contains(out.String(), "unlogged=1000 limit=logins\n") {
		t.Errorf("after ten seconds the log is\n%s", out.String())
	}
	c.Include(func() map[string]uint64 { return map[string]uint64{"sockets": 7} })
	want := `
# HELP taskstack_refused_total What limits have refused, by limit; docs/limits.md lists them.
# TYPE taskstack_refused_total counter
taskstack_refused_total{limit="bodies"} 1
taskstack_refused_total{limit="logins"} 1002
taskstack_refused_total{limit="sockets"} 7
`
	registry := prometheus.NewRegistry()
	registry.MustRegister(c.Collector())
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

func TestNoCounterIgnoresRefusals(t *testing.T) {
	var c *refused.Counter
	c.Add(t.Context(), "logins")
	c.Func("logins")()
	c.Include(func() map[string]uint64 { return nil })
	if len(c.Totals()) != 0 {
		t.Error("nothing was counted, and something is there")
	}
}
