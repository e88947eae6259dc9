package watching

import (
	"context"
	"strconv"

	"taskstack.org/modules/cards"
	"taskstack.org/platform/module"
)

// The kinds of notifications of those who watch a card, and of those who watch a list.
const (
	cardKind = "watching.card"
	listKind = "watching.list"
)

// NotificationKinds implements module.Notifier.
func (s *Service) NotificationKinds() []module.NotificationKind {
	variants := map[string]string{
		created: "watching.notify.created", moved: "watching.notify.moved", movedAll: "watching.notify.movedAll", attached: "watching.notify.attached",
		archived: "watching.notify.archived", deleted: "watching.notify.deleted", restored: "watching.notify.restored",
	}
	return []module.NotificationKind{
		{Name: cardKind, Text: "watching.notify.changed", Many: "watching.notify.many", Variants: variants, OfProject: true, Mail: module.MailDigest, Push: true},
		{Name: listKind, Text: "watching.notify.changed", Many: "watching.notify.many", Variants: variants, OfProject: true, Mail: module.MailDigest},
	}
}

// notifyOfCard notifies those who watch a card or a list that it is in. A change of a
// card costs one statement if no one watches it.
func (s *Service) notifyOfCard(ctx context.Context, c change) error {
	rows, err := s.repo.ofCards(ctx, c.ProjectID, []int64{c.ID}, c.By.UserID)
	if err != nil || len(rows) == 0 {
		return err
	}
	if c.Lists == nil && watchesLists(rows) {
		found, err := s.cards.ByIDs(ctx, []int64{c.ID})
		if err != nil {
			return err
		}
		c.Lists = []int64{found[c.ID].ListID}
	}
	to := of(rows, c.Lists)
	n := module.Notification{
		By: c.By.UserID, ProjectID: c.ProjectID, CardID: c.ID, Subject: "card:" + strconv.FormatInt(c.ID, 10), Variant: c.Variant, Name: c.Name, Excerpt: c.Excerpt,
	}
	return s.publish(ctx, n, to)
}

// notifyOfMoves notifies those who watch several moved cards, or one of their lists, of
// all of them at once: so that it costs as much for many as for two.
func (s *Service) notifyOfMoves(ctx context.Context, e cards.ChangedList) error {
	var ids, listIDs []int64
	for _, m := range e.Moves {
		ids, listIDs = append(ids, m.ID), append(listIDs, m.OldListID, m.NewListID)
	}
	rows, err := s.repo.ofCards(ctx, e.ProjectID, ids, e.By.UserID)
	if err != nil || len(rows) == 0 {
		return err
	}
	to := of(rows, listIDs)
	return s.publish(ctx, module.Notification{By: e.By.UserID, ProjectID: e.ProjectID, Variant: movedAll, Name: e.Moves[0].NewListName}, to)
}

// notifyOfList notifies those who watch a list of a change of the list itself.
func (s *Service) notifyOfList(ctx context.Context, c change) error {
	ids, err := s.repo.ofList(ctx, c.ID, c.By.UserID)
	if err != nil || len(ids) == 0 {
		return err
	}
	n := module.Notification{
		By: c.By.UserID, ProjectID: c.ProjectID, Subject: "list:" + strconv.FormatInt(c.ID, 10), Variant: c.Variant, Name: c.Name, Excerpt: c.Excerpt,
	}
	return s.publish(ctx, n, watchers{ofList: ids})
}

// publish publishes a notification of either kind.
func (s *Service) publish(ctx context.Context, n module.Notification, to watchers) error {
	for kind, ids := range map[string][]int64{cardKind: to.ofCard, listKind: to.ofList} {
		if len(ids) == 0 {
			continue
		}
		n.Kind, n.To = kind, ids
		if err := s.bus.Publish(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
