package socketio_test

import (
	"fmt"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

func TestHeartbeatsGoOnWithoutNamespace(t *testing.T) {
	h := newHost(t, heartbeats())
	t.Run("WebSocket", func(t *testing.T) {
		c := h.connect(4)
		c.t = t
		c.send("41")
		for range 3 {
			c.want("2")
			c.send("3")
		}
	})
	t.Run("polling", func(t *testing.T) {
		p := h.member(4)
		p.wantPost(200, "41")
		for range 3 {
			p.want("2")
			p.wantPost(200, "3")
		}
	})
	t.Run("never in one", func(t *testing.T) {
		c := h.dialWS("EIO=4&transport=websocket")
		c.t = t
		c.text()
		for range 3 {
			c.want("2")
			c.send("3")
		}
	})
	t.Run("silence still ends it", func(t *testing.T) {
		c := h.connect(4)
		c.t = t
		c.send("41")
		c.want("2")
		c.wantClosed(1000)
	})
}

// Whichever deadline is the nearest, the others hold too.
func TestEveryDeadlineHolds(t *testing.T) {
	const short = 200 * time.Millisecond
	for reason, opt := range map[string]socketio.Options{
		socketio.ReasonIdle:           {IdleTimeout: short},
		socketio.ReasonConnectTimeout: {ConnectTimeout: short},
		socketio.ReasonPingTimeout:    {PingInterval: short, PingTimeout: short, IdleTimeout: time.Minute},
	} {
		eachGeneration(t, func(t *testing.T, eio int) {
			h := newHost(t, opt)
			left := h.connect(eio)
			if reason == socketio.ReasonConnectTimeout {
				left.send("41")
			}
			eventually(t, reason, func() bool { return h.srv.Stats().Closed[reason] == 1 })
		})
	}
}

func TestPongAfterTheNextPingWasDue(t *testing.T) {
	h := newHost(t, socketio.Options{PingInterval: 50 * time.Millisecond, PingTimeout: time.Minute})
	late, prompt := h.connect(4), h.connect(4)
	late.want("2")
	for range 4 { // several intervals pass
		prompt.want("2")
		prompt.send("3")
	}
	late.send("3")
	late.want("2")
}

func TestSessionThatAnswersNoPingIsUnknown(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, heartbeats())
		p, _ := h.open(eio)
		time.Sleep(testInterval + testTimeout) // what the client lets pass; more does no harm
		if status, body := p.get(); status != 400 {
			t.Errorf("%d %s", status, body)
		}
		if status, body := p.post(p.frames(fmt.Sprint(eio - 1))); status != 400 { // EIO 3: a ping, EIO 4: a pong
			t.Errorf("%d %s", status, body)
		}
	})
}
