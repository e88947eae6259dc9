package files

import (
	"context"
	"regexp"
	"time"

	"taskstack.org/platform/storage"
)

const (
	// sweepEvery is how often the storage is compared with the tables.
	sweepEvery = 6 * time.Hour
	// orphanAge is how old an object must be before it is taken for one that a
	// crash has left: much older than any upload lasts.
	orphanAge = 24 * time.Hour
	// sweepBatch is how many keys are looked up at once.
	sweepBatch = 500
)

// ownKey is the form of an attachment's key. Other modules' objects have a
// suffix and are theirs to sweep.
var ownKey = regexp.MustCompile(`\A[0-9a-f]{32}\z`)

// Run sweeps the storage now and then until ctx ends.
func (m *Module) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		removed, err := m.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			m.log.WarnContext(ctx, "sweep of the storage failed", "error", err)
		}
		if removed > 0 {
			m.log.InfoContext(ctx, "objects without a row removed", "count", removed)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Sweep removes objects older than a day that no row points at, and tells how
// many. Rows are never removed: a row without an object is answered NotFound
// and may be a storage that is being restored.
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
