package testenv

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// RedisServer is a Redis of one test.
type RedisServer struct {
	// URL is its address, redis://127.0.0.1:port; it stays over a restart.
	URL  string
	dir  string
	port int
	args []string
	cmd  *exec.Cmd
}

// Redis starts a Redis server that keeps nothing on disk, on a free port of
// the loopback, and ends it with the test. args are further options of
// redis-server.
func Redis(t testing.TB, args ...string) *RedisServer {
	t.Helper()
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	s := &RedisServer{URL: "redis://127.0.0.1:" + strconv.Itoa(port), dir: t.TempDir(), port: port, args: args}
	s.Start(t)
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// Start starts the server again after Stop, empty, at the same address, and
// waits until it answers.
func (s *RedisServer) Start(t testing.TB) {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("testenv: redis-server is not installed; run `make test`, which installs what the tests need")
	}
	s.cmd = exec.Command(program, append([]string{
		"--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--save", "", // Stop ends it.
		"--appendonly", "no", "--dir", s.dir, "--logfile", filepath.Join(s.dir, "log"), "--daemonize", "no",
	}, s.args...)...)
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("testenv: start redis-server: %v", err)
	}
	if err := s.awaitAnswer(t.Context()); err != nil {
		s.Stop(t)
		t.Fatalf("testenv: redis-server does not answer: %v", err)
	}
}

// Stop kills the server, as a crash would. Stopping a stopped one does nothing.
func (s *RedisServer) Stop(t testing.TB) {
	t.Helper()
	if s.cmd == nil {
		return
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Errorf("testenv: stop redis-server: %v", err)
	}
	_ = s.cmd.Wait() // Reports the kill.
	s.cmd = nil
}

// Pause stops the server with its connections open, until Resume.
func (s *RedisServer) Pause(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Resume ends Pause.
func (s *RedisServer) Resume(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *RedisServer) signal(t testing.TB, what os.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(what); err != nil {
		t.Fatalf("testenv: redis-server: %v", err)
	}
}

// Addr is the server's host and port.
func (s *RedisServer) Addr() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

// CLI runs one command by redis-cli and returns what it prints.
func (s *RedisServer) CLI(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("redis-cli", append([]string{"-p", strconv.Itoa(s.port), "-e"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("testenv: redis-cli %q: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// RedisCluster starts a Redis Cluster of masters without replicas and returns
// them. Its address is that of any, with the query cluster=true.
func RedisCluster(t testing.TB, masters int) []*RedisServer {
	t.Helper()
	nodes := make([]*RedisServer, masters)
	create := []string{"--cluster", "create"}
	for i := range nodes {
		// The port of the nodes' own connections is 10,000 higher by default, and
		// may be taken or beyond the last.
		port, err := freePort(t.Context())
		if err != nil {
			t.Fatalf("testenv: %v", err)
		}
		nodes[i] = Redis(t, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(port), "--cluster-node-timeout", "2000")
		create = append(create, nodes[i].Addr())
	}
	nodes[0].CLI(t, append(create, "--cluster-replicas", "0", "--cluster-yes")...)
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	for _, n := range nodes {
		for !strings.Contains(n.CLI(t, "cluster", "info"), "cluster_state:ok") {
			select {
			case <-ctx.Done():
				t.Fatal("testenv: the Redis Cluster does not come up")
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return nodes
}

func (s *RedisServer) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *RedisServer) ping(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(s.port))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // Nothing is in flight.
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	answer := make([]byte, len("+PONG"))
	if _, err := conn.Read(answer); err != nil || string(answer) != "+PONG" {
		return fmt.Errorf("answer %q: %w", answer, err)
	}
	return nil
}
