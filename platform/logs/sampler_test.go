package logs_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/logs"
)

func TestASamplerBoundsTheLinesOfEachKind(t *testing.T) {
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var out bytes.Buffer
	s := logs.NewSampler(slog.New(slog.NewTextHandler(&out, nil)), func() time.Time { return clock }, 3)
	write := func(kind string, n int) {
		for range n {
			s.Log(t.Context(), slog.LevelError, kind, "failed", slog.String("kind", kind))
		}
	}
	write("a", 100)
	write("b", 1)
	clock = clock.Add(9999 * time.Millisecond)
	write("a", 1)
	if n := strings.Count(out.String(), "\n"); n != 4 {
		t.Errorf("%d lines within ten seconds:\n%s", n, out.String())
	}
	clock = clock.Add(time.Millisecond)
	write("a", 1)
	if !strings.HasSuffix(out.String(), "msg=failed unlogged=98 kind=a\n") {
		t.Errorf("after ten seconds:\n%s", out.String())
	}
}

func TestNothingInALineIsUnbounded(t *testing.T) {
	long := strings.Repeat("ä", 500_000)
	for _, development := range []bool{true, false} {
		var out bytes.Buffer
		log := logs.New(&out, slog.LevelInfo, development)
		log.With("with", long).InfoContext(logs.With(t.Context(), slog.String("context", long)), long, "text", long, "error", errors.New(long), slog.Group("group", "inner", long), "any", []string{long}) //nolint:sloglint // a long message is what is tested
		if out.Len() > 30_000 || !strings.Contains(out.String(), "…") {
			t.Errorf("development %v: a line of %d bytes", development, out.Len())
		}
		out.Reset()
		log.Info("short", "text", strings.Repeat("x", 1024), "error", errors.New(strings.Repeat("y", 8192)))
		if !strings.Contains(out.String(), strings.Repeat("x", 1024)) || !strings.Contains(out.String(), strings.Repeat("y", 8192)) || strings.Contains(out.String(), "…") {
			t.Errorf("development %v: what fits is cut: %d bytes", development, out.Len())
		}
	}
}

func TestAnOutageDoesNotFillTheLog(t *testing.T) {
	var out bytes.Buffer
	log := logs.New(&out, slog.LevelDebug, true)
	for range 1000 {
		log.With("worker", "presence").Error("could not be written", "error", errors.New("no database"))
		log.Info("request", "status", 503)
	}
	log.Warn("another failure")
	for text, want := range map[string]int{"level=ERROR": 20, "level=INFO": 1000, "level=WARN": 1} {
		if n := strings.Count(out.String(), text); n != want {
			t.Errorf("%d lines of %s", n, text)
		}
	}
}
