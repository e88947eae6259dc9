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

// ofProject is the chat group of a project, if it has one.
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
}

// TableName is the contract's.
func (projectLink) TableName() string { return "project_chat_group_member_link" }

func (r repository) addMembers(ctx context.Context, groupID int64, userIDs ...int64) error {
	links := make([]projectLink, len(userIDs))
	for i, id := range userIDs {
		links[i] = projectLink{ProjectChatGroupID: groupID, UserID: id, UserRole: roleMember}
	}
	return db.Err(r.db.From(ctx).Create(&links).Error)
}

// members are who is in the group of a project, in the order they came.
func (r repository) members(ctx context.Context, groupID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT user_id FROM project_chat_group_member_link WHERE project_chat_group_id = ? ORDER BY id", groupID).Scan(&ids).Error
	return ids, db.Err(err)
}

// removeMember takes somebody out of the group of a project, with what they
// have not read.
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

// last is the newest message in the group of a project, nil if there is none.
func (r repository) last(ctx context.Context, groupID int64) (*lastMessage, error) {
	var rows []lastMessage
	err := r.db.From(ctx).Raw(`SELECT content, datetime FROM project_chat_group_msg
WHERE project_chat_group_id = ? ORDER BY datetime DESC, id DESC LIMIT 1`, groupID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, db.Err(err)
	}
	return &rows[0], nil
}

// delete deletes the group of a project. Statuses go with their messages.
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

// groupsOf are the groups, other than those of projects, that somebody is in.
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

// links are who is in a group, in the order they came.
func (r repository) links(ctx context.Context, groupID int64) ([]link, error) {
	var all []link
	err := r.db.From(ctx).Raw("SELECT user_id, user_role FROM chat_group_member_link WHERE chat_group_id = ? ORDER BY id", groupID).Scan(&all).Error
	return all, db.Err(err)
}

func (r repository) setRole(ctx context.Context, groupID, userID int64, role string) error {
	return r.exec(ctx, "UPDATE chat_group_member_link SET user_role = ? WHERE chat_group_id = ? AND user_id = ?", role, groupID, userID)
}

// deleteGroup deletes a group that nobody is in. Statuses go with their
// messages.
func (r repository) deleteGroup(ctx context.Context, groupID int64) error {
	if err := r.exec(ctx, "DELETE FROM chat_group_msg WHERE chat_group_id = ?", groupID); err != nil {
		return err
	}
	return r.exec(ctx, "DELETE FROM chat_group WHERE id = ?", groupID)
}

// forget removes everything of a person from all chats. Others' statuses of
// their messages go with the messages.
func (r repository) forget(ctx context.Context, userID int64) error {
	for _, query := range []string{
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
