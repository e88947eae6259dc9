package realtime

import (
	"context"
	"log/slog"
	"testing"
)

// emptyRooms are rooms without sockets.
type emptyRooms struct{}

func (emptyRooms) Len(string) int                                 { return 0 }
func (emptyRooms) Send(string, string, ...any) error              { return nil }
func (emptyRooms) Expel(string, ...string) error                  { return nil }
func (emptyRooms) Of(context.Context, string) ([][]string, error) { return nil, nil }

// TestUnusedStreams checks that a stream is deleted when its room is empty and no
// confirmation is pending.
func TestUnusedStreams(t *testing.T) {
	s := NewStreams(emptyRooms{}, StreamOptions{}, nil, nil, slog.New(slog.DiscardHandler))
	for id := range int64(50) {
		s.Reserve(id, 1, func() {})
		if id%2 == 0 {
			s.Cancel(id, 1)
		}
	}
	if n := len(s.streams); n != 25 {
		t.Errorf("%d streams, want those of the changes in progress", n)
	}
	for id := range int64(50) {
		s.Announce(t.Context(), id, Event{Rev: 1, Name: "tested"})
	}
	if n := len(s.streams); n != 0 {
		t.Errorf("%d unused streams are kept", n)
	}
}
