package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"taskstack.org/platform/socketio"
)

// fillLimit bounds how many events one read of the log brings.
const fillLimit = 500

// retryEvery is how often a room that could not be brought up to date, since
// the database did not answer, is tried again.
const retryEvery = time.Second

// Event is a committed, numbered change of a project.
type Event struct {
	Rev int64 `json:"rev"`
	// Name is the Socket.IO event of the contract.
	Name string `json:"name"`
	// Payload is the event's argument; "rev" is part of it if it is an object.
	Payload json.RawMessage `json:"payload"`
}

// NewEvent numbers a payload: an object gets the key "rev", anything else is
// left as it is, and the number follows as a second argument when it is sent.
// A nil payload is an event without data.
func NewEvent(rev int64, name string, payload any) (Event, error) {
	e := Event{Rev: rev, Name: name}
	if payload == nil {
		return e, nil
	}
	raw, err := jsonRaw(payload)
	if err != nil {
		return e, fmt.Errorf("payload of %s: %w", name, err)
	}
	e.Payload = withKey(raw, "rev", strconv.FormatInt(rev, 10))
	return e, nil
}

// With is the event with a further key, if its payload is an object.
func (e Event) With(key string, value any) Event {
	if text, err := json.Marshal(value); err == nil {
		e.Payload = withKey(e.Payload, key, string(text))
	}
	return e
}

// withKey adds a key to an object; anything else is left as it is.
func withKey(raw json.RawMessage, key, value string) json.RawMessage {
	object, ok := bytes.CutSuffix(raw, []byte("}"))
	if !ok {
		return raw
	}
	separator := ","
	if len(bytes.TrimSpace(object)) == 1 {
		separator = ""
	}
	return append(object[:len(object):len(object)], separator+`"`+key+`":`+value+"}"...)
}

// args are what is sent with the event's name.
func (e Event) args() []any {
	switch {
	case len(e.Payload) == 0 || string(e.Payload) == "null":
		return []any{map[string]int64{"rev": e.Rev}}
	case e.Payload[0] == '{':
		return []any{e.Payload}
	}
	return []any{e.Payload, map[string]int64{"rev": e.Rev}}
}

// Log is where committed events can be read again.
type Log interface {
	// Rev is the number of a project's last event.
	Rev(ctx context.Context, projectID int64) (int64, error)
	// EventsAfter are at most limit events with numbers above after, in order.
	EventsAfter(ctx context.Context, projectID, after int64, limit int) ([]Event, error)
}

// Streams delivers the events of projects to the sockets in their rooms, each
// exactly once and in the order of their numbers, however the transactions
// that made them were scheduled: what is missing is read from the log.
type Streams struct {
	rooms  Rooms
	log    Log
	logger *slog.Logger

	// evicted is called with a project whose room people were taken out of.
	evicted func(ctx context.Context, projectID int64)

	mu      sync.Mutex
	streams map[int64]*stream
}

// stream is one project's state on this server.
type stream struct {
	mu sync.Mutex
	// users counts who holds a reference, so that an unused one can be
	// forgotten; guarded by Streams.mu.
	users int
	// known tells whether delivered means anything: somebody is in the room.
	known     bool
	delivered int64
	// behind tells that a read of the log failed and events wait in it.
	behind bool

	// confirms are what the sender of an event is told just before the room.
	// They have a lock of their own: a transaction that holds the project's
	// row, and a database connection, must never wait for mu, whose holder may
	// be waiting for a connection to read the log.
	confirmMu sync.Mutex
	confirms  map[int64]func()
}

// ProjectStreams delivers in the project namespace what log holds.
func (s *Server) ProjectStreams(log Log) *Streams {
	streams := NewStreams(namespaceRooms{s.Project()}, log, s.opts.Log)
	streams.evicted = func(ctx context.Context, projectID int64) {
		for _, fn := range s.evicted {
			fn(ctx, projectID)
		}
	}
	return streams
}

// NewStreams delivers in rooms what log holds.
func NewStreams(rooms Rooms, log Log, logger *slog.Logger) *Streams {
	return &Streams{rooms: rooms, log: log, logger: logger, streams: map[int64]*stream{}, evicted: func(context.Context, int64) {}}
}

func (s *Streams) hold(projectID int64) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[projectID]
	if st == nil {
		st = &stream{confirms: map[int64]func(){}}
		s.streams[projectID] = st
	}
	st.users++
	return st
}

// release forgets a stream that nobody uses and nobody listens to.
func (s *Streams) release(projectID int64, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.users--
	if st.users == 0 && !st.hasConfirms() && s.rooms.Len(ProjectRoom(projectID)) == 0 {
		delete(s.streams, projectID)
	}
}

// Reserve notes, inside the transaction that makes event rev, what its sender
// is to be told immediately before the room hears of it. Another transaction
// may commit and fill the hole before this one's Announce runs, so the note
// must exist before the commit.
func (s *Streams) Reserve(projectID, rev int64, confirm func()) {
	if confirm == nil {
		return
	}
	st := s.hold(projectID)
	defer s.release(projectID, st)
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	st.confirms[rev] = confirm
}

// Cancel takes a reservation back whose transaction was undone.
func (s *Streams) Cancel(projectID, rev int64) {
	st := s.hold(projectID)
	defer s.release(projectID, st)
	st.takeConfirm(rev)
}

// Announce delivers committed events, and before them any that are missing.
func (s *Streams) Announce(ctx context.Context, projectID int64, events ...Event) {
	st := s.hold(projectID)
	defer s.release(projectID, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, e := range events {
		switch {
		case !st.known:
			st.confirm(e.Rev)
		case e.Rev == st.delivered+1:
			s.deliver(ctx, projectID, st, e)
		case e.Rev > st.delivered:
			s.fill(ctx, projectID, st)
		default:
			// Delivered from the log, or a client joined behind it: its sender
			// is still to be told.
			st.confirm(e.Rev)
		}
	}
}

// fill delivers everything the log holds above what was delivered.
func (s *Streams) fill(ctx context.Context, projectID int64, st *stream) {
	for {
		events, err := s.log.EventsAfter(ctx, projectID, st.delivered, fillLimit)
		if err != nil {
			st.behind = true
			s.logger.WarnContext(ctx, "room is behind", "project", projectID, "delivered", st.delivered, "error", err)
			return
		}
		for _, e := range events {
			s.deliver(ctx, projectID, st, e)
		}
		if len(events) < fillLimit {
			st.behind = false
			return
		}
	}
}

func (s *Streams) deliver(ctx context.Context, projectID int64, st *stream, e Event) {
	st.confirm(e.Rev)
	st.delivered = e.Rev
	if err := s.rooms.Send(ProjectRoom(projectID), e.Name, e.args()...); err != nil {
		s.logger.ErrorContext(ctx, "event could not be sent", "event", e.Name, "project", projectID, "rev", e.Rev, "error", err)
	}
}

// confirm tells the sender of an event, if it is one of ours, that it is done.
func (st *stream) confirm(rev int64) {
	if tell := st.takeConfirm(rev); tell != nil {
		tell()
	}
}

func (st *stream) takeConfirm(rev int64) func() {
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	tell := st.confirms[rev]
	delete(st.confirms, rev)
	return tell
}

func (st *stream) hasConfirms() bool {
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	return len(st.confirms) > 0
}

// Run brings rooms up to date whose log could not be read, until ctx ends.
func (s *Streams) Run(ctx context.Context) error {
	ticker := time.NewTicker(retryEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			s.retry(ctx)
		}
	}
}

func (s *Streams) retry(ctx context.Context) {
	s.mu.Lock()
	ids := make([]int64, 0, len(s.streams))
	for id := range s.streams {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	for _, id := range ids {
		st := s.hold(id)
		st.mu.Lock()
		if st.behind {
			s.fill(ctx, id, st)
		}
		st.mu.Unlock()
		s.release(id, st)
	}
}

type confirmKey struct{}

// Confirming returns a context in which the first recorded event tells its
// sender so by confirm, just before the room hears of it: old clients rely on
// that order.
func Confirming(ctx context.Context, confirm func()) context.Context {
	return context.WithValue(ctx, confirmKey{}, confirm)
}

// ConfirmingTo is Confirming by an event without data to the socket that asked.
func ConfirmingTo(ctx context.Context, s *socketio.Socket, event string) context.Context {
	return Confirming(ctx, func() {
		_ = s.Emit(event) // a socket that has gone needs no confirmation
	})
}

// Confirmation is what Confirming put into ctx, or nil.
func Confirmation(ctx context.Context) func() {
	confirm, _ := ctx.Value(confirmKey{}).(func())
	return confirm
}
