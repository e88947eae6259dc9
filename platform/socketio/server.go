package socketio

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/socketio/internal/parser"
)

// Server serves Socket.IO on one path. It is an http.Handler.
type Server struct {
	opt     Options
	static  staticMessages
	metrics metrics
	refused refusalLog
	warned  sync.Map // namespaces and events that checkAttachments has warned about

	stopped context.Context // ended by Close, or by Drain when its time is up
	stop    context.CancelFunc
	tasks   tasks
	wheel   *wheel

	buffered [3]*budget // of each class of connections, and of all

	flushers []*flusher
	seed     maphash.Seed
	scratch  scratchPool
	buffers  bufferPool

	mu         sync.RWMutex
	namespaces map[string]*Namespace
	conns      map[string]*conn
	parting    map[string]*conn // closed, with a last batch to be fetched; see keepLast
	addresses  map[string]*address
	openConns  [2]int // connections of each class
	draining   bool
}

// staticMessages are packets that never change.
type staticMessages struct{ ping, noop, close *parser.Message }

// New makes a server. It runs a goroutine for heartbeats until Close.
func New(opt Options) (*Server, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	stopped, stop := context.WithCancel(context.Background())
	srv := &Server{
		opt: opt, stopped: stopped, stop: stop, seed: maphash.MakeSeed(),
		static: staticMessages{
			ping: parser.EnginePacket("2"), noop: parser.EnginePacket("6"), close: parser.EnginePacket("1"),
		},
		namespaces: make(map[string]*Namespace),
		conns:      make(map[string]*conn),
		parting:    make(map[string]*conn),
		addresses:  make(map[string]*address),
	}
	srv.buffered = [3]*budget{
		{limit: int64(opt.Limits.Buffered)}, {limit: int64(opt.Untrusted.Buffered)}, {limit: int64(opt.Limits.Buffered)},
	}
	for range runtime.GOMAXPROCS(0) {
		srv.flushers = append(srv.flushers, &flusher{srv: srv})
	}
	srv.wheel = newWheel(tickOf(opt), srv.visit)
	srv.Of("/")
	if opt.Adapter != nil {
		if err := opt.Adapter.Attach(srv); err != nil {
			stop()
			return nil, fmt.Errorf("socketio: adapter: %w", err)
		}
	}
	srv.tasks.begin()
	go func() {
		defer srv.tasks.end()
		srv.wheel.run(stopped, srv.sweep)
	}()
	return srv, nil
}

// tickOf is how exactly the shortest deadline is kept: to a tenth or better.
func tickOf(o Options) time.Duration {
	shortest := min(o.PingInterval, o.PingTimeout, o.ConnectTimeout)
	return min(max(shortest/32, 5*time.Millisecond), 250*time.Millisecond)
}

// Of gives the namespace of a name, such as "/project", making it if needed.
func (srv *Server) Of(name string) *Namespace {
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	ns := srv.namespaces[name]
	if ns == nil {
		ns = &Namespace{
			srv: srv, name: name, handlers: make(map[string]handler),
			sockets: make(map[string]*Socket), rooms: make(map[string]*room),
		}
		if srv.opt.Recovery.MaxAge > 0 {
			ns.log = newEventLog(srv.opt.Recovery)
		}
		srv.namespaces[name] = ns
	}
	return ns
}

func (srv *Server) lookup(name string) *Namespace {
	srv.mu.RLock()
	defer srv.mu.RUnlock()
	return srv.namespaces[name]
}

func (srv *Server) publish(cmd Command) error {
	if srv.opt.Adapter == nil {
		return nil
	}
	return srv.opt.Adapter.Publish(srv.stopped, cmd)
}

// ServeHTTP answers handshakes, polls, posts and WebSocket upgrades.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.TrimSuffix(r.URL.Path, "/") != strings.TrimSuffix(srv.opt.Path, "/") {
		http.NotFound(w, r)
		return
	}
	if !srv.allowOrigin(w, r) {
		srv.refuse(w, r, refusal{http.StatusForbidden, 4, "Forbidden", "origin"})
		return
	}
	if r.ContentLength != 0 && !srv.boundBody(w, r) {
		return
	}
	if r.Method == http.MethodOptions {
		h := w.Header()
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Add("Vary", "Access-Control-Request-Headers")
		headers := r.Header.Get("Access-Control-Request-Headers")
		if headers == "" {
			headers = "Content-Type"
		}
		// The origin may be foreign, but CheckOrigin has allowed it; which
		// headers it adds is between the program and its clients.
		h.Set("Access-Control-Allow-Headers", headers)
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	q := r.URL.Query()
	if q.Has("j") {
		r = withoutCredentials(r)
	}
	eio, transport, sid := q.Get("EIO"), q.Get("transport"), q.Get("sid")
	switch {
	case eio != "3" && eio != "4":
		srv.refuse(w, r, refusal{http.StatusBadRequest, 5, "Unsupported protocol version", "protocol version"})
	case transport != "polling" && (transport != "websocket" || srv.opt.PollingOnly):
		srv.refuse(w, r, refusal{http.StatusBadRequest, 0, "Transport unknown", "transport"})
	case !isDigits(q.Get("j")):
		srv.refuse(w, r, badRequest)
	case sid == "":
		srv.open(w, r, eio[0]-'0', transport == "websocket")
	default:
		srv.serveSession(w, r, sid, eio[0]-'0', transport == "websocket")
	}
}

// boundBody refuses a body where none is expected, and gives one that is not
// read, because its request is refused, a time by which it must have ended.
func (srv *Server) boundBody(w http.ResponseWriter, r *http.Request) bool {
	// Where no deadline can be set, none applies.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(srv.opt.Untrusted.BodyTimeout))
	if r.Method == http.MethodPost {
		return true
	}
	w.Header().Set("Connection", "close")
	srv.refuse(w, r, refusal{http.StatusBadRequest, 3, "Bad request", "body"})
	return false
}

// withoutCredentials is a request without what a browser adds by itself. A page
// of another origin can load a script from here in its visitor's name, and the
// answer to a JSONP client is one.
func withoutCredentials(r *http.Request) *http.Request {
	r = r.WithContext(r.Context())
	r.Header = r.Header.Clone()
	r.Header.Del("Cookie")
	r.Header.Del("Authorization")
	return r
}

// allowOrigin checks the Origin header and answers it with CORS headers. A
// request without one must not come from another site or origin, as far as the
// browser says where it comes from.
func (srv *Server) allowOrigin(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	w.Header().Add("Vary", "Origin")
	if !srv.opt.CheckOrigin(r) {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	return true
}

func isDigits(s string) bool {
	return len(s) < 10 && strings.Trim(s, "0123456789") == ""
}

// serveSession handles a request that names its session.
func (srv *Server) serveSession(w http.ResponseWriter, r *http.Request, sid string, eio uint8, websocket bool) {
	srv.mu.RLock()
	c := srv.conns[sid]
	srv.mu.RUnlock()
	// Whether the session exists is no business of others.
	if c == nil || c.eio != eio || c.credential != srv.credentialOf(r) {
		if websocket || !srv.serveParting(w, r, sid, eio) {
			srv.refuse(w, r, sessionUnknown)
		}
		return
	}
	srv.visit(c, now()) // it may be overdue, though the wheel has not come by
	if c.wait(c.peer.take(1, 0, c.limits), r.Context().Done()) != nil {
		srv.refuse(w, r, sessionUnknown)
		return
	}
	switch {
	case websocket:
		srv.serveUpgrade(w, r, c)
	case r.Method == http.MethodGet:
		c.servePoll(w, r)
	case r.Method == http.MethodPost:
		c.serveData(w, r)
	default:
		srv.refuse(w, r, badRequest)
	}
}

// open makes a session.
func (srv *Server) open(w http.ResponseWriter, r *http.Request, eio uint8, websocket bool) {
	if r.Method != http.MethodGet {
		srv.refuse(w, r, refusal{http.StatusBadRequest, 2, "Bad handshake method", "method"})
		return
	}
	key := netaddr.Key(srv.opt.ClientAddr(r))
	if ref := srv.admit(key); ref != nil {
		w.Header().Set("Retry-After", "5")
		srv.refuse(w, r, *ref)
		return
	}
	parent, err := srv.allowed(r)
	if err != nil {
		srv.refuseWith(w, r, err)
		return
	}
	class := trusted
	if srv.opt.Trusted != nil && !srv.opt.Trusted(parent) {
		class = untrusted
	}
	peer, ref := srv.enlist(key, class)
	if ref != nil {
		w.Header().Set("Retry-After", "5")
		srv.refuse(w, r, *ref)
		return
	}
	var wc *wsConn
	if websocket {
		var ok bool
		if wc, ok = srv.upgradeWebSocket(w, r, srv.limits(class), eio); !ok {
			srv.release(peer, class)
			return
		}
	}
	c := srv.newConn(r, eio, peer, class, parent)
	if wc != nil {
		c.wc = wc
	} else {
		c.poll = new(pollState)
	}
	if !srv.remember(c) {
		if wc != nil {
			c.close(ReasonShutdown)
			wc.nc.Close()
			return
		}
		srv.release(peer, class)
		srv.refuse(w, r, shuttingDown)
		return
	}
	c.start(w, r)
}

// allowed asks AllowRequest and cuts its context off from the request's end.
func (srv *Server) allowed(r *http.Request) (ctx context.Context, err error) {
	if srv.opt.AllowRequest == nil {
		return nil, nil // no values is a valid answer
	}
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v}
			srv.opt.Logger.ErrorContext(r.Context(), "socket handshake panicked", "panic", fmt.Sprint(v))
		}
	}()
	ctx, err = srv.opt.AllowRequest(r)
	if ctx != nil {
		ctx = context.WithoutCancel(ctx)
	}
	return ctx, err
}

func (srv *Server) newConn(r *http.Request, eio uint8, peer *peer, class class, parent context.Context) *conn {
	t := now()
	return &conn{
		srv: srv, id: newID(), eio: eio, base64: wantsBase64(r), peer: peer, class: class, limits: srv.limits(class), parent: parent,
		credential: srv.credentialOf(r), account: account{&peer.buffered, srv.buffered[class], srv.buffered[2]},
		handshake: newHandshake(r), heard: t, pinged: t, lastEvent: t, emptySince: t,
	}
}

// limits are those of a class of connections.
func (srv *Server) limits(c class) *Limits {
	if c == untrusted {
		return &srv.opt.Untrusted
	}
	return &srv.opt.Limits
}

// credentialOf is a fingerprint of the credential that a request carries.
func (srv *Server) credentialOf(r *http.Request) uint64 {
	if srv.opt.Credential == nil {
		return 0
	}
	return maphash.String(srv.seed, srv.opt.Credential(r))
}

// wantsBase64 says whether a request opens a transport that takes text only.
func wantsBase64(r *http.Request) bool { return r.URL.Query().Get("b64") != "" }

// newID makes 128 random bits, as 32 hexadecimal digits.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// start sends the OPEN packet, lets clients of Engine.IO 3 into the main
// namespace, which they do not ask for, and begins to read.
func (c *conn) start(w http.ResponseWriter, r *http.Request) {
	srv := c.srv
	c.mu.Lock()
	// What follows is queued and leaves in one answer.
	c.flushing, c.working = true, true
	c.queue = append(c.first[:0], srv.openMessage(c))
	waiter := make(chan []*parser.Message, 1)
	if c.poll != nil {
		c.poll.waiter = waiter
	}
	c.mu.Unlock()
	srv.tasks.begin()
	if c.eio == 3 {
		c.connect(inboxItem{kind: parser.KindConnect, ns: "/"})
	}
	if c.poll != nil {
		c.mu.Lock()
		c.flushing, c.scheduled = false, false
		if !c.closed {
			c.poll.answer(c)
		}
		c.mu.Unlock()
		c.writePoll(w, r, <-waiter)
		c.endStart()
		return
	}
	f := srv.scratch.get()
	c.mu.Lock()
	c.scheduled = false
	c.flushLocked(f)
	srv.scratch.put(f)
	srv.tasks.begin()
	go c.readLoop(c.wc)
	c.endStart()
}

// endStart leaves to a worker of its own what came up meanwhile, so that the
// request ends.
func (c *conn) endStart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.inbox) > 0 {
		go c.work()
		return
	}
	c.working = false
	c.srv.tasks.end()
}

// openMessage is the Engine.IO handshake.
func (srv *Server) openMessage(c *conn) *parser.Message {
	open := struct {
		SID          string   `json:"sid"`
		Upgrades     []string `json:"upgrades"`
		PingInterval int64    `json:"pingInterval"`
		PingTimeout  int64    `json:"pingTimeout"`
		MaxPayload   int      `json:"maxPayload"`
	}{c.id, []string{}, srv.opt.PingInterval.Milliseconds(), srv.opt.PingTimeout.Milliseconds(), c.limits.MaxPayload}
	if c.poll != nil && !srv.opt.PollingOnly {
		open.Upgrades = []string{"websocket"}
	}
	text, err := json.Marshal(open)
	if err != nil { // it consists of strings and numbers
		text = []byte("{}")
	}
	return parser.EnginePacket("0" + string(text))
}

// remember makes the session known, unless the server is draining.
func (srv *Server) remember(c *conn) bool {
	srv.mu.Lock()
	if srv.draining {
		srv.mu.Unlock()
		return false
	}
	srv.conns[c.id] = c
	srv.mu.Unlock()
	srv.metrics.opened(c)
	c.mu.Lock()
	next, _, _ := c.deadlines(now())
	c.mu.Unlock()
	srv.wheel.add(c, next)
	return true
}

// unlist ends that a session can be found.
func (srv *Server) unlist(c *conn) {
	srv.mu.Lock()
	delete(srv.conns, c.id)
	srv.mu.Unlock()
}

// forget is called once for every session that ends. The address gets its
// share back from release, and one on polling is unlisted, once its transport
// is done with.
func (srv *Server) forget(c *conn, reason string) {
	srv.wheel.remove(c)
	srv.mu.Lock()
	_, known := srv.conns[c.id]
	if c.poll == nil {
		delete(srv.conns, c.id)
	}
	srv.mu.Unlock()
	if known {
		srv.metrics.closed(c, reason)
	}
	switch reason {
	case ReasonTooLarge, ReasonTooSlow, ReasonBudget, ReasonQueueFull, ReasonWriteTimeout:
		srv.metrics.refusals.add(reason)
	}
}

// visit closes a connection that is overdue, sends a ping if one is due, and
// gives the time of the next visit; zero means that the connection has ended.
func (srv *Server) visit(c *conn, t int64) int64 {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return 0
	}
	next, ping, reason := c.deadlines(t)
	soothe := false
	if c.arriving != 0 && c.eio == 3 {
		soothe = c.soothe(t)
		next = min(next, c.soothed+int64(srv.opt.PingInterval))
	}
	c.mu.Unlock()
	if reason != "" {
		c.close(reason)
		return 0
	}
	switch {
	case ping && c.eio == 3:
		c.send(srv.static.noop, false)
	case ping:
		c.send(srv.static.ping, false)
	}
	if soothe {
		c.send(srv.static.noop, false)
	}
	return next
}

// soothe, called with c.mu held, says whether a client that is busy with a long
// message must be sent something. One of Engine.IO 3 gives its connection up
// when it gets nothing for long after a ping, which may be stuck behind the
// message.
func (c *conn) soothe(t int64) bool {
	if t < c.soothed+int64(c.srv.opt.PingInterval) {
		return false
	}
	c.soothed = t
	return true
}

// deadlines, called with c.mu held, gives the time of the earliest deadline,
// whether a ping is due, and why the connection must end, if it must.
func (c *conn) deadlines(t int64) (next int64, ping bool, reason string) {
	next, ping, reason = c.heartbeat(t)
	limit := func(since int64, timeout time.Duration, why string) {
		end := since + int64(timeout)
		next = min(next, end)
		if t >= end && reason == "" {
			reason = why
		}
	}
	if c.arriving != 0 && !c.paused {
		end := c.arrivalEnd()
		next = min(next, end)
		if t >= end && reason == "" {
			reason = ReasonTooSlow
		}
	}
	if c.emptySince != 0 {
		limit(c.emptySince, c.srv.opt.ConnectTimeout, ReasonConnectTimeout)
	}
	if c.srv.opt.IdleTimeout > 0 {
		limit(c.lastEvent, c.srv.opt.IdleTimeout, ReasonIdle)
	}
	return next, ping, reason
}

// heartbeat is the part of deadlines that concerns pings and pongs.
func (c *conn) heartbeat(t int64) (next int64, ping bool, reason string) {
	interval, timeout := int64(c.srv.opt.PingInterval), int64(c.srv.opt.PingTimeout)
	heard := c.heard
	if c.paused {
		heard = t
	}
	switch {
	case c.eio == 3 && c.paused: // its pings are not read, but it must get something
		if t < c.pinged+interval {
			return c.pinged + interval, false, ""
		}
		c.pinged = t
		return t + interval, true, ""
	case c.eio == 3: // the client pings
		next = heard + interval + timeout
	case c.awaitPong && heard <= c.pinged:
		next = c.pinged + timeout
	case c.awaitPong: // it is alive, though busy with sending; maybe it only waits for pings
		next = heard + timeout
		if again := c.pinged + interval; t < next && t >= again {
			c.pinged = t
			return t + min(timeout, interval), true, ""
		} else if t < again {
			return min(next, again), false, ""
		}
	default:
		due := c.pinged + interval
		if t < due {
			return due, false, ""
		}
		// The wheel comes by up to two ticks late. That must not add up, nor
		// move the deadline of the answer. What is later than that is no
		// client's fault.
		if t-due > 2*int64(c.srv.wheel.tick) {
			due = t
		}
		c.awaitPong, c.pinged = true, due
		return due + min(timeout, interval), true, ""
	}
	if t >= next {
		reason = ReasonPingTimeout
	}
	return next, false, reason
}

// serveUpgrade lets a WebSocket take over a polling session, once.
func (srv *Server) serveUpgrade(w http.ResponseWriter, r *http.Request, c *conn) {
	c.mu.Lock()
	closed := c.closed
	ok := !closed && c.poll != nil && !c.poll.claimed
	if ok {
		c.poll.claimed = true
	}
	c.mu.Unlock()
	if closed {
		srv.refuse(w, r, sessionUnknown)
		return
	}
	wc, opened := srv.upgradeWebSocket(w, r, c.limits, c.eio)
	if !ok {
		srv.metrics.refusals.add("upgrade replayed")
		if opened {
			wc.turnAway()
		}
		return
	}
	ok = opened
	c.mu.Lock()
	ok = ok && !c.closed && c.poll != nil
	if c.poll != nil {
		c.poll.claimed, c.poll.upgrading = ok, wc
	}
	c.mu.Unlock()
	if !ok {
		if wc != nil {
			wc.nc.Close()
		}
		return
	}
	srv.tasks.begin()
	go c.upgrade(wc)
}

// Drain refuses new connections, asks all clients to reconnect (to
// another server, if the balancer knows), and waits for the handlers that run
// until ctx ends, whose error it then returns. Close ends their contexts.
func (srv *Server) Drain(ctx context.Context) error { return srv.DrainOver(ctx, 0) }

// DrainOver is Drain for a server beside others, which cannot take all clients at
// once: they are sent away evenly over a time, and are served until it is their
// turn. What ctx leaves no time for is sent away at once.
func (srv *Server) DrainOver(ctx context.Context, over time.Duration) error {
	srv.mu.Lock()
	srv.draining = true
	conns := make([]*conn, 0, len(srv.conns))
	for _, c := range srv.conns {
		conns = append(conns, c)
	}
	srv.mu.Unlock()
	begun := time.Now()
	for i, c := range conns { // in the random order of the map
		sleep(ctx, time.Until(begun.Add(leavesAt(i, len(conns), over))))
		c.close(ReasonShutdown)
	}
	// The goroutine of the wheel is all that may remain.
	return srv.tasks.wait(ctx, 1)
}

// Resume lets clients connect again after DrainOver. It has no effect on a server that
// is closed.
func (srv *Server) Resume() {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	srv.draining = false
}

// leavesAt is when the i-th of n clients is sent away.
func leavesAt(i, n int, over time.Duration) time.Duration {
	return time.Duration(int64(over) / int64(n) * int64(i))
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Close drains the server and releases everything it holds. It returns ctx's
// error if handlers had not ended by then.
func (srv *Server) Close(ctx context.Context) error {
	err := srv.Drain(ctx)
	srv.stop()
	if err == nil {
		err = srv.tasks.wait(ctx, 0)
	}
	if srv.opt.Adapter != nil {
		err = errors.Join(err, srv.opt.Adapter.Close(ctx))
	}
	return err
}

// tasks counts the goroutines of a server.
type tasks struct {
	mu      sync.Mutex
	n       int
	changed chan struct{} // closed when n falls, made by who waits
}

func (t *tasks) begin() {
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

func (t *tasks) end() {
	t.mu.Lock()
	t.n--
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
	t.mu.Unlock()
}

// wait waits until no more than n run.
func (t *tasks) wait(ctx context.Context, n int) error {
	for {
		t.mu.Lock()
		if t.n <= n {
			t.mu.Unlock()
			return nil
		}
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
