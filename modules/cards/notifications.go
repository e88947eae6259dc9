package cards

import (
	"context"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// The kinds of notifications of people who were put on a card, and whose names follow
// an @ in its description.
const (
	assignedKind  = "cards.assigned"
	mentionedKind = "cards.mentioned"
)

// NotificationKinds implements module.Notifier.
func (s *Service) NotificationKinds() []module.NotificationKind {
	return []module.NotificationKind{
		{Name: assignedKind, Text: "cards.notify.assigned", OfProject: true, Mail: module.MailDigest, Push: true},
		{Name: mentionedKind, Text: "cards.notify.mentioned", OfProject: true, Mail: module.MailAtOnce, Push: true},
	}
}

// membersChange is who was put on a card and who was removed from it.
type membersChange struct {
	projectID, cardID int64
	cardName          string
	added, removed    []projects.Member
}

// notifyOfAssignment notifies members who were put on a card, and withdraws what
// those were told who are not on it any more.
func (s *Service) notifyOfAssignment(ctx context.Context, by accounts.Actor, a membersChange) error {
	subject := subjectOf(a.cardID)
	if len(a.removed) > 0 {
		err := s.bus.Publish(ctx, module.NotificationWithdrawn{Kind: assignedKind, Subject: subject, To: memberIDs(a.removed)})
		if err != nil {
			return err
		}
	}
	if len(a.added) == 0 {
		return nil
	}
	return s.bus.Publish(ctx, module.Notification{
		Kind: assignedKind, To: memberIDs(a.added), By: by.UserID, ProjectID: a.projectID, CardID: a.cardID, Subject: subject, Name: a.cardName,
	})
}

// notifyOfMentions notifies the members whom a card's description mentions and did
// not before.
func (s *Service) notifyOfMentions(ctx context.Context, by accounts.Actor, p projects.Project, c Card, before string) error {
	if !strings.Contains(c.Desc, "@") || c.Desc == before {
		return nil
	}
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return err
	}
	ids, line := projects.Mentioned(members, before, c.Desc)
	if len(ids) == 0 {
		return nil
	}
	return s.bus.Publish(ctx, module.Notification{
		Kind: mentionedKind, To: ids, By: by.UserID, ProjectID: p.ID, CardID: c.ID, Subject: subjectOf(c.ID), Name: c.Name, Excerpt: line,
	})
}

// subjectOf returns the subject of a card's notifications.
func subjectOf(cardID int64) string { return "card:" + strconv.FormatInt(cardID, 10) }
