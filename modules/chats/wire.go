package chats

import (
	"encoding/json"
	"strconv"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// timeFormat is the contract's datetime (socket-events.md section 3).
const timeFormat = "2006-01-02 15:04:05-07:00"

// message is the payload of successfully_sent_msg, receive_msg and msg_changed. In
// a chat of two it has toId and no id of a group: old pages tell by that where it
// belongs.
type message struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	ChatType Kind   `json:"chatType"`
	GroupID  int64  `json:"chatGroupId,omitzero"`
	ProjID   int64  `json:"projectChatGroupId,omitzero"`
	PicURL   string `json:"picUrl"`
	GoToURL  string `json:"goToUrl"`
	ChatURL  string `json:"goToChatUrl"`
	ToID     int64  `json:"toId,omitzero"`
	spoken
	// Key is the client's identifier, by which the sender's pages recognize it.
	Key string `json:"actionId,omitempty"`

	from accounts.Person
}

// spoken is what a message and its entry in the history have in common.
type spoken struct {
	FromID   int64  `json:"fromId"`
	FromName string `json:"fromName"`
	// DisplayName is what the sender is called, if it is not the name.
	DisplayName string `json:"displayName,omitempty"`
	Content     string `json:"content"`
	Datetime    string `json:"datetime"`
	// Num orders the messages of a chat, Rev is the number of its last change.
	Num     int64 `json:"num"`
	Rev     int64 `json:"rev"`
	Edited  bool  `json:"edited,omitempty"`
	Deleted bool  `json:"deleted,omitempty"`
	// Hidden is set if the reader has blocked the sender. Such a message counts as
	// deleted, too.
	Hidden bool `json:"hidden,omitempty"`
	// Reply is what the message answers.
	Reply     *quote     `json:"replyTo,omitempty"`
	Reactions []reaction `json:"reactions,omitempty"`
	// File is set for a message that is a file. Content has its name and address then,
	// for clients that do not know this key.
	File *sentFile `json:"file,omitempty"`
}

// sentFile is the file of a message.
type sentFile struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	// Size is in bytes.
	Size int64 `json:"size"`
	// Width and Height are those of a picture, upright, in pixels.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
}

// fileOf returns the file of a message; nil if it has none.
func (h History) fileOf(m Message) *sentFile {
	of := h.files[m.ID]
	if len(of) == 0 {
		return nil
	}
	f := of[0]
	return &sentFile{f.Name, f.URL, f.Size, f.Picture.Width, f.Picture.Height}
}

// quote is the beginning of a message that another one answers.
type quote struct {
	ID          int64  `json:"id"`
	Num         int64  `json:"num"`
	FromID      int64  `json:"fromId"`
	FromName    string `json:"fromName"`
	DisplayName string `json:"displayName,omitempty"`
	Content     string `json:"content"`
	Deleted     bool   `json:"deleted,omitempty"`
	Hidden      bool   `json:"hidden,omitempty"`
}

// maxQuote is how many characters of a message are quoted.
const maxQuote = 160

// reaction is an emoji on a message, with the ids of those who have put it there.
type reaction struct {
	Emoji   string  `json:"emoji"`
	UserIDs []int64 `json:"userIds"`
}

func (h History) spokenOf(m Message) spoken {
	from := h.People[m.FromID]
	sp := spoken{
		FromID: m.FromID, FromName: from.Name, DisplayName: from.DisplayName, Content: m.Content, Datetime: m.Datetime.In(time.UTC).Format(timeFormat),
		Num: m.Num, Rev: m.Rev, Edited: m.EditedAt != nil, Deleted: m.DeletedAt != nil, Reactions: reactionsOf(h.reactions[m.ID]),
	}
	if sp.File = h.fileOf(m); sp.File != nil {
		sp.Content += "\n" + sp.File.URL
	}
	if m.ReplyNum != nil && m.DeletedAt == nil {
		sp.Reply = h.quote(*m.ReplyNum)
	}
	if h.hidden[m.FromID] {
		return sp.masked()
	}
	return sp
}

// quote returns a message as an answer shows it; nil if it was deleted with its
// sender.
func (h History) quote(num int64) *quote {
	m, ok := h.quoted[num]
	if !ok {
		return nil
	}
	from, content := h.People[m.FromID], m.Content
	if runes := []rune(content); len(runes) > maxQuote {
		content = string(runes[:maxQuote]) + "…"
	}
	q := &quote{m.ID, m.Num, m.FromID, from.Name, from.DisplayName, content, m.DeletedAt != nil, false}
	if h.hidden[m.FromID] {
		return q.masked()
	}
	return q
}

// reactionsOf groups the reactions on a message by emoji, in the order in which each
// came first.
func reactionsOf(rows []reactionRow) []reaction {
	var all []reaction
	for _, emoji := range emojisOf(rows) {
		r := reaction{Emoji: emoji}
		for _, row := range rows {
			if row.Emoji == emoji {
				r.UserIDs = append(r.UserIDs, row.UserID)
			}
		}
		all = append(all, r)
	}
	return all
}

// messageOf returns a message in the contract's shape; to is the chat as its sender
// names it.
func messageOf(to Ref, m Message, h History) message {
	from := h.People[m.FromID]
	w := message{
		ID: m.ID, Type: "msg", ChatType: to.Kind, PicURL: from.PicURL, GoToURL: from.GoToURL, ChatURL: "/chat", spoken: h.spokenOf(m), from: from,
	}
	switch to.Kind {
	case UserChat:
		w.ToID, w.ChatURL = to.ID, addressOf(UserChat, from.Name)
	case Group:
		w.GroupID = to.ID
	case ProjectGroup:
		w.ProjID = to.ID
	}
	if m.ClientKey != nil {
		w.Key = *m.ClientKey
	}
	return w
}

// pastMessage is a message in the answer of /msgs.
type pastMessage struct {
	ID     int64  `json:"id"`
	ToID   int64  `json:"toId,omitzero"`
	PicURL string `json:"picUrl"`
	spoken
}

// wire returns a part of a chat in the shape of /msgs, as a person named it.
func (h History) wire(by accounts.Actor, ref Ref) []pastMessage {
	all := make([]pastMessage, len(h.Messages))
	for i, m := range h.Messages {
		from := h.People[m.FromID]
		all[i] = pastMessage{ID: m.ID, PicURL: from.PicURL, spoken: h.spokenOf(m)}
		if ref.Kind == UserChat {
			all[i].ToID = ref.ID
			if m.FromID == ref.ID {
				all[i].ToID = by.UserID
			}
		}
	}
	return all
}

// readMark is the payload of chat_read and chat_seen.
type readMark struct {
	ChatType Kind  `json:"chatType"`
	ChatID   int64 `json:"chatId"`
	Rev      int64 `json:"readRev"`
}

// muteMark is the payload of chat_muted.
type muteMark struct {
	ChatType Kind  `json:"chatType"`
	ChatID   int64 `json:"chatId"`
	Muted    bool  `json:"muted"`
}

// typing is the payload of chat_typing.
type typing struct {
	ChatType Kind  `json:"chatType"`
	ChatID   int64 `json:"chatId"`
	UserID   int64 `json:"userId"`
}

// chatState is what a chat in a person's list has of any kind, beside the contract's
// keys.
type chatState struct {
	Rev     int64 `json:"rev"`
	ReadRev int64 `json:"readRev"`
	Muted   bool  `json:"muted"`
}

// userChat is a chat of two in the data of the chat page.
type userChat struct {
	ID          int64  `json:"id"`
	Type        Kind   `json:"type"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName,omitempty"`
	Unread      int    `json:"unreadCount"`
	LastMsg     last   `json:"lastMsg"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
	chatState
	// SeenRev is up to which revision the friend has read.
	SeenRev int64 `json:"seenRev"`
}

// newChatGroup is the payload of new_chat_group: a group as one of its members
// sees it.
type newChatGroup struct {
	ID   int64  `json:"id"`
	Type Kind   `json:"type"`
	Name string `json:"name"`
	// Title is the project's; 2.x clients show Name. Groups of no project have none.
	Title   string `json:"title,omitempty"`
	Unread  int    `json:"unreadCount"`
	LastMsg last   `json:"lastMsg"`
	PicURL  string `json:"picUrl"`
	Role    string `json:"roleOfCurrentUser"`
	// Members are by id.
	Members map[string]projects.Member `json:"members"`
	// Msgs is an empty list for a new group, and left out of one that a member
	// joins: clients load those messages.
	Msgs []struct{} `json:"msgs,omitzero"`
	// State and BoardURL are in the data of the chat page only.
	*chatState
	BoardURL string `json:"boardUrl,omitempty"`
}

func newGroup(g projectGroup, title string, members []projects.Member, newest *lastMessage) newChatGroup {
	byID := make(map[string]projects.Member, len(members))
	for _, m := range members {
		byID[strconv.FormatInt(m.ID, 10)] = asMember(m)
	}
	return newChatGroup{
		ID: g.ID, Type: ProjectGroup, Name: g.Name, Title: title, LastMsg: last{newest}, PicURL: groupPicture, Role: roleMember, Members: byID,
	}
}

// last is the newest message of a group. Without one it is the text None.
type last struct{ message *lastMessage }

// MarshalJSON implements json.Marshaler.
func (l last) MarshalJSON() ([]byte, error) {
	if l.message == nil {
		return []byte(`"None"`), nil
	}
	return json.Marshal(struct {
		Content  string `json:"content"`
		Datetime string `json:"datetime"`
		FromID   int64  `json:"fromId"`
	}{l.message.Content, l.message.Datetime.In(time.UTC).Format(timeFormat), l.message.FromID})
}

// groupRef names a group, and is the payload of chat_group_removed.
type groupRef struct {
	ID   int64 `json:"id"`
	Type Kind  `json:"type"`
}

func (g projectGroup) ref() groupRef { return groupRef{g.ID, ProjectGroup} }

// newName is the payload of update_chat_group_name.
type newName struct {
	groupRef
	NewName string `json:"newName"`
	// Title is the project's; 2.x clients show NewName.
	Title string `json:"title,omitempty"`
}

// memberRef names a group where the payload is about one of its members.
type memberRef struct {
	GroupID   int64 `json:"chatGroupId"`
	GroupType Kind  `json:"chatGroupType"`
}

func (g projectGroup) memberRef() memberRef { return memberRef{g.ID, ProjectGroup} }

// newMember is the payload of new_chat_group_member.
type newMember struct {
	memberRef
	Member projects.Member `json:"member"`
}

// removedMember is the payload of chat_group_member_removed.
type removedMember struct {
	memberRef
	UserID int64 `json:"userId"`
}

// newRole is the payload of update_chat_group_member_role.
type newRole struct {
	memberRef
	ID   int64  `json:"id"`
	Role string `json:"newRole"`
}

// groupStatus is the payload of update_project_chat_group_status, which 2.x
// clients do not know.
type groupStatus struct {
	Status string `json:"chatGroupStatus"`
	ID     int64  `json:"chatGroupId,omitzero"`
}

// statusChanged is the event of a board that has got the chat group with an id, or
// has lost its chat group: 0.
func statusChanged(id int64) projects.Event {
	status := deactivated
	if id != 0 {
		status = activated
	}
	return projects.Event{Name: "update_project_chat_group_status", Payload: groupStatus{status, id}}
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
