package chats

import (
	"context"

	"taskstack.org/platform/db"
)

// withFiles returns the messages with a file that a person has written in a chat; in all
// of a kind if chatID is 0.
func (r repository) withFiles(ctx context.Context, kind Kind, chatID, userID int64) ([]int64, error) {
	t := tablesOf[kind]
	query, args := "SELECT id FROM "+t.msg+" WHERE from_id = ? AND has_file", []any{userID}
	if chatID != 0 {
		query, args = query+" AND "+t.of+" = ?", append(args, chatID)
	}
	var ids []int64
	err := r.db.From(ctx).Raw(query, args...).Scan(&ids).Error
	return ids, db.Err(err)
}

// pairsOf returns the chats of two of a person.
func (r repository) pairsOf(ctx context.Context, userID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT pair_id FROM chat_pair_link WHERE user_id = ?", userID).Scan(&ids).Error
	return ids, db.Err(err)
}
