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
	log     *slog.Logger
	now     func() time.Time
	periods *periods
}

// NewSampler makes a sampler that lets through so many lines of each kind in
// ten seconds of the clock now.
func NewSampler(log *slog.Logger, now func() time.Time, lines int) *Sampler {
	return &Sampler{log: log, now: now, periods: newPeriods(lines)}
}

// Log writes a line, or counts it if there were enough of its kind. The first
// line of a period says in "unlogged" how many the period before left out. A
// kind is a constant of the program, never what a client sends.
func (s *Sampler) Log(ctx context.Context, level slog.Level, kind, message string, attrs ...slog.Attr) {
	unlogged, due := s.periods.take(kind, s.now())
	if !due {
		return
	}
	if unlogged > 0 {
		attrs = append([]slog.Attr{slog.Int("unlogged", unlogged)}, attrs...)
	}
	s.log.LogAttrs(ctx, level, message, attrs...) //nolint:sloglint // the caller's message, which is constant
}

// periods counts lines by kind.
type periods struct {
	lines int

	mu    sync.Mutex
	kinds map[string]*period
}

type period struct {
	since    time.Time
	lines    int
	unlogged int
}

func newPeriods(lines int) *periods { return &periods{lines: lines, kinds: map[string]*period{}} }

func (s *periods) take(kind string, now time.Time) (unlogged int, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.kinds[kind]
	if p == nil {
		p = &period{since: now}
		s.kinds[kind] = p
	}
	if now.Sub(p.since) >= sampleEvery {
		unlogged = p.unlogged
		*p = period{since: now}
	}
	if p.lines >= s.lines {
		p.unlogged++
		return 0, false
	}
	p.lines++
	return unlogged, true
}
