package chats

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events of chats (contract, socket-events.md sections 4 and 5).
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "create_project_chat_group", projects.ManageChat, switching("successfully_created_project_chat_group", m.Activate))
	projects.On(m.boards, rt, "delete_project_chat_group", projects.ManageChat, switching("successfully_deleted_project_chat_group", m.Deactivate))

	accounts.On(rt, "send_msg", m.onSend)
	accounts.On(rt, "edit_msg", m.onEdit)
	accounts.On(rt, "delete_msg", m.onDelete)
	accounts.On(rt, "react_to_msg", m.onReact)
	accounts.On(rt, "mark_msgs_as_read", m.onMarkRead)
	accounts.On(rt, "mark_msg_as_read", m.onMarkMessageRead)
	accounts.On(rt, "mute_chat", m.onMute)
	accounts.On(rt, "type_msg", m.onTyping)
	accounts.On(rt, "count_unread_msgs", m.onCount)

	on(rt, "create_chat_group", "successfully_created_chat_group", m.onCreateGroup)
	on(rt, "edit_chat_group_name", "successfully_edited_chat_group_name", m.onRename)
	on(rt, "delete_chat_group", "successfully_deleted_chat_group", m.onDeleteGroup)
	on(rt, "change_chat_group_member_role", "successfully_changed_chat_group_member_role", m.onSetRole)
	m.onAddFriend(rt)
	m.onRemoveFromGroup(rt)
}

// switching handles an event that only names a project.
func switching(confirmation string, do func(context.Context, projects.Request) (int64, error),
) func(context.Context, projects.Request, projects.Target) (projects.Reply, error) {
	return func(ctx context.Context, r projects.Request, _ projects.Target) (projects.Reply, error) {
		return projects.Recorded(do(ctx, r.Confirming(confirmation)))
	}
}

// on registers an event about a group, whose sender 2.x clients expect to be
// confirmed by an event: only the socket that has sent it (defect D47).
func on[In any](rt *realtime.Server, event, confirmation string, handle func(ctx context.Context, r Request, in In) (realtime.OK, error)) {
	socketio.On(rt.Root(), event, func(ctx context.Context, socket *socketio.Socket, in In) (any, error) {
		return answer(handle(ctx, requestOf(ctx, socket, confirmation), in))
	})
}

func requestOf(ctx context.Context, socket *socketio.Socket, confirmation string) Request {
	return Request{By: accounts.ActorFrom(ctx), Confirm: func() { emit(socket, confirmation) }}
}

// emit sends an event without data; a socket that has left needs no confirmation.
func emit(socket *socketio.Socket, event string) { _ = socket.Emit(event) }

func answer(reply realtime.OK, err error) (any, error) {
	if reply == nil {
		return nil, err // a nil map in an interface is not nil
	}
	return reply, err
}

// inChat names a chat in the payload of an event.
type inChat struct {
	ChatType Kind        `json:"chatType"`
	ChatID   socketio.ID `json:"chatId" event:"required"`
}

func (in inChat) ref() Ref { return Ref{in.ChatType, int64(in.ChatID)} }

type sendMsg struct {
	inChat
	Content  string      `json:"content" event:"required"`
	ReplyTo  socketio.ID `json:"replyTo"`
	ActionID string      `json:"actionId" event:"max=64"`
}

func (m *Module) onSend(ctx context.Context, by accounts.Actor, in sendMsg) (realtime.OK, error) {
	sent, err := m.Send(ctx, by, Draft{To: in.ref(), Content: in.Content, ReplyTo: int64(in.ReplyTo), Key: in.ActionID})
	if err != nil {
		return nil, err
	}
	return realtime.OK{"id": sent.ID, "message": sent}, nil
}

// oneMsg names a message in the payload of an event.
type oneMsg struct {
	ChatType Kind        `json:"chatType"`
	ID       socketio.ID `json:"id" event:"required"`
}

type editMsg struct {
	oneMsg
	Content string `json:"content" event:"required"`
}

func (m *Module) onEdit(ctx context.Context, by accounts.Actor, in editMsg) (realtime.OK, error) {
	return changed(m.Edit(ctx, by, in.ChatType, int64(in.ID), in.Content))
}

func (m *Module) onDelete(ctx context.Context, by accounts.Actor, in oneMsg) (realtime.OK, error) {
	return changed(m.Delete(ctx, by, in.ChatType, int64(in.ID)))
}

type reactToMsg struct {
	oneMsg
	Emoji string `json:"emoji" event:"required,max=64"`
	On    *bool  `json:"on" event:"required"`
}

func (m *Module) onReact(ctx context.Context, by accounts.Actor, in reactToMsg) (realtime.OK, error) {
	return changed(m.React(ctx, by, in.ChatType, int64(in.ID), in.Emoji, *in.On))
}

func changed(now Sent, err error) (realtime.OK, error) {
	if err != nil {
		return nil, err
	}
	return realtime.OK{"message": now}, nil
}

func (m *Module) onMarkRead(ctx context.Context, by accounts.Actor, in inChat) (realtime.OK, error) {
	return nil, m.MarkRead(ctx, by, in.ref())
}

func (m *Module) onMarkMessageRead(ctx context.Context, by accounts.Actor, in oneMsg) (realtime.OK, error) {
	return nil, m.MarkMessageRead(ctx, by, in.ChatType, int64(in.ID))
}

type muteChat struct {
	inChat
	Muted *bool `json:"muted" event:"required"`
}

func (m *Module) onMute(ctx context.Context, by accounts.Actor, in muteChat) (realtime.OK, error) {
	return nil, m.Mute(ctx, by, in.ref(), *in.Muted)
}

func (m *Module) onTyping(ctx context.Context, by accounts.Actor, in inChat) (realtime.OK, error) {
	return nil, m.Typing(ctx, by, in.ref())
}

func (m *Module) onCount(ctx context.Context, by accounts.Actor, _ socketio.NoArgs) (realtime.OK, error) {
	n, err := m.CountUnread(ctx, by)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"count": n}, nil
}

func (m *Module) onCreateGroup(ctx context.Context, r Request, name string) (realtime.OK, error) {
	id, err := m.CreateGroup(ctx, r, name)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"id": id}, nil
}

// ofGroup names a group in the payload of an event.
type ofGroup struct {
	GroupID socketio.ID `json:"chatGroupId" event:"required"`
}

type renameGroup struct {
	ofGroup
	NewName string `json:"newName" event:"required"`
}

func (m *Module) onRename(ctx context.Context, r Request, in renameGroup) (realtime.OK, error) {
	return nil, m.Rename(ctx, r, int64(in.GroupID), in.NewName)
}

func (m *Module) onDeleteGroup(ctx context.Context, r Request, id socketio.ID) (realtime.OK, error) {
	return nil, m.DeleteGroup(ctx, r, int64(id))
}

// memberRole is a role in the payload of an event.
type memberRole string

type setRole struct {
	ofGroup
	ID      socketio.ID `json:"id" event:"required"`
	NewRole memberRole  `json:"newRole"`
}

func (m *Module) onSetRole(ctx context.Context, r Request, in setRole) (realtime.OK, error) {
	return nil, m.SetRole(ctx, r, int64(in.GroupID), int64(in.ID), string(in.NewRole))
}

type addFriend struct {
	ofGroup
	Friend string `json:"friendNameOrEmail" event:"required"`
}

// onAddFriend registers the event that adds a friend; 2.x clients expect an event
// when the person cannot be added.
func (m *Module) onAddFriend(rt *realtime.Server) {
	socketio.On(rt.Root(), "add_friend_to_chat_group", func(ctx context.Context, socket *socketio.Socket, in addFriend) (any, error) {
		err := m.AddFriend(ctx, requestOf(ctx, socket, "successfully_added_friend_to_chat_group"), int64(in.GroupID), in.Friend)
		if e := errs.As(err); e != nil && e.Fields["friendNameOrEmail"].Key != "" {
			emit(socket, "add_friend_to_chat_group_error_invalid_target")
		}
		return nil, err
	})
}

type removeFromGroup struct {
	ofGroup
	UserID socketio.ID `json:"userId" event:"required"`
	// RemoveMyself is the text True of those who leave.
	RemoveMyself string `json:"removeMyself"`
}

func (m *Module) onRemoveFromGroup(rt *realtime.Server) {
	socketio.On(rt.Root(), "remove_user_from_chat_group", func(ctx context.Context, socket *socketio.Socket, in removeFromGroup) (any, error) {
		group, user := int64(in.GroupID), int64(in.UserID)
		switch {
		case in.RemoveMyself == "":
			return nil, m.Remove(ctx, requestOf(ctx, socket, "successfully_removed_user_from_chat_group"), group, user)
		case in.RemoveMyself != "True" || user != accounts.ActorFrom(ctx).UserID:
			return nil, errs.Malformed("removeMyself", "chats.error.removeMyself")
		}
		return nil, m.Leave(ctx, requestOf(ctx, socket, "successfully_left_group"), group)
	})
}
