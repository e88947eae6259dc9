package redishints

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/socketio/redisadapter"
)

const giveUp = time.Minute

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(giveUp)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, giveUp)
		}
		time.Sleep(time.Millisecond)
	}
}

// server is one server's hints, and what they have received.
type server struct {
	*Hints
	mu      sync.Mutex
	got     []string
	checked []int64
}

func (s *server) receive(_ context.Context, id int64, e realtime.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, fmt.Sprintf("%d/%d %s %s", id, e.Rev, e.Name, e.Payload))
}

func (s *server) check(_ context.Context, ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checked = append(s.checked, ids...)
}

func (s *server) received() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

func (s *server) checkedNow() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	sorted := slices.Clone(s.checked)
	slices.Sort(sorted)
	return sorted
}

func start(t *testing.T, address string) *server {
	t.Helper()
	client, err := redisadapter.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := redisadapter.New(client, redisadapter.Options{Prefix: "hints"})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Hints: New(adapter)}
	s.Receive("project", s.receive, s.check)
	io, err := socketio.New(socketio.Options{Adapter: adapter})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), giveUp)
		defer cancel()
		if err := io.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestHintsReachServersThatHoldTheStream(t *testing.T) {
	redis := testenv.Redis(t)
	a, b := start(t, redis.URL), start(t, redis.URL)
	eventually(t, "the servers are connected", func() bool {
		return a.Live() && b.Live() && a.adapter.Stats().Servers == 1 && b.adapter.Stats().Servers == 1
	})
	b.Hold("project", 5, true)
	eventually(t, "the new subscription is checked", func() bool { return slices.Equal(b.checkedNow(), []int64{5}) })
	a.Publish("project", 6, realtime.Event{Rev: 1, Name: "of another stream"})
	for rev := range int64(200) {
		a.Publish("project", 5, realtime.Event{Rev: rev, Name: "moved", Payload: json.RawMessage(`{"rev":1}`)})
	}
	eventually(t, "the last hint arrives", func() bool {
		got := b.received()
		return len(got) > 0 && got[len(got)-1] == `5/199 moved {"rev":1}`
	})
	if got := b.received(); !slices.IsSortedFunc(got, func(x, y string) int { return revOf(t, x) - revOf(t, y) }) || len(a.received()) > 0 {
		t.Errorf("b: %v, a: %v", got, a.received())
	}
	if n := testutil.CollectAndCount(b.latency); n != 1 {
		t.Errorf("%d metrics of the latency", n)
	}
	redis.Stop(t)
	eventually(t, "the loss is noticed", func() bool { return !b.Live() })
	redis.Start(t)
	eventually(t, "the stream is checked again", func() bool { return len(b.checkedNow()) == 2 })
	b.Hold("project", 5, false)
}

func revOf(t *testing.T, text string) int {
	t.Helper()
	var id, rev int
	if _, err := fmt.Sscanf(text, "%d/%d", &id, &rev); err != nil {
		t.Fatal(err)
	}
	return rev
}

// TestASlowStreamKeepsTheNewest: while a stream reads the log, its hints do not
// pile up; that it has ended is never lost.
func TestASlowStreamKeepsTheNewest(t *testing.T) {
	h := New(must(redisadapter.New(must(redisadapter.Connect("redis://127.0.0.1:1")), redisadapter.Options{})))
	send := func(id int64, e realtime.Event) { h.message(stream{"project", id}.topic(), encode(time.Now(), e)) }
	send(5, realtime.Event{})
	for rev := range int64(10 * maxWaiting) {
		send(5, realtime.Event{Rev: rev + 1})
	}
	send(6, realtime.Event{Rev: 1})
	s, events := h.take()
	if s.id != 5 || len(events) > maxWaiting || events[0].Rev != 0 || events[len(events)-1].Rev != 10*maxWaiting {
		t.Errorf("stream %v: %d events, %v", s, len(events), events)
	}
	// Its next events wait until the worker is done with it.
	send(5, realtime.Event{Rev: 1000})
	if other, _ := h.take(); other.id != 6 {
		t.Errorf("took %v", other)
	}
	if other, events := h.take(); len(events) > 0 {
		t.Errorf("took %v of %v, which is being handled", events, other)
	}
	h.done(s)
	if again, events := h.take(); again.id != 5 || len(events) != 1 {
		t.Errorf("took %v of %v", events, again)
	}
}

func TestHintsThatAreNotUnderstood(t *testing.T) {
	whole := encode(time.Now(), realtime.Event{Rev: 300, Name: "name", Payload: json.RawMessage(`{}`)})
	for n := range len(whole) - len(`{}`) {
		if _, e, ok := decode(whole[:n]); ok {
			t.Errorf("%d bytes were taken for %v", n, e)
		}
	}
	if _, e, ok := decode(whole); !ok || e.Rev != 300 || e.Name != "name" || string(e.Payload) != `{}` {
		t.Errorf("%v, %v", e, ok)
	}
	if _, _, ok := decode([]byte{2, 0, 0, 0}); ok {
		t.Error("another version was taken")
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) //nolint:forbidigo // in a test
	}
	return value
}
