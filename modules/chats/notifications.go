package chats

import (
	"context"
	"strings"
	"unicode/utf8"

	"taskstack.org/platform/module"
)

// The kinds of notifications: a message from a friend, in a group, in the group of a
// project, and one that mentions or answers the person in either group.
const (
	directKind    = "chats.direct"
	groupKind     = "chats.group"
	projectKind   = "chats.project"
	mentionedKind = "chats.mentioned"
)

// kindOf is the kind of notifications of a kind of chats.
var kindOf = map[Kind]string{UserChat: directKind, Group: groupKind, ProjectGroup: projectKind} // read-only

// maxExcerpt is how many characters of a message a notification shows.
const maxExcerpt = 200

// NotificationKinds implements module.Notifier. The bell reads what is unread from
// the chats themselves (HomePart), so that a message to a group writes no rows for
// people who want no mails of it; only a mention is a notification of its own.
func (s *Service) NotificationKinds() []module.NotificationKind {
	return []module.NotificationKind{
		{Name: directKind, Text: "chats.notify.direct", Many: "chats.notify.directMany", OwnEntry: true, Mail: module.MailDigest, Push: true, Current: s.current},
		{Name: groupKind, Text: "chats.notify.group", Many: "chats.notify.groupMany", OwnEntry: true, Mail: module.MailNever, Current: s.current},
		{Name: projectKind, Text: "chats.notify.group", Many: "chats.notify.groupMany", OwnEntry: true, OfProject: true, Mail: module.MailNever, Current: s.current},
		{Name: mentionedKind, Text: "chats.notify.mentioned", OfProject: true, Mail: module.MailAtOnce, Push: true, Current: s.currentMentions},
	}
}

// notify publishes notifications of a new message to those who have not muted the
// chat. They hold nothing of its text: what is shown is read when it is shown.
func (s *Service) notify(ctx context.Context, e Posted, ref Ref) error {
	told := map[string][]int64{}
	for _, r := range e.Recipients {
		switch {
		case r.Muted:
		case e.Kind != UserChat && (r.Mentioned || r.Answered):
			told[mentionedKind] = append(told[mentionedKind], r.ID)
		default:
			told[kindOf[e.Kind]] = append(told[kindOf[e.Kind]], r.ID)
		}
	}
	for _, kind := range []string{kindOf[e.Kind], mentionedKind} {
		if len(told[kind]) == 0 {
			continue
		}
		err := s.bus.Publish(ctx, module.Notification{
			Kind: kind, To: told[kind], By: e.From.ID, ProjectID: e.ProjectID, Subject: subjectOf(ref), Name: e.ChatName, Path: e.URLPath,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// subjectOf names a chat, as one of its people does.
func subjectOf(ref Ref) string { return string(ref.Kind) + ":" + idText(ref.ID) }

// withdraw ends the notifications of a chat that a person has read, or muted.
func (s *Service) withdraw(ctx context.Context, userID int64, ref Ref) error {
	return s.bus.Publish(ctx, module.NotificationWithdrawn{Subject: subjectOf(ref), To: []int64{userID}})
}

// current returns what a person has not read in chats at this moment: nothing of
// chats that the person has left, read or muted, and nothing of deleted messages.
func (s *Service) current(ctx context.Context, userID int64, _ []string) (map[string]module.NotificationContent, error) {
	unread, err := s.unread(ctx, userID)
	if err != nil {
		return nil, err
	}
	all := make(map[string]module.NotificationContent, len(unread))
	for _, u := range unread {
		all[subjectOf(u.Ref)] = module.NotificationContent{By: u.From.ID, Name: u.ChatName, Excerpt: u.Excerpt(), Count: u.Count, At: u.At}
	}
	return all, nil
}

// currentMentions returns the chats in which there is still something unread.
func (s *Service) currentMentions(ctx context.Context, userID int64, subjects []string) (map[string]module.NotificationContent, error) {
	all, err := s.current(ctx, userID, subjects)
	for subject, c := range all {
		all[subject] = module.NotificationContent{Name: c.Name}
	}
	return all, err
}

// Excerpt returns the beginning of the newest message.
func (u Unread) Excerpt() string {
	line := strings.Join(strings.Fields(u.Content), " ")
	if utf8.RuneCountInString(line) > maxExcerpt {
		return string([]rune(line)[:maxExcerpt]) + "…"
	}
	return line
}
