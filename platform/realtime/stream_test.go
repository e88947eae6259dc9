package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"taskstack.org/platform/realtime"
)

// fakeRooms hands everything sent to a room to its members.
type fakeRooms struct {
	mu      sync.Mutex
	members map[string][]*member
}

type member struct {
	rooms *fakeRooms
	got   []string // names, in order
	args  [][]any
}

func (m *member) Join(rooms ...string) {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	for _, r := range rooms {
		m.rooms.members[r] = append(m.rooms.members[r], m)
	}
}

// heard is what the member has received so far.
func (m *member) heard() []string {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	return slices.Clone(m.got)
}

func (m *member) Leave(rooms ...string) {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	for _, r := range rooms {
		m.rooms.members[r] = slices.DeleteFunc(m.rooms.members[r], func(o *member) bool { return o == m })
	}
}

func (m *member) Rooms() []string { return nil }

func (f *fakeRooms) Len(room string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.members[room])
}

func (f *fakeRooms) Send(room, event string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.members[room] {
		m.got, m.args = append(m.got, event), append(m.args, args)
	}
	return nil
}

func (f *fakeRooms) Expel(from string, out ...string) error {
	f.mu.Lock()
	in := slices.Clone(f.members[from])
	f.mu.Unlock()
	for _, m := range in {
		m.Leave(out...)
	}
	return nil
}

func (f *fakeRooms) Of(_ context.Context, room string) ([][]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all [][]string
	for _, m := range f.members[room] {
		var rooms []string
		for name, members := range f.members {
			if slices.Contains(members, m) {
				rooms = append(rooms, name)
			}
		}
		all = append(all, rooms)
	}
	return all, nil
}

// memoryLog is the log a database would be. Its commits are atomic, and it can
// be made to fail.
type memoryLog struct {
	mu     sync.Mutex
	events []realtime.Event
	fail   bool
	ended  bool
	asked  int // how often Revs was called
}

func (l *memoryLog) Rev(context.Context, int64) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.events)), nil
}

func (l *memoryLog) Revs(_ context.Context, ids []int64) (map[int64]int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.fail {
		return nil, errors.New("database away")
	}
	revs := map[int64]int64{}
	for _, id := range ids {
		if !l.ended {
			revs[id] = int64(len(l.events))
		}
	}
	return revs, nil
}

func (l *memoryLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}

func (l *memoryLog) EventsAfter(_ context.Context, _, after int64, limit int) ([]realtime.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail {
		return nil, errors.New("database away")
	}
	rest := l.events[min(after, int64(len(l.events))):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (l *memoryLog) setAway(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = away
}

// commit appends an event under the project's lock, where reserve runs.
func (l *memoryLog) commit(t *testing.T, reserve func(rev int64)) realtime.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	rev := int64(len(l.events)) + 1
	reserve(rev)
	e, err := realtime.NewEvent(rev, fmt.Sprintf("event%d", rev), map[string]int64{"n": rev})
	if err != nil {
		t.Error(err)
	}
	l.events = append(l.events, e)
	return e
}

var options = realtime.StreamOptions{Kind: "project", FollowerKind: "user", Closed: "project_closed", Last: "project_deleted"}

func streams(log realtime.Log) (*realtime.Streams, *fakeRooms) {
	rooms := &fakeRooms{members: map[string][]*member{}}
	return realtime.NewStreams(rooms, options, log, nil, slog.New(slog.DiscardHandler)), rooms
}

// TestEveryMemberGetsEveryEventOnceInOrder lets writers commit in order and
// announce in any order, while members come and go.
func TestEveryMemberGetsEveryEventOnceInOrder(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	const project, writers, each = 7, 8, 60
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				e := log.commit(t, func(rev int64) { s.Reserve(project, rev, nil) })
				if rand.N(3) == 0 {
					time.Sleep(rand.N(time.Millisecond)) // the scheduler's whim, not a wait for anything
				}
				s.Announce(t.Context(), project, e)
			}
		})
	}
	type seat struct {
		m     *member
		since int64
	}
	seats := make(chan seat, 20)
	for range 20 {
		wg.Go(func() {
			m := &member{rooms: rooms}
			since, err := s.Join(t.Context(), m, project, 7)
			if err != nil {
				t.Error(err)
			}
			seats <- seat{m, since}
		})
	}
	wg.Wait()
	close(seats)
	for st := range seats {
		if want := writers*each - int(st.since); len(st.m.got) != want {
			t.Fatalf("joined after %d: got %d events, want %d", st.since, len(st.m.got), want)
		}
		for i, name := range st.m.got {
			if want := fmt.Sprintf("event%d", st.since+1+int64(i)); name != want {
				t.Fatalf("place %d: got %s, want %s", i, name, want)
			}
		}
	}
}

// TestTheSenderIsConfirmedBeforeTheRoom also when another writer's announcement
// overtakes and fills the hole.
func TestTheSenderIsConfirmedBeforeTheRoom(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	m := &member{rooms: rooms}
	if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
		t.Fatal(err)
	}
	first := log.commit(t, func(rev int64) {
		s.Reserve(1, rev, func() { m.got = append(m.got, "confirmed") })
	})
	second := log.commit(t, func(rev int64) { s.Reserve(1, rev, nil) })
	s.Announce(t.Context(), 1, second)
	s.Announce(t.Context(), 1, first)
	if want := []string{"confirmed", "event1", "event2"}; !slices.Equal(m.got, want) {
		t.Fatalf("got %v, want %v", m.got, want)
	}
}

// TestAnEvictedMemberIsNotifiedAndReceivesNothingMore while the others do; a project's
// end empties the room.
func TestAnEvictedMemberIsNotifiedAndReceivesNothingMore(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	tabs := map[int64]*member{}
	for _, id := range []int64{0, 1, 10} {
		tabs[id] = &member{rooms: rooms}
		if _, err := s.Join(t.Context(), tabs[id], 5, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Join(t.Context(), tabs[10], 55, 10); err != nil {
		t.Fatal(err)
	}
	s.Evict(t.Context(), 5, 1)
	s.Announce(t.Context(), 5, log.commit(t, func(int64) {}))
	if people, err := s.Following(t.Context(), 5); err != nil || len(people) != 2 || !slices.Contains(people, 0) || !slices.Contains(people, 10) {
		t.Errorf("following: %v, %v", people, err)
	}
	s.End(t.Context(), 5)
	s.Announce(t.Context(), 5, log.commit(t, func(int64) {}))
	for id, want := range map[int64][]string{0: {"event1", "project_deleted"}, 1: {"project_closed"}, 10: {"event1", "project_deleted"}} {
		if got := tabs[id].heard(); !slices.Equal(got, want) {
			t.Errorf("%d heard %v, want %v", id, got, want)
		}
	}
	if people, err := s.Following(t.Context(), 55); err != nil || !slices.Equal(people, []int64{10}) {
		t.Errorf("following another project: %v, %v", people, err)
	}
}

func TestTheSenderIsConfirmedIfTheRoomIsEmpty(t *testing.T) {
	log := &memoryLog{}
	s, _ := streams(log)
	told := 0
	e := log.commit(t, func(rev int64) { s.Reserve(1, rev, func() { told++ }) })
	s.Announce(t.Context(), 1, e)
	if told != 1 {
		t.Fatalf("told %d times", told)
	}
}

func TestACancelledReservationAnnouncesNothing(t *testing.T) {
	log := &memoryLog{}
	s, _ := streams(log)
	s.Reserve(1, 1, func() { t.Error("told of a change that was undone") })
	s.Cancel(1, 1)
	e := log.commit(t, func(int64) {})
	s.Announce(t.Context(), 1, e)
}

// TestARoomThatMissedALotGetsAllOfIt: more than one read of the log brings.
func TestARoomThatMissedALotGetsAllOfIt(t *testing.T) {
	for _, missed := range []int{499, 500, 501, 1203} {
		log := &memoryLog{}
		s, rooms := streams(log)
		m := &member{rooms: rooms}
		if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
			t.Fatal(err)
		}
		for range missed - 1 {
			log.commit(t, func(int64) {}) // another server's
		}
		s.Announce(t.Context(), 1, log.commit(t, func(int64) {}))
		if got := m.heard(); len(got) != missed || got[missed-1] != fmt.Sprintf("event%d", missed) {
			t.Errorf("of %d events %d arrived", missed, len(got))
		}
	}
}

// TestADuplicateAnnouncementIsDeliveredOnce, and so is one that was read from
// the log before.
func TestADuplicateAnnouncementIsDeliveredOnce(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	m := &member{rooms: rooms}
	if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
		t.Fatal(err)
	}
	first, second := log.commit(t, func(int64) {}), log.commit(t, func(int64) {})
	for _, e := range []realtime.Event{second, first, second, first} {
		s.Announce(t.Context(), 1, e)
	}
	if got, want := m.heard(), []string{"event1", "event2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestAConfirmationOutlivesAnEmptyRoom: between the note and the commit no one
// else holds the stream.
func TestAConfirmationOutlivesAnEmptyRoom(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	told := 0
	e := log.commit(t, func(rev int64) { s.Reserve(1, rev, func() { told++ }) })
	m := &member{rooms: rooms}
	if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
		t.Fatal(err)
	}
	s.Leave(m, 1, 7)
	s.Announce(t.Context(), 1, e)
	s.Announce(t.Context(), 1, e)
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// TestWhoJoinsAnEmptyRoomBeginsWithTheLog: what was written while no one was
// there is not the stream's to deliver.
func TestWhoJoinsAnEmptyRoomBeginsWithTheLog(t *testing.T) {
	log := &memoryLog{}
	s, rooms := streams(log)
	first, second, third := &member{rooms: rooms}, &member{rooms: rooms}, &member{rooms: rooms}
	for _, join := range []struct {
		m    *member
		want int64
	}{{first, 0}, {second, 2}, {third, 2}} {
		rev, err := s.Join(t.Context(), join.m, 1, 7)
		if err != nil || rev != join.want {
			t.Errorf("joined at %d, want %d: %v", rev, join.want, err)
		}
		if join.m == first {
			s.Leave(first, 1, 7)
			log.commit(t, func(int64) {})
			log.commit(t, func(int64) {})
		}
	}
	s.Announce(t.Context(), 1, log.commit(t, func(int64) {}))
	for _, m := range []*member{second, third} {
		if got, want := m.heard(), []string{"event3"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	if got := first.heard(); len(got) != 0 {
		t.Errorf("who had left got %v", got)
	}
}

// TestARoomCatchesUpWhenTheLogAnswersAgain: nothing more is announced, and
// still the events arrive.
func TestARoomCatchesUpWhenTheLogAnswersAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &memoryLog{}
		s, rooms := streams(log)
		m := &member{rooms: rooms}
		if _, err := s.Join(t.Context(), m, 1, 7); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		log.commit(t, func(int64) {})
		late := log.commit(t, func(int64) {})
		log.setAway(true)
		s.Announce(t.Context(), 1, late)
		if got := m.heard(); len(got) != 0 {
			t.Fatalf("got %v out of order", got)
		}
		log.setAway(false)
		time.Sleep(3 * time.Second) // the bubble's clock: costs nothing
		synctest.Wait()
		if got, want := m.heard(), []string{"event1", "event2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestNewEventNumbersObjectsOnly(t *testing.T) {
	for _, tt := range []struct {
		payload any
		want    string
	}{
		{map[string]int{"id": 1}, `{"id":1,"rev":9}`},
		{struct{}{}, `{"rev":9}`},
		{"public", `"public"`},
		{nil, ``},
		{json.RawMessage(`{"a":{}}`), `{"a":{},"rev":9}`},
	} {
		e, err := realtime.NewEvent(9, "x", tt.payload)
		if err != nil || string(e.Payload) != tt.want {
			t.Errorf("payload %v: got %s (%v), want %s", tt.payload, e.Payload, err, tt.want)
		}
	}
}
