package notifications

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/push"
)

const (
	// pushInterval is how often pushes that are due are sent, pushBatch for how many
	// people, or to how many browsers, at once, pushParallel how many of these at a time.
	pushInterval = 5 * time.Second
	pushBatch    = 200
	pushParallel = 8
	// pushLife is how long a push is worth being sent, here and by a push service.
	pushLife = 12 * time.Hour
	// pushAttempts is how often a push is tried, pushBackoff the wait after the first try,
	// which doubles with each.
	pushAttempts = 6
	pushBackoff  = 30 * time.Second
	// maxPushTitle and maxPushBody are how many characters a push has.
	maxPushTitle = 120
	maxPushBody  = 160
)

// pushed is the payload of a push, which worker.js shows.
type pushed struct {
	Title string `json:"title"`
	Body  string `json:"body,omitempty"`
	URL   string `json:"url"`
	Tag   string `json:"tag"`
	Lang  string `json:"lang"`
}

// SendPushes writes the pushes that are due, and sends those that wait.
func (s *Service) SendPushes(ctx context.Context) error {
	if s.push == nil {
		return nil
	}
	ids, err := s.repo.duePushers(ctx, s.db.Now(ctx), pushBatch)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		if err := s.db.InTx(ctx, func(ctx context.Context) error { return s.writePush(ctx, id) }); err != nil {
			failed = append(failed, fmt.Errorf("push to person %d: %w", id, err))
		}
	}
	return errors.Join(append(failed, s.deliverPushes(ctx))...)
}

// writePush takes what is due for a person, and stores a message for each of their
// browsers: after a crash, either nothing was taken or the messages wait.
func (s *Service) writePush(ctx context.Context, userID int64) error {
	now := s.db.Now(ctx)
	rows, err := s.repo.duePushes(ctx, userID, now)
	if err != nil || len(rows) == 0 { // read, or seen, meanwhile
		return err
	}
	_, reachable, err := s.logins.Reachable(ctx, userID)
	if err != nil || !reachable {
		return err
	}
	persons, err := s.repo.persons(ctx, userID)
	if err != nil {
		return err
	}
	if at := persons[userID].afterQuiet(now); at.After(now) {
		return s.repo.postponePush(ctx, rowIDs(rows), at)
	}
	if rows, err = s.wantedInBrowsers(ctx, userID, rows); err != nil || len(rows) == 0 {
		return err
	}
	if rows, err = s.visible(ctx, userID, rows); err != nil || len(rows) == 0 {
		return err
	}
	entries, err := s.entries(ctx, rows)
	if err != nil || len(entries) == 0 {
		return err
	}
	browsers, err := s.repo.subscriptions(ctx, userID)
	if err != nil || len(browsers) == 0 {
		return err
	}
	jobs := make([]pushJob, len(browsers))
	for i, b := range browsers {
		message := s.writer.push(b.Lang, entries)
		payload, err := json.Marshal(message)
		if err != nil {
			return err
		}
		jobs[i] = pushJob{SubscriptionID: b.ID, Topic: message.Tag, Payload: string(payload), DueAt: now, EndsAt: now.Add(pushLife)}
	}
	if err := s.repo.markPushed(ctx, rowIDs(rows), now); err != nil {
		return err
	}
	return s.repo.insertPushJobs(ctx, jobs)
}

// wantedInBrowsers returns the rows that browsers tell a person of at this moment.
func (s *Service) wantedInBrowsers(ctx context.Context, userID int64, rows []notification) ([]notification, error) {
	choices, err := s.repo.chosenBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	pushes, err := s.repo.pushChoicesOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	muted, err := s.repo.mutedBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	var all []notification
	for _, n := range rows {
		kind, known := s.kinds[n.Kind]
		wanted, chosen := pushes[n.Kind]
		if !chosen {
			wanted = kind.Push
		}
		if known && wanted && choiceOf(kind, choices) != ChoiceOff && (!kind.OfProject || !muted[valueOf(n.ProjectID)]) {
			all = append(all, n)
		}
	}
	return all, nil
}

// push returns what a browser shows of notifications: of one what it says, of several
// how many there are.
func (w mailWriter) push(lang string, entries []Entry) pushed {
	if lang == "" {
		lang = i18n.English
	}
	t := func(key string, params ...any) string { return w.catalogue().T(lang, key, params...) }
	if len(entries) == 1 {
		e := entries[0]
		return pushed{shortened(sentence(t, e), maxPushTitle), shortened(e.Excerpt, maxPushBody), e.Path(), "n-" + strconv.FormatInt(e.ID, 10), lang}
	}
	return pushed{t("notifications.mail.subject", "Count", len(entries)), shortened(sentence(t, entries[0]), maxPushBody), listPath, "several", lang}
}

// shortened returns a text as one line of at most a number of characters.
func shortened(text string, most int) string {
	if runes := []rune(oneLine(text)); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return oneLine(text)
}

// deliverPushes sends the messages that are due.
func (s *Service) deliverPushes(ctx context.Context) error {
	now := s.db.Now(ctx)
	var jobs []duePushJob
	err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
		jobs, err = s.repo.takePushJobs(ctx, now, now.Add(pushBackoff), pushBatch)
		return err
	})
	if err != nil || len(jobs) == 0 {
		return err
	}
	keys, err := s.pushKeys(ctx)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pushParallel)
	for _, j := range jobs {
		group.Go(func() error { return s.deliverPush(ctx, keys, j) })
	}
	return group.Wait()
}

// deliverPush sends a message, and decides what becomes of it: a subscription that has
// ended is deleted with all that waits for it; what may succeed later is tried again, at
// most pushAttempts times.
func (s *Service) deliverPush(ctx context.Context, keys push.Keys, j duePushJob) error {
	result := s.push.Send(ctx, keys, push.Subscription{Endpoint: j.Endpoint, Key: j.BrowserKey, Auth: j.BrowserAuth}, push.Message{
		Payload: []byte(j.Payload), Topic: j.Topic, TTL: pushLife,
	})
	if ctx.Err() != nil { // the program ends; the message waits
		return ctx.Err()
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		next := now.Add(max(result.After, pushBackoff<<j.Attempts))
		switch {
		case result.Outcome == push.Gone:
			return s.repo.deleteSubscriptionByID(ctx, j.SubscriptionID)
		case result.Outcome == push.Later && j.Attempts+1 < pushAttempts && next.Before(j.EndsAt):
			return s.repo.retryPushJob(ctx, j.ID, next)
		case result.Outcome != push.Sent:
			s.log.WarnContext(ctx, "push is given up", "subscription", j.SubscriptionID, "attempts", j.Attempts+1, "error", result.Reason)
		}
		return s.repo.deletePushJob(ctx, j.ID)
	})
}
