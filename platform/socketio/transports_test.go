package socketio_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskstack.org/platform/socketio"
)

const (
	filesHead = `451-["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`
	filesAck  = `451-7["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`
)

// A client whose WebSocket takes text only (forceBase64) sends attachments as
// text, and gets them so if it says so when it opens the WebSocket.
func TestBase64OverWebSocket(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		text := map[int]string{3: "b4AQID/w==", 4: "bAQID/w=="}[eio]
		raw := map[int][]byte{3: {4, 1, 2, 3, 255}, 4: {1, 2, 3, 255}}[eio]
		open := func(h *host, query string) *wsClient {
			c := h.dialWS(fmt.Sprintf("EIO=%d&transport=websocket%s", eio, query))
			c.text()
			if eio == 4 {
				c.send("40")
			}
			c.wantConnect("")
			return c
		}
		h := newHost(t, socketio.Options{Compression: true})
		c := open(h, "&b64=1")
		c.send(filesAck, text)
		c.want(filesHead, text, `461-7[{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`, text)
		c.sendBinary(raw[:0:0]...)
		c.wantClosed(1002)

		c = open(h, "")
		c.send(filesHead, text)
		c.want(filesHead)
		c.wantBinary(raw...)

		p := h.member(eio)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1) + "&b64=1")
		ws.send("2probe")
		ws.want("3probe")
		p.want("6")
		ws.send("5", filesHead, text)
		ws.want(filesHead, text)

		both := []*wsClient{open(h, "&b64=1"), open(h, "")}
		for range 3 { // merged with what the others get, and not
			if err := h.srv.Of("/").Emit("all", socketio.Binary{1, 2, 3, 255}); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			both[0].want(`451-["all",{"_placeholder":true,"num":0}]`, text)
			both[1].want(`451-["all",{"_placeholder":true,"num":0}]`)
			both[1].wantBinary(raw...)
		}
		for _, bad := range []string{"b", "b!!!!", "b4!!!", "bAQI", "b5AQID", text} {
			c := open(h, "")
			if bad != text { // alone, that one is an attachment of nothing
				c.send(filesHead)
			}
			if eio == 4 && bad == "b" {
				continue // an empty attachment
			}
			c.send(bad)
			c.wantClosed(1002)
		}
	})
}

func TestBase64OverWebSocketIsBounded(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 300_000}})
		lead := map[int]string{3: "b4", 4: "b"}[eio]
		text := func(n int) string { return lead + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), n)) }
		c := h.connect(eio)
		c.send(filesHead, text(290_000))
		c.want(filesHead)
		if first, payload, err := c.frame(); err != nil || first != 0x82 || len(payload) != 290_000+len(lead)-1 {
			t.Fatalf("frame %#x of %d: %v", first, len(payload), err)
		}
		// What no handler wants is dropped as it comes, in whatever form.
		c.send(`451-0["join",{"_placeholder":true,"num":0}]`, text(290_000))
		c.want(`430[{"error":"internal"}]`)
		c.send(`451-1["join",{"_placeholder":true,"num":0}]`, text(10))
		c.want(`431[{"error":"internal"}]`)
		c.send(filesHead, text(310_000))
		c.wantClosed(1009)
		c = h.connect(eio)
		c.send(text(190_000)) // an attachment of nothing
		c.wantClosed(1002)
	})
}

// What the handshake said about base64 holds for the session's polls.
func TestBase64OfTheHandshakeIsRemembered(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		query := fmt.Sprintf("EIO=%d&transport=polling", eio)
		status, body := h.request(http.MethodGet, query+"&b64=1", "", "")
		if status != 200 {
			t.Fatal(status, body)
		}
		_, rest, _ := strings.Cut(body, `"sid":"`)
		sid, _, _ := strings.Cut(rest, `"`)
		p := &poller{h, eio, query + "&sid=" + sid}
		if eio == 4 {
			p.wantPost(200, "40")
			p.get()
		}
		text := map[int]string{3: "b4AQID/w==", 4: "bAQID/w=="}[eio]
		p.wantPost(200, filesHead, text)
		p.want(filesHead, text)
	})
}

// A namespace need not be ASCII, by any transport and for any client: clients
// 1.x encode polled text as UTF-8 twice.
func TestNamespacesThatAreNotASCII(t *testing.T) {
	for _, ns := range []string{"/Grüße", "/日本", "/🎉x"} {
		twice := func(s string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				b.WriteRune(rune(c))
			}
			return b.String()
		}
		utf16 := func(s string) (n int) {
			for _, r := range s {
				if n++; r > 0xffff {
					n++
				}
			}
			return n
		}
		host := func(t *testing.T) *host {
			h := newHost(t, socketio.Options{})
			registerEvents(h.srv.Of(ns))
			return h
		}
		echo := "42" + ns + `,["echo","ä"]`
		escaped := "42" + ns + `,["echo","\u00e4"]`
		frame := func(packet string) string { return fmt.Sprintf("%d:%s", utf16(packet), packet) }
		t.Run("polling, client 2.x", func(t *testing.T) {
			h := host(t)
			p := h.member(3)
			if status, body := p.post(frame("40" + ns + ",")); status != 200 {
				t.Fatal(status, body)
			}
			if _, body := p.get(); body != frame("40"+ns) {
				t.Errorf("got %q, want %q", body, frame("40"+ns))
			}
			if status, body := p.post(frame(echo)); status != 200 {
				t.Fatal(status, body)
			}
			if _, body := p.get(); body != frame(escaped) {
				t.Errorf("got %q, want %q", body, frame(escaped))
			}
		})
		t.Run("polling, client 1.x", func(t *testing.T) {
			h := host(t)
			p := h.member(3)
			if status, body := p.post(frame(twice("40" + ns + ","))); status != 200 {
				t.Fatal(status, body)
			}
			if _, body := p.get(); body != frame(twice("40"+ns)) {
				t.Errorf("got %q, want %q", body, frame(twice("40"+ns)))
			}
			if status, body := p.post(frame(twice(echo))); status != 200 {
				t.Fatal(status, body)
			}
			if _, body := p.get(); body != frame(twice(escaped)) {
				t.Errorf("got %q, want %q", body, frame(twice(escaped)))
			}
			bin := frame(twice("451-"+ns+`,["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`)) + "6:b4AQID"
			if status, body := p.post(bin); status != 200 {
				t.Fatal(status, body)
			}
			p.query += "&b64=1"
			if _, body := p.get(); body != bin {
				t.Errorf("got %q, want %q", body, bin)
			}
		})
		t.Run("polling, clients 3 and 4", func(t *testing.T) {
			h := host(t)
			p := h.member(4)
			p.wantPost(200, "40"+ns+",")
			if _, body := p.get(); !strings.HasPrefix(body, "40"+ns+`,{"sid":`) {
				t.Errorf("got %q", body)
			}
			p.wantPost(200, echo)
			p.want(echo)
		})
		eachGeneration(t, func(t *testing.T, eio int) {
			h := host(t)
			c := h.connect(eio)
			c.send("40" + ns + ",")
			c.wantConnect(ns)
			c.send(echo)
			c.want(echo)
		})
	}
}

func TestSubprotocolIsAnswered(t *testing.T) {
	h := newHost(t, socketio.Options{})
	for offer, want := range map[string]string{"": "", "chat": "chat", "v2.chat , chat": "v2.chat", `"x"`: "", "a b": "", ",": ""} {
		_, answer, err := h.tryWS("EIO=4&transport=websocket", "Sec-WebSocket-Protocol: "+offer)
		if err != nil || answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Sec-WebSocket-Protocol") != want {
			t.Errorf("offered %q: %v %v", offer, answer, err)
		}
	}
}

// Control frames are answered while a WebSocket is only a candidate.
func TestControlFramesDuringUpgrade(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		p := h.member(eio)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		pong := func(text string) {
			t.Helper()
			ws.raw(maskedFrame(0x89, []byte(text)))
			if first, payload, err := ws.frame(); err != nil || first != 0x8a || string(payload) != text {
				t.Fatalf("frame %#x %q: %v", first, payload, err)
			}
		}
		pong("before the probe")
		ws.send("2probe")
		ws.want("3probe")
		pong("")
		p.want("6")
		pong("between probe and upgrade")
		ws.send("5")
		pong("after the upgrade")
		ws.send(`42["echo",1]`)
		ws.want(`42["echo",1]`)

		p = h.member(eio)
		ws = h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		ws.send("2probe")
		ws.want("3probe")
		ws.raw(maskedFrame(0x88, []byte{0x03, 0xe8}))
		ws.wantClosed(1000)
		p.wantPost(200, `42["echo",1]`) // the session goes on
		p.want(`42["echo",1]`)
	})
}

func TestPreflight(t *testing.T) {
	h := newHost(t, socketio.Options{CheckOrigin: func(r *http.Request) bool {
		return r.Header.Get("Origin") == "https://app.example"
	}})
	ask := func(origin string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, h.url+"/socket.io/?EIO=4&transport=polling", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,x-tab")
		answer, err := h.hc.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	got := ask("https://app.example")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Headers": "authorization,content-type,x-tab", "Access-Control-Allow-Methods": "GET, POST",
	} {
		if got.StatusCode != http.StatusNoContent || got.Header.Get(name) != want {
			t.Errorf("%d, %s: %q", got.StatusCode, name, got.Header.Get(name))
		}
	}
	if vary := strings.Join(got.Header.Values("Vary"), ", "); vary != "Origin, Access-Control-Request-Headers" {
		t.Errorf("Vary: %s", vary)
	}
	if got := ask("https://evil.example"); got.StatusCode != 403 || got.Header.Get("Access-Control-Allow-Headers") != "" {
		t.Error(got.StatusCode, got.Header)
	}
}

func TestAcknowledgementsOfSeveralArguments(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		answers := map[string]any{
			"none": socketio.Args{}, "two": socketio.Args{1, "2"}, "nil": nil, "list": []int{1, 2},
			"binary": socketio.Args{socketio.Binary{1, 2}, nil, 3}, "silent": socketio.NoAck{},
		}
		for name, answer := range answers {
			socketio.On(h.srv.Of("/"), name, func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) { return answer, nil })
		}
		socketio.On(h.srv.Of("/"), "failed", func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) {
			return socketio.NoAck{}, context.Canceled
		})
		c := h.connect(eio)
		for name := range answers {
			c.send(fmt.Sprintf("42[%q]", name)) // nothing is asked for, and nothing comes
		}
		c.send(`420["none"]`, `421["two"]`, `422["nil"]`, `423["list"]`, `424["silent"]`, `425["failed"]`, `426["binary"]`)
		c.want("430[]", `431[1,"2"]`, "432[]", "433[[1,2]]", `435[{"error":"internal"}]`, `461-6[{"_placeholder":true,"num":0},null,3]`)
		c.wantBinary(map[int][]byte{3: {4, 1, 2}, 4: {1, 2}}[eio]...)
	})
}

// Without Options.Ack, an event that nothing handles is not acknowledged, so
// that the client's timeout ends its waiting.
func TestUnknownEventIsNotAcknowledgedByDefault(t *testing.T) {
	plain, err := socketio.New(socketio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	registerEvents(plain.Of("/"))
	ts := httptest.NewServer(plain)
	t.Cleanup(ts.Close)
	t.Cleanup(func() { _ = plain.Close(context.Background()) })
	h := &host{t: t, srv: plain, url: ts.URL, hc: ts.Client()}
	c := h.connect(4)
	c.send(`420["unknown"]`, `421["double","x"]`, `422["double",2]`)
	c.want(`431[{"error":"internal"}]`, "432[4]")
}

func TestManyAttachmentsAreWarnedAbout(t *testing.T) {
	var log bytes.Buffer
	h := newHost(t, socketio.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	c := h.connect(4)
	many := make([]any, 11)
	for i := range many {
		many[i] = socketio.Binary{byte(i)}
	}
	for range 3 {
		if err := h.srv.Of("/").Emit("ten", many[:10]...); err != nil {
			t.Fatal(err)
		}
		if err := h.srv.Of("/").Emit("eleven", many...); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		for _, n := range []int{10, 11} {
			if got := c.text(); !strings.HasPrefix(got, fmt.Sprintf("45%d-", n)) {
				t.Fatalf("got %q", got)
			}
			for i := range n {
				c.wantBinary(byte(i))
			}
		}
	}
	if text := log.String(); strings.Count(text, "attachments") != 2 || !strings.Contains(text, "event=eleven attachments=11") {
		t.Errorf("log: %s", text)
	}
}
