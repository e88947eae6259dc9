package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"

	"taskstack.org/platform/socketio"
)

// fillLimit is how many events one read of the log returns at most.
const fillLimit = 500

// Event is a committed, numbered event of a stream.
type Event struct {
	Rev int64 `json:"rev"`
	// Name is the name of the Socket.IO event.
	Name string `json:"name"`
	// Payload is the event's argument; "rev" is part of it if it is an object.
	Payload json.RawMessage `json:"payload"`
}

// NewEvent numbers a payload: an object gets the key "rev"; anything else stays
// as it is, and the number is sent as a second argument. A nil payload is an
// event without data.
func NewEvent(rev int64, name string, payload any) (Event, error) {
	return NewEventKeyed(defaultKey, rev, name, payload)
}

// NewEventKeyed is NewEvent with another key than "rev", for streams with that
// StreamOptions.Key.
func NewEventKeyed(key string, rev int64, name string, payload any) (Event, error) {
	e := Event{Rev: rev, Name: name}
	if payload == nil {
		return e, nil
	}
	raw, err := jsonRaw(payload)
	if err != nil {
		return e, fmt.Errorf("payload of %s: %w", name, err)
	}
	e.Payload = withKey(raw, key, strconv.FormatInt(rev, 10))
	return e, nil
}

// With returns the event with another key, if its payload is an object.
func (e Event) With(key string, value any) Event {
	if text, err := json.Marshal(value); err == nil {
		e.Payload = withKey(e.Payload, key, string(text))
	}
	return e
}

// withKey adds a key to an object; anything else stays as it is.
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

// args are the arguments that are sent with the event's name; key is that of the
// number.
func (e Event) args(key string) []any {
	switch {
	case len(e.Payload) == 0 || string(e.Payload) == "null":
		return []any{map[string]int64{key: e.Rev}}
	case e.Payload[0] == '{':
		return []any{e.Payload}
	}
	return []any{e.Payload, map[string]int64{key: e.Rev}}
}

// Log stores committed events.
type Log interface {
	// Rev returns the number of a stream's last event.
	Rev(ctx context.Context, id int64) (int64, error)
	// Revs is Rev for several streams, in one statement. A stream that has ended is
	// not in the result.
	Revs(ctx context.Context, ids []int64) (map[int64]int64, error)
	// EventsAfter returns at most limit events with numbers above after, in order.
	EventsAfter(ctx context.Context, id, after int64, limit int) ([]Event, error)
}

// defaultKey is the key of an event's number.
const defaultKey = "rev"

// StreamOptions describe the streams of one kind. All but Kind may be left out.
type StreamOptions struct {
	// Kind is the kind of their rooms: the room of stream 5 is "Kind:5".
	Kind string
	// FollowerKind is the kind of their followers: the sockets of follower 7 are
	// also in the room "Kind:5:FollowerKind:7". Without it followers are not notified
	// apart.
	FollowerKind string
	// Closed is the event that a follower's sockets receive when Evict removes
	// them.
	Closed string
	// Last is the event that a room receives when its stream ends.
	Last string
	// Key is the key of an event's number; "rev" if it is empty.
	Key string
	// Internal reports whether an event is for servers only, who get it with
	// Delivered, and not sent to sockets.
	Internal func(name string) bool
	// Delivered is called after the room has received an event and before it
	// receives the next, on every server that delivers it.
	Delivered func(ctx context.Context, id int64, e Event)
	// Ended is called when a stream has ended, before its room is emptied.
	Ended func(ctx context.Context, id int64)
}

// Streams delivers the numbered events of streams to the sockets of this server in
// their rooms, each exactly once and in the order of their numbers, however the
// transactions that made them were scheduled and whichever server they ran on:
// missing events are read from the log. Every server delivers to its own sockets;
// Hints make that fast, the log makes it complete.
type Streams struct {
	opts    StreamOptions
	rooms   Rooms
	log     Log
	hints   Hints
	logger  *slog.Logger
	onEvict []func(ctx context.Context, id int64)
	// followed are the streams that this server follows without sockets.
	followed  []int64
	following atomic.Bool

	mu      sync.Mutex
	streams map[int64]*stream
}

// stream is one stream's state on this server.
type stream struct {
	mu sync.Mutex
	// references counts the calls in progress, so that an unused stream is
	// deleted; guarded by Streams.mu.
	references int
	// started reports whether delivered is valid: a socket has joined.
	started   bool
	delivered int64
	// followed reports that Follow has started the stream, without waiting for mu.
	followed atomic.Bool
	// behind reports that a read of the log failed and undelivered events are in
	// it.
	behind bool

	// confirms are called just before the room receives an event. They have a
	// lock of their own: a transaction that holds a row lock and a database
	// connection must never wait for mu, whose holder may be waiting for a
	// connection to read the log.
	confirmMu sync.Mutex
	confirms  map[int64]func()
}

// Streams returns streams that deliver the events of log in a namespace.
func (s *Server) Streams(ns *socketio.Namespace, o StreamOptions, log Log) *Streams {
	return NewStreams(namespaceRooms{ns}, o, log, s.opts.Hints, s.opts.Log)
}

// NewStreams returns streams that deliver the events of log to rooms. Without
// hints a server learns from the log alone what others have committed.
func NewStreams(rooms Rooms, o StreamOptions, log Log, hints Hints, logger *slog.Logger) *Streams {
	if o.Key == "" {
		o.Key = defaultKey
	}
	if hints == nil {
		hints = noHints{}
	}
	s := &Streams{opts: o, rooms: rooms, log: log, hints: hints, logger: logger, streams: map[int64]*stream{}}
	hints.Receive(o.Kind, s.hinted, s.subscribed)
	return s
}

func (s *Streams) hold(id int64) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[id]
	if st == nil {
		st = &stream{confirms: map[int64]func(){}}
		s.streams[id] = st
	}
	st.references++
	return st
}

// release deletes a stream that is unused and whose room is empty.
func (s *Streams) release(id int64, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.references--
	if st.references == 0 && !st.hasConfirms() && s.rooms.Len(s.room(id)) == 0 {
		delete(s.streams, id)
		if st.started {
			s.hints.Hold(s.opts.Kind, id, false)
		}
	}
}

// Reserve registers, inside the transaction that makes event rev, a function
// that confirms it to its sender; it is called immediately before the room
// receives the event. Another transaction may commit and fill the gap before
// Announce of this one runs, so the registration must exist before the commit.
func (s *Streams) Reserve(id, rev int64, confirm func()) {
	if confirm == nil {
		return
	}
	st := s.hold(id)
	defer s.release(id, st)
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	st.confirms[rev] = confirm
}

// Cancel removes a registration whose transaction was rolled back.
func (s *Streams) Cancel(id, rev int64) {
	st := s.hold(id)
	defer s.release(id, st)
	st.takeConfirm(rev)
}

// Announce delivers committed events, preceded by any that are missing, and tells
// the other servers.
func (s *Streams) Announce(ctx context.Context, id int64, events ...Event) {
	s.receive(ctx, id, events...)
	for _, e := range events {
		s.hints.Publish(s.opts.Kind, id, e)
	}
}

// hinted delivers what another server has announced. A hint without a name says
// only that something has happened.
func (s *Streams) hinted(ctx context.Context, id int64, e Event) {
	if !s.isHeld(id) {
		return
	}
	if e.Name == "" {
		s.check(ctx, []int64{id})
		return
	}
	s.receive(ctx, id, e)
}

func (s *Streams) receive(ctx context.Context, id int64, events ...Event) {
	st := s.hold(id)
	defer s.release(id, st)
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, e := range events {
		switch {
		case !st.started:
			st.confirm(e.Rev)
		case e.Rev == st.delivered+1:
			s.deliver(ctx, id, st, e)
		case e.Rev > st.delivered:
			s.fill(ctx, id, st)
		default:
			// Delivered from the log, or a client joined after it: its sender
			// is not confirmed yet.
			st.confirm(e.Rev)
		}
	}
}

// fill delivers all events of the log that were not delivered yet.
func (s *Streams) fill(ctx context.Context, id int64, st *stream) {
	for {
		events, err := s.log.EventsAfter(ctx, id, st.delivered, fillLimit)
		if err != nil {
			st.behind = true
			s.logger.WarnContext(ctx, "room is behind", s.opts.Kind, id, "delivered", st.delivered, "error", err)
			return
		}
		for _, e := range events {
			s.deliver(ctx, id, st, e)
		}
		if len(events) < fillLimit {
			st.behind = false
			return
		}
	}
}

func (s *Streams) deliver(ctx context.Context, id int64, st *stream, e Event) {
	st.confirm(e.Rev)
	st.delivered = e.Rev
	if s.opts.Internal == nil || !s.opts.Internal(e.Name) {
		if err := s.rooms.Send(s.room(id), e.Name, e.args(s.opts.Key)...); err != nil {
			s.logger.ErrorContext(ctx, "event could not be sent", "event", e.Name, s.opts.Kind, id, "rev", e.Rev, "error", err)
		}
	}
	if s.opts.Delivered != nil {
		s.opts.Delivered(ctx, id, e)
	}
}

// confirm confirms an event to its sender, if the sender is on this server.
func (st *stream) confirm(rev int64) {
	if fn := st.takeConfirm(rev); fn != nil {
		fn()
	}
}

func (st *stream) takeConfirm(rev int64) func() {
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	fn := st.confirms[rev]
	delete(st.confirms, rev)
	return fn
}

func (st *stream) hasConfirms() bool {
	st.confirmMu.Lock()
	defer st.confirmMu.Unlock()
	return len(st.confirms) > 0
}
