package testenv

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Link is a TCP proxy to a server, a line that a test can cut or slow down.
type Link struct {
	target   string
	listener net.Listener

	mu    sync.Mutex
	cut   bool
	delay time.Duration
	conns map[net.Conn]struct{}
	tasks sync.WaitGroup
}

// NewLink opens a link to a host and port; it ends with the test.
func NewLink(t testing.TB, target string) *Link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	l := &Link{target: target, listener: listener, conns: map[net.Conn]struct{}{}}
	l.tasks.Go(l.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		l.Cut()
		l.tasks.Wait()
	})
	return l
}

// Addr is the host and port to connect to.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Cut closes all connections and refuses new ones until Mend.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for c := range l.conns {
		_ = c.Close()
	}
}

// Mend ends Cut.
func (l *Link) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

// Delay makes everything that comes from the server arrive later.
func (l *Link) Delay(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = d
}

func (l *Link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.tasks.Go(func() { l.serve(near) })
	}
}

func (l *Link) serve(near net.Conn) {
	defer near.Close()
	if !l.add(near) {
		return
	}
	defer l.remove(near)
	far, err := net.Dial("tcp", l.target)
	if err != nil {
		return
	}
	defer far.Close()
	if !l.add(far) {
		return
	}
	defer l.remove(far)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(far, near) // ends with either side
		_ = far.Close()
	}()
	l.back(near, far)
	_ = near.Close()
	<-done
}

// back copies from the server, late if a delay is set.
func (l *Link) back(near, far net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := far.Read(buffer)
		l.mu.Lock()
		delay := l.delay
		l.mu.Unlock()
		time.Sleep(delay)
		if n > 0 {
			if _, err := near.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *Link) add(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	l.conns[c] = struct{}{}
	return true
}

func (l *Link) remove(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}
