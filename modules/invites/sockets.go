package invites

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events with which people invite by e-mail.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "invite_by_email", projects.AddMembers, m.onSend)
	projects.On(m.boards, rt, "list_invites", projects.AddMembers, m.onList)
	projects.On(m.boards, rt, "withdraw_invite", projects.AddMembers, m.onWithdraw)
	projects.On(m.boards, rt, "resend_invite", projects.AddMembers, m.onResend)
}

type inviteByEmail struct {
	projects.Target
	Emails []string      `json:"emails" event:"required,max=100"`
	Role   projects.Role `json:"role"`
}

// onSend replies with how many were invited, the list as it is now, and the id of
// its first entry.
func (m *Module) onSend(ctx context.Context, r projects.Request, in inviteByEmail) (projects.Reply, error) {
	sent, err := m.Send(ctx, r, in.Emails, in.Role, realtime.Lang(ctx))
	if err != nil {
		return nil, err
	}
	reply, err := m.reply(ctx, r)
	if err != nil {
		return nil, err
	}
	reply["sent"] = sent
	if all, ok := reply["invites"].([]pendingInvite); ok && len(all) > 0 {
		reply["id"] = all[0].ID
	}
	return reply, nil
}

func (m *Module) onList(ctx context.Context, r projects.Request, _ projects.Target) (projects.Reply, error) {
	return m.reply(ctx, r)
}

func (m *Module) reply(ctx context.Context, r projects.Request) (projects.Reply, error) {
	all, err := m.List(ctx, r.By, r.ProjectID)
	if err != nil {
		return nil, err
	}
	return projects.Reply{"invites": wireOf(all)}, nil
}

// ofInvite is the payload of events about one invitation. Its reply is the list.
type ofInvite struct {
	projects.Target
	ID socketio.ID `json:"id" event:"required"`
}

func (m *Module) onWithdraw(ctx context.Context, r projects.Request, in ofInvite) (projects.Reply, error) {
	if err := m.Withdraw(ctx, r, int64(in.ID)); err != nil {
		return nil, err
	}
	return m.reply(ctx, r)
}

func (m *Module) onResend(ctx context.Context, r projects.Request, in ofInvite) (projects.Reply, error) {
	if err := m.Resend(ctx, r, int64(in.ID), realtime.Lang(ctx)); err != nil {
		return nil, err
	}
	return m.reply(ctx, r)
}
