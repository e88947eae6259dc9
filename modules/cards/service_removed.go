package cards

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/removal"
)

// removedCards reads and deletes cards that are not on a board.
type removedCards struct{ *Service }

// Removed returns the cards of lists that were removed by themselves and match q.
// The caller has checked that the member may see them.
func (s removedCards) Removed(ctx context.Context, listIDs []int64, q removal.Query) ([]Card, error) {
	return removal.Removed[Card](ctx, s.Machine, listIDs, q)
}

// Counts returns how many cards each list has, on the board or not.
func (s removedCards) Counts(ctx context.Context, listIDs []int64) (map[int64]int, error) {
	return s.repo.counts(ctx, listIDs)
}

// First returns the names of the first cards of each list, on the board or not.
func (s removedCards) First(ctx context.Context, listIDs []int64, limit int) (map[int64][]string, error) {
	all, err := s.repo.first(ctx, listIDs, limit)
	names := make(map[int64][]string, len(listIDs))
	for _, c := range all {
		names[c.ListID] = append(names[c.ListID], c.Name)
	}
	return names, err
}

// Assigned returns the people assigned to cards, by card.
func (s removedCards) Assigned(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	return s.repo.assignedToMany(ctx, ids)
}

// PurgeSome deletes the rows of up to limit cards that are permanently deleted, or
// in one of the deleted lists. It returns how many.
func (s removedCards) PurgeSome(ctx context.Context, deletedLists []int64, limit int) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		ids, err := s.repo.permanentlyDeleted(ctx, deletedLists, limit)
		if err != nil {
			return err
		}
		n = len(ids)
		return s.purge(ctx, ids)
	})
	return n, err
}

// ListsInUse returns the given lists that some card still belongs to: a removed
// card keeps the row of its list.
func (s removedCards) ListsInUse(ctx context.Context, listIDs []int64) ([]int64, error) {
	return s.repo.listsInUse(ctx, listIDs)
}

func (s removedCards) purge(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.files.DeleteAll(ctx, files.OfCard, ids...); err != nil {
		return err
	}
	if err := s.repo.delete(ctx, ids); err != nil {
		return err
	}
	return s.bus.Publish(ctx, Purged{IDs: ids})
}
