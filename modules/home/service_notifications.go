package home

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// Notifications is what is new for a person, newest first.
type Notifications struct {
	// Unread are younger than what the person has marked as read, Earlier the others.
	Unread, Earlier []module.FeedEntry
	// RefreshOn are the events after which they are read again.
	RefreshOn []string
	// badge is how many the unread ones add to the number at the bell.
	badge      int
	badgeKnown bool
}

// KnownBadge implements views.BadgeKnower.
func (n Notifications) KnownBadge() (count int, known bool) { return n.badge, n.badgeKnown }

// Until is the time of the newest notification, up to which a person who has seen
// all of these has read them.
func (n Notifications) Until() time.Time {
	if len(n.Unread) == 0 {
		return time.Time{}
	}
	return n.Unread[0].At
}

// Notifications reads the notifications of a person.
func (s *Service) Notifications(ctx context.Context, by accounts.Actor) (Notifications, error) {
	o, err := s.readParts(ctx, by)
	if err != nil {
		return Notifications{}, err
	}
	n := Notifications{RefreshOn: o.RefreshOn}
	n.badge, n.badgeKnown = o.KnownBadge()
	for _, e := range o.feed {
		if isUnread(e, o.until) {
			n.Unread = append(n.Unread, e)
		} else {
			n.Earlier = append(n.Earlier, e)
		}
	}
	return n, nil
}

// isUnread reports whether a person has not read an entry, who has read all up to a
// time.
func isUnread(e module.FeedEntry, until time.Time) bool {
	if e.Read != nil {
		return !*e.Read
	}
	return e.At.After(until)
}

// MarkRead marks the notifications of a person as read, up to a time: what came
// after the page was read stays unread. The person's other pages follow.
//
// Errors: Unauthenticated.
func (s *Service) MarkRead(ctx context.Context, by accounts.Actor, until time.Time) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if now := s.db.Now(ctx); until.After(now) {
			until = now
		}
		before, err := s.repo.readUntil(ctx, by.UserID)
		if err != nil {
			return err
		}
		if until.After(before) {
			if err := s.repo.setReadUntil(ctx, by.UserID, until.UTC()); err != nil {
				return err
			}
		}
		if err := s.bus.Publish(ctx, module.NotificationsRead{UserID: by.UserID, Until: until}); err != nil {
			return err
		}
		return s.people.Deliver(ctx, notificationsRead, nil, by.UserID)
	})
}

// BadgeCount returns the number of a person's unread notifications.
func (s *Service) BadgeCount(ctx context.Context, userID int64) (int, error) {
	until, err := s.repo.readUntil(ctx, userID)
	if err != nil {
		return 0, err
	}
	unwanted, err := s.unwanted(ctx, userID)
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, count := range s.counts {
		n, err := count(ctx, userID, until, unwanted)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
