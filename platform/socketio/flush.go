package socketio

import (
	"slices"
	"sync"

	"taskstack.org/platform/socketio/internal/parser"
)

// flusher writes what broadcasts have queued. Everything broadcast to a room
// goes through the same flusher, which passes over the connections one after
// the other. What is broadcast during a pass piles up in the queues and is
// written, merged, by the next pass or by the rest of this one: under load the
// number of writes, which is nearly all that a broadcast costs, stays behind
// the number of messages. Its goroutine lives only while there is work.
type flusher struct {
	srv     *Server
	mu      sync.Mutex
	dirty   []*conn
	spare   []*conn
	running bool
}

// add is called with f.mu held.
func (f *flusher) add(c *conn) { f.dirty = append(f.dirty, c) }

// start is called with f.mu held, after adding.
func (f *flusher) start() {
	if f.running || len(f.dirty) == 0 {
		return
	}
	f.running = true
	f.srv.tasks.begin()
	go f.run()
}

func (f *flusher) run() {
	defer f.srv.tasks.end()
	s := f.srv.scratch.get()
	defer f.srv.scratch.put(s)
	for {
		f.mu.Lock()
		pass := f.dirty
		if len(pass) == 0 {
			f.running = false
			f.dirty = trimmed(f.dirty)
			f.spare = trimmed(f.spare)
			f.mu.Unlock()
			return
		}
		f.dirty, f.spare = f.spare[:0], nil
		f.mu.Unlock()
		for _, c := range pass {
			c.flush(s)
		}
		clear(pass)
		f.spare = pass[:0]
	}
}

// trimmed gives up the memory of a list that a huge room has left behind.
func trimmed(list []*conn) []*conn {
	if cap(list) > 4096 {
		return nil
	}
	return list[:0]
}

// scratch is what a goroutine that flushes needs; it is reused by the next.
type scratch struct {
	batch  []*parser.Message
	last   []*parser.Message // what merged holds
	lastAs parser.Encoding
	merged []byte
	raw    rawWriter
}

// wire gives the bytes of the batch, merged if it has several messages. The
// members of a room mostly have the same messages waiting: the merged bytes of
// one serve the next. The result is valid until the next call.
func (s *scratch) wire(kind parser.Encoding) []byte {
	if len(s.batch) == 1 {
		return s.batch[0].Bytes(kind)
	}
	if kind == s.lastAs && slices.Equal(s.batch, s.last) {
		return s.merged
	}
	s.merged = s.merged[:0]
	for _, m := range s.batch {
		s.merged = append(s.merged, m.Bytes(kind)...)
	}
	s.last, s.lastAs = append(s.last[:0], s.batch...), kind
	return s.merged
}

// scratchPool recycles scratches; it is a type so that nothing needs asserting.
type scratchPool struct{ pool sync.Pool }

func (p *scratchPool) get() *scratch {
	if s, ok := p.pool.Get().(*scratch); ok {
		return s
	}
	s := new(scratch)
	s.raw.init()
	return s
}

// maxScratch is the merged buffer worth keeping.
const maxScratch = 256 << 10

func (p *scratchPool) put(s *scratch) {
	// Messages must not be kept alive, nor compared with later ones that
	// happen to get their address.
	clear(s.batch)
	clear(s.last)
	s.batch, s.last, s.lastAs = s.batch[:0], s.last[:0], parser.Encoding{}
	if cap(s.merged) > maxScratch {
		s.merged = nil
	}
	p.pool.Put(s)
}
