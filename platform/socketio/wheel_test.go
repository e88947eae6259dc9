package socketio

import (
	"testing"
	"time"
)

// testWheel is a wheel that records what it visits and is not turned by a clock
// of its own.
func testWheel(visited *[]*conn) *wheel {
	return newWheel(time.Millisecond, func(c *conn, _ int64) int64 {
		*visited = append(*visited, c)
		return 0
	})
}

// A connection has several deadlines and one place in the wheel.
func TestWheelKeepsTheEarlierVisit(t *testing.T) {
	for _, order := range [][2]time.Duration{{0, time.Hour}, {time.Hour, 0}, {0, 100 * time.Millisecond}, {100 * time.Millisecond, 0}} {
		var visited []*conn
		w, c, soon := testWheel(&visited), new(conn), new(conn)
		begin := now()
		w.add(soon, begin)
		for _, in := range order {
			w.add(c, begin+int64(in))
		}
		if c.timer.at != soon.timer.at {
			t.Errorf("in the order %v it is visited at tick %d, want %d", order, c.timer.at, soon.timer.at)
		}
		w.remove(c)
		if c.timer.in {
			t.Errorf("in the order %v: removed, and still planned", order)
		}
	}
}

// A machine that was busy misses ticks; no deadline moves because of that.
func TestWheelGoesByTheClock(t *testing.T) {
	var visited []*conn
	w := testWheel(&visited)
	soon, late := new(conn), new(conn)
	w.add(soon, now()+int64(20*time.Millisecond))
	w.add(late, now()+int64(time.Hour))
	time.Sleep(30 * time.Millisecond) // thirty ticks that nothing is done for
	w.turn()
	if len(visited) != 1 || visited[0] != soon {
		t.Errorf("%d visits", len(visited))
	}
	if !late.timer.in {
		t.Error("what is beyond the wheel's reach was forgotten")
	}
	w.remove(late)
	if w.remove(soon); late.timer.in || soon.timer.in {
		t.Error("removed, and still planned")
	}
}

// The pings of a connection are an interval apart, however late the wheel
// comes by, and the time for the answer runs from when the ping was due.
func TestPingDeadlinesDoNotSlip(t *testing.T) {
	opt, err := Options{PingInterval: 300 * time.Millisecond, PingTimeout: 200 * time.Millisecond}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	srv := &Server{opt: opt, wheel: newWheel(tickOf(opt), nil)}
	const ms = int64(time.Millisecond)
	start := now()
	c := &conn{srv: srv, eio: 4, heard: start, pinged: start}
	for n := int64(1); n <= 20; n++ {
		if next, ping, reason := c.heartbeat(start + n*300*ms - ms); ping || reason != "" || next != start+n*300*ms {
			t.Fatalf("before ping %d: next %d ms, ping %v, %q", n, (next-start)/ms, ping, reason)
		}
		if _, ping, _ := c.heartbeat(start + n*300*ms + 10*ms); !ping {
			t.Fatalf("ping %d is not due", n)
		}
		if n < 20 {
			c.awaitPong = false
		}
	}
	if next, _, reason := c.heartbeat(start + 6199*ms); reason != "" || next != start+6200*ms {
		t.Errorf("before the timeout: next %d ms, %q", (next-start)/ms, reason)
	}
	if _, _, reason := c.heartbeat(start + 6200*ms); reason != ReasonPingTimeout {
		t.Errorf("at the timeout: %q", reason)
	}
	// Only what is not the wheel's doing gives the client more time.
	c = &conn{srv: srv, eio: 4, heard: start, pinged: start}
	c.heartbeat(start + 1000*ms)
	if _, _, reason := c.heartbeat(start + 1100*ms); reason != "" {
		t.Errorf("a ping sent 700 ms late leaves less than its 200 ms for the answer: %q", reason)
	}
}
