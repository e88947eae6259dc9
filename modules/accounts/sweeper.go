package accounts

import (
	"context"
	"strings"
	"time"

	"taskstack.org/platform/storage"
)

const (
	// orphanAge is how old a picture must be before it is taken for one that a
	// crash has left: much older than any upload lasts.
	orphanAge = 24 * time.Hour
	// sweepBatch is how many pictures are looked up at once.
	sweepBatch = 500
)

// sweepPictures deletes uploaded pictures older than a day that nobody has, and
// tells how many people's pictures that were.
func (s *Service) sweepPictures(ctx context.Context) (removed int, err error) {
	var batch []string
	flush := func() error {
		n, err := s.deleteOrphans(ctx, batch)
		removed += n
		batch = batch[:0]
		return err
	}
	oldest := s.db.Now(ctx).Add(-orphanAge)
	err = s.storage.List(ctx, "", func(o storage.Info) error {
		isLarge := pictureKey.MatchString(o.Key) && !strings.HasSuffix(o.Key, smallSuffix)
		if !isLarge || o.ModTime.After(oldest) {
			return nil
		}
		if batch = append(batch, picturePath+o.Key); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return removed, err
}

func (s *Service) deleteOrphans(ctx context.Context, urls []string) (int, error) {
	if len(urls) == 0 {
		return 0, nil
	}
	used, err := s.repo.usedPictures(ctx, urls)
	if err != nil {
		return 0, err
	}
	orphans := 0
	for _, url := range urls {
		if !used[url] {
			s.deletePictures(ctx, url)
			orphans++
		}
	}
	return orphans, nil
}
