package chats

import (
	"strconv"
	"time"

	"taskstack.org/modules/projects"
)

// What a project's page says about its chat group.
const (
	activated   = "activated"
	deactivated = "deactivated"
)

// The kinds of groups, as events name them.
const (
	kindGroup        = "chatGroup"
	kindProjectGroup = "projectChatGroup"
)

// groupPicture is the picture of all groups; old pages know it.
const groupPicture = "/static/img/group.png"

// Roles in groups. In the groups of projects everybody is a plain member.
const (
	roleAdmin  = "admin"
	roleMember = "default"
)

// projectGroup is a row of project_chat_group.
type projectGroup struct {
	ID        int64 `gorm:"primaryKey"`
	Name      string
	ProjectID int64
}

// TableName is the contract's.
func (projectGroup) TableName() string { return "project_chat_group" }

// groupName is what the group of a project is called.
func groupName(ownerName, projectName string) string { return ownerName + "/" + projectName }

// lastMessage is the newest message of a group.
type lastMessage struct {
	Content  string
	Datetime time.Time
}

// timeFormat is the contract's datetime (socket-events.md section 3).
const timeFormat = "2006-01-02 15:04:05-07:00"

// data is the message in the contract's shape: the text None if there is none.
func (m *lastMessage) data() any {
	if m == nil {
		return "None"
	}
	return map[string]any{"content": m.Content, "datetime": m.Datetime.UTC().Format(timeFormat)}
}

// asMember is a member of a project as one of its chat group.
func asMember(m projects.Member) projects.Member {
	m.Role = roleMember
	return m
}

// asData is a group in the contract's shape, for one of its members.
func (g projectGroup) asData(members []projects.Member, last *lastMessage) map[string]any {
	byID := make(map[string]projects.Member, len(members))
	for _, m := range members {
		byID[strconv.FormatInt(m.ID, 10)] = asMember(m)
	}
	return map[string]any{
		"id": g.ID, "type": kindProjectGroup, "name": g.Name, "unreadCount": 0, "lastMsg": last.data(),
		"picUrl": groupPicture, "roleOfCurrentUser": roleMember, "members": byID,
	}
}
