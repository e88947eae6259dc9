package contract_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
)

// timeout bounds what a loaded machine may take; nothing waits for so long
// unless it is broken.
const timeout = 20 * time.Minute

// TestContract runs all *.test.mjs against the binary, on both databases at
// the same time.
func TestContract(t *testing.T) {
	scripts := findScripts(t)
	binary := build(t)
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": testenv.SQLite, "mariadb": testenv.MariaDB} {
		if only := os.Getenv(testenv.OnlyVariable); only != "" && only != name {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, binary, fresh(t))
			args := append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec"}, scripts...)
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			cmd := exec.CommandContext(ctx, "node", args...)
			cmd.Env = append(os.Environ(),
				"CONTRACT_URL="+s.url, "CONTRACT_LOG="+s.log, "CONTRACT_BINARY="+binary,
				// For tests that start and stop servers of their own.
				"CONTRACT_EMPTY_DATABASES="+fresh(t)+" "+fresh(t))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

// findScripts fails where what they need is missing: nothing is skipped.
func findScripts(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatalf("node is not installed; run `make test`, which installs what the tests need: %v", err)
	}
	for _, client := range []string{"socket.io-client-2", "socket.io-client-4"} {
		if _, err := os.Stat(filepath.Join("..", "platform", "socketio", "clienttest", "node_modules", client)); err != nil {
			t.Fatalf("the official clients are not installed; run `make test-packages`: %v", err)
		}
	}
	scripts, err := filepath.Glob("*.test.mjs")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	return scripts
}

// program is the binary under test, built once for all tests of this process.
type program struct {
	once sync.Once
	dir  string
	err  error
}

var built program // See program.

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir) // The system's temporary folder.
	}
	os.Exit(code)
}

// build returns the path of the binary.
func build(t *testing.T) string {
	t.Helper()
	noteSources(t)
	built.once.Do(func() { built.err = built.make() })
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path()
}

func (p *program) path() string { return filepath.Join(p.dir, "taskstack") }

func (p *program) make() (err error) {
	if p.dir, err = os.MkdirTemp("", "taskstack-contract-"); err != nil {
		return err
	}
	// Compiled as `make build` does it: what is compiled once serves both.
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", p.path(), "../cmd/taskstack")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	return nil
}

// noteSources looks at every file the binary and the scripts are made of: `go
// test` keeps results, and knows only of what this process itself has looked at.
func noteSources(t *testing.T) {
	t.Helper()
	for _, dir := range []string{".", "../cmd", "../migrations", "../modules", "../platform", "../static", "../templates", "../go.sum"} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// server is a running taskstack with the people of the demo data.
type server struct{ url, log string }

// start fills the database and serves it until the test ends.
func start(t *testing.T, binary, uri string) server {
	t.Helper()
	dir := t.TempDir()
	addr := freeAddr(t)
	s := server{url: "http://" + addr, log: filepath.Join(dir, "log")}
	env := append(os.Environ(),
		"TASKSTACK_DATA_DIR="+filepath.Join(dir, "data"), "TASKSTACK_DB_URI="+uri,
		"TASKSTACK_ADDR="+addr, "TASKSTACK_PUBLIC_URL="+s.url,
		"TASKSTACK_RATE_LIMIT=off", "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_LOG_LEVEL=debug")
	demo := exec.CommandContext(t.Context(), binary, "demo")
	demo.Env, demo.Dir = env, dir
	if out, err := demo.CombinedOutput(); err != nil {
		t.Fatalf("taskstack demo: %v\n%s", err, out)
	}
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	// Not t.Context: its end would kill the server, which is to stop by itself.
	serve := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "serve")
	serve.Env, serve.Dir, serve.Stderr = env, dir, log
	stdout, err := serve.StdoutPipe()
	if err == nil {
		err = serve.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(serve.Process.Signal(syscall.SIGTERM), serve.Wait(), log.Close())
		if text := faults(s.log); err != nil || text != "" {
			t.Errorf("the server stopped with %v; what it logged as errors:\n%s", err, text)
		}
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		text, _ := os.ReadFile(s.log)
		t.Fatalf("the server did not start: %v %s\n%s", err, line, text)
	}
	return s
}

// faults are the lines of the log that report an error: no client may cause
// one, whatever it sends.
func faults(log string) string {
	text, err := os.ReadFile(log)
	if err != nil {
		return err.Error()
	}
	var lines strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") {
			fmt.Fprint(&lines, line)
		}
	}
	return lines.String()
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return addr
}
