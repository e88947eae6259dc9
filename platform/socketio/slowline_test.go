package socketio_test

import (
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// TestUploadsOnASlowLine: what takes twice as long as a dead connection would
// be waited for arrives, with every official client, on every transport.
func TestUploadsOnASlowLine(t *testing.T) {
	h := newHost(t, socketio.Options{
		PingInterval: 500 * time.Millisecond, PingTimeout: 2 * time.Second,
		Limits: socketio.Limits{MaxPayload: 2 << 20},
	})
	cmd := exec.CommandContext(t.Context(), "node", "slowUpload.mjs")
	cmd.Dir = "clienttest"
	cmd.Env = append(os.Environ(), "SOCKETIO_URL=http://"+slowLine(t, h.addr()))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s%v", err, out, h.srv.Stats().Closed)
	}
}

// slowLine forwards connections; from the client come 100 KB a second on each.
func slowLine(t *testing.T, to string) (addr string) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	t.Cleanup(func() {
		_ = ln.Close() // ends the loop
		open.Wait()
	})
	open.Go(func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			server, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			open.Go(func() {
				_, _ = io.Copy(client, server) // ends when either has closed
				client.Close()
				server.Close()
			})
			open.Go(func() {
				for err == nil {
					if _, err = io.CopyN(server, client, 5000); err == nil {
						time.Sleep(50 * time.Millisecond)
					}
				}
				client.Close()
				server.Close()
			})
		}
	})
	return ln.Addr().String()
}
