package chats

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/module"
)

// unreadChat is a chat with unread messages, with the newest of them.
type unreadChat struct {
	Kind      Kind
	ID        int64
	Name      string
	ProjectID int64
	MessageID int64
	Content   string
	Datetime  time.Time
	FromID    int64
	Unread    int
}

// unreadChats returns the chats of a person with unread messages that are not muted,
// in one statement.
func (r repository) unreadChats(ctx context.Context, userID int64) ([]unreadChat, error) {
	var args []any
	for range kinds {
		args = append(args, countedUnread, countedUnread, userID, userID)
	}
	var all []unreadChat
	return all, db.Err(r.db.From(ctx).Raw(unreadChatsSQL(), args...).Scan(&all).Error)
}

func unreadChatsSQL() string {
	of := map[Kind]string{
		UserChat: "l.friend_id AS id, '' AS name, 0 AS project_id", Group: "c.id, c.name, 0 AS project_id", ProjectGroup: "c.id, c.name, c.project_id",
	}
	var parts []string
	for _, kind := range kinds {
		t := tablesOf[kind]
		parts = append(parts, "SELECT m.content, m.datetime, m.id AS message_id, m.from_id, '"+string(kind)+"' AS kind, "+of[kind]+
			", (SELECT COUNT(*) FROM "+t.msg+" u WHERE "+unreadOf(t)+") AS unread"+
			" FROM "+t.link+" l JOIN "+t.chat+" c ON c.id = l."+t.of+" JOIN "+t.msg+" m ON m.id = ("+newestUnread(t)+")"+
			" WHERE l.user_id = ? AND NOT l.muted AND c.rev > l.read_rev")
	}
	return strings.Join(parts, " UNION ALL ")
}

// newestUnread selects the newest message of others that the person of the link l
// has not read in the chat c.
func newestUnread(t tables) string {
	return "SELECT n.id FROM " + t.msg + " n WHERE n." + t.of + " = c.id AND n.num > l.read_rev AND n.from_id <> l.user_id AND n.deleted_at IS NULL" + t.notHidden("n") +
		" ORDER BY n.num DESC LIMIT 1"
}

// countUnreadChats returns how many chats of a person that are neither muted nor
// unwanted have an unread message that is younger than a time, in one statement.
func (r repository) countUnreadChats(ctx context.Context, userID int64, after time.Time, unwanted module.Unwanted) (n int, err error) {
	var args []any
	var counted []Kind
	for _, kind := range kinds {
		if !unwanted.Kinds[kindOf[kind]] {
			counted = append(counted, kind)
			args = append(args, userID, after)
		}
	}
	if len(counted) == 0 {
		return 0, nil
	}
	quiet := slices.Sorted(maps.Keys(unwanted.Projects))
	if slices.Contains(counted, ProjectGroup) && len(quiet) > 0 {
		args = append(args, quiet) // the last of the kinds
	}
	return n, db.Err(r.db.From(ctx).Raw(countUnreadChatsSQL(counted, len(quiet) > 0), args...).Scan(&n).Error)
}

func countUnreadChatsSQL(counted []Kind, withQuiet bool) string {
	var parts []string
	for _, kind := range counted {
		t := tablesOf[kind]
		part := "SELECT COUNT(*) AS n FROM " + t.link + " l JOIN " + t.chat + " c ON c.id = l." + t.of + " JOIN " + t.msg + " m ON m.id = (" + newestUnread(t) + ")" +
			" WHERE l.user_id = ? AND NOT l.muted AND c.rev > l.read_rev AND m.datetime > ?"
		if kind == ProjectGroup && withQuiet {
			part += " AND c.project_id NOT IN ?"
		}
		parts = append(parts, part)
	}
	return "SELECT COALESCE(SUM(n), 0) FROM (" + strings.Join(parts, " UNION ALL ") + ") counts"
}
