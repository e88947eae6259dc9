package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

const (
	// numberKey is the key of an event's number in its payload. It is not "rev",
	// which some events have already: the number of a project, say.
	numberKey = "userRev"
	// syncLimit is how many missed events are sent one by one; after more a page
	// loads what it shows again.
	syncLimit = 300
)

// newStreams returns the streams of people's events.
func (s *Service) newStreams(rt *realtime.Server) *realtime.Streams {
	return rt.OwnStreams(realtime.StreamOptions{
		Kind: userKind, Key: numberKey,
		Internal:  func(name string) bool { return s.internal[name] != nil },
		Delivered: s.onDelivered,
		Ended:     func(ctx context.Context, id int64) { rt.Disconnect(ctx, UserRoom(id)) },
	}, s.repo, func(ctx context.Context) int64 { return ActorFrom(ctx).UserID })
}

// OnDelivered registers the function that carries out an event of people's streams
// on every server that has sockets of the person, in the order of the stream. Such
// an event is not sent to the sockets. It is called while wiring.
func (s *Service) OnDelivered(event string, fn func(ctx context.Context, userID int64, payload json.RawMessage)) {
	s.internal[event] = fn
}

func (s *Service) onDelivered(ctx context.Context, id int64, e realtime.Event) {
	if fn := s.internal[e.Name]; fn != nil {
		fn(ctx, id, e.Payload)
	}
}

// queued is an event for some people that is not numbered yet.
type queued struct {
	name    string
	payload json.RawMessage
	userIDs []int64
}

// deliveries are the events of a transaction for people, in order.
type deliveries struct{ all []queued }

// Deliver sends an event to people: it becomes the next event of each one's stream,
// in the transaction in ctx or one of its own. After the commit all sockets of each
// person, on every server, receive the event once, in the order of the stream. An
// object gets the key "userRev" with the number; a nil payload is an event without
// data. An unknown id is left out: the account may be deleted meanwhile.
//
// Numbers are given just before the commit, for all events of the transaction and
// in the order of ids. So no transaction waits for another one's events while it
// holds them.
func (s *Service) Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error {
	var raw json.RawMessage
	if payload != nil {
		var err error
		if raw, err = json.Marshal(payload); err != nil {
			return fmt.Errorf("payload of %s: %w", event, err)
		}
	}
	ids := slices.Sorted(slices.Values(userIDs))
	ids = slices.DeleteFunc(slices.Compact(ids), func(id int64) bool { return id == 0 })
	if len(ids) == 0 {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		d, isFirst := db.TxValue[deliveries](ctx)
		d.all = append(d.all, queued{event, raw, ids})
		if !isFirst {
			return nil
		}
		return s.db.BeforeCommit(ctx, func(ctx context.Context) error { return s.number(ctx, d) })
	})
}

// number numbers and stores the events of a transaction, and delivers them after
// its commit.
func (s *Service) number(ctx context.Context, d *deliveries) error {
	recipients := map[int64]bool{}
	for _, q := range d.all {
		for _, id := range q.userIDs {
			recipients[id] = true
		}
	}
	revs, err := s.repo.lockStreams(ctx, slices.Sorted(maps.Keys(recipients)))
	if err != nil {
		return err
	}
	byUser := map[int64][]realtime.Event{}
	for _, q := range d.all {
		for _, id := range q.userIDs {
			rev, exists := revs[id]
			if !exists {
				continue
			}
			e, err := numbered(rev+1, q)
			if err != nil {
				return err
			}
			revs[id], byUser[id] = rev+1, append(byUser[id], e)
		}
	}
	if err := s.repo.appendUserEvents(ctx, byUser); err != nil {
		return err
	}
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		for _, id := range slices.Sorted(maps.Keys(byUser)) {
			s.streams.Announce(ctx, id, byUser[id]...)
		}
	})
	return nil
}

func numbered(rev int64, q queued) (realtime.Event, error) {
	if q.payload == nil {
		return realtime.NewEventKeyed(numberKey, rev, q.name, nil)
	}
	return realtime.NewEventKeyed(numberKey, rev, q.name, q.payload)
}

// Missed returns what the actor's pages were told after an event, in order and
// without what is for servers only, and the number up to which that is complete.
// It is not complete if so much was missed, or so long ago, that a page should
// load what it shows again.
//
// Errors: Unauthenticated; Invalid with the field since.
func (s *Service) Missed(ctx context.Context, by Actor, since int64) (events []realtime.Event, rev int64, complete bool, err error) {
	if !by.SignedIn() {
		return nil, 0, false, errs.Of(errs.Unauthenticated)
	}
	if since < 0 {
		return nil, 0, false, errs.Field("since", "accounts.error.since")
	}
	if rev, err = s.repo.Rev(ctx, by.UserID); err != nil || since > rev || rev-since > syncLimit {
		return nil, rev, false, err
	}
	all, err := s.repo.EventsAfter(ctx, by.UserID, since, syncLimit+1)
	if err != nil {
		return nil, 0, false, err
	}
	for i, e := range all {
		if e.Rev != since+1+int64(i) {
			return nil, rev, false, nil
		}
		if s.internal[e.Name] == nil {
			events = append(events, e)
		}
	}
	if upTo := since + int64(len(all)); upTo >= rev {
		return events, upTo, true, nil
	}
	return nil, rev, false, nil
}
