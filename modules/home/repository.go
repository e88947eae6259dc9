package home

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// repository holds every query on project_star and notification_read.
type repository struct{ db *db.DB }

// star is a row of project_star: a person has starred a board.
type star struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	ProjectID int64 `gorm:"primaryKey;autoIncrement:false"`
}

// TableName is for GORM.
func (star) TableName() string { return "project_star" }

// readMark is a row of notification_read: a person has read the notifications up
// to a time.
type readMark struct {
	UserID int64 `gorm:"primaryKey;autoIncrement:false"`
	Until  time.Time
}

// TableName is for GORM.
func (readMark) TableName() string { return "notification_read" }

// stars returns the projects that a person has starred.
func (r repository) stars(ctx context.Context, userID int64) (map[int64]bool, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&star{}).Where("user_id = ?", userID).Pluck("project_id", &ids).Error
	starred := make(map[int64]bool, len(ids))
	for _, id := range ids {
		starred[id] = true
	}
	return starred, db.Err(err)
}

// isStarred reports whether a person has starred a project.
func (r repository) isStarred(ctx context.Context, userID, projectID int64) (bool, error) {
	var n int64
	err := r.db.From(ctx).Model(&star{}).Where("user_id = ? AND project_id = ?", userID, projectID).Count(&n).Error
	return n > 0, db.Err(err)
}

// addStar stores a star, once.
func (r repository) addStar(ctx context.Context, userID, projectID int64) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&star{userID, projectID}).Error)
}

func (r repository) deleteStar(ctx context.Context, userID, projectID int64) error {
	return db.Err(r.db.From(ctx).Where("user_id = ? AND project_id = ?", userID, projectID).Delete(&star{}).Error)
}

// readUntil is the time up to which a person has read the notifications; the zero
// time if the person has never marked any.
func (r repository) readUntil(ctx context.Context, userID int64) (time.Time, error) {
	var marks []readMark
	err := r.db.From(ctx).Where("user_id = ?", userID).Find(&marks).Error
	if err != nil || len(marks) == 0 {
		return time.Time{}, db.Err(err)
	}
	return marks[0].Until, nil
}

func (r repository) setReadUntil(ctx context.Context, userID int64, until time.Time) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&readMark{userID, until}).Error)
}
