package testenv

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// RedisServer is a Redis of one test.
type RedisServer struct {
	// URL is its address, redis://127.0.0.1:port; it stays over a restart.
	URL  string
	dir  string
	port int
	cmd  *exec.Cmd
}

// Redis starts a Redis server that keeps nothing on disk, on a free port of
// the loopback, and ends it with the test.
func Redis(t testing.TB) *RedisServer {
	t.Helper()
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	s := &RedisServer{URL: "redis://127.0.0.1:" + strconv.Itoa(port), dir: t.TempDir(), port: port}
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
	s.cmd = exec.Command(program, "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--save", "", // Stop ends it.
		"--appendonly", "no", "--dir", s.dir, "--logfile", filepath.Join(s.dir, "log"), "--daemonize", "no")
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
