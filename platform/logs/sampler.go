package logs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// sampleEvery is the period of a Sampler.
const sampleEvery = 10 * time.Second

// Sampler writes at most a number of lines of each kind in ten seconds, so that
// neither an attack nor an outage fills the disk. It is safe for concurrent use.
type Sampler struct {
	log   *slog.Logger
	now   func() time.Time
	lines int

	mu    sync.Mutex
	kinds map[string]*sampled
}

type sampled struct {
	since    time.Time
	lines    int
	unlogged int
}

// NewSampler makes a sampler that lets through so many lines of each kind in
// ten seconds of the clock now.
func NewSampler(log *slog.Logger, now func() time.Time, lines int) *Sampler {
	return &Sampler{log: log, now: now, lines: lines, kinds: map[string]*sampled{}}
}

// Log writes a line, or counts it if there were enough of its kind. The first
// line of a period says in "unlogged" how many the period before left out. A
// kind is a constant of the program, never what a client sends.
func (s *Sampler) Log(ctx context.Context, level slog.Level, kind, message string, attrs ...slog.Attr) {
	unlogged, due := s.take(kind)
	if !due {
		return
	}
	if unlogged > 0 {
		attrs = append([]slog.Attr{slog.Int("unlogged", unlogged)}, attrs...)
	}
	s.log.LogAttrs(ctx, level, message, attrs...)
}

func (s *Sampler) take(kind string) (unlogged int, due bool) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kinds[kind]
	if k == nil {
		k = &sampled{since: now}
		s.kinds[kind] = k
	}
	if now.Sub(k.since) >= sampleEvery {
		unlogged = k.unlogged
		*k = sampled{since: now}
	}
	if k.lines >= s.lines {
		k.unlogged++
		return 0, false
	}
	k.lines++
	return unlogged, true
}
