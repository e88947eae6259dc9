package socketio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"taskstack.org/platform/socketio"
)

// Cases of RFC 6455, in the order of its sections.

func TestFrames(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 100_000}})
	echo := func(text string) []byte { return []byte(`42["echo",` + text + `]`) }
	long := `"` + strings.Repeat("é", 40_000) + `"`
	whole := func(c *wsClient, text string) { c.t.Helper(); c.want(string(echo(text))) }
	for _, c := range []struct {
		name string
		send []byte
		want []string
	}{
		{"one frame", maskedFrame(0x81, echo("1")), []string{"1"}},
		{"16-bit length", maskedFrame(0x81, echo(`"`+strings.Repeat("x", 200)+`"`)), []string{`"` + strings.Repeat("x", 200) + `"`}},
		{"64-bit length", maskedFrame(0x81, echo(long)), []string{long}},
		{"fragments", join(maskedFrame(0x01, echo("2")[:4]), maskedFrame(0x00, nil), maskedFrame(0x00, echo("2")[4:5]), maskedFrame(0x80, echo("2")[5:])), []string{"2"}},
		{"fragments in the middle of a character", join(maskedFrame(0x01, echo(`"é"`)[:12]), maskedFrame(0x80, echo(`"é"`)[12:])), []string{`"é"`}},
		{"unsolicited pong", join(maskedFrame(0x8A, []byte("x")), maskedFrame(0x81, echo("3"))), []string{"3"}},
		{"two in one write", join(maskedFrame(0x81, echo("4")), maskedFrame(0x81, echo("5"))), []string{"4", "5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ws := h.connect(4)
			ws.t = t
			ws.raw(c.send)
			for _, want := range c.want {
				whole(ws, want)
			}
		})
		t.Run(c.name+", byte by byte", func(t *testing.T) {
			if len(c.send) > 1000 {
				t.Skip("too long for single bytes; the frame reader is tested with them elsewhere")
			}
			ws := h.connect(4)
			ws.t = t
			for _, b := range c.send {
				ws.raw([]byte{b})
			}
			for _, want := range c.want {
				whole(ws, want)
			}
		})
	}
	t.Run("ping among fragments", func(t *testing.T) {
		ws := h.connect(4)
		ws.t = t
		ws.raw(join(maskedFrame(0x01, echo("6")[:4]), maskedFrame(0x89, []byte("are you there")), maskedFrame(0x80, echo("6")[4:])))
		if first, p, err := ws.frame(); err != nil || first != 0x8A || string(p) != "are you there" {
			t.Errorf("pong %#x %q %v", first, p, err)
		}
		whole(ws, "6")
	})
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestBadFrames(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 1000}})
	unmasked := []byte{0x81, 2, '4', '2'}
	for _, c := range []struct {
		name string
		send []byte
		code int
	}{
		{"not masked", unmasked, 1002},
		{"RSV1 without an extension", maskedFrame(0xC1, []byte("3")), 1002},
		{"RSV2", maskedFrame(0xA1, []byte("3")), 1002},
		{"RSV3", maskedFrame(0x91, []byte("3")), 1002},
		{"opcode 3", maskedFrame(0x83, nil), 1002},
		{"opcode 7", maskedFrame(0x87, nil), 1002},
		{"opcode 11", maskedFrame(0x8B, nil), 1002},
		{"opcode 15", maskedFrame(0x8F, nil), 1002},
		{"ping of 126 bytes", maskedFrame(0x89, make([]byte, 126)), 1002},
		{"ping in fragments", maskedFrame(0x09, nil), 1002},
		{"close of one byte", maskedFrame(0x88, []byte{3}), 1002},
		{"continuation of nothing", maskedFrame(0x80, []byte("3")), 1002},
		{"text among fragments", join(maskedFrame(0x01, []byte("3")), maskedFrame(0x81, []byte("3"))), 1002},
		{"16-bit length for 5 bytes", []byte{0x81, 0x80 | 126, 0, 5, 0, 0, 0, 0, '3', 1, 1, 1, 1}, 1002},
		{"64-bit length for 5 bytes", []byte{0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, '3', 1, 1, 1, 1}, 1002},
		{"length with the highest bit", []byte{0x81, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0}, 1002},
		{"an attachment of nothing, announced only", []byte{0x82, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, 1002},
		{"longer than allowed, announced only", []byte{0x81, 0x80 | 127, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, 1009},
		{"longer than allowed, in fragments", join(maskedFrame(0x01, make([]byte, 900)), maskedFrame(0x00, make([]byte, 900))), 1009},
		{"text that is not UTF-8", maskedFrame(0x81, []byte("42[\"\xff\"]")), 1002},
		{"text with a surrogate", maskedFrame(0x81, []byte("42[\"\xed\xa0\x80\"]")), 1002},
	} {
		t.Run(c.name, func(t *testing.T) {
			ws := h.connect(4)
			ws.t = t
			ws.raw(c.send)
			ws.wantClosed(c.code)
		})
	}
	t.Run("a regular close is answered", func(t *testing.T) {
		ws := h.connect(3)
		ws.t = t
		ws.raw(maskedFrame(0x88, []byte{0x0F, 0xA0, 'b', 'y', 'e'}))
		ws.wantClosed(4000)
	})
}

func TestWebSocketHandshake(t *testing.T) {
	h := newHost(t, socketio.Options{})
	ask := func(headers ...string) *http.Response {
		t.Helper()
		c := h.rawRequest("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: " + h.addr() + "\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n")
		answer, err := http.ReadResponse(c.br, nil)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	good := []string{"Connection: Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	answer := ask(good...)
	if answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("%v %v", answer.StatusCode, answer.Header)
	}
	for i, bad := range []string{"Connection: close", "Upgrade: h2c", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: short"} {
		headers := append([]string{}, good...)
		headers[i] = bad
		if answer := ask(headers...); answer.StatusCode != http.StatusBadRequest && answer.StatusCode != http.StatusUpgradeRequired {
			t.Errorf("%s: %d", bad, answer.StatusCode)
		}
	}
}

// gwsEcho collects what an independent implementation of WebSocket receives.
type gwsEcho struct {
	gws.BuiltinEventHandler
	texts chan string
}

func (g *gwsEcho) OnMessage(_ *gws.Conn, m *gws.Message) {
	g.texts <- string(m.Bytes())
	_ = m.Close() // gives the buffer back, and cannot fail
}

// TestAgainstOtherImplementation exchanges messages of many sizes with the
// client of gws, with and without permessage-deflate.
func TestAgainstOtherImplementation(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		t.Run(fmt.Sprintf("compressed %v", compressed), func(t *testing.T) {
			h := newHost(t, socketio.Options{Compression: compressed, Limits: socketio.Limits{MaxPayload: 4 << 20}})
			g := &gwsEcho{texts: make(chan string, 10)}
			c, answer, err := gws.NewClient(g, &gws.ClientOption{
				Addr:              "ws://" + h.addr() + "/socket.io/?EIO=4&transport=websocket",
				PermessageDeflate: gws.PermessageDeflate{Enabled: true, Threshold: 1},
				CheckUtf8Enabled:  true,
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := answer.Header.Get("Sec-WebSocket-Extensions") != ""; got != compressed {
				t.Errorf("extension negotiated: %v", got)
			}
			read := make(chan struct{})
			go func() { c.ReadLoop(); close(read) }()
			defer func() { c.NetConn().Close(); <-read }()
			if err := c.WriteString("40"); err != nil {
				t.Fatal(err)
			}
			<-g.texts
			<-g.texts
			for size := 1; size < 2<<20; size = size*3 + rand.IntN(3) {
				text, err := json.Marshal(strings.Repeat("aé🎉", size/4) + fmt.Sprint(rand.Int()))
				if err != nil {
					t.Fatal(err)
				}
				packet := `42["echo",` + string(text) + `]`
				if err := c.WriteString(packet); err != nil {
					t.Fatal(err)
				}
				select {
				case got := <-g.texts:
					if got != packet {
						t.Fatalf("size %d: another text came back", size)
					}
				case <-time.After(giveUp):
					t.Fatalf("size %d: nothing came back", size)
				}
			}
		})
	}
}

func TestCompressedMessageMayNotInflateBeyondTheLimit(t *testing.T) {
	h := newHost(t, socketio.Options{Compression: true, Limits: socketio.Limits{MaxPayload: 10_000}})
	c := h.dialWS("EIO=3&transport=websocket", "Sec-WebSocket-Extensions: permessage-deflate")
	c.text()
	c.text()
	c.raw(maskedFrame(0xC1, deflateZeros(t, 5<<20)))
	c.wantClosed(1009)
	c = h.dialWS("EIO=3&transport=websocket", "Sec-WebSocket-Extensions: permessage-deflate")
	c.text()
	c.text()
	c.raw(maskedFrame(0xC1, []byte("not compressed")))
	c.wantClosed(1002)
}

// TestOverTLS takes the way of connections that cannot be written without
// blocking: a goroutine of their own drains their queue.
func TestOverTLS(t *testing.T) {
	srv, err := socketio.New(socketio.Options{Ack: ackForTests})
	if err != nil {
		t.Fatal(err)
	}
	registerEvents(srv.Of("/"))
	ts := httptest.NewTLSServer(srv)
	defer ts.Close()
	g := &gwsEcho{texts: make(chan string, 10)}
	c, _, err := gws.NewClient(g, &gws.ClientOption{
		Addr:      strings.Replace(ts.URL, "https", "wss", 1) + "/socket.io/?EIO=3&transport=websocket",
		TlsConfig: ts.Client().Transport.(*http.Transport).TLSClientConfig, //nolint:errcheck // httptest promises the type
	})
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() { c.ReadLoop(); close(read) }()
	<-g.texts
	<-g.texts
	for n := range 200 {
		if err := c.WriteString(fmt.Sprintf(`42["echo",%d]`, n)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 200 {
		if got := <-g.texts; got != fmt.Sprintf(`42["echo",%d]`, n) {
			t.Fatalf("%d: %s", n, got)
		}
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Error(err)
	}
	<-read
}
