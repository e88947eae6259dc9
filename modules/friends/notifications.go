package friends

import (
	"context"
	"errors"
	"strconv"

	"taskstack.org/platform/module"
)

// The kinds of notifications of people who got a request, and whose request was
// accepted.
const (
	requestedKind = "friends.requested"
	acceptedKind  = "friends.accepted"
)

// NotificationKinds implements module.Notifier. A request is an entry of HomePart,
// since it is there to be answered.
func (s *Service) NotificationKinds() []module.NotificationKind {
	return []module.NotificationKind{
		{Name: requestedKind, Text: "friends.notify.requested", OwnEntry: true, AlwaysShown: true, Mail: module.MailDigest, Push: true},
		{Name: acceptedKind, Text: "friends.notify.accepted", Mail: module.MailNever},
	}
}

// notifyOfRequest notifies a person of a request that was delivered.
func (s *Service) notifyOfRequest(ctx context.Context, r request) error {
	return s.bus.Publish(ctx, module.Notification{Kind: requestedKind, To: []int64{r.ToID}, By: r.FromID, Subject: requestSubject(r.ID)})
}

// endRequest tells the addressee's pages that a request has ended, and ends its
// notification.
func (s *Service) endRequest(ctx context.Context, id, toID int64) error {
	return errors.Join(
		s.people.Deliver(ctx, "remove_friendship_request", id, toID),
		s.bus.Publish(ctx, module.NotificationWithdrawn{Kind: requestedKind, Subject: requestSubject(id), To: []int64{toID}}))
}

// notifyOfFriend notifies the sender of a request that it was accepted.
func (s *Service) notifyOfFriend(ctx context.Context, agreedID int64, agreedPath string, toID int64) error {
	return s.bus.Publish(ctx, module.Notification{Kind: acceptedKind, To: []int64{toID}, By: agreedID, Subject: friendSubject(agreedID), Path: agreedPath})
}

// endFriend ends what two people were told of their friendship.
func (s *Service) endFriend(ctx context.Context, a, b int64) error {
	return errors.Join(
		s.bus.Publish(ctx, module.NotificationWithdrawn{Kind: acceptedKind, Subject: friendSubject(a), To: []int64{b}}),
		s.bus.Publish(ctx, module.NotificationWithdrawn{Kind: acceptedKind, Subject: friendSubject(b), To: []int64{a}}))
}

func requestSubject(id int64) string { return "request:" + strconv.FormatInt(id, 10) }

func friendSubject(userID int64) string { return "friend:" + strconv.FormatInt(userID, 10) }
