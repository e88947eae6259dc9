package chats

import (
	"context"
	"regexp"
	"strings"

	"taskstack.org/modules/accounts"
)

// mentionRule finds user names behind an @ that does not follow a letter, as that of
// an address does.
var mentionRule = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_@/.-])@([A-Za-z0-9_-]{1,32})`)

// mentionsIn returns the user names that a text mentions, in lower case. A sign at
// the end of a name may be that of the sentence, so the name without it counts too.
func mentionsIn(content string) map[string]bool {
	names := map[string]bool{}
	for _, match := range mentionRule.FindAllStringSubmatch(content, -1) {
		name := strings.ToLower(match[1])
		names[name] = true
		names[strings.TrimRight(name, "-_")] = true
	}
	return names
}

// Recipient is who gets a message.
type Recipient struct {
	ID int64
	// Muted is set if the person has muted the chat.
	Muted bool
	// Mentioned is set if the message mentions the person, Answered if it answers one
	// of theirs.
	Mentioned, Answered bool
}

// Posted is published for a new message, in the transaction that stores it.
type Posted struct {
	Kind Kind
	// ChatID is the group's; 0 for the chat of two.
	ChatID int64
	// ProjectID is set for the chat of a project.
	ProjectID int64
	// ChatName is what a group is called; empty for the chat of two.
	ChatName  string
	MessageID int64
	From      accounts.Person
	// Content is the text as it was typed, Markdown.
	Content string
	// URLPath is the page where recipients read the message.
	URLPath string
	// Recipients are all people in the chat but the author.
	Recipients []Recipient
}

// publish publishes a new message.
func (s *Service) publish(ctx context.Context, to Ref, in membership, m Message, sent Sent, recipients []Recipient) error {
	e := Posted{
		Kind: to.Kind, ChatName: in.Name, ProjectID: in.ProjectID, MessageID: m.ID, From: sent.from, Content: m.Content, URLPath: sent.ChatURL,
	}
	if to.Kind != UserChat {
		e.ChatID, e.URLPath = to.ID, addressOf(to.Kind, idText(to.ID))
	}
	var answered int64
	if sent.Reply != nil {
		answered = sent.Reply.FromID
	}
	names := mentionsIn(m.Content)
	if m.HasFile {
		names = nil // a name of a file mentions no one
	}
	people := map[int64]accounts.Person{}
	if len(names) > 0 {
		ids := make([]int64, len(recipients))
		for i, r := range recipients {
			ids[i] = r.ID
		}
		var err error
		if people, err = s.people.ByIDs(ctx, ids); err != nil {
			return err
		}
	}
	for _, r := range recipients {
		r.Mentioned = names[strings.ToLower(people[r.ID].Name)] && people[r.ID].Name != ""
		r.Answered = r.ID == answered
		e.Recipients = append(e.Recipients, r)
	}
	if err := s.bus.Publish(ctx, e); err != nil {
		return err
	}
	// The recipient of a chat of two names it by its author.
	ref := to
	if to.Kind == UserChat {
		ref.ID = sent.from.ID
	}
	return s.notify(ctx, e, ref)
}
