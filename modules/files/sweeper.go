package files

import (
	"context"
	"regexp"
	"time"

	"taskstack.org/platform/module"
	"taskstack.org/platform/storage"
)

const (
	// sweepEvery is the interval between two sweeps.
	sweepEvery = 6 * time.Hour
	// orphanAge is the age from which an object without a row is an orphan: much
	// longer than any upload takes.
	orphanAge = 24 * time.Hour
	// sweepBatch is the number of keys in one query.
	sweepBatch = 500
)

// ownKey matches the keys of attachments. Keys of other modules have a suffix.
var ownKey = regexp.MustCompile(`\A[0-9a-f]{32}\z`)

// RunJobs sweeps the storage every sweepEvery until ctx ends.
func (m *Module) RunJobs(ctx context.Context) error {
	return module.Repeat(ctx, sweepEvery, m.log, "sweep the storage", func(ctx context.Context) error {
		removed, err := m.Sweep(ctx)
		if removed > 0 {
			m.log.InfoContext(ctx, "objects without a row removed", "count", removed)
		}
		return err
	})
}

// Sweep deletes objects older than orphanAge that no row refers to, and returns how
// many. It never deletes rows: the object of a row may be missing because the
// storage is being restored.
func (s *Service) Sweep(ctx context.Context) (removed int, err error) {
	var batch []string
	flush := func() error {
		n, err := s.removeOrphans(ctx, batch)
		removed += n
		batch = batch[:0]
		return err
	}
	oldest := s.now().Add(-orphanAge)
	err = s.storage.List(ctx, "", func(o storage.Info) error {
		if !ownKey.MatchString(o.Key) || o.ModTime.After(oldest) {
			return nil
		}
		if batch = append(batch, o.Key); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return removed, err
}

func (s *Service) removeOrphans(ctx context.Context, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	used, err := s.repo.usedKeys(ctx, keys)
	if err != nil {
		return 0, err
	}
	var orphans []string
	for _, k := range keys {
		if !used[k] {
			orphans = append(orphans, k)
		}
	}
	return len(orphans), s.storage.Delete(ctx, orphans...)
}
