package realtime

import (
	"context"
	"log/slog"
	"testing"
)

// emptyRooms are rooms that nobody is in.
type emptyRooms struct{}

func (emptyRooms) Len(string) int                                 { return 0 }
func (emptyRooms) Send(string, string, ...any) error              { return nil }
func (emptyRooms) Expel(string, ...string) error                  { return nil }
func (emptyRooms) Of(context.Context, string) ([][]string, error) { return nil, nil }

// TestWhatNobodyFollowsIsForgotten: a server that has seen many projects keeps
// nothing of those that nobody has open, once nobody waits to be told.
func TestWhatNobodyFollowsIsForgotten(t *testing.T) {
	s := NewStreams(emptyRooms{}, nil, slog.New(slog.DiscardHandler))
	for project := range int64(50) {
		s.Reserve(project, 1, func() {})
		if project%2 == 0 {
			s.Cancel(project, 1)
		}
	}
	if n := len(s.streams); n != 25 {
		t.Errorf("%d streams, want those of the changes that are still under way", n)
	}
	for project := range int64(50) {
		s.Announce(t.Context(), project, Event{Rev: 1, Name: "tested"})
	}
	if n := len(s.streams); n != 0 {
		t.Errorf("%d streams are kept for nobody", n)
	}
}
