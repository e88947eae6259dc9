package bin

import (
	"context"
	"time"

	"taskstack.org/modules/lists"
)

const (
	// sweepEvery is how often it is looked for what the bin need not keep longer.
	sweepEvery = time.Hour
	// sweepBatch is how many cards or lists one transaction deletes: each may
	// have files, and nobody else can write to SQLite meanwhile.
	sweepBatch = 50
)

// Run sweeps now and then, and when somebody has emptied something, until ctx
// ends. Any number of servers may do it at once: a row is deleted by whoever
// comes first, and finding it gone is no error.
func (m *Module) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := m.Sweep(ctx); err != nil && ctx.Err() == nil {
			m.log.WarnContext(ctx, "the bin was not swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-m.wake:
		}
	}
}

func (s *Service) wakeSweeper() {
	select {
	case s.wake <- struct{}{}:
	default: // it is awake already, or will be
	}
}

// Sweep gives up what has been in the bin for lists.BinTime, and deletes with
// its files whatever nobody can have back. What was given up is never given
// back, so it may stop anywhere and go on later.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.now().UTC().Add(-lists.BinTime)
	if err := s.lists.Expire(ctx, before); err != nil {
		return err
	}
	if err := s.cards.Expire(ctx, before); err != nil {
		return err
	}
	if err := s.purgeCards(ctx, nil); err != nil {
		return err
	}
	for after := int64(0); ; {
		ids, err := s.lists.Gone(ctx, after, sweepBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.purgeLists(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func (s *Service) purgeCards(ctx context.Context, goneLists []int64) error {
	for {
		n, err := s.cards.PurgeSome(ctx, goneLists, sweepBatch)
		if err != nil || n == 0 {
			return err
		}
	}
}

// purgeLists deletes lists with the cards that went with them. The row of a list
// stays as long as a card needs it that was archived or deleted by itself.
func (s *Service) purgeLists(ctx context.Context, ids []int64) error {
	if err := s.purgeCards(ctx, ids); err != nil {
		return err
	}
	needed, err := s.cards.ReferredTo(ctx, ids)
	if err != nil {
		return err
	}
	return s.lists.Purge(ctx, ids, needed)
}
