package socketio_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// host is a server under test. Its times are short; what waits for one of them
// waits for an effect, never for an amount of time.
type host struct {
	t   *testing.T
	srv *socketio.Server
	url string
	hc  *http.Client
}

const (
	testInterval = 300 * time.Millisecond
	testTimeout  = 200 * time.Millisecond
	// giveUp is how long tests wait for what a busy machine may delay; only
	// what is broken waits for so long.
	giveUp = 2 * time.Minute
)

// newHost starts a server with the events of registerEvents in "/" and
// "/project". Nil: slow heartbeats, which do not disturb.
func newHost(t *testing.T, opt socketio.Options) *host {
	t.Helper()
	if opt.Ack == nil {
		opt.Ack = ackForTests
	}
	opt.KeepHandshake = true
	srv, err := socketio.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	registerEvents(srv.Of("/"))
	registerEvents(srv.Of("/project"))
	ts := httptest.NewServer(srv)
	h := &host{t: t, srv: srv, url: ts.URL, hc: ts.Client()}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), giveUp)
		defer cancel()
		if err := srv.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
		ts.Close()
		h.hc.CloseIdleConnections()
	})
	return h
}

func (h *host) addr() string { return strings.TrimPrefix(h.url, "http://") }

// request makes an HTTP request and gives status and body.
func (h *host) request(method, query, contentType, body string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+"/socket.io/?"+query, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	answer, err := h.hc.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// poller is a session over polling.
type poller struct {
	*host
	eio   int
	query string
}

// open opens a polling session and gives the rest of the first answer.
func (h *host) open(eio int) (p *poller, rest string) {
	h.t.Helper()
	query := fmt.Sprintf("EIO=%d&transport=polling", eio)
	status, body := h.request(http.MethodGet, query, "", "")
	if status != http.StatusOK {
		h.t.Fatalf("handshake: %d %s", status, body)
	}
	dec := json.NewDecoder(strings.NewReader(body[strings.IndexByte(body, '{'):]))
	var open struct {
		SID string `json:"sid"`
	}
	if err := dec.Decode(&open); err != nil {
		h.t.Fatal(err)
	}
	start := strings.IndexByte(body, '{') + int(dec.InputOffset())
	return &poller{h, eio, query + "&sid=" + open.SID}, body[start:]
}

func (p *poller) get() (int, string) { p.t.Helper(); return p.request(http.MethodGet, p.query, "", "") }

func (p *poller) post(body string) (int, string) {
	p.t.Helper()
	return p.request(http.MethodPost, p.query, "text/plain;charset=UTF-8", body)
}

// frames is a payload of the session's generation.
func (p *poller) frames(packets ...string) string {
	if p.eio == 4 {
		return strings.Join(packets, "\x1e")
	}
	var b strings.Builder
	for _, packet := range packets {
		fmt.Fprintf(&b, "%d:%s", len(packet), packet)
	}
	return b.String()
}

func (p *poller) wantPost(status int, packets ...string) {
	p.t.Helper()
	if got, body := p.post(p.frames(packets...)); got != status {
		p.t.Fatalf("POST %q: %d %s, want %d", packets, got, body, status)
	}
}

func (p *poller) want(packets ...string) {
	p.t.Helper()
	status, body := p.get()
	if want := p.frames(packets...); status != http.StatusOK || body != want {
		p.t.Fatalf("poll: %d %q, want %q", status, body, want)
	}
}

// wsClient is a WebSocket client that can do everything wrong.
type wsClient struct {
	t  *testing.T
	nc net.Conn
	br *bufio.Reader
}

// dialWS opens a WebSocket with a query; headers are further header lines.
func (h *host) dialWS(query string, headers ...string) *wsClient {
	h.t.Helper()
	c, answer, err := h.tryWS(query, headers...)
	if err != nil {
		h.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(answer.Body)
		h.t.Fatalf("upgrade %s: %d %s", query, answer.StatusCode, body)
	}
	return c
}

func (h *host) tryWS(query string, headers ...string) (*wsClient, *http.Response, error) {
	var d net.Dialer
	nc, err := d.DialContext(h.t.Context(), "tcp", h.addr())
	if err != nil {
		return nil, nil, err
	}
	h.t.Cleanup(func() { nc.Close() })
	lines := append([]string{
		"GET /socket.io/?" + query + " HTTP/1.1", "Host: " + h.addr(), "Connection: keep-alive, Upgrade", "Upgrade: websocket",
		"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
	}, headers...)
	if _, err := io.WriteString(nc, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		return nil, nil, err
	}
	if err := nc.SetReadDeadline(time.Now().Add(giveUp)); err != nil {
		return nil, nil, err
	}
	br := bufio.NewReader(nc)
	answer, err := http.ReadResponse(br, nil)
	return &wsClient{h.t, nc, br}, answer, err
}

// connect opens a WebSocket session in the main namespace.
func (h *host) connect(eio int) *wsClient {
	h.t.Helper()
	c := h.dialWS(fmt.Sprintf("EIO=%d&transport=websocket", eio))
	if open := c.text(); !strings.HasPrefix(open, "0{") {
		h.t.Fatalf("handshake: %q", open)
	}
	if eio == 4 {
		c.send("40")
	}
	if got := c.text(); !strings.HasPrefix(got, "40") {
		h.t.Fatalf("connect: %q", got)
	}
	return c
}

func maskedFrame(first byte, payload []byte) []byte {
	key := [4]byte{0x12, 0x34, 0x56, 0x78}
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	out = append(out, key[:]...)
	for i, b := range payload {
		out = append(out, b^key[i%4])
	}
	return out
}

func (c *wsClient) raw(b []byte) {
	c.t.Helper()
	if _, err := c.nc.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

func (c *wsClient) send(texts ...string) {
	c.t.Helper()
	var out []byte
	for _, text := range texts {
		out = append(out, maskedFrame(0x81, []byte(text))...)
	}
	c.raw(out)
}

func (c *wsClient) sendBinary(b ...byte) { c.t.Helper(); c.raw(maskedFrame(0x82, b)) }

// frame reads one frame.
func (c *wsClient) frame() (first byte, payload []byte, err error) {
	var h [2]byte
	if _, err := io.ReadFull(c.br, h[:]); err != nil {
		return 0, nil, err
	}
	n := uint64(h[1])
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(c.br, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(c.br, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(c.br, payload)
	return h[0], payload, err
}

// text gives the next text message.
func (c *wsClient) text() string {
	c.t.Helper()
	first, payload, err := c.frame()
	if err != nil || first != 0x81 {
		c.t.Fatalf("frame %#x %q: %v", first, payload, err)
	}
	return string(payload)
}

func (c *wsClient) want(texts ...string) {
	c.t.Helper()
	for _, want := range texts {
		if got := c.text(); got != want {
			c.t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func (c *wsClient) wantBinary(want ...byte) {
	c.t.Helper()
	first, payload, err := c.frame()
	if err != nil || first != 0x82 || !bytes.Equal(payload, want) {
		c.t.Fatalf("frame %#x %v: %v", first, payload, err)
	}
}

// wantClosed reads until the server has closed the connection; code is that of
// the close frame, or 0 if none is required.
func (c *wsClient) wantClosed(code int) {
	c.t.Helper()
	for {
		first, payload, err := c.frame()
		var timeout net.Error
		switch {
		case errors.As(err, &timeout) && timeout.Timeout():
			c.t.Fatal("the connection was not closed")
		case err != nil:
			if code != 0 {
				c.t.Fatalf("no close frame, want code %d", code)
			}
			return
		case first == 0x88:
			if got := int(binary.BigEndian.Uint16(payload)); code != 0 && got != code {
				c.t.Fatalf("close code %d, want %d", got, code)
			}
			return
		}
	}
}

// eventually waits for a condition that another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(giveUp)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, giveUp)
		}
		time.Sleep(time.Millisecond)
	}
}

// dialRaw opens a connection without saying anything.
func (h *host) dialRaw() (*wsClient, error) {
	var d net.Dialer
	nc, err := d.DialContext(h.t.Context(), "tcp", h.addr())
	if err != nil {
		return nil, err
	}
	h.t.Cleanup(func() { nc.Close() })
	if err := nc.SetReadDeadline(time.Now().Add(giveUp)); err != nil {
		return nil, err
	}
	return &wsClient{h.t, nc, bufio.NewReader(nc)}, nil
}
