package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
)

// TestVisitorConcurrency checks that two events of one address run at a time,
// and that other addresses do not wait for them.
func TestVisitorConcurrency(t *testing.T) {
	var v visitors
	started, finish := make(chan string), make(chan struct{})
	done := make(chan struct{}, 4)
	run := func(address string) {
		go func() {
			_, _ = v.run(t.Context(), address, func(context.Context) (any, error) {
				started <- address
				<-finish
				return nil, nil
			})
			done <- struct{}{}
		}()
	}
	run("a")
	run("a")
	for range 2 {
		<-started
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.run(ctx, "a", nil); !errors.Is(err, context.Canceled) { // a third has no slot
		t.Errorf("the third: %v", err)
	}
	run("b")
	if got := <-started; got != "b" {
		t.Errorf("%s runs", got)
	}
	run("a")
	finish <- struct{}{}
	finish <- struct{}{}
	finish <- struct{}{} // of the three that run, at least one is of a
	if got := <-started; got != "a" {
		t.Errorf("%s runs", got)
	}
	finish <- struct{}{}
	for range 4 {
		<-done
	}
	if len(v.semaphores) != 0 {
		t.Errorf("%d addresses are kept", len(v.semaphores))
	}
}

func TestVisitorReply(t *testing.T) {
	var v visitors
	value, err := v.run(t.Context(), "a", func(context.Context) (any, error) { return OK{"rev": 7}, nil })
	raw, ok := value.(json.RawMessage)
	if err != nil || !ok || string(raw) != `{"ok":true,"rev":7}` {
		t.Errorf("%v %s", err, raw)
	}
	failed := errs.Of(errs.NotFound)
	if _, err := v.run(t.Context(), "a", func(context.Context) (any, error) { return nil, failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
}

// rooms is a socket that records its rooms.
type rooms []string

func (r *rooms) Join(names ...string) { *r = append(*r, names...) }
func (r *rooms) Leave(names ...string) {
	*r = slices.DeleteFunc(*r, func(n string) bool { return slices.Contains(names, n) })
}
func (r *rooms) Rooms() []string { return *r }

func TestMaxFollowed(t *testing.T) {
	s := NewStreams(emptyRooms{}, StreamOptions{Kind: "project", FollowerKind: "user"}, nil, nil, slog.New(slog.DiscardHandler))
	socket := &rooms{"user:7"}
	for id := range int64(50) {
		if !s.mayFollow(socket, id+1) {
			t.Fatalf("project %d is refused", id+1)
		}
		socket.Join(s.room(id+1), s.followerRoom(id+1, 7))
	}
	if s.mayFollow(socket, 51) {
		t.Error("the fifty-first is followed")
	}
	if !s.mayFollow(socket, 50) {
		t.Error("one that is followed already is refused")
	}
}

// TestVisitorEvents checks that events are refused to visitors by name and
// namespace.
func TestVisitorEvents(t *testing.T) {
	s, err := New(Options{Views: views.New(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	board := s.Of("/board")
	s.OpenToVisitors(board, "sync_project")
	visitor := context.WithValue(t.Context(), peerKey{}, peer{key: "address:192.0.2.1"})
	person := context.WithValue(t.Context(), peerKey{}, peer{key: "user:7", rooms: []string{"user:7"}})
	for _, event := range []string{"sync_project", "sync_projects", "sync", "create_card", ""} {
		if err := s.allowEvent(person, board, event); err != nil {
			t.Errorf("%q of a person: %v", event, err)
		}
		want := errs.Unauthenticated
		if event == "sync_project" {
			want = ""
		}
		if err := s.allowEvent(visitor, board, event); errs.KindOf(err) != want {
			t.Errorf("%q of a visitor: %v", event, err)
		}
		if err := s.allowEvent(visitor, s.Root(), event); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("%q of a visitor elsewhere: %v", event, err)
		}
	}
}
