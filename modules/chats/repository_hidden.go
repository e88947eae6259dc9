package chats

import (
	"context"

	"taskstack.org/platform/db"
)

// hidden are people whose messages are hidden from one person in groups.
type hidden map[int64]bool

// hiders are the people who do not see the messages of authors in groups, by author.
type hiders map[int64]map[int64]bool

// hide hides the messages of a person in groups from another one.
func (r repository) hide(ctx context.Context, userID, fromID int64) error {
	if err := r.unhide(ctx, userID, fromID); err != nil {
		return err
	}
	return r.exec(ctx, "INSERT INTO chat_hidden_sender (user_id, from_id) VALUES (?, ?)", userID, fromID)
}

func (r repository) unhide(ctx context.Context, userID, fromID int64) error {
	return r.exec(ctx, "DELETE FROM chat_hidden_sender WHERE user_id = ? AND from_id = ?", userID, fromID)
}

// hiddenFrom returns whose messages are hidden from a person.
func (r repository) hiddenFrom(ctx context.Context, userID int64) (hidden, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT from_id FROM chat_hidden_sender WHERE user_id = ?", userID).Scan(&ids).Error
	all := make(hidden, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all, db.Err(err)
}

// hidersOf returns the people who do not see the messages of authors, by author.
func (r repository) hidersOf(ctx context.Context, fromIDs ...int64) (hiders, error) {
	var rows []struct{ UserID, FromID int64 }
	err := r.db.From(ctx).Raw("SELECT user_id, from_id FROM chat_hidden_sender WHERE from_id IN ?", fromIDs).Scan(&rows).Error
	all := hiders{}
	for _, row := range rows {
		if all[row.FromID] == nil {
			all[row.FromID] = map[int64]bool{}
		}
		all[row.FromID][row.UserID] = true
	}
	return all, db.Err(err)
}

// notHidden is the condition, behind others, for messages with the alias given that
// are not hidden from the person of the link l. In the chat of two nothing is hidden:
// people who have blocked each other have none.
func (t tables) notHidden(alias string) string {
	if t == tablesOf[UserChat] {
		return ""
	}
	return " AND NOT EXISTS (SELECT 1 FROM chat_hidden_sender h WHERE h.user_id = l.user_id AND h.from_id = " + alias + ".from_id)"
}
