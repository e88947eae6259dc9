package friends

import (
	"context"

	"taskstack.org/platform/db"
)

// repository holds every query on friendship.
type repository struct{ db *db.DB }

func (r repository) exists(ctx context.Context, userID, friendID int64) (bool, error) {
	var n int64
	err := r.db.From(ctx).Table("friendship").Where("user_id = ? AND friend_id = ?", userID, friendID).Count(&n).Error
	return n > 0, db.Err(err)
}
