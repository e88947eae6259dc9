package socketio_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// gated is a server that trusts clients with a cookie "login", lets only them
// send anything but "echo".
type gated struct{ *host }

type trustKey struct{}

func newGated(t *testing.T, opt socketio.Options) *gated {
	t.Helper()
	opt.AllowRequest = func(r *http.Request) (context.Context, error) {
		_, err := r.Cookie("login")
		return context.WithValue(r.Context(), trustKey{}, err == nil), nil
	}
	opt.Trusted = isTrusted
	opt.Credential = func(r *http.Request) string {
		c, err := r.Cookie("login")
		if err != nil {
			return ""
		}
		return c.Value
	}
	opt.AllowEvent = func(ctx context.Context, _ *socketio.Namespace, event string) error {
		if isTrusted(ctx) || event == "echo" {
			return nil
		}
		return fmt.Errorf("signed out")
	}
	return &gated{newHost(t, opt)}
}

func isTrusted(ctx context.Context) bool { return ctx.Value(trustKey{}) == true }

const cookie = "Cookie: login=anna"

// socket opens a WebSocket in the main namespace.
func (g *gated) socket(headers ...string) *wsClient {
	g.t.Helper()
	c := g.dialWS("EIO=4&transport=websocket", headers...)
	c.text()
	c.send("40")
	c.text()
	return c
}

// of makes c report to a subtest.
func (c *wsClient) of(t *testing.T) *wsClient { c.t = t; return c }

// event is the packet of an event "echo" with a total length.
func event(n int) string {
	const around = len(`42["echo",""]`)
	return `42["echo","` + strings.Repeat("x", n-around) + `"]`
}

func TestStrangersSendLittle(t *testing.T) {
	g := newGated(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 4 << 20, EventBurst: -1, EventsPerSecond: -1}})
	t.Run("8 KiB and no more", func(t *testing.T) {
		c := g.socket().of(t)
		c.send(event(8193)) // the first digit is Engine.IO's
		c.want(event(8193))
		c.send(event(8194))
		c.wantClosed(1009)
	})
	t.Run("in a body too", func(t *testing.T) {
		p, _ := g.open(4)
		p.wantPost(200, "40")
		if status, _ := p.post(event(8192)); status != 200 {
			t.Errorf("8,192 bytes: %d", status)
		}
		p, _ = g.open(4)
		p.wantPost(200, "40")
		if status, _ := p.post(event(8193)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("8,193 bytes: %d", status)
		}
	})
	t.Run("what they are told", func(t *testing.T) {
		for header, want := range map[string]string{"X: y": `"maxPayload":8192`, cookie: `"maxPayload":4194304`} {
			c := g.dialWS("EIO=4&transport=websocket", header).of(t)
			if open := c.text(); !strings.Contains(open, want) {
				t.Errorf("%s: %s", header, open)
			}
		}
	})
	t.Run("no attachments", func(t *testing.T) {
		c := g.socket().of(t)
		c.send(`451-["echo",{"_placeholder":true,"num":0}]`)
		c.wantClosed(1002)
	})
	t.Run("256 values", func(t *testing.T) {
		packet := func(values int) string { return `42["echo"` + strings.Repeat(",0", values-1) + "]" }
		c := g.socket().of(t)
		c.send(packet(256))
		c.want(packet(256))
		c.send(packet(257))
		c.wantClosed(1002)
	})
	t.Run("16 deep", func(t *testing.T) {
		packet := func(n int) string { return `42["echo",` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "]" }
		c := g.socket().of(t)
		c.send(packet(16))
		c.want(packet(16))
		c.send(packet(17))
		c.wantClosed(1002)
	})
	t.Run("1,024 bytes to connect", func(t *testing.T) {
		packet := func(n int) string { return `40/project,{"a":"` + strings.Repeat("x", n-len(`0/project,{"a":""}`)) + `"}` }
		c := g.socket().of(t)
		c.send(packet(1024))
		if got := c.text(); !strings.HasPrefix(got, "40/project,") {
			t.Error(got)
		}
		c = g.socket().of(t)
		c.send(packet(1025))
		c.wantClosed(1009)
	})
	t.Run("4 namespaces", func(t *testing.T) {
		for _, name := range []string{"/b", "/c", "/d"} {
			g.srv.Of(name)
		}
		c := g.socket().of(t)
		for _, name := range []string{"/project", "/b", "/c"} {
			c.send("40" + name + ",")
			if got := c.text(); !strings.HasPrefix(got, "40"+name) {
				t.Error(got)
			}
		}
		c.send("40/d,")
		c.want(`44/d,{"message":"Too many namespaces"}`)
	})
	t.Run("64 packets in a body", func(t *testing.T) {
		for n, want := range map[int]int{64: 200, 65: http.StatusRequestEntityTooLarge} {
			p, _ := g.open(4)
			packets := make([]string, n)
			for i := range packets {
				packets[i] = "6"
			}
			p.wantPost(want, packets...)
		}
	})
}

// The same packets are those of everybody else when a login stands behind them.
func TestTrustedClientsSendMuch(t *testing.T) {
	g := newGated(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 4 << 20, MaxText: 1 << 20, MaxValues: 1000}})
	t.Run("text", func(t *testing.T) {
		c := g.socket(cookie).of(t)
		c.send(event(1<<20 + 1))
		c.want(event(1<<20 + 1))
		c.send(event(1<<20 + 2))
		c.wantClosed(1009)
	})
	t.Run("attachments", func(t *testing.T) {
		c := g.socket(cookie).of(t)
		c.send(`451-1["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)
		c.sendBinary(make([]byte, 4<<20-len(`51-1["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`))...)
		c.until("461-1[")
		c.send(`451-2["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)
		c.sendBinary(make([]byte, 4<<20-len(`51-1["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)+1)...)
		c.wantClosed(1009)
	})
	t.Run("values", func(t *testing.T) {
		c := g.socket(cookie).of(t)
		packet := `42["echo"` + strings.Repeat(",0", 999) + "]"
		c.send(packet)
		c.want(packet)
		c.send(`42["echo"` + strings.Repeat(",0", 1000) + "]")
		c.wantClosed(1002)
	})
}

// What a client may not send is dropped as it comes: its arguments are not
// looked at and its attachments not kept, and it is answered all the same.
func TestRefusedEventsAreDroppedAsTheyCome(t *testing.T) {
	const buffered = 64 << 10
	g := newGated(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 4 << 20, AddressBuffered: buffered, MaxDepth: 4}})
	pad := strings.Repeat("[", 1<<20)
	refused := `{"error":"Error"}`
	t.Run("text of an unknown event", func(t *testing.T) {
		c := g.socket(cookie).of(t)
		c.send(`427["nothing","`+pad+`"]`, `42["echo",1]`)
		if got := c.text(); !strings.HasPrefix(got, "437[") {
			t.Error(got)
		}
		c.want(`42["echo",1]`)
	})
	for name, packet := range map[string]string{
		"attachments of an unknown event":        `452-8["nothing",{"_placeholder":true,"num":0}]`,
		"attachments of an event that has none":  `452-8["double",{"_placeholder":true,"num":0}]`,
		"attachments of an answer to nothing":    `462-8[{"_placeholder":true,"num":0}]`,
		"long text with attachments, to nothing": `452-8["nothing","` + pad + `"]`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, eio := range []string{"3", "4"} {
				c := g.dialWS("EIO="+eio+"&transport=websocket", cookie).of(t)
				c.text()
				if eio == "4" {
					c.send("40")
				}
				c.text()
				c.send(packet)
				big := make([]byte, 1<<20)
				big[0] = 4
				c.sendBinary(big...)
				c.sendBinary(4)
				c.send(`429["double",4]`)
				got := c.text()
				if strings.HasPrefix(got, "438[") {
					got = c.text()
				} else if strings.Contains(packet, `-8["`) {
					t.Errorf("not answered, but %s", got)
				}
				if got != "439[8]" {
					t.Errorf("got %s, want 439[8] %s", got, refused)
				}
			}
		})
	}
	t.Run("a known one would not fit", func(t *testing.T) {
		c := g.socket(cookie).of(t)
		c.send(`451-["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)
		c.sendBinary(make([]byte, 1<<20)...)
		c.wantClosed(1013)
		if g.srv.Stats().Refused[socketio.ReasonBudget] == 0 {
			t.Error("not counted")
		}
	})
	t.Run("by a stranger", func(t *testing.T) {
		c := g.socket().of(t)
		c.send(`427["double",not even JSON`+strings.Repeat(" ", 5000), `42["echo",1]`)
		if got := c.text(); !strings.HasPrefix(got, "437[") {
			t.Error(got)
		}
		c.want(`42["echo",1]`)
	})
}

// What is being kept for an address is limited in sum, and given back.
func TestBuffersOfAnAddressInSum(t *testing.T) {
	g := newGated(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 1 << 20, AddressBuffered: 1 << 20}})
	head := maskedFrame(0x81, []byte(`452-7["files",{"files":{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}}]`))
	half := join(head, maskedFrame(0x82, make([]byte, 300<<10)))
	for range 3 {
		g.socket(cookie).raw(half)
	}
	fits := func() bool {
		c := g.socket(cookie)
		defer c.nc.Close()
		_, _ = c.nc.Write(append(half, maskedFrame(0x82, []byte{1})...)) // fails if the server is quicker
		for {
			first, payload, err := c.frame()
			if err != nil || first == 0x88 {
				return false
			}
			if first == 0x81 && strings.HasPrefix(string(payload), "462-7[") {
				return true
			}
		}
	}
	eventually(t, "the fourth finds no room", func() bool { return !fits() })
	if g.srv.Stats().Refused[socketio.ReasonBudget] == 0 {
		t.Error("not counted")
	}
	if err := g.srv.Of("/").To().Disconnect(true); err != nil {
		t.Fatal(err)
	}
	eventually(t, "there is room again", fits)
	for range 10 { // each gives back what it has taken
		eventually(t, "there is still room", fits)
	}
}

// until reads frames until a text one begins with prefix.
func (c *wsClient) until(prefix string) {
	c.t.Helper()
	for {
		first, payload, err := c.frame()
		if err != nil {
			c.t.Fatalf("%q did not come: %v", prefix, err)
		}
		if first == 0x81 && strings.HasPrefix(string(payload), prefix) {
			return
		}
	}
}

func TestHalfAnEventIsGivenUp(t *testing.T) {
	slow := socketio.Limits{BodyTimeout: 300 * time.Millisecond, MinBytesPerSecond: 1 << 30}
	for name, begin := range map[string]func(c *wsClient){
		"attachments that do not come": func(c *wsClient) { c.send(`451-["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`) },
		"half a frame":                 func(c *wsClient) { c.raw(maskedFrame(0x81, []byte(event(100)))[:50]) },
		"half a header":                func(c *wsClient) { c.raw([]byte{0x81}) },
		"a message without end":        func(c *wsClient) { c.raw(maskedFrame(0x01, []byte("42"))) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGated(t, socketio.Options{Limits: slow})
			c := g.socket(cookie).of(t)
			begin(c)
			go func() { // pings do not keep it
				if strings.HasPrefix(name, "half") {
					return // they would be the other half
				}
				for {
					if _, err := c.nc.Write(maskedFrame(0x89, nil)); err != nil {
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			}()
			eventually(t, "closed", func() bool { return g.srv.Stats().Closed[socketio.ReasonTooSlow] == 1 })
		})
	}
}
