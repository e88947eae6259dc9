package realtime_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"taskstack.org/platform/realtime"
)

// hub carries hints between servers of a test.
type hub struct {
	mu      sync.Mutex
	away    bool // Live reports it
	losing  bool // hints are lost and nobody knows
	servers []*serverHints
}

// serverHints are the hints of one server.
type serverHints struct {
	hub     *hub
	held    map[int64]bool
	receive func(ctx context.Context, id int64, e realtime.Event)
}

func (h *hub) server() *serverHints {
	s := &serverHints{hub: h, held: map[int64]bool{}}
	h.servers = append(h.servers, s)
	return s
}

func (h *hub) set(away, losing bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away, h.losing = away, losing
}

func (s *serverHints) Publish(_ string, id int64, e realtime.Event) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	for _, o := range s.hub.servers {
		if o != s && o.held[id] && !s.hub.away && !s.hub.losing {
			go o.receive(context.Background(), id, e)
		}
	}
}

func (s *serverHints) Hold(_ string, id int64, held bool) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.held[id] = held
}

func (s *serverHints) Receive(_ string, fn func(ctx context.Context, id int64, e realtime.Event), _ func(ctx context.Context, ids []int64)) {
	s.receive = fn
}

func (s *serverHints) Live() bool {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return !s.hub.away
}

// onTwoServers runs fn in a bubble of time with two servers that share a log: here
// is where something is announced, there is where the member m follows stream 1.
func onTwoServers(t *testing.T, h *hub, o realtime.StreamOptions, fn func(t *testing.T, log *memoryLog, here *realtime.Streams, m *member)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log, ctx, done := &memoryLog{}, t.Context(), make(chan error)
		ctx, stop := context.WithCancel(ctx)
		var all []*realtime.Streams
		var rooms *fakeRooms
		for range 2 {
			rooms = &fakeRooms{members: map[string][]*member{}}
			var hints realtime.Hints
			if h != nil {
				hints = h.server()
			}
			s := realtime.NewStreams(rooms, o, log, hints, slog.New(slog.DiscardHandler))
			all = append(all, s)
			go func() { done <- s.Run(ctx) }()
		}
		m := &member{rooms: rooms}
		if _, err := all[1].Join(t.Context(), m, 1, 7); err != nil {
			t.Fatal(err)
		}
		fn(t, log, all[0], m)
		stop()
		for range all {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// pass lets time pass, which costs none, until all that follows from it is done.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (m *member) wants(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := m.heard(); !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", when, got, want)
	}
}

func TestAServerWithoutHintsLearnsFromTheLog(t *testing.T) {
	onTwoServers(t, nil, options, func(t *testing.T, log *memoryLog, here *realtime.Streams, m *member) {
		here.Announce(t.Context(), 1, log.commit(t, func(int64) {}))
		pass(time.Second)
		m.wants(t, "after a second", "event1")
		log.commit(t, func(int64) {}) // its server was killed before it could announce
		pass(time.Second)
		m.wants(t, "without an announcement", "event1", "event2")
		log.end()
		pass(time.Second)
		m.wants(t, "at the end", "event1", "event2", "project_deleted")
		log.mu.Lock()
		defer log.mu.Unlock()
		if before := log.asked; before > 4 {
			t.Errorf("the log was asked %d times in three seconds", before)
		}
	})
}

func TestHintsAreFasterThanTheLog(t *testing.T) {
	h := &hub{}
	onTwoServers(t, h, options, func(t *testing.T, log *memoryLog, here *realtime.Streams, m *member) {
		pass(time.Second)
		announce := func() { here.Announce(t.Context(), 1, log.commit(t, func(int64) {})) }
		announce()
		pass(0)
		m.wants(t, "at once", "event1")
		h.set(false, true)
		announce()
		h.set(false, false)
		pass(2 * time.Second)
		m.wants(t, "after a lost hint", "event1")
		announce()
		pass(0)
		m.wants(t, "after the next hint", "event1", "event2", "event3")
		h.set(false, true)
		announce()
		pass(15 * time.Second)
		m.wants(t, "after the slow check", "event1", "event2", "event3", "event4")
		h.set(true, false)
		announce()
		pass(time.Second)
		m.wants(t, "while hints are away", "event1", "event2", "event3", "event4", "event5")
		h.set(true, false)
		log.setAway(true)
		announce()
		pass(500 * time.Millisecond)
		h.set(false, false)
		log.setAway(false)
		pass(1500 * time.Millisecond)
		m.wants(t, "when hints are back", "event1", "event2", "event3", "event4", "event5", "event6")
		log.end()
		here.End(t.Context(), 1)
		pass(0)
		m.wants(t, "at the end", "event1", "event2", "event3", "event4", "event5", "event6", "project_deleted")
	})
}

// TestWhatFollowsFromAnEventIsDoneBeforeTheNext: a server that is late takes a
// follower out of the room at the event that ended the permission.
func TestWhatFollowsFromAnEventIsDoneBeforeTheNext(t *testing.T) {
	o := options
	var s *realtime.Streams
	o.Internal = func(name string) bool { return name == "event3" }
	o.Delivered = func(ctx context.Context, id int64, e realtime.Event) {
		if e.Name == "event3" {
			s.Evict(ctx, id, 7)
		}
	}
	log, rooms := &memoryLog{}, &fakeRooms{members: map[string][]*member{}}
	s = realtime.NewStreams(rooms, o, log, nil, slog.New(slog.DiscardHandler))
	removed, other := &member{rooms: rooms}, &member{rooms: rooms}
	for follower, m := range map[int64]*member{7: removed, 8: other} {
		if _, err := s.Join(t.Context(), m, 1, follower); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		log.commit(t, func(int64) {})
	}
	s.Announce(t.Context(), 1, log.commit(t, func(int64) {}))
	removed.wants(t, "removed", "event1", "event2", "project_closed")
	other.wants(t, "other", "event1", "event2", "event4", "event5")
}

// TestTheKeyOfANumber is that of the streams.
func TestTheKeyOfANumber(t *testing.T) {
	o := options
	o.Key = "userRev"
	rooms := &fakeRooms{members: map[string][]*member{}}
	s := realtime.NewStreams(rooms, o, &memoryLog{}, nil, slog.New(slog.DiscardHandler))
	m := &member{rooms: rooms}
	if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
		t.Fatal(err)
	}
	for i, payload := range []any{nil, 5, map[string]int{"rev": 3}} {
		e, err := realtime.NewEventKeyed(o.Key, int64(i)+1, "x", payload)
		if err != nil {
			t.Fatal(err)
		}
		s.Announce(t.Context(), 1, e)
	}
	if got, want := fmt.Sprintf("%s", m.args), `[[map[userRev:%!s(int64=1)]] [5 map[userRev:%!s(int64=2)]] [{"rev":3,"userRev":3}]]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
