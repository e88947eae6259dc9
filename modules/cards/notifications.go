package cards

import (
	"context"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// assignedKind is the kind of notifications of people who were put on a card.
const assignedKind = "cards.assigned"

// NotificationKinds implements module.Notifier.
func (s *Service) NotificationKinds() []module.NotificationKind {
	return []module.NotificationKind{
		{Name: assignedKind, Text: "cards.notify.assigned", OfProject: true, Mail: module.MailDigest, Push: true},
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
	subject := "card:" + strconv.FormatInt(a.cardID, 10)
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
