package labels

import (
	"context"
	"slices"
	"time"

	"taskstack.org/platform/db"
)

// maxRows is the number of rows or ids that one statement names; databases allow
// some 32,000 parameters.
const maxRows = 10_000

// repository holds every query on label and card_label.
type repository struct{ db *db.DB }

// ofProject returns the labels of a project in their order.
func (r repository) ofProject(ctx context.Context, projectID int64) ([]Label, error) {
	var all []Label
	err := r.db.From(ctx).Where("project_id = ? AND deleted_at IS NULL", projectID).Order("pos, id").Find(&all).Error
	return all, db.Err(err)
}

// labelOfCard is a label and one of the cards that have it; CardID is nil for a
// label that no card has.
type labelOfCard struct {
	Label
	CardID *int64
}

// withCards returns the labels of a project in their order, each once for every
// card that has it and at least once.
func (r repository) withCards(ctx context.Context, projectID int64) ([]labelOfCard, error) {
	var all []labelOfCard
	err := r.db.From(ctx).Raw(`SELECT label.id, label.name, label.colour, label.pos, card_label.card_id
FROM label LEFT JOIN card_label ON card_label.label_id = label.id
WHERE label.project_id = ? AND label.deleted_at IS NULL ORDER BY label.pos, label.id, card_label.card_id`, projectID).Scan(&all).Error
	return all, db.Err(err)
}

// ofCards returns the labels of cards in the labels' order, by card.
func (r repository) ofCards(ctx context.Context, projectID int64, cardIDs []int64) (map[int64][]Label, error) {
	labels := map[int64][]Label{}
	for some := range slices.Chunk(cardIDs, maxRows) {
		var rows []labelOfCard
		err := r.db.From(ctx).Raw(`SELECT label.id, label.name, label.colour, label.pos, card_label.card_id
FROM label JOIN card_label ON card_label.label_id = label.id
WHERE label.project_id = ? AND label.deleted_at IS NULL AND card_label.card_id IN ? ORDER BY label.pos, label.id`, projectID, some).Scan(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		for _, row := range rows {
			labels[*row.CardID] = append(labels[*row.CardID], row.Label)
		}
	}
	return labels, nil
}

// labelName is the name of a label that a card has.
type labelName struct {
	CardID int64
	Name   string
}

// namesOf returns the names that labels of cards have, in the labels' order.
func (r repository) namesOf(ctx context.Context, cardIDs []int64) ([]labelName, error) {
	var all []labelName
	for some := range slices.Chunk(cardIDs, maxRows) {
		var rows []labelName
		err := r.db.From(ctx).Raw(`SELECT card_label.card_id, label.name FROM card_label JOIN label ON label.id = card_label.label_id
WHERE card_label.card_id IN ? AND label.name <> '' AND label.deleted_at IS NULL ORDER BY label.pos, label.id`, some).Scan(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// byID returns a label of a project, deleted or not. Errors: NotFound.
func (r repository) byID(ctx context.Context, projectID, id int64) (Label, error) {
	var l Label
	err := r.db.From(ctx).Where("project_id = ?", projectID).First(&l, id).Error
	return l, db.Err(err)
}

func (r repository) create(ctx context.Context, l *Label) error {
	return db.Err(r.db.From(ctx).Create(l).Error)
}

func (r repository) edit(ctx context.Context, id int64, d Draft) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE label SET name = ?, colour = ? WHERE id = ?", d.Name, d.Colour, id).Error)
}

func (r repository) setPos(ctx context.Context, id int64, pos int) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE label SET pos = ? WHERE id = ?", pos, id).Error)
}

// setDeleted marks a label as deleted, or not deleted if at is nil.
func (r repository) setDeleted(ctx context.Context, id int64, at *time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE label SET deleted_at = ? WHERE id = ?", at, id).Error)
}

// cardsOf returns the cards that have a label.
func (r repository) cardsOf(ctx context.Context, id int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT card_id FROM card_label WHERE label_id = ? ORDER BY card_id", id).Scan(&ids).Error
	return ids, db.Err(err)
}

// put puts a label on cards that do not have it.
func (r repository) put(ctx context.Context, id int64, cardIDs []int64) error {
	rows := make([]cardLabel, len(cardIDs))
	for i, card := range cardIDs {
		rows[i] = cardLabel{CardID: card, LabelID: id}
	}
	return r.add(ctx, rows)
}

// add stores that cards have labels, which they do not have yet.
func (r repository) add(ctx context.Context, rows []cardLabel) error {
	if len(rows) == 0 {
		return nil
	}
	return db.Err(r.db.From(ctx).CreateInBatches(rows, maxRows).Error)
}

func (r repository) take(ctx context.Context, id int64, cardIDs []int64) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM card_label WHERE label_id = ? AND card_id IN ?", id, cardIDs).Error)
}

// deleteBefore deletes the labels whose deletion cannot be undone any more.
func (r repository) deleteBefore(ctx context.Context, t time.Time) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM label WHERE deleted_at < ?", t).Error)
}

// cardLabel is a row of card_label.
type cardLabel struct{ CardID, LabelID int64 }

// TableName returns the name of the table.
func (cardLabel) TableName() string { return "card_label" }
