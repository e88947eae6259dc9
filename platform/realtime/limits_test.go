package realtime_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/templates"
)

type noAssets struct{}

func (noAssets) URL(string) (string, error) { return "", nil }

func (noAssets) Scripts(...string) ([]string, error) { return nil, nil }

// byHeader trusts the name in a header; "" is a visitor.
type byHeader struct{}

func (byHeader) Handshake(r *http.Request) (context.Context, []string, error) {
	if who := r.Header.Get("X-Who"); who != "" {
		return r.Context(), []string{who}, nil
	}
	return r.Context(), nil, nil
}

func (byHeader) Event(ctx context.Context) (context.Context, error) { return ctx, nil }
func (byHeader) Credential(r *http.Request) string                  { return r.Header.Get("X-Who") }

// TestEventsAreLimitedPerPerson: exactly so many pass, whatever tabs they come
// from; one more is refused and not carried out; others are not held up; after
// the wait one more passes.
func TestEventsAreLimitedPerPerson(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	pages := views.New()
	catalogue, err := i18n.New(templates.Files)
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.Load(fstest.MapFS{}, catalogue, noAssets{}); err != nil {
		t.Fatal(err)
	}
	s, err := realtime.New(realtime.Options{
		Views: pages, Log: slog.New(slog.DiscardHandler), NoLimits: true,
		Events: ratelimit.New(time.Minute, 5, func() time.Time { return now }),
	})
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	socketio.On(s.Of("/board"), "act", func(context.Context, *socketio.Socket, struct{}) (any, error) { done++; return realtime.OK{}, nil })
	s.OpenToVisitors(s.Of("/board"), "act")
	server := httptest.NewServer(s.Handler(byHeader{}))
	defer server.Close()
	dial := func(who string) *boardtest.Client {
		header := http.Header{}
		if who != "" {
			header.Set("X-Who", who)
		}
		return boardtest.Dial(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/socket.io/?EIO=4&transport=websocket", "/board", header)
	}
	first, second, other, visitor := dial("user:1"), dial("user:1"), dial("user:2"), dial("")
	for i := range 5 {
		if a := []*boardtest.Client{first, second}[i%2].Call(t, "act", `{}`); !a.OK {
			t.Errorf("event %d of 5: %+v", i+1, a)
		}
	}
	for _, tab := range []*boardtest.Client{first, second} {
		if a := tab.Call(t, "act", `{}`); a.Error != "rateLimited" {
			t.Errorf("one more: %+v", a)
		}
	}
	if done != 5 {
		t.Errorf("%d events were carried out, want 5", done)
	}
	for who, tab := range map[string]*boardtest.Client{"another person": other, "a visitor": visitor} {
		if a := tab.Call(t, "act", `{}`); !a.OK {
			t.Errorf("%s: %+v", who, a)
		}
	}
	now = now.Add(time.Minute)
	if a := second.Call(t, "act", `{}`); !a.OK {
		t.Errorf("after the wait: %+v", a)
	}
	if a := first.Call(t, "act", `{}`); a.Error != "rateLimited" {
		t.Errorf("after the wait one, not two: %+v", a)
	}
}
