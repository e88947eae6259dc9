package chats

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
)

// exported is messages.json: what a person has written, by kind of chat.
type exported struct {
	ToFriends       []exportedMessage `json:"toFriends"`
	InGroups        []exportedMessage `json:"inGroups"`
	InProjectGroups []exportedMessage `json:"inProjectGroups"`
}

type exportedMessage struct {
	Content string    `json:"content"`
	At      time.Time `json:"at"`
	// To is the name of the friend or group.
	To string `json:"to"`
	// File is the path of the file in the archive, for a message that is one.
	File string `json:"file,omitempty"`
}

// Export writes messages.json, the messages that the actor has written, and the files
// among them.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	var out exported
	for kind, all := range map[Kind]*[]exportedMessage{UserChat: &out.ToFriends, Group: &out.InGroups, ProjectGroup: &out.InProjectGroups} {
		rows, err := s.repo.written(ctx, kind, by.UserID)
		if err != nil {
			return err
		}
		names, err := s.namesOf(ctx, kind, rows)
		if err != nil {
			return err
		}
		*all = make([]exportedMessage, len(rows))
		folders := map[int64]string{}
		for i, row := range rows {
			(*all)[i] = exportedMessage{Content: row.Content, At: row.Datetime, To: names(row)}
			if row.HasFile {
				folders[row.ID] = "messages/" + string(kind) + "-" + idText(row.ID)
				(*all)[i].File = folders[row.ID] + "/" + accounts.ExportPath(row.Content)
			}
		}
		if len(folders) == 0 {
			continue
		}
		if err := s.files.Export(ctx, fileKind(kind), folders, to); err != nil {
			return err
		}
	}
	return to.JSON("messages", out)
}

// namesOf returns how the chats of messages are called.
func (s *Service) namesOf(ctx context.Context, kind Kind, rows []writtenMessage) (func(writtenMessage) string, error) {
	if kind != UserChat {
		return func(m writtenMessage) string { return m.Name }, nil
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ToID
	}
	people, err := s.people.ByIDs(ctx, unique(ids))
	return func(m writtenMessage) string { return people[m.ToID].Name }, err
}
