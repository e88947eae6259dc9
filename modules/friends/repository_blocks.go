package friends

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// block is a row of user_block: UserID has blocked BlockedID.
type block struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	BlockedID int64 `gorm:"primaryKey;autoIncrement:false"`
	CreatedAt time.Time
}

// TableName is for GORM.
func (block) TableName() string { return "user_block" }

// insertBlock stores a block, once.
func (r repository) insertBlock(ctx context.Context, b block) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&b).Error)
}

// deleteBlock reports whether there was a block.
func (r repository) deleteBlock(ctx context.Context, userID, blockedID int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ? AND blocked_id = ?", userID, blockedID).Delete(&block{})
	return res.RowsAffected > 0, db.Err(res.Error)
}

// blocksBetween reports whether a has blocked b, and b has blocked a.
func (r repository) blocksBetween(ctx context.Context, a, b int64) (blocks, isBlocked bool, err error) {
	var by []int64
	err = r.db.From(ctx).Model(&block{}).Where("user_id = ? AND blocked_id = ? OR user_id = ? AND blocked_id = ?", a, b, b, a).Pluck("user_id", &by).Error
	return slices.Contains(by, a), slices.Contains(by, b), db.Err(err)
}

// blockedBy returns the people that a person has blocked.
func (r repository) blockedBy(ctx context.Context, userID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&block{}).Where("user_id = ?", userID).Order("blocked_id").Pluck("blocked_id", &ids).Error
	return ids, db.Err(err)
}
