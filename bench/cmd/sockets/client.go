package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// client is a Socket.IO client of protocol 4 over a WebSocket, as small as it
// can be, so that the machine's time goes to the server.
type client struct {
	nc net.Conn
	br *bufio.Reader
}

// dial opens a WebSocket; sid is empty for a session of its own.
func dial(ctx context.Context, addr, sid string) (*client, error) {
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := nc.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	var key [16]byte
	_, _ = rand.Read(key[:])
	uri := "/socket.io/?EIO=3&transport=websocket"
	if sid != "" {
		uri += "&sid=" + sid
	}
	_, err = fmt.Fprintf(nc, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n", uri, addr, base64.StdEncoding.EncodeToString(key[:]))
	if err != nil {
		nc.Close()
		return nil, err
	}
	br := bufio.NewReaderSize(nc, 4096)
	answer, err := http.ReadResponse(br, nil)
	if err != nil {
		nc.Close()
		return nil, err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		nc.Close()
		return nil, fmt.Errorf("upgrade: %s", answer.Status)
	}
	return &client{nc: nc, br: br}, nil
}

// connectWebSocket opens a session and waits until it is in the main namespace.
func connectWebSocket(ctx context.Context, addr string) (*client, error) {
	c, err := dial(ctx, addr, "")
	if err != nil {
		return nil, err
	}
	if err := c.await("40"); err != nil {
		c.nc.Close()
		return nil, err
	}
	return c, c.nc.SetDeadline(time.Time{})
}

// read gives the next text message; it is valid until the next call.
func (c *client) read(buf []byte) ([]byte, error) {
	for {
		var h [2]byte
		if _, err := io.ReadFull(c.br, h[:]); err != nil {
			return nil, err
		}
		n := uint64(h[1] & 0x7f)
		switch n {
		case 126:
			var b [2]byte
			if _, err := io.ReadFull(c.br, b[:]); err != nil {
				return nil, err
			}
			n = uint64(binary.BigEndian.Uint16(b[:]))
		case 127:
			var b [8]byte
			if _, err := io.ReadFull(c.br, b[:]); err != nil {
				return nil, err
			}
			n = binary.BigEndian.Uint64(b[:])
		}
		if n > 1<<20 {
			return nil, errors.New("frame too long")
		}
		if uint64(cap(buf)) < n {
			buf = make([]byte, n)
		}
		buf = buf[:n]
		if _, err := io.ReadFull(c.br, buf); err != nil {
			return nil, err
		}
		switch h[0] & 0x0f {
		case 1, 2:
			return buf, nil
		case 8:
			return nil, errors.New("closed by the server")
		}
	}
}

// write sends a text message. The mask is zero, which the protocol allows.
func (c *client) write(text string) error {
	out := []byte{0x81, 0x80 | byte(len(text))}
	if len(text) > 125 {
		out = binary.BigEndian.AppendUint16([]byte{0x81, 0x80 | 126}, uint16(len(text)))
	}
	out = append(out, 0, 0, 0, 0)
	_, err := c.nc.Write(append(out, text...))
	return err
}

func (c *client) await(prefix string) error {
	var buf []byte
	for {
		p, err := c.read(buf)
		if err != nil {
			return fmt.Errorf("waiting for %q: %w", prefix, err)
		}
		if strings.HasPrefix(string(p), prefix) {
			return nil
		}
		buf = p[:0]
	}
}

// connectDefault does what an official client does by default: it opens a
// session by polling, and upgrades it to a WebSocket while a poll is waiting.
func connectDefault(ctx context.Context, hc *http.Client, addr string) (*client, error) {
	url := "http://" + addr + "/socket.io/?EIO=3&transport=polling"
	body, err := fetch(ctx, hc, url)
	if err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	start := bytes.IndexByte(body, '{')
	if start < 0 {
		return nil, fmt.Errorf("handshake: %q", body)
	}
	var open struct {
		SID string `json:"sid"`
	}
	if err := json.NewDecoder(bytes.NewReader(body[start:])).Decode(&open); err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	polls := make(chan error, 1)
	stop := make(chan struct{})
	go func() { polls <- poll(ctx, hc, url+"&sid="+open.SID, stop) }()
	c, err := dial(ctx, addr, open.SID)
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	if err := c.probe(stop, polls); err != nil {
		c.nc.Close()
		return nil, err
	}
	return c, nil
}

func (c *client) probe(stop chan struct{}, polls chan error) error {
	if err := c.write("2probe"); err != nil {
		return err
	}
	if err := c.await("3probe"); err != nil {
		return err
	}
	close(stop)
	if err := <-polls; err != nil {
		return fmt.Errorf("poll during the upgrade: %w", err)
	}
	if err := c.write("5"); err != nil {
		return err
	}
	if err := c.write(`420["hello"]`); err != nil {
		return err
	}
	return c.await("430")
}

// poll polls until it is stopped and its last request was answered.
func poll(ctx context.Context, hc *http.Client, url string, stop chan struct{}) error {
	for {
		if _, err := fetch(ctx, hc, url); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		default:
		}
	}
}

func fetch(ctx context.Context, hc *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := hc.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.100s", answer.Status, body)
	}
	return body, err
}
