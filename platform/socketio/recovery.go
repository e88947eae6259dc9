package socketio

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"taskstack.org/platform/socketio/internal/parser"
)

// eventLog keeps the recent events of a namespace, and the sessions that were
// lost, for connection state recovery. While an event is put in the log and in
// the queues of its receivers, mu is held; it is taken after Namespace.mu.
type eventLog struct {
	opt Recovery

	mu     sync.Mutex
	first  uint64 // offset of events[0]
	events []loggedEvent
	bytes  int
	lost   map[string]*lostSession // by pid
	prefix string                  // distinguishes the offsets of this log from any other's
}

type loggedEvent struct {
	m  *parser.Message
	to Rooms
}

// lostSession is a socket whose connection broke.
type lostSession struct {
	id, pid string
	rooms   []string
	data    map[string]any
	offset  string // of the last event that the client has
	at      int64

	credential uint64 // of the connection; it comes back with the same
}

func newEventLog(opt Recovery) *eventLog {
	return &eventLog{opt: opt, lost: make(map[string]*lostSession), prefix: newID()[:8] + "-"}
}

// add logs an event and gives its message, which carries its offset. It is
// called with mu held.
func (l *eventLog) add(ns, event string, e parser.Args, to Rooms) *parser.Message {
	offset := l.prefix + strconv.FormatUint(l.first+uint64(len(l.events)), 36)
	m := parser.EventPacket(ns, event, parser.NoAck, e, offset, now())
	l.events = append(l.events, loggedEvent{m, Rooms{In: slices.Clone(to.In), Except: slices.Clone(to.Except)}})
	l.bytes += m.Size()
	drop := 0
	for drop < len(l.events) && (len(l.events)-drop > l.opt.MaxEvents || l.bytes > l.opt.MaxBytes) {
		l.bytes -= l.events[drop].m.Size()
		drop++
	}
	l.forget(drop)
	return m
}

func (l *eventLog) forget(n int) {
	clear(l.events[:n])
	l.events = l.events[n:]
	l.first += uint64(n)
}

// lose keeps a session whose connection broke.
func (l *eventLog) lose(s *Socket, rooms []string) {
	s.mu.Lock()
	lost := &lostSession{id: s.id, pid: s.pid, rooms: rooms, data: s.data, at: now(), credential: s.conn.credential}
	s.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	// More lost sessions than events would be a client's way to fill memory.
	if len(l.lost) < l.opt.MaxEvents {
		l.lost[s.pid] = lost
	}
}

// sweep forgets what is too old.
func (l *eventLog) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for pid, lost := range l.lost {
		if ageSince(lost.at) > l.opt.MaxAge {
			delete(l.lost, pid)
		}
	}
	drop := 0
	for drop < len(l.events) && ageSince(l.events[drop].m.At) > 2*l.opt.MaxAge {
		l.bytes -= l.events[drop].m.Size()
		drop++
	}
	l.forget(drop)
}

// position finds the event after an offset; false if the log no longer, or
// never, held it.
func (l *eventLog) position(offset string) (int, bool) {
	digits, ok := cutPrefix(offset, l.prefix)
	n, err := strconv.ParseUint(digits, 36, 64)
	if !ok || err != nil || n < l.first || n >= l.first+uint64(len(l.events)) {
		return 0, false
	}
	return int(n-l.first) + 1, true
}

func cutPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || s[:len(prefix)] != prefix {
		return "", false
	}
	return s[len(prefix):], true
}

// reclaim takes out the lost session that a client names in its CONNECT
// packet, if all it has missed since is still known.
func (ns *Namespace) reclaim(c *conn, auth json.RawMessage) *lostSession {
	if ns.log == nil || c.eio != 4 || len(auth) == 0 {
		return nil
	}
	var claim struct {
		PID    string `json:"pid"`
		Offset string `json:"offset"`
	}
	if json.Unmarshal(auth, &claim) != nil || claim.PID == "" {
		return nil
	}
	l := ns.log
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := l.lost[claim.PID]
	delete(l.lost, claim.PID)
	if lost == nil || ageSince(lost.at) > l.opt.MaxAge || lost.credential != c.credential {
		return nil
	}
	if _, ok := l.position(claim.Offset); !ok {
		return nil
	}
	lost.offset = claim.Offset
	return lost
}

// missedSince collects what a lost session has missed. It is called with
// Namespace.mu held, so that nothing is emitted meanwhile.
func (l *eventLog) missedSince(lost *lostSession) ([]*parser.Message, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, ok := l.position(lost.offset)
	if !ok {
		return nil, false
	}
	in := func(name string) bool { return name == lost.id || slices.Contains(lost.rooms, name) }
	var missed []*parser.Message
	for _, e := range l.events[from:] {
		if (len(e.to.In) == 0 || slices.ContainsFunc(e.to.In, in)) && !slices.ContainsFunc(e.to.Except, in) {
			missed = append(missed, e.m)
		}
	}
	return missed, true
}

// comesBack says whether a socket that is not connected is kept for recovery,
// or has come back already.
func (s *Socket) comesBack() bool {
	ns := s.ns
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	if ns.log == nil || s.pid == "" {
		return false
	}
	if now := ns.sockets[s.id]; now != nil && now.pid == s.pid {
		return true
	}
	ns.log.mu.Lock()
	defer ns.log.mu.Unlock()
	lost := ns.log.lost[s.pid]
	return lost != nil && ageSince(lost.at) <= ns.log.opt.MaxAge
}
