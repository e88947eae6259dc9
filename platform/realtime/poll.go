package realtime

import (
	"context"
	"slices"
	"time"
)

const (
	// pollEvery is the interval at which a server without hints asks the log for
	// the numbers of the streams that it holds, and at which a room that is behind
	// because the log could not be read is tried again.
	pollEvery = time.Second
	// slowPolls is how many intervals pass between two questions when hints arrive,
	// so that a lost hint does not stay lost.
	slowPolls = 15
)

// Run keeps streams up to date with what other servers have committed, and
// retries rooms that are behind, until ctx ends.
func (s *Streams) Run(ctx context.Context) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	wasLive := false
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.follow(ctx); err != nil && ctx.Err() == nil {
				s.logger.WarnContext(ctx, "streams cannot be followed yet", "error", err)
			}
			live := s.hints.Live()
			s.poll(ctx, !live || !wasLive || n%slowPolls == 0)
			wasLive = live
		}
	}
}

// poll checks all streams that have sockets, or only those that are behind, and
// forgets those that have none.
func (s *Streams) poll(ctx context.Context, all bool) {
	s.mu.Lock()
	ids := make([]int64, 0, len(s.streams))
	for id := range s.streams {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	slices.Sort(ids)
	held := ids[:0]
	for _, id := range ids {
		st := s.hold(id)
		st.mu.Lock()
		if st.started && s.rooms.Len(s.room(id)) > 0 && (all || st.behind) {
			held = append(held, id)
		}
		st.mu.Unlock()
		s.release(id, st)
	}
	if len(held) > 0 {
		s.check(ctx, held)
	}
}

// check delivers what the log has and these streams have not, and ends those that
// the log no longer has.
func (s *Streams) check(ctx context.Context, ids []int64) {
	revs, err := s.log.Revs(ctx, ids)
	if err != nil {
		if ctx.Err() == nil {
			s.logger.WarnContext(ctx, "rooms may be behind", "kind", s.opts.Kind, "streams", len(ids), "error", err)
		}
		return
	}
	for _, id := range ids {
		rev, exists := revs[id]
		if !exists {
			s.end(ctx, id)
			continue
		}
		st := s.hold(id)
		st.mu.Lock()
		switch {
		case !st.started:
		case rev > st.delivered:
			s.fill(ctx, id, st)
		default:
			st.behind = false
		}
		st.mu.Unlock()
		s.release(id, st)
	}
}

// subscribed asks for the numbers of streams whose hints have just begun to arrive.
func (s *Streams) subscribed(ctx context.Context, ids []int64) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !s.isHeld(id) })
	if len(ids) > 0 {
		s.check(ctx, ids)
	}
}

// isHeld reports whether this server has state of a stream.
func (s *Streams) isHeld(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams[id] != nil
}
