package socketio_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// blocking adds an event "block" to a host, whose handler waits until the gate is
// closed.
func blocking(h *host) (gate chan struct{}) {
	gate = make(chan struct{})
	socketio.On(h.srv.Of("/"), "block", func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) {
		<-gate
		return nil, nil
	})
	h.t.Cleanup(func() {
		select {
		case <-gate:
		default:
			close(gate)
		}
	})
	return gate
}

// patient are short heartbeats that a busy machine can keep.
func patient() socketio.Options {
	return socketio.Options{PingInterval: testInterval, PingTimeout: 1500 * time.Millisecond}
}

// heartbeat is one round of a client that is well; it gives what else came.
func (c *wsClient) heartbeat(eio int) (others []string) {
	c.t.Helper()
	ask, answer := "2", "3"
	if eio == 3 {
		c.send("2")
		ask, answer = "3", ""
	}
	for {
		got := c.text()
		if got == ask {
			if answer != "" {
				c.send(answer)
			}
			return others
		}
		others = append(others, got)
	}
}

// A handler that takes its time is not the client's fault: its heartbeats are
// seen, whatever waits.
func TestSlowHandlerAndManyEvents(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		const events = 500
		echoes := func(got []string) {
			t.Helper()
			if len(got) != events {
				t.Fatalf("%d of %d events came back", len(got), events)
			}
			for n, packet := range got {
				if packet != fmt.Sprintf(`42["echo",%d]`, n) {
					t.Fatalf("event %d is %q", n, packet)
				}
			}
		}
		t.Run("WebSocket", func(t *testing.T) {
			t.Parallel()
			h := newHost(t, patient())
			gate := blocking(h)
			c := h.connect(eio)
			c.send(`42["block"]`)
			for n := range events {
				c.send(fmt.Sprintf(`42["echo",%d]`, n))
			}
			for range 7 { // longer than interval and timeout together
				if got := c.heartbeat(eio); len(got) > 0 {
					t.Fatalf("got %q", got)
				}
				if eio == 3 {
					h.waitForPing(t)
				}
			}
			close(gate)
			var got []string
			for len(got) < events {
				got = append(got, c.heartbeat(eio)...)
			}
			echoes(got)
		})
		t.Run("polling", func(t *testing.T) {
			t.Parallel()
			h := newHost(t, patient())
			gate := blocking(h)
			p := h.member(eio)
			packets := []string{`42["block"]`}
			for n := range events {
				packets = append(packets, fmt.Sprintf(`42["echo",%d]`, n))
			}
			p.wantPost(200, packets...)
			for range 7 {
				if eio == 3 {
					p.wantPost(200, "2")
					p.want("3")
					h.waitForPing(t)
				} else {
					p.want("2")
					p.wantPost(200, "3")
				}
			}
			close(gate)
			var kept []string
			for len(kept) < events {
				status, body := p.get()
				if status != 200 {
					t.Fatal(status, body)
				}
				for _, packet := range p.split(body) {
					if packet != "3" && packet != "2" {
						kept = append(kept, packet)
					}
				}
				p.wantPost(200, map[int]string{3: "2", 4: "3"}[eio])
			}
			echoes(kept)
		})
	})
}

// waitForPing waits until another client has got a ping: about an interval.
func (h *host) waitForPing(t *testing.T) {
	t.Helper()
	c := h.connect(4)
	c.t = t
	c.want("2")
	c.nc.Close()
}

// split cuts the body of a poll into packets.
func (p *poller) split(body string) (packets []string) {
	if p.eio == 4 {
		return strings.Split(body, "\x1e")
	}
	for body != "" {
		length, rest, _ := strings.Cut(body, ":")
		n := 0
		if _, err := fmt.Sscan(length, &n); err != nil || n > len(rest) {
			p.t.Fatalf("payload %q", body)
		}
		packets, body = append(packets, rest[:n]), rest[n:]
	}
	return packets
}

// A client that is not read from, because too much of it waits or it is above
// its rate, is not silent; it gets signs of life from the server.
func TestPausedReaderIsNotSilence(t *testing.T) {
	sign := map[int]string{3: "6", 4: "2"}
	eachGeneration(t, func(t *testing.T, eio int) {
		few := patient()
		few.Limits.MaxPendingEvents = 4
		t.Run("WebSocket, much waits", func(t *testing.T) {
			t.Parallel()
			h := newHost(t, few)
			gate := blocking(h)
			c := h.connect(eio)
			c.send(`42["block"]`)
			for n := range 20 {
				c.send(fmt.Sprintf(`42["echo",%d]`, n))
			}
			for range 7 {
				c.want(sign[eio])
				c.send(map[int]string{3: "2", 4: "3"}[eio]) // read later
			}
			close(gate)
			for n := 0; n < 20; {
				if got := c.text(); got == fmt.Sprintf(`42["echo",%d]`, n) {
					n++
				} else if len(got) != 1 {
					t.Fatalf("got %q, waiting for event %d", got, n)
				}
			}
			c.heartbeat(eio)
		})
		t.Run("polling, much waits", func(t *testing.T) {
			t.Parallel()
			h := newHost(t, few)
			gate := blocking(h)
			p := h.member(eio)
			packets := []string{`42["block"]`}
			for n := range 20 {
				packets = append(packets, fmt.Sprintf(`42["echo",%d]`, n))
			}
			posted := make(chan int, 1)
			go func() {
				status, _ := p.post(p.frames(packets...))
				posted <- status
			}()
			for range 7 {
				p.want(sign[eio])
			}
			close(gate)
			if status := <-posted; status != 200 {
				t.Fatal(status)
			}
			for n := 0; n < 20; {
				_, body := p.get()
				for _, packet := range p.split(body) {
					if packet == fmt.Sprintf(`42["echo",%d]`, n) {
						n++
					} else if len(packet) != 1 {
						t.Fatalf("got %q, waiting for event %d", packet, n)
					}
				}
			}
		})
		t.Run("above its rate", func(t *testing.T) {
			t.Parallel()
			opt := patient()
			opt.Limits = socketio.Limits{EventsPerSecond: 1, EventBurst: 3}
			h := newHost(t, opt)
			c := h.connect(eio)
			for n := range 6 {
				c.send(fmt.Sprintf(`42["echo",%d]`, n))
			}
			for n := 0; n < 6; {
				if got := c.text(); got == fmt.Sprintf(`42["echo",%d]`, n) {
					n++
				} else if got != sign[eio] {
					t.Fatalf("got %q, waiting for event %d", got, n)
				}
			}
		})
	})
}

// An acknowledgement that a handler waits for arrives, however many events it
// is behind.
func TestAcknowledgementBehindManyEvents(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		for _, many := range []int{100, 3000} {
			h := newHost(t, socketio.Options{Limits: socketio.Limits{EventBurst: -1, MaxPackets: -1}})
			c := h.connect(eio)
			c.send(`427["askme",4]`)
			question := c.text()
			id := strings.TrimSuffix(strings.TrimPrefix(question, "42"), `["question",4]`)
			for n := range many {
				c.send(fmt.Sprintf(`42["join","room %d"]`, n%3))
			}
			c.send("461-" + id + `[{"n":5,"data":{"_placeholder":true,"num":0}}]`)
			c.sendBinary(map[int][]byte{3: {4, 9}, 4: {9}}[eio]...)
			c.want(`437[{"data":[9],"n":5}]`)

			p := h.member(eio)
			p.wantPost(200, `427["askme",4]`)
			_, body := p.get()
			id = strings.TrimSuffix(strings.TrimPrefix(p.split(body)[0], "42"), `["question",4]`)
			var packets []string
			for n := range many {
				packets = append(packets, fmt.Sprintf(`42["join","room %d"]`, n%3))
			}
			bin := map[int]string{3: "b4CQ==", 4: "bCQ=="}[eio]
			p.wantPost(200, append(packets, "461-"+id+`[{"n":5,"data":{"_placeholder":true,"num":0}}]`, bin)...)
			p.want(`437[{"data":[9],"n":5}]`)
		}
	})
}
