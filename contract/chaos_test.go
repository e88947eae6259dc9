package contract_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
)

// TestChaos lets clients of both generations do what they like for a while, on
// both databases at the same time, and fails if one ends with another board than
// the server (chaos/run.mjs). CHAOS_DURATION is how long, 15s by default;
// CHAOS_SEED repeats what was done. `make chaos DURATION=10m SEED=7` sets both.
func TestChaos(t *testing.T) {
	findScripts(t)
	binary := build(t)
	duration, seed := chaosOptions(t)
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": testenv.SQLite, "mariadb": testenv.MariaDB} {
		if only := os.Getenv(testenv.OnlyVariable); only != "" && only != name {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx, cancel := context.WithTimeout(t.Context(), duration+timeout)
			defer cancel()
			cmd := exec.CommandContext(ctx, "node", "chaos/run.mjs")
			cmd.Env = append(os.Environ(), "CHAOS_BINARY="+binary, "CHAOS_DIR="+dir, "CHAOS_ADDR="+freeAddr(t), "CHAOS_DB="+fresh(t),
				fmt.Sprintf("CHAOS_SECONDS=%d", int(duration.Seconds())), "CHAOS_SEED="+seed)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("make chaos SEED=%s repeats what was done: %v\n%s", seed, err, out)
			}
			if text := faults(filepath.Join(dir, "log")); text != "" {
				t.Errorf("the server logged as errors:\n%s", text)
			}
			t.Logf("%s", out)
		})
	}
}

// chaosOptions are how long to go on, and the seed.
func chaosOptions(t *testing.T) (duration time.Duration, seed string) {
	t.Helper()
	duration, seed = 15*time.Second, strconv.FormatInt(time.Now().UnixMilli()%1_000_000, 10)
	if text := os.Getenv("CHAOS_DURATION"); text != "" {
		var err error
		if duration, err = time.ParseDuration(text); err != nil {
			t.Fatalf("CHAOS_DURATION: %v", err)
		}
	}
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		seed = text
	}
	return duration, seed
}

// TestServersChaos is TestChaos with three servers, or CHAOS_SERVERS, behind nginx
// with docker's configuration, one MariaDB and one Redis: servers are stopped and
// killed, Redis is killed, stopped and flushed, and one server is cut off from it.
// `make chaos SERVERS=4` runs it for longer.
func TestServersChaos(t *testing.T) {
	findScripts(t)
	binary := build(t)
	duration, seed := chaosOptions(t)
	servers := os.Getenv("CHAOS_SERVERS")
	if servers == "" {
		servers = "3"
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), duration+timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "chaos/run.mjs")
	cmd.Env = append(os.Environ(), "SERVERS_BINARY="+binary, "SERVERS_DIR="+dir, "SERVERS_DB="+testenv.MariaDB(t), "CHAOS_SERVERS="+servers,
		fmt.Sprintf("CHAOS_SECONDS=%d", int(duration.Seconds())), "CHAOS_SEED="+seed)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make chaos SERVERS=%s SEED=%s repeats what was done: %v\n%s", servers, seed, err, out)
	}
	checkServerLogs(t, dir)
	t.Logf("%s", out)
}

// checkServerLogs fails for errors that servers have logged.
func checkServerLogs(t *testing.T, dir string) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "server*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no logs of servers: %v", err)
	}
	for _, log := range logs {
		if text := faults(log); text != "" {
			t.Errorf("%s logged as errors:\n%s", filepath.Base(log), text)
		}
	}
}
