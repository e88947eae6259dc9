package files

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/platform/db"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

const (
	// sweepEvery is the interval between two sweeps.
	sweepEvery = 6 * time.Hour
	// orphanAge is the age from which an object without a row is an orphan: much
	// longer than any upload takes.
	orphanAge = 24 * time.Hour
	// sweepBatch is the number of objects, or of rows, that are compared at a time.
	sweepBatch = 500
	// maxMissing is the number of missing contents after which no more are looked for:
	// most likely the whole storage is another one.
	maxMissing = 100
)

// ownKey matches the keys of attachments and of their thumbnails and covers. Keys of other
// modules have another suffix.
var ownKey = regexp.MustCompile(`\A([0-9a-f]{32})(-t\.png|-c)?\z`)

// RunJobs sweeps the storage every sweepEvery and counts every countEvery who uses how
// much of it, until ctx ends.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return module.Repeat(ctx, sweepEvery, m.log, "sweep the storage", m.SweepAndNote) })
	group.Go(func() error { return module.Repeat(ctx, countEvery, m.log, "count the use of the storage", m.CountUse) })
	return group.Wait()
}

// SweepAndNote sweeps, and notes what was found for the log and for administrators.
func (s *Service) SweepAndNote(ctx context.Context) error {
	found, err := s.Sweep(ctx)
	if n := len(found.Orphans); n > 0 {
		s.log.InfoContext(ctx, "objects without a row are deleted", "count", n)
	}
	if n := len(found.Missing); n > 0 {
		s.log.ErrorContext(ctx, "attachments have no content: restore the storage, or remove them from their cards", "count", n, "first", found.Missing[0])
	}
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		run := sweepRun{EndedAt: s.db.Now(ctx), Files: found.Files, Orphans: len(found.Orphans), Missing: len(found.Missing)}
		if run.Missing > 0 {
			run.FirstMissing = found.Missing[0]
		}
		return s.repo.addSweep(ctx, run)
	})
}

// Comparison is how the storage and the rows of attachments differ.
type Comparison struct {
	// Files is the number of attachments whose content is there.
	Files int
	// Orphans are the keys of objects older than orphanAge that no row names.
	Orphans []string
	// Missing are storage keys of attachments without content, at most maxMissing.
	Missing []string
}

// Sweep deletes the objects that Compare finds without a row. It never deletes rows:
// their objects may be missing because the storage is being restored.
func (s *Service) Sweep(ctx context.Context) (Comparison, error) {
	found, err := Compare(ctx, s.db, s.objects, s.now())
	if err != nil {
		return found, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.repo.deletePartsBefore(ctx, s.now().Add(-partsFor)); err != nil {
			return err
		}
		return s.objects.Delete(ctx, found.Orphans...)
	})
	if unfinished, ok := s.objects.Storage.(interface {
		RemoveStale(ctx context.Context) error
	}); ok {
		err = errors.Join(err, unfinished.RemoveStale(ctx))
	}
	return found, err
}

// Compare reads the storage and the rows of a database once, in the order of their
// keys, and changes nothing.
func Compare(ctx context.Context, d *db.DB, in *objects.Store, now time.Time) (Comparison, error) {
	c := comparing{repo: repository{d}, in: in, oldest: now.Add(-orphanAge)}
	err := in.List(ctx, "", func(o storage.Info) error {
		if !ownKey.MatchString(o.Key) {
			return nil
		}
		if c.objects = append(c.objects, o); len(c.objects) < sweepBatch {
			return nil
		}
		return c.compare(ctx, o.Key)
	})
	if err == nil {
		err = c.compare(ctx, lastKey)
	}
	return c.found, err
}

// lastKey comes after every key of an attachment.
const lastKey = "g"

// comparing is a comparison in progress: everything up to the key after is done.
type comparing struct {
	repo    repository
	in      *objects.Store
	oldest  time.Time
	after   string
	objects []storage.Info
	found   Comparison
}

// compare compares the objects that are collected with the rows up to a key.
func (c *comparing) compare(ctx context.Context, upTo string) error {
	stored := make(map[string]bool, len(c.objects))
	for _, o := range c.objects {
		stored[o.Key] = true
	}
	named := map[string]bool{}
	for after := c.after; ; {
		keys, err := c.repo.keysBetween(ctx, after, upTo, sweepBatch)
		if err != nil {
			return err
		}
		for _, key := range keys {
			named[key] = stored[key]
			if err := c.countRow(ctx, key, stored[key]); err != nil {
				return err
			}
		}
		if len(keys) < sweepBatch || len(c.found.Missing) == maxMissing {
			break
		}
		after = keys[len(keys)-1]
	}
	err := c.addOrphans(ctx, named)
	c.after, c.objects = upTo, c.objects[:0]
	return err
}

// countRow counts an attachment. One whose object was not in the list may have been
// attached, or deleted, since then.
func (c *comparing) countRow(ctx context.Context, key string, stored bool) error {
	if !stored && len(c.found.Missing) < maxMissing {
		missing, err := c.isMissing(ctx, key)
		if err != nil {
			return err
		}
		if missing {
			c.found.Missing = append(c.found.Missing, key)
			return nil
		}
	}
	c.found.Files++
	return nil
}

// isMissing reports whether a row names a key under which nothing is stored.
func (c *comparing) isMissing(ctx context.Context, key string) (bool, error) {
	o, err := c.in.Open(ctx, key)
	if err == nil {
		return false, o.Close()
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return false, err
	}
	used, err := c.repo.usedKeys(ctx, []string{key})
	return used[key], err
}

// addOrphans adds the collected objects that are old and that no row names.
func (c *comparing) addOrphans(ctx context.Context, named map[string]bool) error {
	var old []string
	for _, o := range c.objects {
		if !named[o.Key] && o.ModTime.Before(c.oldest) {
			old = append(old, o.Key)
		}
	}
	if len(old) == 0 {
		return nil
	}
	accounted, err := c.in.Accounted(ctx, old)
	if err != nil {
		return err
	}
	pictures, err := c.repo.usedKeys(ctx, picturesOf(old))
	if err != nil {
		return err
	}
	for _, key := range old {
		if !accounted[key] && !pictures[sourceOf(key)] {
			c.found.Orphans = append(c.found.Orphans, key)
		}
	}
	return nil
}

// picturesOf returns the keys of the pictures of thumbnails and covers; other keys are left out.
func picturesOf(keys []string) []string {
	var pictures []string
	for _, key := range keys {
		if source := sourceOf(key); source != key {
			pictures = append(pictures, source)
		}
	}
	return pictures
}

// sourceOf returns the key of the picture of a thumbnail or cover; another key itself.
func sourceOf(key string) string {
	return strings.TrimSuffix(strings.TrimSuffix(key, thumbnail.suffix), cover.suffix)
}
