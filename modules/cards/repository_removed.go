package cards

import (
	"context"
	"slices"
	"time"

	"taskstack.org/modules/lists"
	"taskstack.org/platform/db"
)

// remove takes a card to another place off the board.
func (r repository) remove(ctx context.Context, id int64, to lists.Removal) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET removed_as = ?, removed_at = ?, removed_by = ?, changed_rev = ? WHERE id = ?",
		to.RemovedAs, to.RemovedAt, to.RemovedBy, to.ChangedRev, id).Error)
}

// putBack takes a card onto the board, to a position of a list.
func (r repository) putBack(ctx context.Context, c Card) error {
	return db.Err(r.db.From(ctx).Exec(
		"UPDATE card SET removed_as = NULL, removed_at = NULL, removed_by = NULL, changed_rev = ?, list_id = ?, pos = ? WHERE id = ?",
		c.ChangedRev, c.ListID, c.Pos, c.ID).Error)
}

// removed are those cards that were taken off by themselves and last stood in
// one of the lists.
func (r repository) removed(ctx context.Context, listIDs []int64, q lists.Query) ([]Card, error) {
	var all []Card
	where, args := q.Conditions()
	err := r.db.From(ctx).Where("list_id IN ?"+where, append([]any{listIDs}, args...)...).
		Order("removed_at DESC, id DESC").Limit(q.Limit).Find(&all).Error
	return all, db.Err(err)
}

// first are the first cards of several lists, by list and position.
func (r repository) first(ctx context.Context, listIDs []int64, limit int) ([]Card, error) {
	var all []Card
	err := r.db.From(ctx).Select("id", "list_id", "name", "pos").Where("list_id IN ? AND pos < ?"+live, listIDs, limit).
		Order("list_id, pos, id").Find(&all).Error
	return all, db.Err(err)
}

// assignedToMany are the people assigned to cards, by card.
func (r repository) assignedToMany(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	all := make(map[int64][]int64, len(ids))
	for some := range slices.Chunk(ids, maxIDs) {
		var rows []assignment
		if err := r.db.From(ctx).Where("card_id IN ?", some).Order("id").Find(&rows).Error; err != nil {
			return nil, db.Err(err)
		}
		for _, a := range rows {
			all[a.CardID] = append(all[a.CardID], a.UserID)
		}
	}
	return all, nil
}

// keepAssigned takes everybody else off the cards of a list, or off one card.
func (r repository) keepAssigned(ctx context.Context, cardIDs, userIDs []int64) error {
	for some := range slices.Chunk(cardIDs, maxIDs) {
		err := r.db.From(ctx).Exec("DELETE FROM card_user_assignment WHERE card_id IN ? AND user_id NOT IN ?", some, userIDs).Error
		if err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// expire gives up what has been in the bin since before a time.
func (r repository) expire(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET removed_as = ? WHERE removed_as = ? AND removed_at < ?",
		lists.Gone, lists.InBin, before).Error)
}

// gone are some cards to be deleted for good: those that are gone themselves,
// and what is left on lists that are.
func (r repository) gone(ctx context.Context, listIDs []int64, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT id FROM card WHERE removed_as = ? LIMIT ?", lists.Gone, limit).Scan(&ids).Error
	if err != nil || len(ids) > 0 || len(listIDs) == 0 {
		return ids, db.Err(err)
	}
	err = r.db.From(ctx).Raw("SELECT id FROM card WHERE list_id IN ?"+live+" LIMIT ?", listIDs, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

// ids are all cards of lists, on the board or not.
func (r repository) ids(ctx context.Context, listIDs []int64) ([]int64, error) {
	var ids []int64
	for some := range slices.Chunk(listIDs, maxIDs) {
		var found []int64
		if err := r.db.From(ctx).Raw("SELECT id FROM card WHERE list_id IN ?", some).Scan(&found).Error; err != nil {
			return nil, db.Err(err)
		}
		ids = append(ids, found...)
	}
	return ids, nil
}

// referredTo are those of the lists that some card still belongs to.
func (r repository) referredTo(ctx context.Context, listIDs []int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT DISTINCT list_id FROM card WHERE list_id IN ?", listIDs).Scan(&ids).Error
	return ids, db.Err(err)
}

// delete deletes cards and their assignments.
func (r repository) delete(ctx context.Context, ids []int64) error {
	for some := range slices.Chunk(ids, maxIDs) {
		for _, query := range []string{"DELETE FROM card_user_assignment WHERE card_id IN ?", "DELETE FROM card WHERE id IN ?"} {
			if err := r.db.From(ctx).Exec(query, some).Error; err != nil {
				return db.Err(err)
			}
		}
	}
	return nil
}

// forget takes a person out of who removed what; the places are there for the
// index.
func (r repository) forget(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET removed_by = NULL WHERE removed_as IN ? AND removed_by = ?",
		[]lists.Place{lists.Gone, lists.InBin, lists.InArchive}, userID).Error)
}
