package projects

import (
	"context"
	"errors"
	"time"
)

// The change log keeps what a client may still ask for: the last keptEvents of
// each project whatever their age, which is more than sync_project sends
// (syncLimit), and everything that is younger than keptTime. Clients that ask for
// more are asked to reload the board.
const (
	keptEvents = 1000
	keptTime   = 30 * 24 * time.Hour
	// pruneBatch is how many events one transaction deletes.
	pruneBatch = 1000
	// prunePage is how many projects are read at once.
	prunePage = 500
)

// Prune deletes old events from the change logs of all projects. Several servers
// may do it at the same time: an event that another has deleted is skipped.
func (s sweeper) Prune(ctx context.Context) error {
	before := s.db.Now(ctx).Add(-keptTime)
	for after := int64(0); ; {
		all, err := s.repo.longLogs(ctx, after, keptEvents, prunePage)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, p := range all {
			if err := s.pruneOne(ctx, p.ID, p.Rev-keptEvents, before); err != nil {
				return err
			}
			after = p.ID
		}
	}
}

// pruneOne deletes a project's events up to a number that are older than a time.
func (s sweeper) pruneOne(ctx context.Context, projectID, upTo int64, before time.Time) error {
	last, err := s.repo.lastEventBefore(ctx, projectID, upTo, before)
	if err != nil || last == 0 {
		return err
	}
	first, err := s.repo.firstEvent(ctx, projectID)
	for ; err == nil && first <= last; first += pruneBatch {
		end := min(first+pruneBatch-1, last)
		err = s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.deleteEvents(ctx, projectID, end) })
	}
	return err
}

// sweep deletes stored results and events that are too old.
func (s sweeper) sweep(ctx context.Context) error {
	return errors.Join(s.deleteOldResults(ctx), s.Prune(ctx))
}
