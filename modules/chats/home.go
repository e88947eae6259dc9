package chats

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// entryKind is the contract's type of a message among the notifications.
const entryKind = "msg"

// Unread is a chat with unread messages, as the notifications show it.
type Unread struct {
	Ref
	// ChatName is what a group is called; empty for the chat of two.
	ChatName string
	// ProjectID is set for the chat of a project.
	ProjectID int64
	// MessageID, Content, From and At are those of the newest unread message, Count is
	// how many there are.
	MessageID int64
	Content   string
	From      accounts.Person
	At        time.Time
	Count     int
}

// Path returns the page of the chat.
func (u Unread) Path() string {
	if u.Kind == UserChat {
		return addressOf(u.Kind, u.From.Name)
	}
	return addressOf(u.Kind, idText(u.ID))
}

// IsDirect reports whether it is the chat of two.
func (u Unread) IsDirect() bool { return u.Kind == UserChat }

// feedMessage is an entry in the data of the start page (contract, pages.md section
// 3). It stands for all unread messages of the chat; id is the newest one's, which
// mark_msg_as_read takes.
type feedMessage struct {
	ID          int64  `json:"id"`
	Type        string `json:"type"`
	ChatType    Kind   `json:"chatType"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
	ChatURL     string `json:"goToChatUrl"`
	Datetime    string `json:"datetime"`
	Content     string `json:"content"`
	FromName    string `json:"fromName"`
	DisplayName string `json:"displayName,omitempty"`
	ChatID      int64  `json:"chatId"`
	ChatName    string `json:"chatName,omitempty"`
	Unread      int    `json:"unreadCount"`
}

func (u Unread) wire() feedMessage {
	return feedMessage{
		ID: u.MessageID, Type: entryKind, ChatType: u.Kind, PicURL: u.From.PicURL, GoToURL: u.From.GoToURL, ChatURL: u.Path(),
		Datetime: u.At.UTC().Format(timeFormat), Content: u.Content, FromName: u.From.Name, DisplayName: u.From.DisplayName,
		ChatID: u.ID, ChatName: u.ChatName, Unread: u.Count,
	}
}

// HomePart implements module.HomeGuest: the feed has an entry for each chat with
// unread messages that the person has not muted. It ends when the chat is read.
func (s *Service) HomePart(ctx context.Context, userID int64) (module.HomePart, error) {
	part := module.HomePart{RefreshOn: []string{"receive_msg", "msg_changed", "chat_read", "chat_muted", "chat_group_removed", "friend_removed", "blocks_changed"}}
	unread, err := s.unread(ctx, userID)
	for _, u := range unread {
		part.Feed = append(part.Feed, module.FeedEntry{
			At: u.At, Kind: entryKind, Item: u, Data: u.wire(), NotificationKind: kindOf[u.Kind], ProjectID: u.ProjectID,
		})
	}
	return part, err
}

// BadgeCount implements module.BadgeCounter: the number of chats with an unread
// message that is younger than a time.
func (s *Service) BadgeCount(ctx context.Context, userID int64, after time.Time, unwanted module.Unwanted) (int, error) {
	return s.repo.countUnreadChats(ctx, userID, after, unwanted)
}

// unread returns the chats of a person with unread messages that are not muted, in
// as many statements for many as for one.
func (s *Service) unread(ctx context.Context, userID int64) ([]Unread, error) {
	rows, err := s.repo.unreadChats(ctx, userID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var fromIDs []int64
	var groups []listed
	for _, row := range rows {
		fromIDs = append(fromIDs, row.FromID)
		if row.Kind == ProjectGroup {
			groups = append(groups, listed{ProjectID: row.ProjectID})
		}
	}
	people, err := s.people.ByIDs(ctx, unique(fromIDs))
	if err != nil {
		return nil, err
	}
	boards, err := s.boardsOf(ctx, groups)
	if err != nil {
		return nil, err
	}
	all := make([]Unread, len(rows))
	for i, row := range rows {
		all[i] = Unread{
			Ref: Ref{row.Kind, row.ID}, ChatName: row.Name, ProjectID: row.ProjectID, MessageID: row.MessageID, Content: row.Content, From: people[row.FromID], At: row.Datetime,
			Count: max(row.Unread, 1),
		}
		if board, ok := boards[row.ProjectID]; ok {
			all[i].ChatName = board.Called()
		}
	}
	return all, nil
}
