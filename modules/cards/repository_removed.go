package cards

import (
	"context"
	"slices"

	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
)

// place stores the list and the position of a card.
func (r repository) place(ctx context.Context, c Card) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET list_id = ?, pos = ? WHERE id = ?", c.ListID, c.Pos, c.ID).Error)
}

// first returns the first cards of lists, by list and position.
func (r repository) first(ctx context.Context, listIDs []int64, limit int) ([]Card, error) {
	var all []Card
	err := r.db.From(ctx).Select("id", "list_id", "name", "pos").Where("list_id IN ? AND pos < ?"+live, listIDs, limit).
		Order("list_id, pos, id").Find(&all).Error
	return all, db.Err(err)
}

// assignedToMany returns the users assigned to cards, by card.
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

// keepAssigned unassigns all other users from cards.
func (r repository) keepAssigned(ctx context.Context, cardIDs, userIDs []int64) error {
	for some := range slices.Chunk(cardIDs, maxIDs) {
		err := r.db.From(ctx).Exec("DELETE FROM card_user_assignment WHERE card_id IN ? AND user_id NOT IN ?", some, userIDs).Error
		if err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// permanentlyDeleted returns up to limit cards whose rows are to be deleted: those
// that are permanently deleted themselves, and the cards of such lists.
func (r repository) permanentlyDeleted(ctx context.Context, listIDs []int64, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT id FROM card WHERE removed_as = ? LIMIT ?", removal.PermanentlyDeleted, limit).Scan(&ids).Error
	if err != nil || len(ids) > 0 || len(listIDs) == 0 {
		return ids, db.Err(err)
	}
	err = r.db.From(ctx).Raw("SELECT id FROM card WHERE list_id IN ?"+live+" LIMIT ?", listIDs, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

// ids returns all cards of lists, on the board or not.
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

// listsInUse returns the given lists that some card still belongs to.
func (r repository) listsInUse(ctx context.Context, listIDs []int64) ([]int64, error) {
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

// listsOf returns the list of each card, on the board or not.
func (r repository) listsOf(ctx context.Context, ids []int64) (map[int64]int64, error) {
	var rows []struct{ ID, ListID int64 }
	err := r.db.From(ctx).Raw("SELECT id, list_id FROM card WHERE id IN ?", ids).Scan(&rows).Error
	of := make(map[int64]int64, len(rows))
	for _, row := range rows {
		of[row.ID] = row.ListID
	}
	return of, db.Err(err)
}
