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
	duration, seed := 15*time.Second, strconv.FormatInt(time.Now().UnixMilli()%1_000_000, 10)
	if text := os.Getenv("CHAOS_DURATION"); text != "" {
		var err error
		if duration, err = time.ParseDuration(text); err != nil {
			t.Fatalf("CHAOS_DURATION: %v", err)
		}
	}
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		seed = text
	}
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": testenv.SQLite, "mariadb": testenv.MariaDB} {
		if only := os.Getenv(testenv.OnlyVariable); only != "" && only != name {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx, cancel := context.WithTimeout(t.Context(), duration+patience)
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
