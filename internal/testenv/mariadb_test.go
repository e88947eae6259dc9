package testenv

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// TestSilentServerIsNotAwaited: the port of a crashed server may belong to a
// program that accepts connections and sends nothing.
func TestSilentServerIsNotAwaited(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	note := filepath.Join(t.TempDir(), "address")
	if err := os.WriteFile(note, []byte("mysql://taskstack:x@"+silent.Addr().String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if address, ok := notedMariaDB(t.Context(), note, 100*time.Millisecond); ok {
		t.Errorf("a silent program is taken for a server: %s", address)
	}
}

// TestTakenPortIsReported: a server that cannot have its port is given up
// because of its log, long before startPatience.
func TestTakenPortIsReported(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(log, []byte("[ERROR] Can't start server: Bind on TCP/IP port.\n[ERROR] Aborting\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = awaitMariaDB(t.Context(), "mysql://taskstack:x@"+taken.Addr().String(), log)
	if err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("got %v", err)
	}
}

// TestLeftoversAreRemoved: files of servers that do not run any more are deleted,
// those of running ones and everything else stays.
func TestLeftoversAreRemoved(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("server-1/data/ibdata1", "never started")
	write("server-2/pid", strconv.Itoa(os.Getpid())+"\n") // the number belongs to another program now
	write("users", "")
	if err := removeLeftovers(root); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "users" {
		t.Errorf("left: %v, %v", left, err)
	}
	sharedMariaDB(t) // so that there is a running one
	shared := filepath.Join(os.TempDir(), "taskstack-test-"+strconv.Itoa(os.Getuid()))
	if starting := flock.New(filepath.Join(shared, "starting")); starting.Lock() == nil {
		defer func() { _ = starting.Unlock() }()
	}
	dirs, err := filepath.Glob(filepath.Join(shared, "server-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if runs(dir) {
			return
		}
	}
	t.Errorf("none of %v counts as running", dirs)
}
