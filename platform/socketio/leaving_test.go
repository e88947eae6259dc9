package socketio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// wantConnect reads the answer to a CONNECT and gives the socket's id, which
// clients of protocol 4 are not notified.
func (c *wsClient) wantConnect(ns string) (id string) {
	c.t.Helper()
	got := c.text()
	if !strings.HasPrefix(got, "40"+ns) {
		c.t.Fatalf("got %q, want a CONNECT", got)
	}
	_, rest, _ := strings.Cut(got, `"sid":"`)
	id, _, _ = strings.Cut(rest, `"`)
	return id
}

// What the server announces is done already: a client that is told to leave
// and comes back at once is let in, however often.
func TestRejoinRightAfterDisconnect(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		for _, ns := range []string{"/", "/project"} {
			h := newHost(t, socketio.Options{})
			name := map[string]string{"/": "", "/project": "/project,"}[ns]
			c := h.connect(eio)
			if ns != "/" {
				c.send("40" + name)
				c.wantConnect(strings.TrimSuffix(name, ","))
			}
			for range 300 {
				left := make(chan error, 1)
				go func() { left <- h.srv.Of(ns).To().Disconnect(false) }()
				c.want("41" + strings.TrimSuffix(name, ","))
				c.send("40" + name)
				c.wantConnect(strings.TrimSuffix(name, ","))
				if err := <-left; err != nil {
					t.Fatal(err)
				}
			}
			c.send("42" + name + `0["where"]`)
			c.want("43" + name + fmt.Sprintf("0[%q]", ns))
		}
	})
}

func TestSecondConnectIsAnswered(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		c := h.connect(eio)
		c.send("40/project,")
		first := c.wantConnect("/project")
		c.send("40/project,", "40", `42/project,0["where"]`)
		if second := c.wantConnect("/project"); second != first {
			t.Errorf("the same socket is called %q and %q", first, second)
		}
		c.wantConnect("")
		c.want(`43/project,0["/project"]`)
		if n := h.srv.Stats().Sockets; n != 2 {
			t.Errorf("%d sockets", n)
		}
	})
}

func TestEventBeforeConnectCloses(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		for _, bad := range []string{`42/project,["echo",1]`, `42/nobody,0["echo",1]`} {
			c := h.connect(eio)
			c.send(bad)
			c.wantClosed(1002)
		}
		left := h.connect(eio)
		left.send("41", `42["echo",1]`)
		left.wantClosed(1002)
		refused := h.connect(eio)
		refused.send("40/nobody,", `42/nobody,["echo",1]`)
		if got := refused.text(); !strings.HasPrefix(got, "44/nobody,") {
			t.Errorf("got %q", got)
		}
		refused.wantClosed(1002)
	})
	t.Run("never connected", func(t *testing.T) {
		c := newHost(t, socketio.Options{}).dialWS("EIO=4&transport=websocket")
		c.text()
		c.send(`42["echo",1]`)
		c.wantClosed(1002)
	})
}

// What a client sends before it knows that the server has taken it out of a
// namespace is no violation.
func TestPacketsThatCrossADisconnect(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		c := h.connect(eio)
		c.send("40/project,")
		c.wantConnect("/project")
		if err := h.srv.Of("/project").To().Disconnect(false); err != nil {
			t.Fatal(err)
		}
		c.send(`42/project,["echo",1]`, `42/project,7["where"]`, "43/project,0[]", "41/project,", "40/project,", `42/project,8["where"]`)
		c.want("41/project")
		c.wantConnect("/project")
		c.want(`43/project,8["/project"]`)
	})
}

// An acknowledgement belongs to its question, even if it comes when another
// socket of the same client has asked something.
func TestLateAcknowledgementAnswersNothingElse(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		ask := func(answer chan<- string) {
			for _, s := range h.members(t, "/") {
				reply, err := s.Call(t.Context(), "question")
				answer <- fmt.Sprintf("%s %v", reply.Args, err)
			}
		}
		question := func(c *wsClient) string {
			t.Helper()
			got := c.text()
			id, ok := strings.CutSuffix(strings.TrimPrefix(got, "42"), `["question"]`)
			if !ok || id == "" {
				t.Fatalf("got %q", got)
			}
			return id
		}
		check := func(c *wsClient, rejoin func() *wsClient) {
			t.Helper()
			first, second := make(chan string, 1), make(chan string, 1)
			go ask(first)
			old := question(c)
			c = rejoin()
			if got := <-first; got != "[] "+socketio.ErrDisconnected.Error() {
				t.Errorf("the question of the socket that left: %q", got)
			}
			go ask(second)
			id := question(c)
			c.send("43"+old+`["late"]`, "43"+id+`["right"]`)
			if got := <-second; got != fmt.Sprintf("[%q] <nil>", "right") {
				t.Errorf("the second question was answered with %q", got)
			}
		}
		c := h.connect(eio)
		check(c, func() *wsClient {
			c.send("41", "40")
			c.wantConnect("")
			return c
		})
		check(c, func() *wsClient { // the client connects again
			c.nc.Close()
			eventually(t, "left", func() bool { return h.srv.Stats().Sockets == 0 })
			c = h.connect(eio)
			return c
		})
	})
}

func (h *host) members(t *testing.T, ns string) (found []*socketio.Socket) {
	t.Helper()
	infos, err := h.srv.Of(ns).To().Sockets(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, info := range infos {
		if s, ok := h.srv.Of(ns).Socket(info.ID); ok {
			found = append(found, s)
		}
	}
	return found
}

// What is emitted just before the end arrives, with the packet or frame that
// says so.
func TestLastEventsArriveBeforeTheEnd(t *testing.T) {
	ends := map[string]func(h *host, s *socketio.Socket){
		"Close": func(_ *host, s *socketio.Socket) { s.Close() },
		"Drain": func(h *host, _ *socketio.Socket) {
			ctx, cancel := context.WithTimeout(context.Background(), giveUp)
			defer cancel()
			_ = h.srv.Drain(ctx)
		},
	}
	for name, end := range ends {
		eachGeneration(t, func(t *testing.T, eio int) {
			emitAndEnd := func(h *host) <-chan struct{} {
				done := make(chan struct{})
				go func() {
					defer close(done)
					for _, s := range h.members(t, "/") {
						for n := range 3 {
							if err := s.Emit("last", n); err != nil {
								t.Error(err)
							}
						}
						end(h, s)
					}
				}()
				return done
			}
			events := []string{`42["last",0]`, `42["last",1]`, `42["last",2]`}
			t.Run(name+" between polls", func(t *testing.T) {
				h := newHost(t, socketio.Options{})
				p := h.member(eio)
				done := emitAndEnd(h)
				eventually(t, "off the server", func() bool { return h.srv.Stats().Sockets == 0 })
				p.wantPost(200, `42["echo",1]`) // not carried out any more, and no reason to give up
				p.want(append(events, "1")...)
				if status, body := p.get(); status != http.StatusBadRequest || !strings.Contains(body, "Session ID unknown") {
					t.Errorf("after the last batch: %d %s", status, body)
				}
				p.wantPost(400, "41")
				<-done
			})
			t.Run(name+" during a poll", func(t *testing.T) {
				h := newHost(t, socketio.Options{})
				p := h.member(eio)
				answer := p.pending()
				emitAndEnd(h)
				got := <-answer
				for !strings.HasSuffix(got, "1") {
					more := <-p.pending()
					if strings.HasPrefix(more, "400") {
						t.Fatalf("got %q, then %q", got, more)
					}
					got += strings.TrimPrefix(more, "200 ")
				}
				if n := strings.Count(got, `["last",`); n != 3 {
					t.Errorf("got %q", got)
				}
			})
			t.Run(name+" on a WebSocket", func(t *testing.T) {
				h := newHost(t, socketio.Options{})
				c := h.connect(eio)
				<-emitAndEnd(h)
				c.want(events...)
				c.wantClosed(map[string]int{"Close": 1000, "Drain": 1001}[name])
			})
		})
	}
}

// A client that has stopped polling to upgrade is notified by the WebSocket. One
// that loses both transports at once would not notice.
func TestEndDuringUpgrade(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		begin := func(h *host) (*poller, *wsClient) {
			p := h.member(eio)
			ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
			ws.send("2probe")
			ws.want("3probe")
			return p, ws
		}
		end := func(h *host) {
			t.Helper()
			for _, s := range h.members(t, "/") {
				if err := s.Emit("last"); err != nil {
					t.Error(err)
				}
				s.Close()
			}
			eventually(t, "off the server", func() bool { return h.srv.Stats().Sockets == 0 })
		}
		t.Run("completed afterwards", func(t *testing.T) {
			h := newHost(t, socketio.Options{})
			p, ws := begin(h)
			p.want("6")
			end(h)
			ws.send("5", `42["echo",1]`)
			ws.want(`42["last"]`)
			ws.wantClosed(1000)
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Error("told twice")
			}
		})
		t.Run("given up", func(t *testing.T) {
			h := newHost(t, socketio.Options{})
			p, ws := begin(h)
			p.want("6")
			end(h)
			ws.nc.Close()
			p.want(`42["last"]`, "1")
		})
		t.Run("in the middle of a poll", func(t *testing.T) {
			h := newHost(t, socketio.Options{})
			p := h.member(eio)
			answer := p.pending()
			ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
			end(h) // the probe was not sent yet
			got := <-answer
			if got == "200 "+p.frames(`42["last"]`) {
				got += strings.TrimPrefix(<-p.pending(), "200 ")
			}
			if !strings.HasPrefix(got, "200 ") || !strings.Contains(got, `42["last"]`) || !strings.HasSuffix(got, "1") {
				t.Errorf("got %q", got)
			}
			ws.wantClosed(0)
		})
	})
}

// A client that is behind, and one that sends while it is disconnected, get the
// events and the close frame too.
func TestCloseFrameReachesABusyClient(t *testing.T) {
	pad := strings.Repeat("x", 1<<20)
	t.Run("behind with reading", func(t *testing.T) {
		h := newHost(t, socketio.Options{Limits: socketio.Limits{MaxQueuedBytes: -1}})
		c := h.connect(4)
		for _, s := range h.members(t, "/") {
			for n := range 16 { // more than the kernel takes
				if err := s.Emit("news", n, pad); err != nil {
					t.Fatal(err)
				}
			}
			s.Close()
		}
		eventually(t, "off the server", func() bool { return h.srv.Stats().Sockets == 0 })
		for n := range 16 {
			c.want(fmt.Sprintf(`42["news",%d,%q]`, n, pad))
		}
		c.wantClosed(1000)
	})
	t.Run("sending", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		c := h.connect(4)
		c.send(`420["double",1]`)
		c.want(`430[2]`)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			for range 200 {
				if _, err := c.nc.Write(maskedFrame(0x81, []byte(`42["join","`+pad[:1000]+`"]`))); err != nil {
					return
				}
			}
		}()
		for _, s := range h.members(t, "/") {
			if err := s.Emit("last"); err != nil {
				t.Fatal(err)
			}
			s.Close()
		}
		<-sent
		c.want(`42["last"]`)
		c.wantClosed(1000)
	})
	t.Run("that keeps its end open is cut off", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		c := h.connect(4)
		for _, s := range h.members(t, "/") {
			s.Close()
		}
		c.wantClosed(1000)
		eventually(t, "cut off", func() bool {
			_, err := c.nc.Write([]byte("x"))
			return err != nil
		})
	})
}

// When the client is notified, its address has its share of connections again.
func TestPlaceIsFreeWhenTheEndIsAnnounced(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{Limits: socketio.Limits{ConnectionsPerAddress: 1, HandshakeBurst: 1000}})
		for range 100 {
			c := h.connect(eio)
			go func() {
				for _, s := range h.members(t, "/") {
					s.Close()
				}
			}()
			c.wantClosed(1000)
			c.nc.Close()
		}
		for range 20 {
			p := h.member(eio)
			for _, s := range h.members(t, "/") {
				s.Close()
			}
			p.want("1")
		}
	})
}

func TestEmitToALostSocketIsKept(t *testing.T) {
	h := newHost(t, socketio.Options{Recovery: socketio.Recovery{MaxAge: time.Minute}})
	c := h.dialWS("EIO=4&transport=websocket")
	c.text()
	c.send("40")
	welcome := c.text()
	_, rest, _ := strings.Cut(welcome, `"pid":"`)
	pid, _, _ := strings.Cut(rest, `"`)
	s := h.members(t, "/")[0]
	if err := s.Emit("before"); err != nil {
		t.Fatal(err)
	}
	got := c.text()
	offset := strings.TrimSuffix(strings.TrimPrefix(got, `42["before","`), `"]`)
	c.nc.Close()
	eventually(t, "lost", func() bool { return !s.Connected() })
	for n := range 3 {
		if err := s.Emit("meanwhile", n); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Call(t.Context(), "question"); err == nil {
		t.Error("a question to a lost socket has no answer")
	}
	if err := s.EmitVolatile("now or never"); err == nil {
		t.Error("a volatile event was kept")
	}
	again := h.dialWS("EIO=4&transport=websocket")
	again.text()
	again.send(fmt.Sprintf(`40{"pid":%q,"offset":%q}`, pid, offset))
	if id := again.wantConnect(""); id != s.ID() {
		t.Errorf("came back as %q, was %q", id, s.ID())
	}
	if err := s.Emit("after", 3); err != nil { // the value of before names the same client
		t.Error(err)
	}
	for n := range 3 {
		if got := again.text(); !strings.HasPrefix(got, fmt.Sprintf(`42["meanwhile",%d,`, n)) {
			t.Errorf("got %q", got)
		}
	}
	if got := again.text(); !strings.HasPrefix(got, `42["after",3,`) {
		t.Errorf("got %q", got)
	}
	again.send("41")
	eventually(t, "left", func() bool { return h.srv.Stats().Sockets == 0 })
	if err := s.Emit("too late"); err != socketio.ErrDisconnected { //nolint:errorlint // documented as the very value
		t.Errorf("emit to a socket that left for good: %v", err)
	}
}

// A server beside others sends its clients away one after the other: who has not
// had their turn is served, with replies, and no one new is let in.
func TestDrainOver(t *testing.T) {
	h := newHost(t, socketio.Options{})
	clients := []*wsClient{h.connect(4), h.connect(4), h.connect(4)}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.srv.DrainOver(ctx, 24*time.Hour) }()
	eventually(t, "the first has left", func() bool { return h.srv.Stats().Sockets == 2 })
	if status, _ := h.request(http.MethodGet, "EIO=4&transport=polling", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("a new client: %d", status)
	}
	served := 0
	for _, c := range clients {
		c.send(`421["double",1]`)
		if first, text, err := c.frame(); err == nil && first&0x0f == 1 && string(text) == "431[2]" {
			served++
		}
	}
	if served != 2 {
		t.Errorf("%d of the two that are left are served", served)
	}
	cancel() // there is no more time: the others go at once
	eventually(t, "all have left", func() bool { return h.srv.Stats().Sockets == 0 })
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
