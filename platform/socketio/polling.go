package socketio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/socketio/internal/parser"
)

// pollState is the part of a connection that exists while its transport is
// polling. It is guarded by the connection's mutex.
type pollState struct {
	waiter    chan []*parser.Message // of the GET that waits, with room for one answer
	posting   bool                   // a POST is being handled
	upgrading *wsConn                // the WebSocket that has asked to take over
	claimed   bool                   // an upgrade has begun
	probed    bool                   // its probe has been answered
	released  bool                   // a GET has been answered since the probe

	// Of a closed session, for one more GET; see Server.keepLast.
	last     []*parser.Message
	kept     int // bytes reserved for it
	expiry   *time.Timer
	draining bool          // the server waits for that GET
	parting  chan struct{} // closed when last is kept; nil unless the upgrade may announce the end
	code     int           // of the close frame in that case
}

// endUpgrade is called with the connection's mutex held, when the session ends
// during an upgrade. A client whose probe has been answered has stopped polling
// and must not lose both transports at once, which it would not notice: it gets
// a moment to complete the upgrade, and is notified by the WebSocket.
func (p *pollState) endUpgrade(reason string) {
	if !p.probed || reason == ReasonTransportClose || abrupt(reason) ||
		p.upgrading.nc.SetReadDeadline(time.Now().Add(closeWait)) != nil {
		p.upgrading.nc.Close() // does not wait
		return
	}
	p.parting, p.code = make(chan struct{}), closeCode(reason)
}

// answer gives everything queued to the GET that waits, if there are both.
func (p *pollState) answer(c *conn) {
	if p.waiter == nil {
		return
	}
	if len(c.queue) == 0 {
		return
	}
	batch := append([]*parser.Message(nil), c.queue...)
	c.queue, c.queuedBytes = nil, 0
	c.charge()
	p.release(batch)
}

func (p *pollState) release(batch []*parser.Message) {
	p.waiter <- batch
	p.waiter = nil
	p.released = p.probed
}

// partPolling is part for polling: what is queued and a close packet go to the
// GET that waits, or are kept for the next one.
func (c *conn) partPolling(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parted = true
	final := c.srv.static.close
	if reason == ReasonTransportClose {
		final = c.srv.static.noop
	}
	last := append(append([]*parser.Message(nil), c.queue...), final)
	keep := c.poll.waiter == nil && (c.poll.parting != nil || delivers(reason) && (len(c.queue) > 0 || reason == ReasonForced))
	if c.poll.parting != nil {
		defer close(c.poll.parting)
	}
	if keep {
		c.srv.keepLast(c, last)
		return
	}
	c.srv.unlist(c)
	c.srv.release(c.peer, c.class)
	if c.poll.waiter != nil {
		c.poll.release(last)
	}
	c.dropQueue()
}

// lastWait is how long the last batch of a closed session is kept.
const lastWait = 30 * time.Second

// keepLast keeps the last batch of a session for one more GET. A server that
// drains waits for that GET, for a moment. It is called with the connection's
// mutex held: whichever moment a request comes in, it finds the session open,
// closing, or kept.
func (srv *Server) keepLast(c *conn, last []*parser.Message) {
	c.poll.kept, c.charged = c.charged, 0
	c.queue, c.queuedBytes = nil, 0
	srv.mu.Lock()
	defer srv.mu.Unlock()
	wait, draining := lastWait, srv.draining
	if draining {
		wait = closeWait
	}
	c.poll.last = last
	c.poll.expiry = time.AfterFunc(wait, func() { srv.takeLast(c.id) })
	if c.poll.draining = draining; draining {
		srv.tasks.begin()
	}
	srv.parting[c.id] = c
	delete(srv.conns, c.id)
}

// takeLast forgets a closed session whose last batch is kept, and gives it;
// nil if there is none.
func (srv *Server) takeLast(id string) *conn {
	srv.mu.Lock()
	c := srv.parting[id]
	delete(srv.parting, id)
	srv.mu.Unlock()
	if c == nil {
		return nil
	}
	c.poll.expiry.Stop()
	srv.release(c.peer, c.class)
	c.account.reserve(-c.poll.kept)
	if c.poll.draining {
		srv.tasks.end()
	}
	return c
}

// serveParting answers requests of a session that is closed and has a last
// batch: the next GET gets it, and what is posted until then is not looked at.
// It says whether it has answered.
func (srv *Server) serveParting(w http.ResponseWriter, r *http.Request, sid string, eio uint8) bool {
	srv.mu.RLock()
	c := srv.parting[sid]
	srv.mu.RUnlock()
	switch {
	case c == nil || c.eio != eio || c.credential != srv.credentialOf(r):
		return false
	case r.Method == http.MethodPost:
		posted(w)
		return true
	case r.Method != http.MethodGet || srv.takeLast(sid) == nil:
		return false
	}
	c.writePoll(w, r, c.poll.last)
	return true
}

// A GET that comes when the probe has been answered is held for a moment: the
// client may have sent the packet that completes the upgrade already, and then
// the GET is refused. It ends with a noop, for the client that was sending it
// while the probe was answered, and stops polling then; the next ones are held
// longer, so that a client that never completes its upgrade does not spin.
const (
	firstNoopPause = 25 * time.Millisecond
	noopPause      = 100 * time.Millisecond
)

// servePoll answers a GET with what is queued, or waits for something.
func (c *conn) servePoll(w http.ResponseWriter, r *http.Request) {
	// A poll outlives the timeouts that a server has for ordinary requests.
	// Where no deadline can be set, none applies.
	ctl := http.NewResponseController(w)
	_ = ctl.SetWriteDeadline(time.Time{})
	_ = ctl.SetReadDeadline(time.Time{})
	waiter := make(chan []*parser.Message, 1)
	c.mu.Lock()
	if c.parted || c.poll == nil {
		c.mu.Unlock()
		c.refuseEnded(w, r)
		return
	}
	if c.poll.waiter != nil {
		c.mu.Unlock()
		c.close(ReasonProtocol)
		c.srv.refuse(w, r, badRequest)
		return
	}
	c.heard = now()
	c.poll.waiter = waiter
	hold := time.Duration(0)
	switch {
	case c.poll.probed && c.poll.released:
		hold = noopPause
	case c.poll.probed:
		hold = firstNoopPause
	}
	if !c.closed {
		c.poll.answer(c)
	}
	c.mu.Unlock()
	switch batch := c.awaitPoll(r.Context(), waiter, hold); {
	case len(batch) > 0:
		c.writePoll(w, r, batch)
	case r.Context().Err() == nil:
		c.refuseEnded(w, r) // it was upgraded meanwhile
	}
}

// awaitPoll waits for a batch; hold is how long, if it is not zero. It gives
// nothing if the client has left or has another transport.
func (c *conn) awaitPoll(ctx context.Context, waiter chan []*parser.Message, hold time.Duration) []*parser.Message {
	var pause <-chan time.Time
	if hold > 0 {
		timer := time.NewTimer(hold)
		defer timer.Stop()
		pause = timer.C
	}
	select {
	case batch := <-waiter:
		return batch
	case <-ctx.Done():
		c.close(ReasonTransportClose)
		return nil
	case <-pause:
		c.mu.Lock()
		if c.poll != nil && c.poll.waiter == waiter {
			c.poll.release([]*parser.Message{c.srv.static.noop})
		}
		c.mu.Unlock()
		return <-waiter
	}
}

// writePoll encodes a payload for the client's generation and transport.
func (c *conn) writePoll(w http.ResponseWriter, r *http.Request, batch []*parser.Message) {
	b64 := c.eio == 4 || c.base64 || wantsBase64(r) || r.URL.Query().Get("j") != ""
	if c.doubled.Load() && (b64 || !parser.HasAttachments(batch)) {
		batch = parser.DoubleNamespaces(batch)
	}
	body, binary := parser.EncodePayload(c.eio, b64, batch)
	c.srv.metrics.wrote(batch)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case r.URL.Query().Get("j") != "":
		h.Set("Content-Type", "text/javascript; charset=UTF-8")
		body = jsonpBody(r.URL.Query().Get("j"), body)
	case binary:
		h.Set("Content-Type", "application/octet-stream")
	default:
		h.Set("Content-Type", "text/plain; charset=UTF-8")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if !c.account.reserve(len(body)) {
		h.Set("Connection", "close")
		c.close(ReasonBudget)
		return
	}
	defer c.account.reserve(-len(body))
	if err := writeBody(w, body, c.srv.opt.WriteTimeout); err != nil {
		c.close(ReasonTransportError)
	}
}

// writeBody gives a slow client the timeout for each part, not for the whole.
func writeBody(w http.ResponseWriter, body []byte, timeout time.Duration) error {
	const chunk = 64 << 10
	ctl := http.NewResponseController(w)
	for len(body) > 0 {
		_ = ctl.SetWriteDeadline(time.Now().Add(timeout)) // see servePoll
		// not HTML: labelled as text, binary or quoted script, with nosniff
		n, err := w.Write(body[:min(chunk, len(body))])
		if err != nil {
			return err
		}
		body = body[n:]
	}
	return nil
}

// serveData handles a POST with packets from the client.
func (c *conn) serveData(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	if c.closed || c.poll == nil {
		c.mu.Unlock()
		c.refuseEnded(w, r)
		return
	}
	if c.poll.posting {
		c.mu.Unlock()
		c.close(ReasonProtocol)
		c.srv.refuse(w, r, badRequest)
		return
	}
	c.poll.posting = true
	c.mu.Unlock()

	err := c.readBody(w, r)

	// The client may send its upgrade packet as soon as it has the answer.
	c.mu.Lock()
	if c.poll != nil {
		c.poll.posting = false
	}
	c.mu.Unlock()
	if err != nil && !errors.Is(err, errClosed) {
		reason := closeReason(err)
		c.close(reason)
		if reason == ReasonTooLarge {
			c.srv.refuse(w, r, refusal{http.StatusRequestEntityTooLarge, 3, "Bad request", "payload too large"})
			return
		}
		c.srv.refuse(w, r, badRequest)
		return
	}
	posted(w)
	if err != nil {
		c.close(ReasonTransportClose)
	}
}

// posted answers a POST.
func posted(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, "ok") // whether it arrives shows in the next request
}

// refuseEnded answers a request whose session has ended, or has another
// transport, since it was looked up.
func (c *conn) refuseEnded(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	closed, parted := c.closed, c.parted
	c.mu.Unlock()
	switch {
	case closed && !parted && r.Method == http.MethodPost:
		posted(w)
	case closed && c.srv.serveParting(w, r, c.id, c.eio):
	case closed:
		c.srv.refuse(w, r, sessionUnknown)
	default:
		c.srv.refuse(w, r, badRequest)
	}
}

func (c *conn) readBody(w http.ResponseWriter, r *http.Request) error {
	body, err := c.collectBody(w, r)
	if err == nil {
		err = c.receiveBody(r, body)
	}
	// An event may go on in the next POST.
	if settled := c.settle(0, false); err == nil {
		err = settled
	}
	return err
}

// collectBody reads a body as long as it comes fast enough.
func (c *conn) collectBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limit := c.limits.MaxPayload
	if c.eio == 3 {
		// Clients that cannot send binary bodies, such as 2.x in Node, send
		// attachments as base64. Events have their own limit.
		limit = base64.StdEncoding.EncodedLen(limit)
	}
	if r.ContentLength > int64(limit) {
		return nil, parser.ErrTooLarge
	}
	if err := c.settle(0, true); err != nil {
		return nil, err
	}
	const step = 64 << 10
	ctl := http.NewResponseController(w)
	body := make([]byte, 0, min(max(int(r.ContentLength), 511), step)+1)
	for {
		c.mu.Lock()
		left := time.Duration(c.arrivalEnd() - now())
		c.mu.Unlock()
		_ = ctl.SetReadDeadline(time.Now().Add(left)) // see servePoll
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
		n, err := r.Body.Read(body[len(body):min(cap(body), len(body)+step)])
		body = body[:len(body)+n]
		if len(body) > limit {
			return nil, parser.ErrTooLarge
		}
		if err == nil || errors.Is(err, io.EOF) {
			if failed := c.arrived(n, r.Context().Done()); failed != nil {
				return nil, failed
			}
			if failed := c.settle(cap(body), true); failed != nil {
				return nil, failed
			}
		}
		if errors.Is(err, io.EOF) {
			_ = ctl.SetReadDeadline(time.Time{})
			return body, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// receiveBody handles the packets of a body.
func (c *conn) receiveBody(r *http.Request, body []byte) (err error) {
	done, packets := r.Context().Done(), 0
	count := func() error {
		if packets++; packets > c.limits.MaxPackets {
			return parser.ErrTooLarge
		}
		return c.throttleEvent(done)
	}
	text := func(p []byte) error {
		if err := count(); err != nil {
			return err
		}
		if len(p) == 0 {
			return parser.ErrProtocol
		}
		return c.receive(p[0], p[1:], done)
	}
	binary := func(p []byte) error {
		if err := count(); err != nil {
			return err
		}
		return c.receiveBinary(p, done)
	}
	switch {
	case c.eio == 4:
		if body, err = jsonpData(r, body); err != nil {
			return err
		}
		return parser.DecodePayload4(body, text, binary)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream"):
		return parser.DecodeBinaryPayload3(body, text, binary)
	default:
		if body, err = jsonpData(r, body); err != nil {
			return err
		}
		return parser.DecodePayload3(body, c.singleUTF8(text), binary)
	}
}

// singleUTF8 undoes the second UTF-8 encoding that clients 1.x apply to polled
// text: then every character is a byte of UTF-8. A client whose text once was
// something else is one of 2.x and left alone from then on.
func (c *conn) singleUTF8(text func(p []byte) error) func(p []byte) error {
	return func(p []byte) error {
		if c.in.heardPlain || parser.IsASCII(p) {
			return text(p)
		}
		once := make([]byte, 0, len(p))
		for _, r := range string(p) {
			if r > 0xff {
				c.in.heardPlain = true
				return text(p)
			}
			once = append(once, byte(r))
		}
		if !utf8.Valid(once) {
			c.in.heardPlain = true
			return text(p)
		}
		c.doubled.Store(true)
		return text(once)
	}
}

// jsonpBody wraps a payload in the call that a script element makes. The digits
// were checked when the request came in.
func jsonpBody(index string, payload []byte) []byte {
	quoted, err := json.Marshal(string(payload)) // escapes U+2028, U+2029 and <
	if err != nil {
		quoted = []byte(`""`)
	}
	out := append([]byte("___eio["), index...)
	out = append(out, "]("...)
	return append(append(out, quoted...), ");"...)
}

// jsonpData takes the payload out of the form in which JSONP clients post it.
func jsonpData(r *http.Request, body []byte) ([]byte, error) {
	if r.URL.Query().Get("j") == "" {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, parser.ErrProtocol
	}
	// The client escapes line ends, which a form would change, as "\n", and a
	// backslash before an n as two.
	d := form.Get("d")
	var out strings.Builder
	for i := 0; i < len(d); i++ {
		switch {
		case strings.HasPrefix(d[i:], `\\n`):
			out.WriteString(`\n`)
			i += 2
		case strings.HasPrefix(d[i:], `\n`):
			out.WriteByte('\n')
			i++
		default:
			out.WriteByte(d[i])
		}
	}
	return []byte(out.String()), nil
}
