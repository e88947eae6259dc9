package watching

import (
	"context"
	"slices"

	"gorm.io/gorm/clause"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
)

// maxIDs is how many ids one statement names.
const maxIDs = 10_000

// repository holds every query on watch.
type repository struct{ db *db.DB }

// insert stores a row, once.
func (r repository) insert(ctx context.Context, w watch) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&w).Error)
}

func (r repository) delete(ctx context.Context, userID int64, subject projects.Subject, id int64) error {
	return db.Err(r.db.From(ctx).Where("user_id = ? AND subject = ? AND item_id = ?", userID, subject, id).Delete(&watch{}).Error)
}

// of returns what a person watches on a board.
func (r repository) of(ctx context.Context, userID, projectID int64) ([]watch, error) {
	var all []watch
	err := r.db.From(ctx).Where("user_id = ? AND project_id = ?", userID, projectID).Order("subject, item_id").Find(&all).Error
	return all, db.Err(err)
}

// ofPerson returns what a person watches, by project.
func (r repository) ofPerson(ctx context.Context, userID int64) ([]watch, error) {
	var all []watch
	err := r.db.From(ctx).Where("user_id = ?", userID).Order("project_id, subject, item_id").Find(&all).Error
	return all, db.Err(err)
}

// watchersSQL selects who watches some cards, or any list of a project.
const watchersSQL = `SELECT user_id, subject, item_id FROM watch WHERE subject = 'card' AND item_id IN ? AND user_id <> ?
UNION ALL SELECT user_id, subject, item_id FROM watch WHERE project_id = ? AND subject = 'list' AND user_id <> ?`

// ofCards returns who watches some cards, or any list of their project, except one
// person, in one statement.
func (r repository) ofCards(ctx context.Context, projectID int64, cardIDs []int64, except int64) ([]watch, error) {
	var all []watch
	for some := range slices.Chunk(cardIDs, maxIDs) {
		var rows []watch
		if err := r.db.From(ctx).Raw(watchersSQL, some, except, projectID, except).Scan(&rows).Error; err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// ofList returns who watches a list, except one person.
func (r repository) ofList(ctx context.Context, id, except int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&watch{}).Where("subject = 'list' AND item_id = ? AND user_id <> ?", id, except).Order("user_id").Pluck("user_id", &ids).Error
	return ids, db.Err(err)
}

// deleteItems deletes the rows of cards or lists.
func (r repository) deleteItems(ctx context.Context, subject projects.Subject, ids []int64) error {
	for some := range slices.Chunk(ids, maxIDs) {
		if err := r.db.From(ctx).Where("subject = ? AND item_id IN ?", subject, some).Delete(&watch{}).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// deleteMember deletes what a person watches on a board.
func (r repository) deleteMember(ctx context.Context, userID, projectID int64) error {
	return db.Err(r.db.From(ctx).Where("user_id = ? AND project_id = ?", userID, projectID).Delete(&watch{}).Error)
}
