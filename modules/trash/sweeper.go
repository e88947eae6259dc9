package trash

import (
	"context"
	"time"

	"taskstack.org/modules/removal"
)

const (
	// sweepEvery is how often the sweeper runs by itself.
	sweepEvery = time.Hour
	// sweepBatch is how many cards or lists one transaction deletes: each may
	// have files, and SQLite has no other writer meanwhile.
	sweepBatch = 50
)

// Run sweeps every sweepEvery and after an item was deleted permanently, until ctx
// ends. Any number of servers may do it at once: one of them deletes the row, and a
// missing row is no error.
func (m *Module) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := m.Sweep(ctx); err != nil && ctx.Err() == nil {
			m.log.WarnContext(ctx, "the trash was not swept", "error", err)
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
	default: // a sweep is due already
	}
}

// Sweep deletes permanently what has been in the trash for removal.TrashRetention,
// and deletes the rows and files of what is permanently deleted. That is final, so
// a sweep may stop anywhere and go on later.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.now().UTC().Add(-removal.TrashRetention)
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
		ids, err := s.lists.PermanentlyDeleted(ctx, after, sweepBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.purgeLists(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func (s *Service) purgeCards(ctx context.Context, deletedLists []int64) error {
	for {
		n, err := s.cards.PurgeSome(ctx, deletedLists, sweepBatch)
		if err != nil || n == 0 {
			return err
		}
	}
}

// purgeLists deletes lists with the cards on them. The row of a list stays as long
// as a card belongs to it that was archived or deleted by itself.
func (s *Service) purgeLists(ctx context.Context, ids []int64) error {
	if err := s.purgeCards(ctx, ids); err != nil {
		return err
	}
	needed, err := s.cards.ListsInUse(ctx, ids)
	if err != nil {
		return err
	}
	return s.lists.Purge(ctx, ids, needed)
}
