package chats

import (
	"context"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// demoMessage is a message in the chats of `make demo`.
type demoMessage struct {
	by      int // which member writes it
	content string
	// answers is the place of the message that it answers, liked what another member
	// puts on it; 0 and empty for none.
	answers int
	liked   string
}

// demoTalk is what members write to each other; %s is the user name of the first.
var demoTalk = []demoMessage{
	{by: 0, content: "Morning! I have sorted the board a little. Is anything missing?"},
	{by: 1, content: "Looks good. I would put the **open questions** at the top."},
	{by: 0, content: "Good idea, done.", liked: "👍"},
	{by: 2, content: "Who asks for the last offer? I could do it on Thursday."},
	{by: 1, content: "Thursday is fine, thank you! The numbers are here: https://example.org/notes", answers: 3, liked: "🎉"},
	{by: 0, content: "Then this is the plan:\n\n1. first draft on Wednesday\n2. everyone reads it\n3. we decide together on Friday"},
	{by: 2, content: "@%s can you look at the first two cards before then?"},
	{by: 0, content: "Yes, this afternoon.", answers: 6},
}

// FillDemo switches the chat of a board on and lets its members write.
func (s *Service) FillDemo(ctx context.Context, r projects.Request, _ []int64, _ func(n int) int) error {
	if _, err := s.Activate(ctx, r); err != nil {
		return err
	}
	in, err := s.boards.Access(ctx, r.By, r.ProjectID)
	if err != nil {
		return err
	}
	members, err := s.boards.Members(ctx, in.Project)
	if err != nil {
		return err
	}
	group, _, err := s.repo.ofProject(ctx, r.ProjectID)
	if err != nil {
		return err
	}
	to, ids := Ref{ProjectGroup, group.ID}, make([]int64, len(demoTalk))
	by := func(n int) accounts.Actor {
		m := members[n%len(members)]
		return accounts.Actor{UserID: m.ID, Name: m.Name}
	}
	for i, m := range demoTalk {
		draft := Draft{To: to, Content: strings.ReplaceAll(m.content, "%s", by(0).Name)}
		if m.answers > 0 {
			draft.ReplyTo = ids[m.answers]
		}
		sent, err := s.Send(ctx, by(m.by), draft)
		if err != nil {
			return err
		}
		ids[i] = sent.ID
		if m.liked == "" {
			continue
		}
		if _, err := s.React(ctx, by(m.by+1), to.Kind, sent.ID, m.liked, true); err != nil {
			return err
		}
	}
	return nil
}

var _ projects.Demonstrated = (*Module)(nil)
