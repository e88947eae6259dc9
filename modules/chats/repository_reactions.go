package chats

import (
	"context"

	"taskstack.org/platform/db"
)

// reactionRow is an emoji of a person on a message.
type reactionRow struct {
	MsgID  int64
	Emoji  string
	UserID int64
}

func (t tables) reaction() string { return t.msg + "_reaction" }

// reactions returns the reactions on messages, in the order in which they were made.
func (r repository) reactions(ctx context.Context, kind Kind, ids []int64) (all []reactionRow, err error) {
	err = r.db.From(ctx).Raw(reactionsSQL(kind), ids).Scan(&all).Error
	return all, db.Err(err)
}

func reactionsSQL(kind Kind) string {
	return "SELECT msg_id, emoji, user_id FROM " + tablesOf[kind].reaction() + " WHERE msg_id IN (?) ORDER BY id"
}

func (r repository) addReaction(ctx context.Context, kind Kind, id, userID int64, emoji string) error {
	return r.exec(ctx, "INSERT INTO "+tablesOf[kind].reaction()+" (msg_id, user_id, emoji) VALUES (?, ?, ?)", id, userID, emoji)
}

func (r repository) removeReaction(ctx context.Context, kind Kind, id, userID int64, emoji string) error {
	return r.exec(ctx, "DELETE FROM "+tablesOf[kind].reaction()+" WHERE msg_id = ? AND user_id = ? AND emoji = ?", id, userID, emoji)
}

// removeReactions removes all reactions from a message.
func (r repository) removeReactions(ctx context.Context, kind Kind, id int64) error {
	return r.exec(ctx, "DELETE FROM "+tablesOf[kind].reaction()+" WHERE msg_id = ?", id)
}

// numbered returns the messages of a chat with given numbers, by number.
func (r repository) numbered(ctx context.Context, kind Kind, chatID int64, nums []int64) (map[int64]Message, error) {
	var rows []Message
	if err := r.db.From(ctx).Raw(numberedSQL(kind), chatID, nums).Scan(&rows).Error; err != nil {
		return nil, db.Err(err)
	}
	byNum := make(map[int64]Message, len(rows))
	for _, m := range rows {
		byNum[m.Num] = m
	}
	return byNum, nil
}

func numberedSQL(kind Kind) string {
	t := tablesOf[kind]
	return "SELECT " + columns + " FROM " + t.msg + " WHERE " + t.of + " = ? AND num IN (?)"
}

// recipients returns who is in a chat, in the order they joined.
func (r repository) recipients(ctx context.Context, kind Kind, chatID int64) (all []Recipient, err error) {
	t, order := tablesOf[kind], "id"
	if kind == UserChat {
		order = "user_id"
	}
	err = r.db.From(ctx).Raw("SELECT user_id AS id, muted FROM "+t.link+" WHERE "+t.of+" = ? ORDER BY "+t.link+"."+order, chatID).Scan(&all).Error
	return all, db.Err(err)
}
