package s3

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"
)

// defaultSilence is how long a connection may stand still. The deadline moves with
// every byte: a large file on a slow line takes as long as it needs.
const defaultSilence = 30 * time.Second

// idleConnections is how many connections are kept for later requests.
const idleConnections = 32

// impatient makes the connections of a transport fail when they stand still.
func impatient(silence time.Duration) func(*http.Transport) {
	silence = cmp.Or(silence, defaultSilence)
	dialer := &net.Dialer{Timeout: silence}
	return func(t *http.Transport) {
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &impatientConn{Conn: c, silence: silence}, nil
		}
		t.MaxIdleConnsPerHost, t.IdleConnTimeout = idleConnections, silence
	}
}

// impatientConn fails when nothing was read or written for some time.
type impatientConn struct {
	net.Conn
	silence time.Duration
}

func (c *impatientConn) Read(p []byte) (int, error) {
	if err := c.extend(); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *impatientConn) Write(p []byte) (int, error) {
	if err := c.extend(); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// extend moves both deadlines: while a request is written, its response is
// already waited for.
func (c *impatientConn) extend() error { return c.SetDeadline(time.Now().Add(c.silence)) }
