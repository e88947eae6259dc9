package socketio

import (
	"hash/maphash"
	"slices"

	"taskstack.org/platform/socketio/internal/parser"
)

// room is a set of sockets in a form that is fast to walk. It is guarded by
// its namespace's lock.
type room struct {
	name    string
	members []*Socket
}

// membership is a socket's place in a room.
type membership struct {
	room  *room
	index int
}

func (r *room) add(s *Socket) {
	s.rooms = append(s.rooms, membership{r, len(r.members)})
	r.members = append(r.members, s)
}

func (r *room) remove(s *Socket) {
	i := slices.IndexFunc(s.rooms, func(m membership) bool { return m.room == r })
	at := s.rooms[i].index
	s.rooms = slices.Delete(s.rooms, i, i+1)
	last := len(r.members) - 1
	if moved := r.members[last]; at != last {
		r.members[at] = moved
		j := slices.IndexFunc(moved.rooms, func(m membership) bool { return m.room == r })
		moved.rooms[j].index = at
	}
	r.members[last] = nil
	r.members = r.members[:last]
	if cap(r.members) > 64 && len(r.members) < cap(r.members)/4 {
		r.members = slices.Clip(slices.Clone(r.members))
	}
}

func (s *Socket) inRoom(name string) bool {
	return s.id == name || slices.ContainsFunc(s.rooms, func(m membership) bool {
		return m.room.name == name && m.room != &s.ns.all
	})
}

// join is called with ns.mu held for writing.
func (ns *Namespace) join(s *Socket, name string) {
	if name == "" || s.inRoom(name) {
		return
	}
	r := ns.rooms[name]
	if r == nil {
		r = &room{name: name}
		ns.rooms[name] = r
		ns.interest(name, true)
	}
	r.add(s)
}

// leave is called with ns.mu held for writing.
func (ns *Namespace) leave(s *Socket, name string) {
	r := ns.rooms[name]
	if r == nil || s.id == name || !s.inRoom(name) {
		return
	}
	r.remove(s)
	ns.tidy(r)
}

func (ns *Namespace) tidy(r *room) {
	if len(r.members) == 0 && r != &ns.all {
		delete(ns.rooms, r.name)
		ns.interest(r.name, false)
	}
}

func (ns *Namespace) interest(room string, present bool) {
	if a := ns.srv.opt.Adapter; a != nil {
		a.Interest(ns.name, room, present)
	}
}

// members calls f for every local socket of a target, once. It is called with
// ns.mu held.
func (ns *Namespace) members(to Rooms, f func(s *Socket)) {
	visit := f
	if len(to.Except) > 0 {
		visit = func(s *Socket) {
			if !slices.ContainsFunc(to.Except, s.inRoom) {
				f(s)
			}
		}
	}
	switch len(to.In) {
	case 0:
		for _, s := range ns.all.members {
			visit(s)
		}
	case 1:
		ns.roomMembers(to.In[0], visit)
	default:
		seen := make(map[*Socket]struct{})
		for _, name := range to.In {
			ns.roomMembers(name, func(s *Socket) {
				if _, ok := seen[s]; !ok {
					seen[s] = struct{}{}
					visit(s)
				}
			})
		}
	}
}

func (ns *Namespace) roomMembers(name string, f func(s *Socket)) {
	if r := ns.rooms[name]; r != nil {
		for _, s := range r.members {
			f(s)
		}
	}
	if s := ns.sockets[name]; s != nil {
		f(s)
	}
}

// emit encodes an event once and sends it to a target on all servers.
func (srv *Server) emit(t Target, event string, args []any) error {
	e, err := encodeArgs(args)
	if err != nil {
		return err
	}
	srv.checkAttachments(t.ns, event, e)
	srv.broadcast(t.ns, t.rooms(), event, e, t.volatile)
	if t.local || srv.opt.Adapter == nil {
		return nil
	}
	return srv.publish(Command{
		Kind: CommandEmit, Namespace: t.ns.name, To: t.rooms(),
		Event: event, Args: e.JSON, Attachments: e.Attachments, Volatile: t.volatile,
	})
}

// broadcast sends to the local sockets of a target. The flusher writes; only
// where a program emits faster than it gets to write, the emitter lends a hand,
// so that the queues of clients that do read stay short.
func (srv *Server) broadcast(ns *Namespace, to Rooms, event string, e parser.Args, volatile bool) {
	backlogged := srv.enqueue(ns, to, event, e, volatile)
	if len(backlogged) == 0 {
		return
	}
	s := srv.scratch.get()
	defer srv.scratch.put(s)
	for _, c := range backlogged {
		c.flush(s)
	}
}

// enqueue puts an event in the queues of a target's local sockets and gives
// the connections whose queue has become long for no fault of the client.
func (srv *Server) enqueue(ns *Namespace, to Rooms, event string, e parser.Args, volatile bool) (backlogged []*conn) {
	m := parser.EventPacket(ns.name, event, parser.NoAck, e, "", now())
	srv.metrics.emitted.Add(1)
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	var logged *parser.Message
	if ns.log != nil && !volatile {
		// The order in the log must be that in the queues, or a recovered
		// client would get twice, or never, what overtook.
		ns.log.mu.Lock()
		defer ns.log.mu.Unlock()
		logged = ns.log.add(ns.name, event, e, to)
	}
	f := srv.flusherFor(ns, to)
	f.mu.Lock()
	defer f.mu.Unlock()
	ns.members(to, func(s *Socket) {
		out := m
		if logged != nil && s.pid != "" {
			out = logged
		}
		flush, long := s.conn.put(out, volatile)
		if flush {
			f.add(s.conn)
		}
		if long {
			backlogged = append(backlogged, s.conn)
		}
	})
	f.start()
	return backlogged
}

// flusherFor gives all broadcasts to one room, and so its order, to one flusher.
func (srv *Server) flusherFor(ns *Namespace, to Rooms) *flusher {
	if len(srv.flushers) == 1 {
		return srv.flushers[0]
	}
	key := ns.name
	if len(to.In) > 0 {
		key = to.In[0]
	}
	return srv.flushers[maphash.String(srv.seed, key)%uint64(len(srv.flushers))]
}

// Apply carries out a command on this server's sockets. It is meant for
// adapters.
func (srv *Server) Apply(cmd Command) error {
	ns := srv.lookup(cmd.Namespace)
	if ns == nil {
		return nil
	}
	switch cmd.Kind {
	case CommandEmit:
		srv.broadcast(ns, cmd.To, cmd.Event, parser.Args{JSON: cmd.Args, Attachments: cmd.Attachments}, cmd.Volatile)
	case CommandJoin, CommandLeave:
		ns.mu.Lock()
		defer ns.mu.Unlock()
		for _, s := range ns.collect(cmd.To) {
			for _, name := range cmd.Rooms {
				if cmd.Kind == CommandJoin {
					ns.join(s, name)
				} else {
					ns.leave(s, name)
				}
			}
		}
	case CommandDisconnect:
		ns.mu.RLock()
		found := ns.collect(cmd.To)
		ns.mu.RUnlock()
		for _, s := range found {
			if cmd.Close {
				s.Close()
			} else {
				s.Disconnect()
			}
		}
	}
	return nil
}

func (ns *Namespace) collect(to Rooms) []*Socket {
	var found []*Socket
	ns.members(to, func(s *Socket) { found = append(found, s) })
	return found
}

// LocalSockets lists this server's sockets in a target. It is meant for
// adapters; see Target.Sockets.
func (srv *Server) LocalSockets(namespace string, to Rooms) []SocketInfo {
	ns := srv.lookup(namespace)
	if ns == nil {
		return nil
	}
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	var found []SocketInfo
	ns.members(to, func(s *Socket) {
		found = append(found, SocketInfo{ID: s.id, Rooms: s.roomNames()})
	})
	return found
}

// roomNames is called with ns.mu held.
func (s *Socket) roomNames() []string {
	names := make([]string, 0, len(s.rooms))
	for _, m := range s.rooms {
		if m.room != &s.ns.all {
			names = append(names, m.room.name)
		}
	}
	return names
}
