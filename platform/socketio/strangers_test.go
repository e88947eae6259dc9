package socketio_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// gated is a server that trusts clients with a cookie "login", lets only them
// send anything but "echo", and those with a header "X-Reader" no "files".
type gated struct{ *host }

type (
	trustKey  struct{}
	readerKey struct{}
)

func newGated(t *testing.T, opt socketio.Options) *gated {
	t.Helper()
	opt.AllowRequest = func(r *http.Request) (context.Context, error) {
		_, err := r.Cookie("login")
		ctx := context.WithValue(r.Context(), readerKey{}, r.Header.Get("X-Reader") != "")
		return context.WithValue(ctx, trustKey{}, err == nil), nil
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
		if event == "echo" || isTrusted(ctx) && (ctx.Value(readerKey{}) != true || event != "files") {
			return nil
		}
		return fmt.Errorf("no permission")
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

func TestSignedOutClientsSendLittle(t *testing.T) {
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
	t.Run("what their handshake says", func(t *testing.T) {
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
		packet := func(n int) string {
			return `40/project,{"a":"` + strings.Repeat("x", n-len(`0/project,{"a":""}`)) + `"}`
		}
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
	t.Run("125 bytes of Engine.IO's own packets", func(t *testing.T) {
		for _, header := range []string{"X: y", cookie} { // for trusted ones too
			ping := func(n int) string { return "2" + strings.Repeat("x", n-1) }
			c := g.dialWS("EIO=3&transport=websocket", header).of(t)
			c.text()
			if got := c.text(); !strings.HasPrefix(got, "40") { // Engine.IO 3 is connected by the server
				t.Error(got)
			}
			c.send(ping(125))
			c.want("3" + ping(125)[1:])
			c.send(ping(126))
			c.wantClosed(1009)
		}
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

// A trusted client has the limits of Options.Limits.
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
		"attachments without the permission":     `452-8["files",{"files":{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}}]`,
		"attachments of an answer to nothing":    `462-8[{"_placeholder":true,"num":0}]`,
		"long text with attachments, to nothing": `452-8["nothing","` + pad + `"]`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, eio := range []string{"3", "4"} {
				c := g.dialWS("EIO="+eio+"&transport=websocket", cookie, "X-Reader: yes").of(t)
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

// What is being kept for an address is limited in sum, and released.
func TestBuffersOfAnAddressInSum(t *testing.T) {
	g := newGated(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 1 << 20, AddressBuffered: 1 << 20}})
	head := maskedFrame(0x81, []byte(`452-7["files",{"files":{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}}]`))
	half := join(head, maskedFrame(0x82, make([]byte, 300<<10)))
	for range 3 {
		c := g.socket(cookie).of(t)
		c.raw(join(half, maskedFrame(0x89, []byte("kept?"))))
		for first := byte(0); first != 0x8A; { // the pong follows what was read before the ping
			var err error
			if first, _, err = c.frame(); err != nil {
				t.Fatalf("a half event within the limit: %v", err)
			}
		}
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
	for range 10 { // each releases what it has taken
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

func TestSignedOutConnectionsByNetwork(t *testing.T) {
	g := newGated(t, socketio.Options{
		ClientAddr: func(r *http.Request) string { return r.Header.Get("X-Test") },
		Limits:     socketio.Limits{ConnectionsPerAddress: 4},
		Untrusted:  socketio.Limits{ConnectionsPerAddress: 2, MaxConnections: 3},
	})
	open := func(want int, headers ...string) {
		t.Helper()
		_, answer, err := g.tryWS("EIO=4&transport=websocket", headers...)
		if err != nil || answer.StatusCode != want {
			t.Errorf("%v: %v %v, want %d", headers, answer, err, want)
		}
	}
	open(101, "X-Test: 2001:db8:0:1::1")
	open(101, "X-Test: 2001:db8:0:1:ffff::2")
	open(429, "X-Test: 2001:db8:0:1::3")
	for range 4 { // signed-out clients do not take the places of an office
		open(101, "X-Test: 2001:db8:0:1::3", cookie)
	}
	open(429, "X-Test: 2001:db8:0:1::3", cookie)
	open(101, "X-Test: ::ffff:192.0.2.1")
	open(503, "X-Test: 192.0.2.2") // three signed-out clients in all
	open(101, "X-Test: 192.0.2.1", cookie)
}

// The defaults are those of docs/limits.md.
func TestTwoHundredSignedOutConnectionsAnAddress(t *testing.T) {
	g := newGated(t, socketio.Options{})
	for n := range 201 {
		_, answer, err := g.tryWS("EIO=4&transport=websocket")
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: 101, false: 429}[n < 200]; answer.StatusCode != want {
			t.Fatalf("socket %d: %d, want %d", n+1, answer.StatusCode, want)
		}
	}
}

// Every frame and every packet counts, whatever it holds.
func TestEveryFrameCounts(t *testing.T) {
	frames := map[string][]byte{
		"pings of WebSocket": maskedFrame(0x89, nil),
		"pongs of WebSocket": maskedFrame(0x8A, nil),
		"pings of Engine.IO": maskedFrame(0x81, []byte("2")),
		"pongs of Engine.IO": maskedFrame(0x81, []byte("3")),
		"noops":              maskedFrame(0x81, []byte("6")),
		"events":             maskedFrame(0x81, []byte(`42["echo"]`)),
		"unknown events":     maskedFrame(0x81, []byte(`42["nothing"]`)),
		"fragments":          nil,
		"unknown namespaces": maskedFrame(0x81, []byte("40/none")),
	}
	limits := socketio.Limits{EventBurst: 10, EventsPerSecond: 1, BodyTimeout: time.Hour}
	for name, frame := range frames {
		t.Run(name, func(t *testing.T) {
			g := newGated(t, socketio.Options{Untrusted: limits})
			c := g.dialWS("EIO=3&transport=websocket").of(t)
			send := bytes.Repeat(frame, 10)
			if frame == nil {
				send = join(maskedFrame(0x01, nil), bytes.Repeat(maskedFrame(0x00, nil), 8), maskedFrame(0x80, []byte("6")))
			}
			c.raw(send)
			eventually(t, "all arrived", func() bool { return g.srv.Stats().BytesIn >= uint64(len(send)) })
			if n := g.srv.Stats().Refused["above rate"]; n != 0 {
				t.Fatalf("the tenth was slowed down: %d", n)
			}
			c.raw(send[:6]) // a frame's header is enough
			if frame == nil {
				c.raw(send)
			}
			eventually(t, "the eleventh waits", func() bool { return g.srv.Stats().Refused["above rate"] > 0 })
		})
	}
}

// What several connections of one address send is added up.
func TestFramesOfAnAddressInSum(t *testing.T) {
	g := newGated(t, socketio.Options{Untrusted: socketio.Limits{AddressEventBurst: 10, AddressEventsPerSecond: 1}})
	first, second := g.dialWS("EIO=4&transport=websocket"), g.dialWS("EIO=4&transport=websocket")
	noops := bytes.Repeat(maskedFrame(0x81, []byte("6")), 5)
	before := g.srv.Stats().BytesIn
	first.raw(noops)
	second.raw(noops)
	eventually(t, "ten arrived", func() bool { return g.srv.Stats().BytesIn >= before+uint64(2*len(noops)) })
	if n := g.srv.Stats().Refused["above rate"]; n != 0 {
		t.Errorf("the tenth was slowed down: %d", n)
	}
	first.raw(noops[:len(noops)/5])
	eventually(t, "the eleventh waits", func() bool { return g.srv.Stats().Refused["above rate"] > 0 })
}

// A page of another site can load a script from here, with its visitor's
// cookies and without an Origin.
func TestScriptsOfOtherSites(t *testing.T) {
	g := newGated(t, socketio.Options{})
	status := func(query string, headers ...string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+"/socket.io/?EIO=4&transport=polling"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			r.Header.Set(name, value)
		}
		answer, err := g.hc.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "same-site": 403, "cross-site": 403, "something new": 403} {
		if got, _ := status("", cookie, "Sec-Fetch-Site: "+site); got != want {
			t.Errorf("Sec-Fetch-Site %s: %d, want %d", site, got, want)
		}
	}
	if got, _ := status("", cookie, "Sec-Fetch-Site: cross-site", "Origin: "+g.url); got != 200 {
		t.Errorf("an Origin that is ours: %d", got)
	}
	if _, open := status("&j=0", cookie); !strings.Contains(open, `maxPayload\":8192`) {
		t.Errorf("a script opened a session with a login: %s", open)
	}
	if _, open := status("", cookie); !strings.Contains(open, `"maxPayload":1048576`) {
		t.Errorf("a login is not known: %s", open)
	}
}

func TestSessionsBelongToTheirLogin(t *testing.T) {
	g := newGated(t, socketio.Options{})
	request := func(method, query, body string, headers ...string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, g.url+"/socket.io/?EIO=4&transport=polling"+query, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			r.Header.Add(name, value)
		}
		answer, err := g.hc.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
	sid := func(headers ...string) string {
		t.Helper()
		_, body := request("GET", "", "", headers...)
		_, rest, _ := strings.Cut(body, `"sid":"`)
		id, _, _ := strings.Cut(rest, `"`)
		return "&sid=" + id
	}
	anna, stranger := sid(cookie), sid()
	for _, c := range []struct {
		name, query string
		headers     []string
	}{
		{"another login", anna, []string{"Cookie: login=bert"}},
		{"no login", anna, nil},
		{"an empty one", anna, []string{"Cookie: login="}},
		{"a longer one", anna, []string{"Cookie: login=annabel"}},
		{"a script", anna + "&j=0", []string{cookie}},
		{"a login for a stranger's", stranger, []string{cookie}},
	} {
		if got, body := request("POST", c.query, "40", c.headers...); got != 400 || !strings.Contains(body, "Session ID unknown") {
			t.Errorf("POST, %s: %d %s", c.name, got, body)
		}
		if got, _ := request("GET", c.query, "", c.headers...); got != 400 {
			t.Errorf("GET, %s: %d", c.name, got)
		}
		_, answer, err := g.tryWS("EIO=4&transport=websocket"+c.query, c.headers...)
		if err != nil || answer.StatusCode != 400 {
			t.Errorf("upgrade, %s: %v %v", c.name, answer, err)
		}
	}
	if got, body := request("POST", anna, "40", cookie); got != 200 {
		t.Errorf("its own login: %d %s", got, body)
	}
	if got, body := request("POST", stranger, "40"); got != 200 {
		t.Errorf("a stranger's own: %d %s", got, body)
	}
	if _, answer, err := g.tryWS("EIO=4&transport=websocket"+anna, cookie); err != nil || answer.StatusCode != 101 {
		t.Errorf("upgrade of its own: %v %v", answer, err)
	}
}

// An upload on a slow line is no dead connection, and its client must not think
// so either: as long as bytes come fast enough, pings are sent on.
func TestBytesThatArriveAreASignOfLife(t *testing.T) {
	opt := socketio.Options{
		PingInterval: testInterval, PingTimeout: testTimeout,
		Limits: socketio.Limits{BodyTimeout: 10 * time.Second, MinBytesPerSecond: 1},
	}
	head := []byte(`451-7["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)
	for _, eio := range []string{"3", "4"} {
		t.Run("WebSocket, EIO "+eio, func(t *testing.T) {
			g := newGated(t, opt)
			c := g.dialWS("EIO="+eio+"&transport=websocket", cookie).of(t)
			if eio == "4" {
				c.send("40")
			}
			upload := join(maskedFrame(0x81, head), maskedFrame(0x82, append([]byte{4}, make([]byte, 1000)...)))
			signs := make(chan string, 100)
			go func() {
				defer close(signs)
				for {
					first, payload, err := c.frame()
					if err != nil || first == 0x88 {
						return
					}
					if first == 0x81 {
						signs <- string(payload)
					}
				}
			}()
			// It goes on until the client has been reassured for longer than
			// interval and timeout together: three times.
			want := map[string]string{"3": "6", "4": "2"}[eio]
			seen := 0
			for seen < 4 {
				c.raw(upload[:1])
				upload = upload[1:]
				select {
				case sign, open := <-signs:
					if !open {
						t.Fatalf("closed: %v", g.srv.Stats().Closed)
					}
					if sign == want {
						seen++
					}
				case <-time.After(20 * time.Millisecond):
				}
			}
			c.raw(upload)
			for sign := range signs {
				if strings.HasPrefix(sign, "461-7[") {
					return
				}
			}
			t.Fatalf("closed before the answer: %v", g.srv.Stats().Closed)
		})
	}
	t.Run("a POST", func(t *testing.T) {
		g := newGated(t, socketio.Options{Untrusted: socketio.Limits{BodyTimeout: time.Second, MinBytesPerSecond: 1}})
		send := func(pieces int) (status int, err error) {
			p, _ := g.open(4)
			in, out := io.Pipe()
			defer func() { _ = in.Close() }() // always nil
			go func() {                       // 60 pieces need twice the time that is given to begin with
				for n := range pieces {
					piece := "6"
					if n > 0 {
						piece = "\x1e6"
					}
					if _, err := io.WriteString(out, piece); err != nil {
						return
					}
					time.Sleep(35 * time.Millisecond)
				}
				if pieces == 60 {
					_ = out.Close() // always nil
				} // else it never ends
			}()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/socket.io/?"+p.query, in)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := g.hc.Do(r)
			if err != nil {
				return 0, err
			}
			answer.Body.Close()
			return answer.StatusCode, nil
		}
		if status, err := send(60); status != 200 || err != nil {
			t.Errorf("a slow one: %d %v", status, err)
		}
		if status, _ := send(1); status == 200 {
			t.Error("one that never ends was taken")
		}
		eventually(t, "closed as too slow", func() bool { return g.srv.Stats().Closed[socketio.ReasonTooSlow] == 1 })
	})
}

// Requests of a session count like frames: polls and upgrades are not free.
func TestRequestsOfASessionCount(t *testing.T) {
	g := newGated(t, socketio.Options{Untrusted: socketio.Limits{AddressEventBurst: 10, AddressEventsPerSecond: 1}})
	p, _ := g.open(4)
	sid := p.query[strings.Index(p.query, "&sid="):]
	for n := range 11 {
		c, _, err := g.tryWS("EIO=4&transport=websocket" + sid)
		if err != nil {
			t.Fatal(err)
		}
		c.nc.Close()
		if slowed := g.srv.Stats().Refused["above rate"]; n == 9 && slowed != 0 {
			t.Errorf("the tenth waited: %d", slowed)
		}
	}
	if g.srv.Stats().Refused["above rate"] == 0 {
		t.Error("the eleventh did not wait")
	}
}

// A client that is not read from, because it is above its rate, is not slow.
func TestThrottledIsNotTooSlow(t *testing.T) {
	g := newGated(t, socketio.Options{PingInterval: testInterval, Untrusted: socketio.Limits{
		MaxPayload: 64 << 10, BodyTimeout: testInterval, MinBytesPerSecond: 1 << 30, ByteBurst: 9000, BytesPerSecond: 9000,
	}})
	c := g.socket()
	c.send(event(20_000))
	c.until(`42["echo"`)
	if closed := g.srv.Stats().Closed; len(closed) > 0 {
		t.Error(closed)
	}
}

// A lost session is resumed by the login that had it only, and signed-out
// sessions are not kept.
func TestRecoveryBelongsToTheLogin(t *testing.T) {
	g := newGated(t, socketio.Options{Recovery: socketio.Recovery{MaxAge: time.Minute}})
	between := func(text, from, to string) string {
		_, rest, _ := strings.Cut(text, from)
		found, _, _ := strings.Cut(rest, to)
		return found
	}
	lose := func(header string) (claim, pid string) {
		c := g.dialWS("EIO=4&transport=websocket", header)
		c.text()
		c.send("40")
		pid = between(c.text(), `"pid":"`, `"`)
		c.send(`42["echo",1]`)
		offset := between(c.text(), `1,"`, `"`)
		c.nc.Close()
		eventually(t, "gone", func() bool { return g.srv.Of("/").Len("") == 0 })
		return fmt.Sprintf(`40{"pid":%q,"offset":%q}`, pid, offset), pid
	}
	for header, same := range map[string]bool{cookie: true, "Cookie: login=bert": false} {
		claim, pid := lose(cookie)
		c := g.dialWS("EIO=4&transport=websocket", header)
		c.text()
		c.send(claim)
		if got := between(c.text(), `"pid":"`, `"`); got == "" || (got == pid) != same {
			t.Errorf("%s: session %q, was %q", header, got, pid)
		}
		c.nc.Close()
		eventually(t, "gone", func() bool { return g.srv.Of("/").Len("") == 0 })
	}
	if _, pid := lose("X: y"); pid != "" {
		t.Errorf("a stranger's session is kept: %q", pid)
	}
}
