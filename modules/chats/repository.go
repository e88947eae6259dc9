package chats

import (
	"context"

	"taskstack.org/platform/db"
)

// repository holds every query on the chat tables.
type repository struct{ db *db.DB }

func (r repository) exec(ctx context.Context, query string, args ...any) error {
	return db.Err(r.db.From(ctx).Exec(query, args...).Error)
}

// ofProject returns the chat group of a project, if it has one.
func (r repository) ofProject(ctx context.Context, projectID int64) (g projectGroup, found bool, err error) {
	res := r.db.From(ctx).Where("project_id = ?", projectID).Limit(1).Find(&g)
	return g, res.RowsAffected > 0, db.Err(res.Error)
}

func (r repository) create(ctx context.Context, g *projectGroup) error {
	return db.Err(r.db.From(ctx).Create(g).Error)
}

func (r repository) rename(ctx context.Context, id int64, name string) error {
	return r.exec(ctx, "UPDATE project_chat_group SET name = ? WHERE id = ?", name, id)
}

// projectLink is a row of project_chat_group_member_link.
type projectLink struct {
	ID                 int64 `gorm:"primaryKey"`
	ProjectChatGroupID int64
	UserID             int64
	UserRole           string
	ReadRev            int64
}

// TableName is the contract's.
func (projectLink) TableName() string { return "project_chat_group_member_link" }

// addMembers adds people to the group of a project, for whom everything up to a
// revision is read.
func (r repository) addMembers(ctx context.Context, groupID, readRev int64, userIDs ...int64) error {
	links := make([]projectLink, len(userIDs))
	for i, id := range userIDs {
		links[i] = projectLink{ProjectChatGroupID: groupID, UserID: id, UserRole: roleMember, ReadRev: readRev}
	}
	return db.Err(r.db.From(ctx).Create(&links).Error)
}

// removeMember removes a person from the group of a project, with their unread
// marks.
func (r repository) removeMember(ctx context.Context, groupID, userID int64) error {
	for _, query := range []string{
		"DELETE FROM project_chat_group_msg_status WHERE project_chat_group_id = ? AND user_id = ?",
		"DELETE FROM project_chat_group_member_link WHERE project_chat_group_id = ? AND user_id = ?",
	} {
		if err := r.exec(ctx, query, groupID, userID); err != nil {
			return err
		}
	}
	return nil
}

// last returns the newest message of a group that is not hidden from one of its
// members, nil if there is none.
func (r repository) last(ctx context.Context, kind Kind, groupID, userID int64) (*lastMessage, error) {
	t := tablesOf[kind]
	var rows []lastMessage
	err := r.db.From(ctx).Raw("SELECT m.content, m.datetime, m.from_id FROM "+t.msg+" m JOIN "+t.link+" l ON l."+t.of+" = m."+t.of+" AND l.user_id = ? WHERE m."+t.of+" = ? AND m.deleted_at IS NULL"+
		t.notHidden("m")+" ORDER BY m.num DESC LIMIT 1", userID, groupID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, db.Err(err)
	}
	return &rows[0], nil
}

// delete deletes the group of a project. Statuses are deleted with their messages.
func (r repository) delete(ctx context.Context, groupID int64) error {
	for _, query := range []string{
		"DELETE FROM project_chat_group_msg WHERE project_chat_group_id = ?",
		"DELETE FROM project_chat_group_member_link WHERE project_chat_group_id = ?",
		"DELETE FROM project_chat_group WHERE id = ?",
	} {
		if err := r.exec(ctx, query, groupID); err != nil {
			return err
		}
	}
	return nil
}

// readPair marks what is unread between two people as read.
func (r repository) readPair(ctx context.Context, a, b int64) error {
	return r.exec(ctx, `UPDATE chat_pair_link SET read_rev = (SELECT rev FROM chat_pair WHERE chat_pair.id = pair_id)
WHERE user_id = ? AND friend_id = ? OR user_id = ? AND friend_id = ?`, a, b, b, a)
}

// groupsOf returns the groups, other than those of projects, that a person is in.
func (r repository) groupsOf(ctx context.Context, userID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT chat_group_id FROM chat_group_member_link WHERE user_id = ? ORDER BY chat_group_id", userID).Scan(&ids).Error
	return ids, db.Err(err)
}

// link is a row of chat_group_member_link.
type link struct {
	UserID   int64
	UserRole string
}

// links returns the members of a group in the order they joined.
func (r repository) links(ctx context.Context, groupID int64) ([]link, error) {
	var all []link
	err := r.db.From(ctx).Raw("SELECT user_id, user_role FROM chat_group_member_link WHERE chat_group_id = ? ORDER BY id", groupID).Scan(&all).Error
	return all, db.Err(err)
}

func (r repository) setRole(ctx context.Context, groupID, userID int64, role string) error {
	return r.exec(ctx, "UPDATE chat_group_member_link SET user_role = ? WHERE chat_group_id = ? AND user_id = ?", role, groupID, userID)
}

// deleteGroup deletes a group with its messages and members.
func (r repository) deleteGroup(ctx context.Context, groupID int64) error {
	for _, query := range []string{
		"DELETE FROM chat_group_msg WHERE chat_group_id = ?",
		"DELETE FROM chat_group_member_link WHERE chat_group_id = ?",
		"DELETE FROM chat_group WHERE id = ?",
	} {
		if err := r.exec(ctx, query, groupID); err != nil {
			return err
		}
	}
	return nil
}

// createGroup stores a new group with its first member, an admin.
func (r repository) createGroup(ctx context.Context, name string, userID int64) (id int64, err error) {
	row := group{Name: name}
	if err := r.db.From(ctx).Create(&row).Error; err != nil {
		return 0, db.Err(err)
	}
	return row.ID, r.addToGroup(ctx, row.ID, userID, 0, roleAdmin)
}

// group is a row of chat_group.
type group struct {
	ID   int64 `gorm:"primaryKey"`
	Name string
	Rev  int64
}

// TableName is the contract's.
func (group) TableName() string { return "chat_group" }

// addToGroup adds a member, for whom everything up to a revision is read. Conflict
// for one who is a member already.
func (r repository) addToGroup(ctx context.Context, groupID, userID, readRev int64, role string) error {
	return db.Err(r.db.From(ctx).Exec("INSERT INTO chat_group_member_link (chat_group_id, user_id, user_role, read_rev) VALUES (?, ?, ?, ?)",
		groupID, userID, role, readRev).Error)
}

// lockGroup returns a group and holds its row until the transaction ends. NotFound
// if there is none.
func (r repository) lockGroup(ctx context.Context, groupID int64) (g group, err error) {
	if err := r.exec(ctx, "UPDATE chat_group SET rev = rev WHERE id = ?", groupID); err != nil {
		return g, err
	}
	return g, db.Err(r.db.From(ctx).Where("id = ?", groupID).Take(&g).Error)
}

func (r repository) renameGroup(ctx context.Context, groupID int64, name string) error {
	return r.exec(ctx, "UPDATE chat_group SET name = ? WHERE id = ?", name, groupID)
}

// removeFromGroup removes a member and their messages.
func (r repository) removeFromGroup(ctx context.Context, groupID, userID int64) error {
	for _, query := range []string{
		"DELETE FROM chat_group_msg WHERE chat_group_id = ? AND from_id = ?",
		"DELETE FROM chat_group_msg_status WHERE chat_group_id = ? AND user_id = ?",
		"DELETE FROM chat_group_member_link WHERE chat_group_id = ? AND user_id = ?",
	} {
		if err := r.exec(ctx, query, groupID, userID); err != nil {
			return err
		}
	}
	return nil
}

// countGroups returns in how many groups a person is.
func (r repository) countGroups(ctx context.Context, userID int64) (n int, err error) {
	err = r.db.From(ctx).Raw("SELECT COUNT(*) FROM chat_group_member_link WHERE user_id = ?", userID).Scan(&n).Error
	return n, db.Err(err)
}

// forget deletes everything of a person from all chats. Statuses that others have
// of their messages are deleted with the messages.
func (r repository) forget(ctx context.Context, userID int64) error {
	for _, query := range []string{
		"DELETE FROM chat_pair WHERE id IN (SELECT pair_id FROM chat_pair_link WHERE user_id = ?)",
		"DELETE FROM msg_reaction WHERE user_id = ?",
		"DELETE FROM chat_group_msg_reaction WHERE user_id = ?",
		"DELETE FROM project_chat_group_msg_reaction WHERE user_id = ?",
		"DELETE FROM msg WHERE to_id = ?",
		"DELETE FROM msg WHERE from_id = ?",
		"DELETE FROM chat_group_msg WHERE from_id = ?",
		"DELETE FROM chat_group_msg_status WHERE user_id = ?",
		"DELETE FROM chat_group_member_link WHERE user_id = ?",
		"DELETE FROM project_chat_group_msg WHERE from_id = ?",
		"DELETE FROM project_chat_group_msg_status WHERE user_id = ?",
		"DELETE FROM project_chat_group_member_link WHERE user_id = ?",
	} {
		if err := r.exec(ctx, query, userID); err != nil {
			return err
		}
	}
	return nil
}
