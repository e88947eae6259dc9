package socketio_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

func deflateZeros(t *testing.T, n int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte{0, 0, 0xff, 0xff})
}

func TestSlowReaderIsClosedAndDelaysNoOthers(t *testing.T) {
	h := newHost(t, socketio.Options{
		WriteTimeout: time.Minute,
		Limits:       socketio.Limits{MaxQueuedMessages: 100, MaxQueuedBytes: 1 << 20},
	})
	slow := h.connect(3)
	slow.send(`420["join","room"]`)
	slow.want("430[true]")
	quick := h.connect(4)
	quick.send(`420["join","room"]`)
	quick.want("430[true]")
	if tcp, ok := slow.nc.(*net.TCPConn); ok {
		if err := tcp.SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
	}
	pad := strings.Repeat("x", 10_000)
	closed := func() bool { return h.srv.Stats().Closed[socketio.ReasonQueueFull] == 1 }
	for n := 0; !closed(); n++ {
		if n > 5000 {
			t.Fatal("the slow reader was not closed")
		}
		if err := h.srv.Of("/").To("room").Emit("news", n, pad); err != nil {
			t.Fatal(err)
		}
		quick.want(fmt.Sprintf(`42["news",%d,%q]`, n, pad))
	}
	if got := h.srv.Of("/").Len("room"); got != 1 {
		t.Errorf("%d members left", got)
	}
}

func TestStalledReaderTimesOut(t *testing.T) {
	h := newHost(t, socketio.Options{WriteTimeout: testTimeout, Limits: socketio.Limits{MaxQueuedMessages: -1, MaxQueuedBytes: -1}})
	slow := h.connect(3)
	slow.send(`420["join","room"]`)
	slow.want("430[true]")
	pad := strings.Repeat("x", 1<<20)
	for range 20 {
		if err := h.srv.Of("/").To("room").Emit("news", pad); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "closed", func() bool { return h.srv.Stats().Closed[socketio.ReasonWriteTimeout] == 1 })
}

func TestBackloggedPollerIsClosed(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxQueuedMessages: 10}})
	p := h.member(4)
	for range 12 {
		if err := h.srv.Of("/").Emit("news"); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "closed", func() bool { return h.srv.Stats().Closed[socketio.ReasonQueueFull] == 1 })
	if status, _ := p.get(); status != http.StatusBadRequest {
		t.Error("the session is alive")
	}
}

func TestTightLoopOfEmitsIsNotASlowReader(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxQueuedMessages: 16}})
	c := h.connect(4)
	c.send(`420["join","room"]`)
	c.want("430[true]")
	const count = 20_000
	go func() {
		for n := range count {
			target := h.srv.Of("/").To("room")
			if n%1000 == 999 {
				time.Sleep(time.Millisecond) // lets the reader of this test follow
			}
			if err := target.Emit("n", n); err != nil {
				t.Error(err)
			}
		}
	}()
	for n := range count {
		c.want(fmt.Sprintf(`42["n",%d]`, n))
	}
}

func TestSizes(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxPayload: 1000, MaxAttachments: 3}})
	big := strings.Repeat("x", 2000)
	t.Run("POST announced", func(t *testing.T) {
		p := h.member(4)
		if status, _ := p.post(`42["echo","` + big + `"]`); status != http.StatusRequestEntityTooLarge {
			t.Error(status)
		}
	})
	t.Run("POST in chunks", func(t *testing.T) {
		p := h.member(4)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/socket.io/?"+p.query, io.MultiReader(strings.NewReader(big)))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := h.hc.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Error(answer.StatusCode)
		}
	})
	t.Run("frame", func(t *testing.T) {
		c := h.connect(4)
		c.send(`42["echo","` + big + `"]`)
		c.wantClosed(1009)
	})
	t.Run("attachments together", func(t *testing.T) {
		c := h.connect(4)
		c.send(`452-["files",{}]`)
		c.sendBinary(make([]byte, 600)...)
		c.sendBinary(make([]byte, 600)...)
		c.wantClosed(1009)
	})
	t.Run("number of attachments", func(t *testing.T) {
		c := h.connect(4)
		c.send(`454-["files",{}]`)
		c.wantClosed(1002)
	})
	t.Run("namespaces", func(t *testing.T) {
		h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxNamespaces: 1}})
		c := h.connect(4)
		c.send("40/project,")
		c.want(`44/project,{"message":"Too many namespaces"}`)
	})
}

func TestRatesSlowDownOnlyTheirClient(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{EventsPerSecond: 50, EventBurst: 10}})
	greedy, modest := h.connect(4), h.connect(4)
	start := time.Now()
	for n := range 30 {
		greedy.send(fmt.Sprintf(`42["echo",%d]`, n))
	}
	modest.send(`42["echo","quick"]`)
	modest.want(`42["echo","quick"]`)
	quick := time.Since(start)
	for n := range 30 {
		greedy.want(fmt.Sprintf(`42["echo",%d]`, n))
	}
	if slow := time.Since(start); slow < 300*time.Millisecond || quick > slow {
		t.Errorf("30 events at 50 a second, 10 at once, took %v; the other client waited %v", slow, quick)
	}
}

func TestLimitsPerAddress(t *testing.T) {
	h := newHost(t, socketio.Options{
		ClientAddr: func(r *http.Request) string { return r.Header.Get("X-Test") },
		Limits:     socketio.Limits{ConnectionsPerAddress: 2, HandshakesPerSecond: 1, HandshakeBurst: 4},
	})
	a, _, err := h.tryWS("EIO=3&transport=websocket", "X-Test: a")
	if err != nil {
		t.Fatal(err)
	}
	statuses := func(n int, header string) (got []int) {
		for range n {
			_, answer, err := h.tryWS("EIO=3&transport=websocket", header)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, answer.StatusCode)
		}
		return got
	}
	if got := fmt.Sprint(statuses(2, "X-Test: a")); got != "[101 429]" {
		t.Error(got)
	}
	if got := fmt.Sprint(statuses(1, "X-Test: b")); got != "[101]" {
		t.Error(got)
	}
	a.nc.Close()
	eventually(t, "the closed connection no longer counts", func() bool { return h.srv.ConnectionsOf("a") == 1 })
	if got := fmt.Sprint(statuses(3, "X-Test: a")); got != "[101 429 429]" {
		t.Error(got)
	}
	if refused := h.srv.Stats().Refused; refused["too many connections of address"] == 0 || refused["too many handshakes of address"] == 0 {
		t.Error(refused)
	}
}

func TestOrigins(t *testing.T) {
	h := newHost(t, socketio.Options{})
	ask := func(method, origin string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+"/socket.io/?EIO=4&transport=polling", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		answer, err := h.hc.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	if got := ask("GET", h.url); got.StatusCode != 200 || got.Header.Get("Access-Control-Allow-Origin") != h.url {
		t.Error(got.StatusCode, got.Header)
	}
	if got := ask("OPTIONS", h.url); got.StatusCode != 204 || got.Header.Get("Access-Control-Allow-Credentials") != "true" {
		t.Error(got.StatusCode, got.Header)
	}
	for _, foreign := range []string{"https://evil.example", "null", "http://" + h.addr() + ".evil.example", "x"} {
		if got := ask("GET", foreign); got.StatusCode != 403 || got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Error(foreign, got.StatusCode)
		}
		if _, answer, err := h.tryWS("EIO=4&transport=websocket", "Origin: "+foreign); err != nil || answer.StatusCode != 403 {
			t.Error(foreign, answer, err)
		}
	}
}

// TestOrderUnderLoad: what one goroutine emits arrives in order, to the socket
// and to its rooms, on polling, through an upgrade and on WebSockets, and all
// members of a room see the same order of what several goroutines emit.
func TestOrderUnderLoad(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxQueuedMessages: -1, MaxQueuedBytes: -1}})
	ns := h.srv.Of("/")
	const emitters, each, clients = 4, 300, 6
	conns := make([]*wsClient, clients)
	for i := range conns {
		conns[i] = h.connect(3 + i%2)
		conns[i].send(`420["join","room"]`)
		conns[i].want("430[true]")
	}
	var sockets []*socketio.Socket
	found, err := ns.To("room").Sockets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range found {
		s, ok := ns.Socket(info.ID)
		if !ok {
			t.Fatal("socket not found")
		}
		sockets = append(sockets, s)
	}
	var wg sync.WaitGroup
	for e := range emitters {
		wg.Go(func() {
			for n := range each {
				if n%3 == 0 {
					for _, s := range sockets {
						_ = s.Emit("n", e, n)
					}
					continue
				}
				_ = ns.To("room").Emit("n", e, n)
			}
		})
	}
	orders := make([]string, clients)
	for i, c := range conns {
		var last [emitters]int
		var room strings.Builder
		for range emitters * each {
			var event []any
			if err := json.Unmarshal([]byte(c.text()[2:]), &event); err != nil {
				t.Fatal(err)
			}
			var e, n int
			if _, err := fmt.Sscan(fmt.Sprint(event[1], event[2]), &e, &n); err != nil {
				t.Fatal(err)
			}
			if n != last[e] {
				t.Fatalf("client %d, emitter %d: %d in the place of %d", i, e, n, last[e])
			}
			last[e]++
			if n%3 != 0 {
				fmt.Fprint(&room, e, ":", n, " ")
			}
		}
		orders[i] = room.String()
	}
	wg.Wait()
	for i := range orders {
		if orders[i] != orders[0] {
			t.Errorf("clients 0 and %d saw the room in different orders", i)
		}
	}
}

// TestRandomBytes sends rubbish, and valid beginnings that turn into rubbish,
// to every door of a live server, which must stay well.
func TestRandomBytes(t *testing.T) {
	h := newHost(t, socketio.Options{Limits: socketio.Limits{HandshakeBurst: -1, HandshakesPerSecond: -1}})
	witness := h.connect(4)
	rnd := rand.New(rand.NewPCG(1, 2)) // repeatable rubbish
	for range 300 {
		assault(h, randomBytes(rnd, 200), rnd.IntN(4))
	}
	witness.send(`420["double",21]`)
	witness.want("430[42]")
	eventually(t, "all but the witness are gone", func() bool { return h.srv.Stats().Sockets <= 1 || closeIdlePolls(h) })
}

func closeIdlePolls(h *host) bool {
	_ = h.srv.Of("/").To().Except("nobody").Disconnect(true)
	return false
}

func randomBytes(rnd *rand.Rand, n int) []byte {
	b := make([]byte, 1+rnd.IntN(n))
	for i := range b {
		b[i] = byte(rnd.UintN(256))
	}
	return b
}

// assault sends data through one of the ways in and leaves.
func assault(h *host, data []byte, way int) {
	switch way {
	case 0: // as frames' bytes
		if c, _, err := h.tryWS("EIO=3&transport=websocket"); err == nil {
			_, _ = c.nc.Write(data)
			c.nc.Close()
		}
	case 1: // as a text message
		if c, _, err := h.tryWS("EIO=4&transport=websocket"); err == nil {
			_, _ = c.nc.Write(append(maskedFrame(0x81, []byte("40")), maskedFrame(0x81, append([]byte("4"), data...))...))
			c.nc.Close()
		}
	case 2: // as a payload
		p, _ := h.open(3)
		_, _ = p.request(http.MethodPost, p.query, []string{"text/plain", "application/octet-stream"}[len(data)%2], string(data))
		_, _ = p.post(p.frames("1"))
	case 3: // as a request
		if c, err := h.dialRaw(); err == nil {
			_, _ = c.nc.Write(append([]byte("GET /socket.io/?EIO=4&transport="), data...))
			c.nc.Close()
		}
	}
}

// FuzzConnection sends bytes to a live server by every way in.
func FuzzConnection(f *testing.F) {
	f.Add([]byte(`42["echo",1]`), uint8(1))
	f.Add([]byte(`5999999999999-["x"]`), uint8(1))
	f.Add([]byte(`51-["files",{"files":{"a":{"_placeholder":true,"num":7}}}]`), uint8(1))
	f.Add([]byte("12:42[\"echo\",1]"), uint8(2))
	f.Add([]byte("\x00\x01\xff4\x01\x02\xff\x04\x01"), uint8(2))
	f.Add(maskedFrame(0x81, []byte(`42["double","9"]`)), uint8(0))
	f.Add([]byte{0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, uint8(0))
	f.Add([]byte("polling&j=1&b64=1 HTTP/1.1\r\nHost: x\r\n\r\n"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, way uint8) {
		h := newHost(t, socketio.Options{})
		witness := h.connect(4)
		assault(h, data, int(way%4))
		witness.send(`420["double",21]`)
		witness.want("430[42]")
	})
}

func TestHandlersRunInOrderAndSurviveTheirClient(t *testing.T) {
	h := newHost(t, socketio.Options{})
	gate, done := make(chan struct{}), make(chan string, 3)
	ns := h.srv.Of("/slow")
	socketio.On(ns, "work", func(ctx context.Context, s *socketio.Socket, n int) (any, error) {
		if n == 1 {
			<-gate
		}
		done <- fmt.Sprint(n, ctx.Err(), s.Connected(), s.Context().Err() != nil)
		return nil, nil
	})
	ns.OnDisconnect(func(_ context.Context, _ *socketio.Socket, reason string) { done <- reason })
	c := h.connect(4)
	c.send("40/slow,", `42/slow,["work",1]`, `42/slow,["work",2]`)
	c.text()
	eventually(t, "both are in", func() bool { return h.srv.Stats().Received >= 1 })
	c.send(`420["double",1]`)
	c.nc.Close()
	eventually(t, "the client is gone", func() bool { return ns.Len("") == 0 })
	close(gate)
	for _, want := range []string{"1<nil>falsetrue", "2<nil>falsetrue", socketio.ReasonTransportClose} {
		got := <-done
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
