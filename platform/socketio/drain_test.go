package socketio

import (
	"testing"
	"time"
)

// Clients leave evenly, the first at once and the last before the time is over.
func TestLeavesAt(t *testing.T) {
	const over = 10 * time.Second
	for _, n := range []int{1, 2, 4, 100_000} {
		last := time.Duration(-1)
		for i := range n {
			at := leavesAt(i, n, over)
			if at <= last || at < time.Duration(i)*(over/time.Duration(n)) || at >= over {
				t.Fatalf("%d of %d leaves at %s, the one before at %s", i, n, at, last)
			}
			last = at
		}
	}
	if got := leavesAt(3, 4, over); got != 7500*time.Millisecond {
		t.Errorf("the last of four leaves at %s", got)
	}
	if got := leavesAt(3, 4, 0); got != 0 {
		t.Errorf("alone, a server's client leaves at %s", got)
	}
}
