package chats

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// Overview is all chats of a person, in the contract's shape (pages.md section 4):
// by the friend's or the group's id.
type Overview struct {
	Users    map[string]userChat     `json:"userToUser"`
	Groups   map[string]newChatGroup `json:"chatGroup"`
	Projects map[string]newChatGroup `json:"projectChatGroup"`
}

// Chats returns all chats of the actor, in as many statements for many as for one.
func (s *Service) Chats(ctx context.Context, by accounts.Actor) (Overview, error) {
	friends, err := s.friends.Of(ctx, by.UserID)
	if err != nil {
		return Overview{}, err
	}
	rows, members := map[Kind][]listed{}, map[Kind][]member{}
	var ids []int64
	for _, kind := range kinds {
		if rows[kind], err = s.repo.list(ctx, kind, by.UserID); err != nil {
			return Overview{}, err
		}
		if kind == UserChat || len(rows[kind]) == 0 {
			continue
		}
		if members[kind], err = s.repo.membersOfAll(ctx, kind, by.UserID); err != nil {
			return Overview{}, err
		}
		for _, m := range members[kind] {
			ids = append(ids, m.UserID)
		}
	}
	people, err := s.people.ByIDs(ctx, unique(ids))
	if err != nil {
		return Overview{}, err
	}
	boards, err := s.boardsOf(ctx, rows[ProjectGroup])
	if err != nil {
		return Overview{}, err
	}
	return Overview{
		Users: usersOf(friends, rows[UserChat]), Groups: groupsOf(Group, rows[Group], members[Group], people, nil),
		Projects: groupsOf(ProjectGroup, rows[ProjectGroup], members[ProjectGroup], people, boards),
	}, nil
}

func (s *Service) boardsOf(ctx context.Context, rows []listed) (map[int64]projects.Project, error) {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ProjectID
	}
	if len(ids) == 0 {
		return map[int64]projects.Project{}, nil
	}
	return s.boards.ByIDs(ctx, ids)
}

// usersOf returns a chat for each friend, whether or not the two have written.
func usersOf(friends []accounts.Person, rows []listed) map[string]userChat {
	byFriend := make(map[int64]listed, len(rows))
	for _, row := range rows {
		byFriend[row.ID] = row
	}
	all := make(map[string]userChat, len(friends))
	for _, p := range friends {
		row := byFriend[p.ID]
		all[idText(p.ID)] = userChat{
			ID: p.ID, Type: UserChat, Name: p.Name, DisplayName: p.DisplayName, Unread: row.Unread, LastMsg: row.last(), PicURL: p.PicURL, GoToURL: p.GoToURL,
			chatState: row.state(), SeenRev: row.SeenRev,
		}
	}
	return all
}

func groupsOf(kind Kind, rows []listed, members []member, people map[int64]accounts.Person, boards map[int64]projects.Project) map[string]newChatGroup {
	links := map[int64][]link{}
	for _, m := range members {
		links[m.ChatID] = append(links[m.ChatID], link{m.UserID, m.Role})
	}
	all := make(map[string]newChatGroup, len(rows))
	for _, row := range rows {
		state := row.state()
		g := newChatGroup{
			ID: row.ID, Type: kind, Name: row.Name, Unread: row.Unread, LastMsg: row.last(), PicURL: groupPicture, Role: roleMember,
			Members: membersOf(links[row.ID], people), chatState: &state,
		}
		if kind == Group {
			g.Role = row.Role
		}
		if board, ok := boards[row.ProjectID]; ok {
			g.Title, g.BoardURL = board.Called(), board.URL()
		}
		all[idText(row.ID)] = g
	}
	return all
}

func (l listed) last() last {
	if l.Content == nil || l.Datetime == nil {
		return last{}
	}
	return last{&lastMessage{*l.Content, *l.Datetime, l.FromID}}
}

func (l listed) state() chatState { return chatState{l.Rev, l.ReadRev, l.Muted} }

func unique(ids []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	all := ids[:0:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}
