package chats

import (
	"context"
	"math"
	"time"

	"taskstack.org/platform/db"
)

// tables are where the chats of a kind are: the chats, the links of their people,
// and their messages; of is the column of the last two that names the chat.
type tables struct{ chat, link, msg, of string }

// tablesOf has the tables of each kind.
var tablesOf = map[Kind]tables{ // read-only
	UserChat:     {"chat_pair", "chat_pair_link", "msg", "pair_id"},
	Group:        {"chat_group", "chat_group_member_link", "chat_group_msg", "chat_group_id"},
	ProjectGroup: {"project_chat_group", "project_chat_group_member_link", "project_chat_group_msg", "project_chat_group_id"},
}

// columns are those of a Message.
const columns = "id, content, from_id, datetime, num, rev, client_key, reply_num, edited_at, deleted_at, has_file"

// membership is what one person has in a chat.
type membership struct {
	// ChatID is the row of the chat: for a chat of two another one than the id of
	// Ref.
	ChatID  int64
	Rev     int64
	ReadRev int64
	Muted   bool
	Role    string
	Name    string
	// ProjectID is set for the chat of a project.
	ProjectID int64
}

// membership returns what a person has in a chat. NotFound if nothing.
func (r repository) membership(ctx context.Context, ref Ref, userID int64) (membership, error) {
	t := tablesOf[ref.Kind]
	more := ""
	if ref.Kind == ProjectGroup {
		more = ", c.project_id"
	}
	query := "SELECT c.id AS chat_id, c.rev, l.read_rev, l.muted, l.user_role AS role, c.name" + more + " FROM " + t.chat + " c JOIN " + t.link + " l ON l." + t.of + " = c.id WHERE c.id = ? AND l.user_id = ?"
	if ref.Kind == UserChat {
		query = "SELECT c.id AS chat_id, c.rev, l.read_rev, l.muted FROM chat_pair_link l JOIN chat_pair c ON c.id = l.pair_id WHERE l.friend_id = ? AND l.user_id = ?"
	}
	var m membership
	return m, db.Err(r.db.From(ctx).Raw(query, ref.ID, userID).Take(&m).Error)
}

// createPair makes the chat of two people, whose rows the transaction holds.
func (r repository) createPair(ctx context.Context, a, b int64) error {
	pair := struct{ ID int64 }{}
	if err := r.db.From(ctx).Table("chat_pair").Create(&pair).Error; err != nil {
		return db.Err(err)
	}
	return r.exec(ctx, "INSERT INTO chat_pair_link (user_id, friend_id, pair_id) VALUES (?, ?, ?), (?, ?, ?)", a, b, pair.ID, b, a, pair.ID)
}

// nextRev gives a chat its next revision, and holds its row until the transaction
// ends.
func (r repository) nextRev(ctx context.Context, kind Kind, chatID int64) (rev int64, err error) {
	t := tablesOf[kind]
	if err := r.exec(ctx, "UPDATE "+t.chat+" SET rev = rev + 1 WHERE id = ?", chatID); err != nil {
		return 0, err
	}
	return rev, db.Err(r.db.From(ctx).Raw("SELECT rev FROM "+t.chat+" WHERE id = ?", chatID).Take(&rev).Error)
}

// people returns who is in a chat, in the order they joined.
func (r repository) people(ctx context.Context, kind Kind, chatID int64) ([]int64, error) {
	t, order := tablesOf[kind], "id"
	if kind == UserChat {
		order = "user_id"
	}
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT user_id FROM "+t.link+" WHERE "+t.of+" = ? ORDER BY "+order, chatID).Scan(&ids).Error
	return ids, db.Err(err)
}

// insertMessage stores a new message; to is the other person in a chat of two.
// Conflict if its sender has sent one with its key before.
func (r repository) insertMessage(ctx context.Context, kind Kind, chatID, to int64, m *Message) error {
	t := tablesOf[kind]
	row := map[string]any{
		t.of: chatID, "content": m.Content, "from_id": m.FromID, "datetime": m.Datetime, "num": m.Num, "rev": m.Rev, "client_key": m.ClientKey, "reply_num": m.ReplyNum, "has_file": m.HasFile,
	}
	if kind == UserChat {
		row["to_id"], row["seen"] = to, false
	}
	if err := r.db.From(ctx).Table(t.msg).Create(row).Error; err != nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Raw("SELECT id FROM "+t.msg+" WHERE "+t.of+" = ? AND num = ?", chatID, m.Num).Take(&m.ID).Error)
}

// placed is a message with its chat.
type placed struct {
	Message
	ChatID int64
	ToID   int64
}

// message returns a message and the chat it is in.
func (r repository) message(ctx context.Context, kind Kind, id int64) (placed, error) {
	var m placed
	err := r.db.From(ctx).Raw(selectPlaced(kind)+" WHERE id = ? AND "+tablesOf[kind].of+" IS NOT NULL", id).Take(&m).Error
	return m, db.Err(err)
}

// messageByKey returns the message that a person has sent with a key.
func (r repository) messageByKey(ctx context.Context, kind Kind, fromID int64, key string) (m placed, found bool, err error) {
	res := r.db.From(ctx).Raw(selectPlaced(kind)+" WHERE from_id = ? AND client_key = ?", fromID, key).Scan(&m)
	return m, res.RowsAffected > 0, db.Err(res.Error)
}

func selectPlaced(kind Kind) string {
	t, to := tablesOf[kind], ""
	if kind == UserChat {
		to = ", to_id"
	}
	return "SELECT " + columns + ", " + t.of + " AS chat_id" + to + " FROM " + t.msg
}

// updateMessage stores an edited or deleted message.
func (r repository) updateMessage(ctx context.Context, kind Kind, m Message) error {
	return r.exec(ctx, "UPDATE "+tablesOf[kind].msg+" SET content = ?, rev = ?, edited_at = ?, deleted_at = ?, has_file = ? WHERE id = ?",
		m.Content, m.Rev, m.EditedAt, m.DeletedAt, m.HasFile, m.ID)
}

// pageBefore returns the newest messages of a chat below a number, the newest
// first; before is 0 for the newest of all.
func (r repository) pageBefore(ctx context.Context, kind Kind, chatID, before int64, limit int, withDeleted bool) ([]Message, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	var all []Message
	err := r.db.From(ctx).Raw(pageSQL(kind, withDeleted), chatID, before, limit).Scan(&all).Error
	return all, db.Err(err)
}

func pageSQL(kind Kind, withDeleted bool) string {
	t, only := tablesOf[kind], " AND deleted_at IS NULL"
	if withDeleted {
		only = ""
	}
	return "SELECT " + columns + " FROM " + t.msg + " WHERE " + t.of + " = ? AND num < ?" + only + " ORDER BY num DESC LIMIT ?"
}

// pageAfter returns the oldest messages of a chat above a number, the oldest first.
func (r repository) pageAfter(ctx context.Context, kind Kind, chatID, after int64, limit int) ([]Message, error) {
	var all []Message
	err := r.db.From(ctx).Raw(pageAfterSQL(kind), chatID, after, limit).Scan(&all).Error
	return all, db.Err(err)
}

func pageAfterSQL(kind Kind) string {
	t := tablesOf[kind]
	return "SELECT " + columns + " FROM " + t.msg + " WHERE " + t.of + " = ? AND num > ? ORDER BY num LIMIT ?"
}

// changedAfter returns the messages that have changed after a revision, in the
// order of their changes.
func (r repository) changedAfter(ctx context.Context, kind Kind, chatID, rev int64, limit int) ([]Message, error) {
	var all []Message
	err := r.db.From(ctx).Raw(changesSQL(kind), chatID, rev, limit).Scan(&all).Error
	return all, db.Err(err)
}

func changesSQL(kind Kind) string {
	t := tablesOf[kind]
	return "SELECT " + columns + " FROM " + t.msg + " WHERE " + t.of + " = ? AND rev > ? ORDER BY rev LIMIT ?"
}

// setRead stores up to which revision a person has read a chat.
func (r repository) setRead(ctx context.Context, kind Kind, chatID, userID, rev int64) error {
	t := tablesOf[kind]
	return r.exec(ctx, "UPDATE "+t.link+" SET read_rev = ? WHERE "+t.of+" = ? AND user_id = ? AND read_rev < ?", rev, chatID, userID, rev)
}

// setMuted stores whether a person has muted a chat.
func (r repository) setMuted(ctx context.Context, kind Kind, chatID, userID int64, muted bool) error {
	t := tablesOf[kind]
	return r.exec(ctx, "UPDATE "+t.link+" SET muted = ? WHERE "+t.of+" = ? AND user_id = ?", muted, chatID, userID)
}

// listed is a chat in a person's list.
type listed struct {
	// ID is that of Ref.
	ID        int64
	Rev       int64
	ReadRev   int64
	Muted     bool
	Role      string
	Name      string
	ProjectID int64
	SeenRev   int64
	Unread    int
	Content   *string
	Datetime  *time.Time
	FromID    int64
}

// unreadOf is the condition for the messages of the alias u that the person of the
// link l has not read in the chat c, and that are not hidden from them. Older ones than the last countedUnread changes
// are not counted, so that the count never reads more.
func unreadOf(t tables) string {
	return "u." + t.of + " = c.id AND u.num > CASE WHEN l.read_rev > c.rev - ? THEN l.read_rev ELSE c.rev - ? END AND u.from_id <> ? AND u.deleted_at IS NULL" + t.notHidden("u")
}

// list returns the chats of one kind that a person is in, with their newest
// messages and how many the person has not read.
func (r repository) list(ctx context.Context, kind Kind, userID int64) ([]listed, error) {
	var all []listed
	err := r.db.From(ctx).Raw(listSQL(kind), countedUnread, countedUnread, userID, userID).Scan(&all).Error
	return all, db.Err(err)
}

func listSQL(kind Kind) string {
	t := tablesOf[kind]
	of := map[Kind]string{
		UserChat: "l.friend_id AS id, (SELECT o.read_rev FROM chat_pair_link o WHERE o.user_id = l.friend_id AND o.friend_id = l.user_id) AS seen_rev",
		Group:    "c.id, c.name, l.user_role AS role", ProjectGroup: "c.id, c.name, c.project_id",
	}[kind]
	return `SELECT c.rev, l.read_rev, l.muted, m.content, m.datetime, m.from_id, ` + of + `,
  (SELECT COUNT(*) FROM ` + t.msg + ` u WHERE ` + unreadOf(t) + `) AS unread
FROM ` + t.link + ` l JOIN ` + t.chat + ` c ON c.id = l.` + t.of + `
LEFT JOIN ` + t.msg + ` m ON m.id = (SELECT n.id FROM ` + t.msg + ` n WHERE n.` + t.of + ` = c.id AND n.deleted_at IS NULL` + t.notHidden("n") + ` ORDER BY n.num DESC LIMIT 1)
WHERE l.user_id = ?`
}

// countUnread returns how many messages a person has not read in chats that are
// not muted, in one statement.
func (r repository) countUnread(ctx context.Context, userID int64) (n int, err error) {
	var args []any
	for range kinds {
		args = append(args, countedUnread, countedUnread, userID, userID)
	}
	return n, db.Err(r.db.From(ctx).Raw(countSQL(), args...).Scan(&n).Error)
}

func countSQL() string {
	query := ""
	for i, kind := range kinds {
		t := tablesOf[kind]
		if i > 0 {
			query += " UNION ALL "
		}
		query += "SELECT COUNT(*) AS n FROM " + t.link + " l JOIN " + t.chat + " c ON c.id = l." + t.of + " JOIN " + t.msg + " u ON " + unreadOf(t) +
			" WHERE l.user_id = ? AND NOT l.muted"
	}
	return "SELECT COALESCE(SUM(n), 0) FROM (" + query + ") counts"
}

// member is a link of a group.
type member struct {
	ChatID int64
	UserID int64
	Role   string
}

// membersOfAll returns the members of all groups of a kind that a person is in.
func (r repository) membersOfAll(ctx context.Context, kind Kind, userID int64) ([]member, error) {
	t := tablesOf[kind]
	var all []member
	err := r.db.From(ctx).Raw("SELECT "+t.of+" AS chat_id, user_id, user_role AS role FROM "+t.link+
		" WHERE "+t.of+" IN (SELECT "+t.of+" FROM "+t.link+" WHERE user_id = ?) ORDER BY id", userID).Scan(&all).Error
	return all, db.Err(err)
}

// writtenMessage is a message in an export.
type writtenMessage struct {
	ID       int64
	HasFile  bool
	Content  string
	Datetime time.Time
	ToID     int64
	Name     string
}

// written returns all messages that a person has written in chats of a kind.
func (r repository) written(ctx context.Context, kind Kind, userID int64) ([]writtenMessage, error) {
	t := tablesOf[kind]
	query := "SELECT m.id, m.has_file, m.content, m.datetime, c.name FROM " + t.msg + " m JOIN " + t.chat + " c ON c.id = m." + t.of
	if kind == UserChat {
		query = "SELECT m.id, m.has_file, m.content, m.datetime, m.to_id FROM msg m"
	}
	var all []writtenMessage
	err := r.db.From(ctx).Raw(query+" WHERE m.from_id = ? AND m.deleted_at IS NULL ORDER BY m.datetime, m.id", userID).Scan(&all).Error
	return all, db.Err(err)
}

// countMessages returns how many messages there are in all chats.
func (r repository) countMessages(ctx context.Context) (int64, error) {
	var n int64
	err := r.db.From(ctx).Raw("SELECT (SELECT COUNT(*) FROM msg) + (SELECT COUNT(*) FROM chat_group_msg) + (SELECT COUNT(*) FROM project_chat_group_msg)").Scan(&n).Error
	return n, db.Err(err)
}
