package contract_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"taskstack.org/internal/testenv"
)

// TestServers runs servers/*.test.mjs: servers of the binary behind nginx with
// docker's configuration, one MariaDB and one Redis.
func TestServers(t *testing.T) {
	findScripts(t)
	scripts, err := filepath.Glob("servers/*.test.mjs")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	binary := build(t)
	dir, limits := t.TempDir(), t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec"}, scripts...)...)
	cmd.Env = append(os.Environ(), "SERVERS_BINARY="+binary, "SERVERS_DIR="+dir, "SERVERS_DB="+testenv.MariaDB(t),
		"SERVERS_DIR_LIMITS="+limits, "SERVERS_DB_LIMITS="+testenv.MariaDB(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkServerLogs(t, dir)
	checkServerLogs(t, limits)
}
