package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"taskstack.org/platform/socketio/internal/parser"
)

// connect handles a client's request to enter a namespace.
func (c *conn) connect(item inboxItem) {
	ns := c.srv.lookup(item.ns)
	if ns == nil {
		c.refuseNamespace(item.ns, &ConnectError{Message: "Invalid namespace"})
		return
	}
	if s := c.socket(item.ns); s != nil { // it is in already, and may not know
		c.sendFor(s, parser.ControlPacket(parser.KindConnect, ns.name, s.welcome()), false)
		return
	}
	if len(c.members()) >= c.limits.MaxNamespaces {
		c.refuseNamespace(item.ns, &ConnectError{Message: "Too many namespaces"})
		return
	}
	s := &Socket{ns: ns, conn: c, query: item.query, auth: item.auth}
	s.id = c.socketID(ns)
	lost := ns.reclaim(c, item.auth)
	if lost != nil {
		s.id, s.pid, s.data, s.recovered = lost.id, lost.pid, lost.data, true
	} else if ns.log != nil && c.eio == 4 && c.class == trusted {
		s.pid = newID()
	}
	if err := s.runMiddleware(); err != nil {
		s.end()
		c.refuseNamespace(item.ns, err)
		return
	}
	if !ns.enter(s, lost) {
		s.end()
		c.refuseNamespace(item.ns, &ConnectError{Message: "disconnected"})
		return
	}
	for _, f := range ns.onConnect {
		s.guard("connect", func(ctx context.Context) { f(ctx, s) })
	}
	s.dropHandshake()
}

// dropHandshake lets go of what the client sent to get in. An idle connection
// would keep it for ever.
func (s *Socket) dropHandshake() {
	if s.ns.srv.opt.KeepHandshake {
		return
	}
	s.mu.Lock()
	s.query, s.auth = "", nil
	s.mu.Unlock()
	c := s.conn
	c.mu.Lock()
	c.handshake = handshake{}
	c.mu.Unlock()
}

// socketID is what clients of protocol 4 compute for themselves, and random
// for the others.
func (c *conn) socketID(ns *Namespace) string {
	switch {
	case c.eio == 4:
		return newID()
	case ns.name == "/":
		return c.id
	default:
		return ns.name + "#" + c.id
	}
}

func (c *conn) refuseNamespace(name string, err error) {
	c.srv.metrics.refusals.add("namespace")
	refused := ConnectError{Message: err.Error()}
	var ce *ConnectError
	if errors.As(err, &ce) {
		refused = *ce
	}
	var data []byte
	switch {
	case c.eio == 3 && refused.Message != "":
		data = parser.AppendString(nil, refused.Message)
	case c.eio == 4:
		body := map[string]any{"message": refused.Message}
		if refused.Data != nil {
			body["data"] = refused.Data
		}
		if data, err = json.Marshal(body); err != nil {
			c.srv.opt.Logger.Error("connect error cannot be encoded", "namespace", name, "error", err)
			data = []byte(`{"message":"internal"}`)
		}
	}
	c.send(parser.ControlPacket(parser.KindConnectError, name, data), false)
}

func (s *Socket) runMiddleware() (err error) {
	ctx := s.conn.context()
	defer func() {
		if v := recover(); v != nil {
			s.logPanic(ctx, "middleware", v)
			err = &ConnectError{Message: "internal"}
		}
	}()
	for _, f := range s.ns.middleware {
		if err := f(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// guard runs a program's function for the socket and survives its panic.
func (s *Socket) guard(what string, f func(ctx context.Context)) {
	ctx := s.conn.context()
	defer func() {
		if v := recover(); v != nil {
			s.logPanic(ctx, what, v)
		}
	}()
	f(ctx)
}

func (s *Socket) logPanic(ctx context.Context, what string, v any) {
	s.ns.srv.opt.Logger.ErrorContext(ctx, "socket function panicked", "function", what,
		"namespace", s.ns.name, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
}

// enter makes the socket a member and notifies the client. Whatever is emitted
// afterwards comes after the CONNECT packet; what was missed by a recovered
// socket comes right after it.
func (ns *Namespace) enter(s *Socket, lost *lostSession) bool {
	c := s.conn
	ns.mu.Lock()
	if _, taken := ns.sockets[s.id]; taken {
		s.id = newID()
	}
	c.mu.Lock()
	if c.closed || s.ended() {
		c.mu.Unlock()
		ns.mu.Unlock()
		return false
	}
	// From here on the end of the connection takes the socket along, once it
	// gets the namespace's lock.
	wanted := s.begin()
	c.sockets = append(c.sockets, s)
	c.emptySince = 0
	c.mu.Unlock()
	if len(ns.sockets) == 0 {
		ns.interest("", true)
	}
	ns.sockets[s.id] = s
	ns.interest(s.id, true)
	ns.all.add(s)
	var missed []*parser.Message
	if lost != nil {
		if missed, s.recovered = ns.log.missedSince(lost); s.recovered {
			wanted = append(wanted, lost.rooms...)
		} else {
			s.id, s.pid = newID(), newID() // too late: it goes on as a new one
		}
	}
	flush, _ := c.put(parser.ControlPacket(parser.KindConnect, ns.name, s.welcome()), false)
	for _, m := range missed {
		again, _ := c.put(m, false)
		flush = flush || again
	}
	for _, name := range wanted {
		ns.join(s, name)
	}
	ns.mu.Unlock()
	if flush {
		c.flushNow()
	}
	return true
}

// begin makes the socket a connected one and gives the rooms it wants.
func (s *Socket) begin() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = socketConnected
	wanted := s.lastRooms
	s.lastRooms = nil
	return wanted
}

// ended says that the socket was disconnected before it was admitted.
func (s *Socket) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == socketGone
}

// welcome is the data of the CONNECT packet.
func (s *Socket) welcome() []byte {
	if s.conn.eio == 3 {
		return nil
	}
	out := parser.AppendString([]byte(`{"sid":`), s.id)
	if s.pid != "" {
		out = parser.AppendString(append(out, `,"pid":`...), s.pid)
	}
	return append(out, '}')
}

// Join makes the socket a member of rooms. In connection middleware it takes
// effect when the socket is admitted; after the socket has left, never.
func (s *Socket) Join(rooms ...string) {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	s.mu.Lock()
	state := s.state
	if state == socketNew {
		s.lastRooms = append(s.lastRooms, rooms...)
	}
	s.mu.Unlock()
	if state != socketConnected {
		return
	}
	for _, name := range rooms {
		s.ns.join(s, name)
	}
}

// Leave ends the membership in rooms.
func (s *Socket) Leave(rooms ...string) {
	s.ns.mu.Lock()
	defer s.ns.mu.Unlock()
	s.mu.Lock()
	if s.state == socketNew {
		s.lastRooms = slices.DeleteFunc(s.lastRooms, func(name string) bool { return slices.Contains(rooms, name) })
	}
	s.mu.Unlock()
	for _, name := range rooms {
		s.ns.leave(s, name)
	}
}

// Rooms names the rooms the socket is in, or was in when it left, without the
// one that is its id.
func (s *Socket) Rooms() []string {
	s.ns.mu.RLock()
	names := s.roomNames()
	s.ns.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == socketConnected {
		return names
	}
	return slices.Clone(s.lastRooms)
}

func (s *Socket) emit(event string, args []any, volatile bool) error {
	e, err := encodeArgs(args)
	if err != nil {
		return err
	}
	s.ns.srv.checkAttachments(s.ns, event, e)
	return s.emitEncoded(event, parser.NoAck, e, volatile)
}

func (s *Socket) emitEncoded(event string, ack int64, e parser.Args, volatile bool) error {
	if !s.Connected() && (volatile || ack != parser.NoAck || !s.comesBack()) {
		return ErrDisconnected
	}
	if s.pid == "" || volatile || ack != parser.NoAck {
		if !s.conn.sendFor(s, parser.EventPacket(s.ns.name, event, ack, e, "", now()), volatile) {
			return ErrDisconnected
		}
		s.ns.srv.metrics.emitted.Add(1)
		return nil
	}
	s.ns.srv.broadcast(s.ns, Rooms{In: []string{s.id}}, event, e, false)
	return nil
}

// Call emits an event and waits for the acknowledgement, whose arguments
// Event.Decode decodes. See EmitWithAck.
func (s *Socket) Call(ctx context.Context, event string, args ...any) (Event, error) {
	e, err := encodeArgs(args)
	if err != nil {
		return Event{}, err
	}
	s.ns.srv.checkAttachments(s.ns, event, e)
	reply := make(chan Event, 1)
	left := s.Context()
	s.mu.Lock()
	if s.acks == nil {
		s.acks = make(map[uint64]chan Event, 1)
	}
	id := s.ns.asked.Add(1) - 1
	s.acks[id] = reply
	s.mu.Unlock()
	s.conn.asks(1)
	defer func() {
		s.conn.asks(-1)
		s.mu.Lock()
		delete(s.acks, id)
		s.mu.Unlock()
	}()
	if err := s.emitEncoded(event, int64(id), e, false); err != nil {
		return Event{}, err
	}
	select {
	case ev := <-reply:
		ev.Name = event
		return ev, nil
	case <-ctx.Done():
		return Event{}, ctx.Err()
	case <-left.Done():
		return Event{}, ErrDisconnected
	}
}

// asks counts the acknowledgements that are waited for, and lets the reader
// see that.
func (c *conn) asks(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asking += n
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}

// awaits reports whether a call waits for an acknowledgement.
func (s *Socket) awaits(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acks[uint64(id)] != nil
}

// acknowledged hands an acknowledgement to its waiting caller; one that
// no caller waits for, or a second one, is dropped.
func (s *Socket) acknowledged(id int64, ev Event) {
	s.mu.Lock()
	reply := s.acks[uint64(id)]
	delete(s.acks, uint64(id))
	s.mu.Unlock()
	if reply != nil {
		reply <- ev
	}
}

// receive runs an event and answers if the client asked for it.
func (s *Socket) receive(item inboxItem) {
	c, ev := s.conn, item.ev
	_, ev.Registered = s.ns.handlers[ev.Name]
	c.mu.Lock()
	c.lastEvent = now()
	c.mu.Unlock()
	s.ns.srv.metrics.received.Add(1)
	ctx := c.context()
	value, err := s.ns.dispatch(ctx, s, ev)
	if !ev.WantsAck || !s.Connected() {
		return
	}
	s.acknowledge(ctx, item.ack, value, err)
}

func (s *Socket) acknowledge(ctx context.Context, id int64, value any, err error) {
	if _, none := value.(NoAck); none && err == nil {
		return
	}
	var args Args
	switch answer := s.ns.srv.opt.Ack(ctx, value, err).(type) {
	case nil:
	case NoAck:
		return
	case Args:
		args = answer
	default:
		args = Args{answer}
	}
	e, err := encodeArgs(args)
	if err != nil {
		s.ns.srv.opt.Logger.ErrorContext(ctx, "acknowledgement cannot be encoded", "namespace", s.ns.name, "error", err)
		e = parser.Args{}
	}
	s.ns.srv.checkAttachments(s.ns, "", e)
	s.conn.sendFor(s, parser.AckPacket(s.ns.name, id, e), false)
}

// end makes the socket one that has left; it says whether it was connected.
func (s *Socket) end() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.state == socketConnected
	s.state = socketGone
	if s.cancel != nil {
		s.cancel()
	}
	return was
}

// leave takes the socket out of its namespace, once. OnDisconnect is called by
// the worker, after the event that it may be handling.
func (s *Socket) leave(reason string, tell bool) {
	if !s.end() {
		return
	}
	ns, c := s.ns, s.conn
	ns.mu.Lock()
	names := s.roomNames()
	if s.pid != "" && recoverable(reason) {
		ns.log.lose(s, names)
	}
	for len(s.rooms) > 0 {
		r := s.rooms[len(s.rooms)-1].room
		r.remove(s)
		ns.tidy(r)
	}
	delete(ns.sockets, s.id)
	ns.interest(s.id, false)
	if len(ns.sockets) == 0 {
		ns.interest("", false)
	}
	s.mu.Lock()
	s.lastRooms = names
	s.mu.Unlock()
	ns.mu.Unlock()
	// The DISCONNECT is queued in the moment in which the socket is off the
	// connection: the client may answer it with a CONNECT at once.
	flush := false
	c.mu.Lock()
	s.off = true
	if !c.closed { // events that came before the end are still handled
		c.sockets = slices.DeleteFunc(c.sockets, func(o *Socket) bool { return o == s })
	}
	if tell {
		if !slices.Contains(c.removed, ns) {
			c.removed = append(c.removed, ns)
		}
		flush, _ = c.putLocked(parser.ControlPacket(parser.KindDisconnect, ns.name, nil), false)
	}
	waiting := len(c.sockets) == 0 && !c.closed
	if waiting {
		c.emptySince = now()
	}
	c.post(inboxItem{left: s, reason: reason})
	c.mu.Unlock()
	if flush {
		c.flushNow()
	}
	if waiting {
		c.srv.wheel.add(c, now()+int64(c.srv.opt.ConnectTimeout))
	}
}

// finish is leave's part in the worker's order.
func (s *Socket) finish(reason string) {
	c := s.conn
	c.mu.Lock()
	c.sockets = slices.DeleteFunc(c.sockets, func(o *Socket) bool { return o == s })
	c.mu.Unlock()
	for _, f := range s.ns.onDisconnect {
		s.guard("disconnect", func(ctx context.Context) { f(ctx, s, reason) })
	}
}

// recoverable says whether a client that left for this reason may come back
// as the same: it lost its connection without wanting to.
func recoverable(reason string) bool {
	switch reason {
	case ReasonTransportClose, ReasonTransportError, ReasonPingTimeout, ReasonForced:
		return true
	default:
		return false
	}
}
