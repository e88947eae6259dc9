package refused_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strconv"
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
	c.Func("logins")("")
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
	c.Func("logins")("")
	c.Include(func() map[string]uint64 { return nil })
	if len(c.Totals()) != 0 {
		t.Error("nothing was counted, and something is there")
	}
}

// TestRecentRefusalsNameTheirSender: people by id and addresses, the newest first, bounded
// in sum; other keys, such as typed names, are not kept.
func TestRecentRefusalsNameTheirSender(t *testing.T) {
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := refused.New(slog.New(slog.DiscardHandler), func() time.Time { return clock })
	for _, key := range []string{"12", "12", "user:12", "192.0.2.1", "address:2001:db8::/64", "ana@example.org", "", "0"} {
		c.Func("logins")(key)
		clock = clock.Add(time.Second)
	}
	c.Add(t.Context(), "bodies", slog.String("address", "192.0.2.9"))
	want := []refused.Recent{
		{Limit: "bodies", Address: "192.0.2.9", Count: 1, At: clock},
		{Limit: "logins", Address: "2001:db8::/64", Count: 1, At: clock.Add(-4 * time.Second)},
		{Limit: "logins", Address: "192.0.2.1", Count: 1, At: clock.Add(-5 * time.Second)},
		{Limit: "logins", UserID: 12, Count: 3, At: clock.Add(-6 * time.Second)},
	}
	if got := c.Recent(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	for i := range 2000 {
		clock = clock.Add(time.Second)
		c.Func("searches")(strconv.Itoa(i + 1))
	}
	if got := c.Recent(); len(got) != 500 || got[0].UserID != 2000 || got[499].UserID != 1501 {
		t.Errorf("%d are kept, from %+v", len(got), got[0])
	}
	var none *refused.Counter
	if none.Func("x")("1"); len(none.Recent()) != 0 {
		t.Error("a nil counter keeps something")
	}
}
