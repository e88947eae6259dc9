package chats

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
)

const (
	// streamKind is the kind of the streams of the log.
	streamKind = "chats"
	// streamCount is how many streams the log has.
	// Transactions of one stream follow each other for the moment of their commits.
	streamCount = 16
	// sentName is the name of all events of the log.
	sentName = "sent"
	// keptTime is how long the log is kept. Servers read it when hints are missing,
	// clients never do.
	keptTime = time.Hour
	// pruneInterval is how often the log is cut, pruneBatch how many rows at once.
	pruneInterval = 10 * time.Minute
	pruneBatch    = 1000
)

// send is an event for some people: part of an entry of the log.
type send struct {
	Event   string          `json:"event"`
	To      []int64         `json:"to"`
	Payload json.RawMessage `json:"payload"`
}

func sendTo(userIDs []int64, event string, payload any) (send, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		err = fmt.Errorf("payload of %s: %w", event, err)
	}
	return send{event, userIDs, raw}, err
}

// entry is the payload of an event of the log.
type entry struct {
	Sends []send `json:"sends"`
}

// streamOf returns the stream that a chat belongs to.
func streamOf(kind Kind, chatID int64) int64 {
	return (chatID*int64(len(kinds))+int64(slices.Index(kinds, kind)))%streamCount + 1
}

// streamIDs are the ids of all streams.
func streamIDs() []int64 {
	ids := make([]int64, streamCount)
	for i := range ids {
		ids[i] = int64(i) + 1
	}
	return ids
}

// post sends events to people of a chat: after the commit, on every server, in
// the order of the chat's revisions. It is one row of the log for all of them
// (docs/decisions/0037).
func (s *Service) post(ctx context.Context, kind Kind, chatID int64, sends ...send) error {
	return s.db.BeforeCommit(ctx, func(ctx context.Context) error { return s.number(ctx, streamOf(kind, chatID), entry{sends}) })
}

// number writes an entry to the log, and announces it after the commit.
func (s *Service) number(ctx context.Context, stream int64, sent entry) error {
	rev, err := s.repo.nextInStream(ctx, stream)
	if err != nil {
		return err
	}
	e, err := realtime.NewEvent(rev, sentName, sent)
	if err != nil {
		return err
	}
	if err := s.repo.appendToStream(ctx, stream, e); err != nil {
		return err
	}
	s.streams.Follow(stream, rev-1)
	s.db.AfterCommit(ctx, func(ctx context.Context) { s.streams.Announce(ctx, stream, e) })
	return nil
}

// onSent sends an entry of the log to the sockets of this server.
func (s *Service) onSent(ctx context.Context, _ int64, e realtime.Event) {
	var sent entry
	if err := json.Unmarshal(e.Payload, &sent); err != nil {
		s.log.ErrorContext(ctx, "entry of the log of chats cannot be read", "rev", e.Rev, "error", err)
		return
	}
	for _, each := range sent.Sends {
		s.users.Here(each.To, each.Event, each.Payload)
	}
}

// Run sends what other servers have committed.
func (m *Module) Run(ctx context.Context) error { return m.streams.Run(ctx) }

// RunJobs cuts the log, and indexes messages for the search.
func (m *Module) RunJobs(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return module.Repeat(ctx, pruneInterval, m.log, "delete old events of chats", m.prune) })
	group.Go(func() error { return module.Repeat(ctx, fillEvery, m.log, "index messages for the search", m.fill) })
	return group.Wait()
}

// prune deletes old rows of the log.
func (s *Service) prune(ctx context.Context) error {
	for {
		var n int64
		err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
			n, err = s.repo.deleteEvents(ctx, s.db.Now(ctx).Add(-keptTime), pruneBatch)
			return err
		})
		if err != nil || n < pruneBatch {
			return err
		}
	}
}

// sockets sends events to the sockets of people: an event for a whole group is
// encoded once.
type sockets interface {
	// Here sends to those of this server.
	Here(userIDs []int64, event string, payload any)
	// Everywhere sends to those of all servers. What is lost stays lost.
	Everywhere(userIDs []int64, event string, payload any)
}

// userRooms are the sockets in the rooms of people.
type userRooms struct {
	realtime *realtime.Server
	log      *slog.Logger
}

// Here implements sockets.
func (u userRooms) Here(userIDs []int64, event string, payload any) {
	u.send(userIDs, true, event, payload)
}

// Everywhere implements sockets.
func (u userRooms) Everywhere(userIDs []int64, event string, payload any) {
	u.send(userIDs, false, event, payload)
}

func (u userRooms) send(userIDs []int64, here bool, event string, payload any) {
	if len(userIDs) == 0 {
		return // To without rooms means everyone
	}
	rooms := make([]string, len(userIDs))
	for i, id := range userIDs {
		rooms[i] = accounts.UserRoom(id)
	}
	to := u.realtime.Root().To(rooms...)
	if here {
		to = to.Local()
	}
	if err := to.Emit(event, payload); err != nil {
		u.log.Error("event could not be sent", "event", event, "error", err)
	}
}
