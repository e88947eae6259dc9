package socketio_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// The cases of the public suites of engine.io-protocol, revisions 3 and 4, and
// of socket.io-protocol, revision 5, in their order and with their times, in
// words of our own. Where those of Engine.IO send bare messages, these send
// events. What they check in more depth elsewhere is in conformance_test.go,
// heartbeat_test.go and leaving_test.go.

// suiteOptions are what the suites ask of a server under test.
func suiteOptions() socketio.Options {
	return socketio.Options{
		PingInterval: 300 * time.Millisecond, PingTimeout: 200 * time.Millisecond, ConnectTimeout: time.Second,
		Limits: socketio.Limits{MaxPayload: 1_000_000},
	}
}

type suiteFiles struct {
	A, B socketio.Binary
}

// suiteHost is the server under test: it greets with "auth" and sends back what
// it gets, as an event, as an acknowledgement, or as a question.
func suiteHost(t *testing.T) *host {
	h := newHost(t, suiteOptions())
	greet := func(_ context.Context, s *socketio.Socket) {
		auth := s.Auth()
		if len(auth) == 0 {
			auth = json.RawMessage("{}")
		}
		_ = s.Emit("auth", auth) // fails only if the client has left
	}
	for _, name := range []string{"/", "/custom"} {
		ns := h.srv.Of(name)
		ns.OnConnect(greet)
		socketio.On(ns, "message", func(_ context.Context, s *socketio.Socket, in socketio.RawArgs) (any, error) {
			return nil, s.Emit("message-back", values(in)...)
		})
		socketio.On(ns, "message-with-ack", func(_ context.Context, _ *socketio.Socket, in socketio.RawArgs) (any, error) {
			return socketio.Args(values(in)), nil
		})
		socketio.On(ns, "binary", func(_ context.Context, s *socketio.Socket, in suiteFiles) (any, error) {
			return socketio.Args{in.A, in.B}, s.Emit("binary-back", in.A, in.B)
		})
		socketio.On(ns, "emit-with-ack", func(ctx context.Context, s *socketio.Socket, in socketio.RawArgs) (any, error) {
			reply, err := s.EmitWithAck(ctx, "emit-with-ack", values(in)...)
			if err != nil {
				return nil, err
			}
			return nil, s.Emit("emit-with-ack", values(reply)...)
		})
	}
	return h
}

func values(raw []json.RawMessage) []any {
	out := make([]any, len(raw))
	for i := range raw {
		out[i] = raw[i]
	}
	return out
}

// packet gives the next text message, answering pings meanwhile.
func (c *wsClient) packet() string {
	c.t.Helper()
	for {
		got := c.text()
		if got != "2" {
			return got
		}
		c.send("3")
	}
}

func (c *wsClient) wantPacket(want ...string) {
	c.t.Helper()
	for _, w := range want {
		if got := c.packet(); got != w {
			c.t.Fatalf("got %q, want %q", got, w)
		}
	}
}

// suiteSession opens a WebSocket session in the main namespace.
func (h *host) suiteSession(t *testing.T, eio int) *wsClient {
	t.Helper()
	c := h.dialWS(fmt.Sprintf("EIO=%d&transport=websocket", eio))
	c.t = t
	if got := c.text(); !strings.HasPrefix(got, "0{") {
		t.Fatalf("handshake: %q", got)
	}
	if eio == 4 {
		c.send("40")
	}
	if got := c.packet(); !strings.HasPrefix(got, "40") {
		t.Fatalf("connect: %q", got)
	}
	c.wantPacket(`42["auth",{}]`)
	return c
}

func TestSuiteOfEngineIO(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := suiteHost(t)
		base := fmt.Sprintf("EIO=%d&transport=", eio)
		for name, c := range map[string]struct{ method, query string }{
			"no revision":        {"GET", "transport=polling"},
			"unknown revision":   {"GET", "EIO=abc&transport=polling"},
			"no transport":       {"GET", fmt.Sprintf("EIO=%d", eio)},
			"unknown transport":  {"GET", base + "abc"},
			"opened by POST":     {"POST", base + "polling"},
			"opened by PUT":      {"PUT", base + "polling"},
			"opened by HEAD":     {"HEAD", base + "polling"},
			"unknown session":    {"GET", base + "polling&sid=abc"},
			"POST to an unknown": {"POST", base + "polling&sid=abc"},
		} {
			if status, _ := h.request(c.method, c.query, "", ""); status != http.StatusBadRequest {
				t.Errorf("%s: %d", name, status)
			}
		}
		for _, query := range []string{"transport=websocket", "EIO=abc&transport=websocket", fmt.Sprintf("EIO=%d", eio), base + "abc", base + "websocket&sid=abc"} {
			if _, answer, err := h.tryWS(query); err != nil || answer.StatusCode != http.StatusBadRequest {
				t.Errorf("WebSocket %s: %v %v", query, answer, err)
			}
		}
		t.Run("cache busting is no part of the session", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			query := p.query
			p.query = query + "&t=abc"
			p.wantPost(200, `42["message",1]`)
			p.query = query + "&t=" + strings.Repeat("x", 100)
			p.want(`42["message-back",1]`)
		})
		t.Run("one text packet, several, and binary ones", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			p.wantPost(200, `42["message","hello"]`)
			p.want(`42["message-back","hello"]`)
			p.wantPost(200, `42["message",1]`, `42["message",2]`, `42["message",3]`)
			for n := 1; n <= 3; {
				_, body := p.get()
				for _, packet := range p.split(body) {
					if packet == fmt.Sprintf(`42["message-back",%d]`, n) {
						n++
					} else if packet != "2" {
						t.Fatalf("got %q", packet)
					}
				}
			}
			bins := map[int][]string{3: {"b4AQIDBA==", "b4BQ=="}, 4: {"bAQIDBA==", "bBQ=="}}[eio]
			p.query += "&b64=1"
			p.wantPost(200, `452-["binary",{"A":{"_placeholder":true,"num":0},"B":{"_placeholder":true,"num":1}}]`, bins[0], bins[1])
			p.want(`452-["binary-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, bins[0], bins[1])
		})
		t.Run("a packet of no known kind ends the session", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			p.wantPost(400, "abc")
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Error(status)
			}
			c := h.suiteSession(t, eio)
			c.send("abc")
			c.wantClosed(1002)
		})
		t.Run("silence ends the session", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			c := h.suiteSession(t, eio)
			c.wantClosed(1000)
			time.Sleep(500 * time.Millisecond) // interval and timeout; more does no harm
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Error(status)
			}
		})
		t.Run("the client ends the session", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			answer := p.pending()
			p.wantPost(200, "1")
			if got := <-answer; got != "200 "+p.frames("6") && !strings.HasPrefix(got, "400") {
				t.Errorf("the poll that waited: %q", got)
			}
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Error(status)
			}
			c := h.suiteSession(t, eio)
			c.send("1")
			c.wantClosed(1000)
		})
		t.Run("upgrade", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
			ws.t = t
			ws.send("2probe")
			ws.want("3probe")
			p.want("6")
			ws.send("5", `42["message","hello"]`)
			ws.wantPacket(`42["message-back","hello"]`)
		})
		t.Run("an upgraded session answers no other request", func(t *testing.T) {
			p := h.suitePoller(t, eio)
			query := strings.Replace(p.query, "polling", "websocket", 1)
			ws := h.dialWS(query)
			ws.t = t
			ws.send("2probe", "5") // at once, as the suite does
			ws.want("3probe")
			if eio == 3 {
				ws.want("6") // polling has ended by this, as there was no poll
			}
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Error(status)
			}
			h.dialWS(query).wantClosed(0)
			ws.send(`42["message","hello"]`)
			ws.wantPacket(`42["message-back","hello"]`)
		})
	})
}

// suitePoller opens a polling session and takes what greets it.
func (h *host) suitePoller(t *testing.T, eio int) *poller {
	t.Helper()
	p, rest := h.open(eio)
	p.host = &host{t: t, srv: h.srv, url: h.url, hc: h.hc}
	if eio == 4 {
		p.wantPost(200, "40")
		for !strings.Contains(rest, `42["auth",{}]`) {
			_, body := p.get()
			rest += body
		}
	}
	if !strings.Contains(rest, "40") || !strings.Contains(rest, `42["auth",{}]`) {
		t.Fatalf("greeted with %q", rest)
	}
	return p
}

func TestSuiteOfSocketIO(t *testing.T) {
	h := suiteHost(t)
	open := func(t *testing.T) *wsClient {
		t.Helper()
		c := h.dialWS("EIO=4&transport=websocket")
		c.t = t
		c.text()
		return c
	}
	t.Run("connect", func(t *testing.T) {
		for connect, want := range map[string][2]string{
			"40":                         {`40{"sid":"`, `42["auth",{}]`},
			`40{"token":"123"}`:          {`40{"sid":"`, `42["auth",{"token":"123"}]`},
			"40/custom,":                 {`40/custom,{"sid":"`, `42/custom,["auth",{}]`},
			"40/custom":                  {`40/custom,{"sid":"`, `42/custom,["auth",{}]`},
			`40/custom,{"token":"abc"}`:  {`40/custom,{"sid":"`, `42/custom,["auth",{"token":"abc"}]`},
			`40/custom?x=1,{"token":""}`: {`40/custom,{"sid":"`, `42/custom,["auth",{"token":""}]`},
		} {
			c := open(t)
			c.send(connect)
			got := c.packet()
			var welcome map[string]string
			if err := json.Unmarshal([]byte(got[strings.IndexByte(got, '{'):]), &welcome); err != nil ||
				!strings.HasPrefix(got, want[0]) || len(welcome) != 1 || welcome["sid"] == "" {
				t.Errorf("%s: %q", connect, got)
			}
			c.wantPacket(want[1])
		}
		c := open(t)
		c.send("40/random")
		c.wantPacket(`44/random,{"message":"Invalid namespace"}`)
		c.send("4abc")
		c.wantClosed(1002)
	})
	t.Run("no connect", func(t *testing.T) {
		c := open(t)
		for {
			first, payload, err := c.frame()
			if err != nil || first == 0x88 {
				break
			}
			if string(payload) != "2" {
				t.Fatalf("got %q", payload)
			}
			c.send("3")
		}
	})
	t.Run("disconnect from the main namespace", func(t *testing.T) {
		c := h.suiteSession(t, 4)
		c.send("41")
		c.want("2")
	})
	t.Run("connect to and disconnect from another", func(t *testing.T) {
		c := h.suiteSession(t, 4)
		c.send("40/custom")
		if got := c.packet(); !strings.HasPrefix(got, "40/custom,") {
			t.Fatalf("got %q", got)
		}
		c.wantPacket(`42/custom,["auth",{}]`)
		c.send("41/custom", `42["message","to the main namespace"]`)
		c.wantPacket(`42["message-back","to the main namespace"]`)
	})
	eachGeneration(t, func(t *testing.T, eio int) {
		c := h.suiteSession(t, eio)
		c.send(`42["message",1,"2",{"3":[true]}]`)
		c.wantPacket(`42["message-back",1,"2",{"3":[true]}]`)
		c.send(`42456["message-with-ack",1,"2",{"3":[false]}]`)
		c.wantPacket(`43456[1,"2",{"3":[false]}]`)
		lead := map[int][]byte{3: {4}, 4: nil}[eio]
		c.send(`452-789["binary",{"A":{"_placeholder":true,"num":0},"B":{"_placeholder":true,"num":1}}]`)
		c.sendBinary(append(lead[:len(lead):len(lead)], 1, 2, 3)...)
		c.sendBinary(append(lead[:len(lead):len(lead)], 4, 5, 6)...)
		for _, head := range []string{`452-["binary-back",`, "462-789["} {
			c.wantPacket(head + `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`)
			c.wantBinary(append(lead[:len(lead):len(lead)], 1, 2, 3)...)
			c.wantBinary(append(lead[:len(lead):len(lead)], 4, 5, 6)...)
		}
		c.send(`42["emit-with-ack",1,"2",{"3":[true]}]`)
		got := c.packet()
		id, ok := strings.CutSuffix(strings.TrimPrefix(got, "42"), `["emit-with-ack",1,"2",{"3":[true]}]`)
		if !ok || id == "" {
			t.Fatalf("got %q", got)
		}
		c.send("43" + id + `[1,"2",{"3":[true]}]`)
		c.wantPacket(`42["emit-with-ack",1,"2",{"3":[true]}]`)
		for name, bad := range map[string]string{
			"kind": "4abc", "payload": "42{}", "acknowledgement id": `42abc["message-with-ack",1,"2",{"3":[false]}]`,
		} {
			t.Run("malformed "+name, func(t *testing.T) {
				c := h.suiteSession(t, eio)
				c.send(bad)
				c.wantClosed(1002)
			})
		}
	})
}
