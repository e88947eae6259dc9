package chats

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// What a project's page says about its chat group.
const (
	activated   = "activated"
	deactivated = "deactivated"
)

// Kind is a kind of chats, as events name it.
type Kind string

// The kinds.
const (
	// UserChat is the chat of two friends.
	UserChat Kind = "userToUser"
	// Group is a chat group with admins.
	Group Kind = "chatGroup"
	// ProjectGroup is the chat group of a project.
	ProjectGroup Kind = "projectChatGroup"
)

// kinds are all kinds.
var kinds = []Kind{UserChat, Group, ProjectGroup} // read-only

// Ref names a chat as one of its people does: ID is the other person's for a
// UserChat, and else the group's.
type Ref struct {
	Kind Kind
	ID   int64
}

// groupPicture is the picture of all groups; old pages know it.
const groupPicture = "/static/img/group.png"

// Roles in groups. In the groups of projects all are plain members.
const (
	roleAdmin  = "admin"
	roleMember = "default"
)

// Limits (docs/limits.md).
const (
	// MaxLength is how many characters a message may have.
	MaxLength = 2048
	// MaxNameLength is how many characters a group's name may have.
	MaxNameLength = 32
	// MaxMembers is how many members a group may have.
	MaxMembers = 500
	// MaxGroups is how many groups a person may be in.
	MaxGroups = 200
	// maxPage is how many messages one page of a chat may have.
	maxPage = 100
	// maxHistory is how many messages clients get that do not ask for pages.
	maxHistory = 1000
	// maxMissed is how many changes a client may have missed; with more it loads
	// the chat again.
	maxMissed = 500
	// countedUnread is among how many of the last changes of a chat unread messages
	// are counted.
	countedUnread = 200
)

// sendEvery and sendBurst limit how often a person may send: sixty messages at
// once, then one a second.
const (
	sendEvery = time.Second
	sendBurst = 60
)

// reactEvery and reactBurst limit how often a person may react: sixty times at once,
// then twice a second.
const (
	reactEvery = time.Second / 2
	reactBurst = 60
)

// createEvery and createBurst limit how often a person may create a group: twenty
// at once, then one a minute.
const (
	createEvery = time.Minute
	createBurst = 20
)

// projectGroup is a row of project_chat_group.
type projectGroup struct {
	ID        int64 `gorm:"primaryKey"`
	Name      string
	ProjectID int64
	Rev       int64
}

// TableName is the contract's.
func (projectGroup) TableName() string { return "project_chat_group" }

// groupName returns the name of a project's group.
func groupName(ownerName, projectName string) string { return ownerName + "/" + projectName }

// lastMessage is the newest message of a chat.
type lastMessage struct {
	Content  string
	Datetime time.Time
	FromID   int64
}

// Message is a message of a chat of any kind.
type Message struct {
	ID       int64
	Content  string
	FromID   int64
	Datetime time.Time
	// Num is the revision that made it, Rev the one that last changed it.
	Num, Rev  int64
	ClientKey *string
	// ReplyNum is the number of the message that it answers.
	ReplyNum  *int64
	EditedAt  *time.Time
	DeletedAt *time.Time
	// HasFile says that the message is a file; Content is its name.
	HasFile bool
}

// asMember returns a member of a project as one of its chat group.
func asMember(m projects.Member) projects.Member {
	m.Role = roleMember
	return m
}

// keyRule is the form of the identifier that a client gives a message.
var keyRule = regexp.MustCompile(`\A[A-Za-z0-9_-]{8,64}\z`)

// checkKey returns the key of a message, nil for none.
func checkKey(key string) (*string, error) {
	if key == "" {
		return nil, nil
	}
	if !keyRule.MatchString(key) {
		return nil, errs.Field("actionId", "chats.error.actionId")
	}
	return &key, nil
}

// cleanContent returns a message as it is stored. Errors: Invalid.
func cleanContent(typed string) (string, error) {
	content := strings.TrimRight(text.Block(strings.ReplaceAll(typed, "\r\n", "\n")), " \n\t")
	switch {
	case !utf8.ValidString(content) || strings.ContainsRune(content, 0):
		return "", errs.Field("content", "chats.error.characters")
	case utf8.RuneCountInString(content) > MaxLength:
		return "", errs.Field("content", "chats.error.tooLong", "Max", MaxLength)
	case !text.Visible(content):
		return "", errs.Field("content", "chats.error.empty")
	}
	return content, nil
}

// cleanName returns a group's name as it is stored. Errors: Invalid with field.
func cleanName(field, typed string) (string, error) {
	name := strings.TrimSpace(text.Line(typed))
	switch text.ProblemOfLine(name, MaxNameLength) {
	case text.NoProblem:
	case text.Invisible:
		return "", errs.Field(field, "chats.error.nameEmpty")
	case text.TooLong:
		return "", errs.Field(field, "chats.error.nameTooLong", "Max", MaxNameLength)
	case text.Unstorable:
		return "", errs.Field(field, "chats.error.characters")
	}
	return name, nil
}

// check returns an error for a kind that does not exist.
func (k Kind) check() error {
	for _, known := range kinds {
		if k == known {
			return nil
		}
	}
	return errs.Malformed("chatType", "chats.error.chatType")
}
