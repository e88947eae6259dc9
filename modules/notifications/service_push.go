package notifications

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/push"
)

const (
	// pushWait is how long a notification waits for a page on which it is seen.
	pushWait = 10 * time.Second
	// pushAgain is how long browsers do not tell of more of what they have told of and is
	// still unread: a chat in which others go on writing, for example.
	pushAgain = time.Hour
	// maxBrowsers is in how many browsers a person is notified; a further one replaces
	// the oldest.
	maxBrowsers = 20
	// keyPurpose is of the sealed private key.
	keyPurpose = "key of web push"
	// pending is the event that asks a person's pages whether one of them is seen.
	pending = "push_pending"
)

// PushKey returns the public key that browsers subscribe with. The pair is made when it
// is first needed, and kept in the database, sealed: a new one would end all
// subscriptions.
//
// Errors: Unauthenticated; NotFound where the operator has turned pushes off.
func (s *Service) PushKey(ctx context.Context, by accounts.Actor) (string, error) {
	if !by.SignedIn() {
		return "", errs.Of(errs.Unauthenticated)
	}
	if s.push == nil {
		return "", errs.Of(errs.NotFound)
	}
	keys, err := s.pushKeys(ctx)
	return keys.Public, err
}

func (s *Service) pushKeys(ctx context.Context) (keys push.Keys, err error) {
	row, err := s.repo.keys(ctx)
	if errs.KindOf(err) == errs.NotFound {
		if keys, err = push.NewKeys(); err != nil {
			return keys, err
		}
		err = s.db.InTx(ctx, func(ctx context.Context) error {
			return s.repo.insertKeys(ctx, pushKey{ID: 1, PrivateKey: s.seal.Seal(keyPurpose, keys.Private), PublicKey: keys.Public})
		})
		if err != nil {
			return keys, err
		}
		row, err = s.repo.keys(ctx) // those of another server, if it was faster
	}
	if err != nil {
		return keys, err
	}
	private, err := s.seal.Open(keyPurpose, row.PrivateKey)
	return push.Keys{Private: private, Public: row.PublicKey}, err
}

// Subscribe makes a browser tell the actor of notifications, as long as its login
// lasts. A browser that was another person's is the actor's from now on.
//
// Errors: those of PushKey; Invalid with the field endpoint.
func (s *Service) Subscribe(ctx context.Context, by accounts.Actor, sub push.Subscription, lang string) error {
	if _, err := s.PushKey(ctx, by); err != nil {
		return err
	}
	if !s.push.Check(sub) {
		return errs.Malformed("endpoint", "notifications.error.subscription")
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		err := s.repo.replaceSubscription(ctx, subscription{
			UserID: by.UserID, LoginID: by.LoginID, EndpointHash: hashOf(sub.Endpoint), Endpoint: sub.Endpoint, BrowserKey: sub.Key, BrowserAuth: sub.Auth,
			Lang: lang, CreatedAt: s.db.Now(ctx),
		})
		if err != nil {
			return err
		}
		return s.repo.deleteOldestSubscriptions(ctx, by.UserID, maxBrowsers)
	})
}

// RemoveBrowser ends a browser of the actor's. One that is not known is no error.
//
// Errors: Unauthenticated.
func (s *Service) RemoveBrowser(ctx context.Context, by accounts.Actor, endpoint string) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.deleteSubscription(ctx, by.UserID, hashOf(endpoint)) })
}

func hashOf(endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return hex.EncodeToString(sum[:])
}

// onLoginEnded ends the browsers of a login: after a log-out they tell no one anything.
func (s *Service) onLoginEnded(ctx context.Context, e auth.LoginEnded) error {
	return s.repo.deleteSubscriptionsOf(ctx, e.LoginID)
}

// Seen ends what browsers would tell the actor of: a page in the foreground has it.
//
// Errors: Unauthenticated.
func (s *Service) Seen(ctx context.Context, by accounts.Actor) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.clearPush(ctx, by.UserID) })
}

// pushedTo returns those of people whose browsers tell of a kind.
func (s *Service) pushedTo(ctx context.Context, kind module.NotificationKind, ids []int64) (map[int64]bool, error) {
	if s.push == nil || len(ids) == 0 {
		return nil, nil
	}
	to, err := s.repo.subscribers(ctx, ids)
	if err != nil || len(to) == 0 {
		return nil, err
	}
	choices, err := s.repo.pushChoicesFor(ctx, kind.Name, ids)
	for id := range to {
		wanted, chosen := choices[id]
		to[id] = wanted || !chosen && kind.Push
	}
	return to, err
}

// announcePush asks the pages of people, after the commit, whether the person sees one
// of them. What is lost only means a push that was not needed.
func (s *Service) announcePush(ctx context.Context, to []recipient) {
	var rooms []string
	for _, r := range to {
		if r.Push {
			rooms = append(rooms, accounts.UserRoom(r.ID))
		}
	}
	if len(rooms) == 0 {
		return
	}
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		if err := s.realtime.Root().To(rooms...).Emit(pending); err != nil {
			s.log.WarnContext(ctx, "pages are not asked whether they are seen", "error", err)
		}
	})
}

// growPush makes the unread rows that stand for one more due in browsers, unless these
// have told of them not long ago. It is one statement however many people there are:
// their quiet hours are looked at when a push is due.
func (s *Service) growPush(ctx context.Context, row notification, to []recipient) error {
	var ids []int64
	for _, r := range to {
		if r.Push {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.repo.setPush(ctx, row, row.At.Add(pushWait), row.At.Add(-pushAgain), ids)
}
