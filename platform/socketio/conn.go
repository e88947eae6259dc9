package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"taskstack.org/platform/socketio/internal/parser"
	"taskstack.org/platform/socketio/internal/ws"
)

// processStart anchors now.
var processStart = time.Now()

// now is a monotonic clock in nanoseconds; it is never zero.
func now() int64 { return int64(time.Since(processStart)) + 1 }

// conn is one Engine.IO session with the Socket.IO client that speaks through
// it: over polling, over a WebSocket, or on its way from one to the other.
type conn struct {
	srv       *Server
	id        string
	eio       uint8           // 3 or 4
	base64    bool            // polled attachments go as text
	handshake handshake       // empty once the client is in, unless Options.KeepHandshake
	parent    context.Context // gives values to the events' contexts

	class      class
	limits     *Limits
	peer       *peer
	account    account
	credential uint64

	in      receiver
	doubled atomic.Bool // the client encodes polled text as UTF-8 twice, as clients 1.x do

	mu          sync.Mutex
	closed      bool   // nothing is taken from the client, nor queued for it, any more
	parted      bool   // closed, and off the server: the transport may be notified
	peerClose   int32  // code of the client's close frame, 0 if there was none
	kill        string // reason with which the next flush closes the connection
	scheduled   bool   // in a flusher's list
	flushing    bool   // a goroutine writes; it looks at the queue again when done
	draining    bool   // that goroutine is in drain, waiting for the client
	working     bool   // a worker goroutine runs
	awaitPong   bool
	queue       []*parser.Message
	queuedBytes int
	charged     int                // of queuedBytes, reserved because the client is not reading
	held        int                // reserved for what is arriving
	first       [4]*parser.Message // backs queue while it is short
	wc          *wsConn
	poll        *pollState // nil once the transport is a WebSocket
	inbox       []inboxItem
	inboxBytes  int
	paused      bool // nothing is read from the client, by the server's will
	pausedAt    int64
	asking      int           // acknowledgements that handlers wait for
	room        chan struct{} // closed when the inbox gets room or the conn ends
	sockets     []*Socket
	removed     []*Namespace // that the server has taken the client out of

	// While a message or event is incomplete: since when, and the bytes that
	// have come; 0 otherwise.
	arriving     int64
	arrivedBytes int
	soothed      int64 // when a client of Engine.IO 3 was last sent something for it

	// For the wheel; times of now.
	heard      int64 // last sign of life
	pinged     int64 // last ping sent (Engine.IO 4)
	lastEvent  int64
	closedAt   int64
	emptySince int64 // since when the conn is in no namespace; 0 if it is
	timer      wheelEntry
}

// inboxItem is something for the worker: a packet, or a socket that has left.
type inboxItem struct {
	kind  byte // of the packet; 0: left and reason are set
	ns    string
	query string          // CONNECT
	auth  json.RawMessage // CONNECT
	ack   int64           // EVENT
	ev    Event           // EVENT
	held  int             // bytes reserved until it was handled

	left   *Socket
	reason string
}

// context is the parent of the contexts of all events of the connection. It
// needs no goroutine and no entry in a parent: it ends with the server.
func (c *conn) context() context.Context { return eventContext{values: c.parent, srv: c.srv} }

// eventContext has the values of one context and the lifetime of the server.
type eventContext struct {
	values context.Context
	srv    *Server
}

func (e eventContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (e eventContext) Done() <-chan struct{}       { return e.srv.stopped.Done() }
func (e eventContext) Err() error                  { return e.srv.stopped.Err() }

// AfterFunc lets contexts derived from this one end with it without a
// goroutine each; see context.AfterFunc.
func (e eventContext) AfterFunc(f func()) (stop func() bool) {
	return context.AfterFunc(e.srv.stopped, f)
}

func (e eventContext) Value(key any) any {
	if e.values == nil {
		return nil
	}
	return e.values.Value(key)
}

// crowdedQueue is the length from which an emitter helps to write.
const crowdedQueue = 64

// put queues a message. It says whether the caller must see to it that the
// connection is flushed, and whether the queue is long although the client is
// not known to be slow.
func (c *conn) put(m *parser.Message, volatile bool) (flush, backlogged bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.putLocked(m, volatile)
}

// putLocked is put with c.mu held.
func (c *conn) putLocked(m *parser.Message, volatile bool) (flush, backlogged bool) {
	if c.closed || c.kill != "" {
		return false, false
	}
	if volatile && !c.writable() {
		c.srv.metrics.volatileDrops.Add(1)
		return false, false
	}
	size := m.Size()
	if c.overflows(size) {
		c.kill = ReasonQueueFull
		return c.schedule(), false
	}
	if c.queue == nil {
		c.queue = c.first[:0]
	}
	c.queue = append(c.queue, m)
	c.queuedBytes += size
	if !c.charge() {
		c.kill = ReasonQueueFull
		return c.schedule(), false
	}
	if c.draining {
		return false, false
	}
	return c.schedule(), c.poll == nil && len(c.queue) >= crowdedQueue && !c.flushing
}

// charge reserves, with c.mu held, what waits for a client that is not reading;
// what only waits for its turn to be written takes a moment. It says
// whether there was enough left.
func (c *conn) charge() bool {
	want := 0
	if c.poll != nil || c.draining {
		want = c.queuedBytes
	}
	if !c.account.reserve(want - c.charged) {
		return false
	}
	c.charged = want
	return true
}

func (c *conn) schedule() bool {
	if c.scheduled {
		return false
	}
	c.scheduled = true
	return true
}

// writable says whether a volatile message would go out at once.
func (c *conn) writable() bool {
	if c.poll != nil {
		return c.poll.waiter != nil && len(c.queue) == 0
	}
	return !c.draining && len(c.queue) == 0
}

// overflows says whether the queue of a client that is not reading would grow
// beyond its limits. A queue that only waits for its turn to be written is not
// the client's fault and is cut short by the emitter helping out; see send.
func (c *conn) overflows(size int) bool {
	if len(c.queue) == 0 || (c.poll == nil && !c.draining) {
		return false
	}
	return len(c.queue) >= c.limits.MaxQueuedMessages || c.queuedBytes+size > c.limits.MaxQueuedBytes
}

// send queues a message and writes it at once unless a flusher is about to.
func (c *conn) send(m *parser.Message, volatile bool) {
	if flush, backlogged := c.put(m, volatile); flush || backlogged {
		c.flushNow()
	}
}

// sendFor is send for a socket. It sends nothing, and returns false, once the
// socket is off the connection: what came after its DISCONNECT would be taken
// for the next socket of its namespace.
func (c *conn) sendFor(s *Socket, m *parser.Message, volatile bool) bool {
	c.mu.Lock()
	if s.off {
		c.mu.Unlock()
		return false
	}
	flush, backlogged := c.putLocked(m, volatile)
	c.mu.Unlock()
	if flush || backlogged {
		c.flushNow()
	}
	return true
}

// flushNow is flush for a caller that has no scratch at hand.
func (c *conn) flushNow() {
	f := c.srv.scratch.get()
	c.flush(f)
	c.srv.scratch.put(f)
}

// flush writes what is queued, without blocking; what the socket does not take
// is left to a drain goroutine.
func (c *conn) flush(f *scratch) {
	c.mu.Lock()
	c.scheduled = false
	if reason := c.kill; reason != "" {
		c.mu.Unlock()
		c.close(reason)
		return
	}
	if c.flushing || c.closed {
		c.mu.Unlock()
		return
	}
	if c.poll != nil {
		c.poll.answer(c)
		c.mu.Unlock()
		return
	}
	c.flushing = true
	c.flushLocked(f)
}

// flushLocked is called with c.mu held and c.flushing set; it releases both,
// the latter unless it starts a drain goroutine.
func (c *conn) flushLocked(f *scratch) {
	wc := c.wc
	for len(c.queue) > 0 {
		size := c.take(f)
		c.mu.Unlock()
		rest, err := wc.tryWrite(f, f.wire(wc.kind))
		c.srv.metrics.wrote(f.batch)
		c.mu.Lock()
		c.queuedBytes -= size
		if err != nil {
			c.flushing = false
			c.mu.Unlock()
			c.close(ReasonTransportError)
			wc.nc.Close()
			return
		}
		if len(rest) > 0 {
			c.draining = true
			c.queuedBytes += len(rest)
			if !c.charge() {
				c.flushing, c.draining = false, false
				c.mu.Unlock()
				c.close(ReasonQueueFull)
				wc.nc.Close()
				return
			}
			c.mu.Unlock()
			c.srv.tasks.begin()
			go c.drain(wc, slices.Clone(rest))
			return
		}
	}
	c.flushed(wc)
}

// flushed ends a writer's turn, with the queue empty and c.mu held, which it
// releases. The last message of a connection is a close frame; see part.
func (c *conn) flushed(wc *wsConn) {
	c.flushing, c.draining = false, false
	c.charge()
	last := c.parted
	c.mu.Unlock()
	if last {
		wc.endWriting()
	}
}

// maxBatch and maxMerged bound what is merged into one write, in messages and
// bytes.
const (
	maxBatch  = 256
	maxMerged = 256 << 10
)

// take moves messages from the queue to f.batch and gives their size.
func (c *conn) take(f *scratch) int {
	n, size := 0, 0
	for n < min(len(c.queue), maxBatch) && (n == 0 || size+c.queue[n].Size() <= maxMerged) {
		size += c.queue[n].Size()
		n++
	}
	f.batch = append(f.batch[:0], c.queue[:n]...)
	left := copy(c.queue, c.queue[n:])
	clear(c.queue[left:])
	c.queue = c.queue[:left]
	if left == 0 && cap(c.queue) > len(c.first) {
		c.queue = nil
	}
	return size
}

// drain writes to a client that does not read as fast as it is sent to. It
// lives until the queue is empty or the client has been given up.
func (c *conn) drain(wc *wsConn, rest []byte) {
	defer c.srv.tasks.end()
	f := c.srv.scratch.get()
	defer c.srv.scratch.put(f)
	for {
		if err := wc.write(rest, c.srv.opt.WriteTimeout); err != nil {
			c.mu.Lock()
			c.flushing, c.draining = false, false
			c.charge()
			c.mu.Unlock()
			c.close(writeFailure(err))
			wc.nc.Close()
			return
		}
		c.mu.Lock()
		c.queuedBytes -= len(rest)
		if len(c.queue) == 0 {
			c.flushed(wc)
			return
		}
		if c.parted && ageSince(c.closedAt) > c.srv.opt.WriteTimeout {
			c.flushing, c.draining = false, false
			c.charge()
			c.mu.Unlock()
			wc.nc.Close() // a client that leaves gets no more time than one that stays
			return
		}
		size := c.take(f)
		c.mu.Unlock()
		rest = f.wire(wc.kind)
		c.srv.metrics.wrote(f.batch)
		c.mu.Lock()
		c.queuedBytes += len(rest) - size
		c.charge() // at most some frames' headers more
		c.mu.Unlock()
	}
}

// close ends the connection, once. The client is notified when everything of the
// connection is off the server, so that what it does next, such as connecting
// again, meets nothing of it. close must not be called with a namespace locked.
func (c *conn) close(reason string) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed, c.closedAt = true, now()
	if !delivers(reason) {
		c.dropQueue()
	}
	if c.poll != nil && c.poll.upgrading != nil {
		c.poll.endUpgrade(reason)
	}
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
	c.account.reserve(-c.held)
	c.held = 0
	c.mu.Unlock()

	for _, s := range c.members() {
		s.leave(reason, false)
	}
	c.srv.forget(c, reason)
	c.part(reason)
}

// dropQueue is called with c.mu held.
func (c *conn) dropQueue() {
	for _, m := range c.queue {
		c.queuedBytes -= m.Size() // what is being written stays
	}
	clear(c.queue)
	c.queue = nil
	c.charge()
}

// part is the transport's share of close.
func (c *conn) part(reason string) {
	if c.poll != nil { // no upgrade completes after close
		c.partPolling(reason)
		return
	}
	c.srv.release(c.peer, c.class)
	c.mu.Lock()
	c.parted = true
	if abrupt(reason) {
		c.mu.Unlock()
		c.wc.nc.Close()
		return
	}
	frame := c.closeFrame(reason)
	c.queue = append(c.queue, &parser.Message{Frame: frame, Payload: frame})
	c.queuedBytes += len(frame)
	if c.flushing {
		c.mu.Unlock() // the writer at work writes this too
		return
	}
	c.flushing = true
	f := c.srv.scratch.get()
	c.flushLocked(f)
	c.srv.scratch.put(f)
}

// closeFrame answers the client's close frame, or begins the closing handshake.
func (c *conn) closeFrame(reason string) []byte {
	switch c.peerClose {
	case 0:
		return ws.CloseFrame(closeCode(reason))
	case ws.CloseNoStatus:
		return ws.AppendHeader(nil, ws.OpClose, 0)
	default:
		return ws.CloseFrame(int(c.peerClose))
	}
}

// delivers says whether a connection that ends for this reason still gets what
// was emitted before.
func delivers(reason string) bool {
	switch reason {
	case ReasonForced, ReasonShutdown, ReasonIdle, ReasonConnectTimeout:
		return true
	default:
		return false
	}
}

// abrupt says whether the client can no longer be notified that its connection ends.
func abrupt(reason string) bool {
	switch reason {
	case ReasonTransportError, ReasonQueueFull, ReasonWriteTimeout:
		return true
	default:
		return false
	}
}

// members is a snapshot of the sockets on this connection.
func (c *conn) members() []*Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sockets)
}

// socket finds the connection's socket in a namespace.
func (c *conn) socket(ns string) *Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sockets {
		if s.ns.name == ns {
			return s
		}
	}
	return nil
}

// errClosed informs a reader that its connection has ended meanwhile.
var errClosed = errors.New("socketio: connection closed")

// deliver hands a packet to the worker and waits while too many are pending.
func (c *conn) deliver(item inboxItem, done <-chan struct{}) error {
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return errClosed
		}
		if c.takes(item) {
			err := c.handOver(&item)
			if err == nil {
				c.post(item)
			}
			c.resume()
			c.mu.Unlock()
			return err
		}
		room := c.suspend()
		c.mu.Unlock()
		select {
		case <-room:
		case <-done:
			return errClosed
		}
	}
}

// takes says, with c.mu held, whether the inbox has room. An acknowledgement
// that a handler waits for may be behind any number of events, so then only
// bytes are bounded.
func (c *conn) takes(item inboxItem) bool {
	if len(c.inbox) == 0 {
		return true
	}
	return (len(c.inbox) < c.limits.MaxPendingEvents || c.asking > 0) && c.inboxBytes+item.ev.Size <= c.limits.MaxPayload
}

// suspend is called with c.mu held when the reader has to wait. It gives what
// is closed at the next change.
func (c *conn) suspend() <-chan struct{} {
	if !c.paused {
		c.paused, c.pausedAt = true, now()
		if c.eio == 3 { // see heartbeat
			c.srv.wheel.add(c, now()+int64(c.srv.opt.PingInterval))
		}
	}
	return c.roomSignal()
}

// resume is called with c.mu held when reading goes on. A client that was not
// read from has not been silent.
func (c *conn) resume() {
	if c.paused {
		c.paused, c.heard = false, now()
		if c.arriving != 0 { // nor slow
			c.arriving += c.heard - c.pausedAt
		}
	}
}

// itemSize is what an item costs in the inbox beside its packet.
const itemSize = 512

// handOver turns, with c.mu held, what was reserved for an item while it
// arrived into what is reserved while it waits to be handled.
func (c *conn) handOver(item *inboxItem) error {
	item.held = item.ev.Size + len(item.auth) + itemSize
	taken := min(c.held, item.held)
	if !c.account.reserve(item.held - taken) {
		return errBudget
	}
	c.held -= taken
	c.in.held -= taken
	return nil
}

// roomSignal, called with c.mu held, is closed at the next change.
func (c *conn) roomSignal() <-chan struct{} {
	if c.room == nil {
		c.room = make(chan struct{})
	}
	return c.room
}

// post adds to the inbox, with c.mu held, and starts a worker if none runs.
func (c *conn) post(item inboxItem) {
	c.inbox = append(c.inbox, item)
	c.inboxBytes += item.ev.Size
	if !c.working {
		c.working = true
		c.srv.tasks.begin()
		go c.work()
	}
}

// work handles what is in the inbox, one after the other, and ends.
func (c *conn) work() {
	defer c.srv.tasks.end()
	for {
		c.mu.Lock()
		if len(c.inbox) == 0 {
			c.inbox = nil
			c.working = false
			c.mu.Unlock()
			return
		}
		item := c.inbox[0]
		c.inboxBytes -= item.ev.Size
		c.inbox[0] = inboxItem{}
		c.inbox = c.inbox[1:]
		if c.room != nil {
			close(c.room)
			c.room = nil
		}
		c.mu.Unlock()
		c.handle(item)
		c.account.reserve(-item.held)
	}
}

func (c *conn) handle(item inboxItem) {
	switch item.kind {
	case parser.KindConnect:
		c.connect(item)
	case parser.KindDisconnect:
		if s := c.socket(item.ns); s != nil {
			s.leave(ReasonClient, false)
		}
	case parser.KindEvent:
		switch s := c.socket(item.ns); {
		case s != nil:
			s.receive(item)
		case c.wasRemoved(item.ns): // it was on its way
		default:
			c.close(ReasonProtocol)
		}
	default:
		item.left.finish(item.reason)
	}
}

// wasRemoved says whether the server has taken the client out of a namespace,
// for which packets may come until the client has received the DISCONNECT.
func (c *conn) wasRemoved(ns string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.removed, func(n *Namespace) bool { return n.name == ns })
}
