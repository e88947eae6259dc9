package socketio

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// pollState is the part of a connection that exists while its transport is
// polling. It is guarded by the connection's mutex.
type pollState struct {
	waiter    chan []*message // of the GET that waits, with room for one answer
	posting   bool            // a POST is being handled
	upgrading *wsConn         // the WebSocket that has asked to take over
	claimed   bool            // an upgrade has begun
	probed    bool            // its probe has been answered
	released  bool            // a GET has been answered since the probe

	// Of a closed session, for one more GET; see Server.keepLast.
	last     []*message
	kept     int // bytes reserved for it
	expiry   *time.Timer
	draining bool          // the server waits for that GET
	parting  chan struct{} // closed when last is kept; nil unless the end may be told by the upgrade
	code     int           // of the close frame in that case
}

// endUpgrade is called with the connection's mutex held, when the session ends
// during an upgrade. A client whose probe has been answered has stopped polling
// and must not lose both transports at once, which it would not notice: it gets
// a moment to complete the upgrade, and is told by the WebSocket.
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
	batch := append([]*message(nil), c.queue...)
	c.queue, c.queuedBytes = nil, 0
	c.charge()
	p.release(batch)
}

func (p *pollState) release(batch []*message) {
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
	last := append(append([]*message(nil), c.queue...), final)
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
func (srv *Server) keepLast(c *conn, last []*message) {
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
	waiter := make(chan []*message, 1)
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
// nothing when the client is gone or has another transport.
func (c *conn) awaitPoll(ctx context.Context, waiter chan []*message, hold time.Duration) []*message {
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
			c.poll.release([]*message{c.srv.static.noop})
		}
		c.mu.Unlock()
		return <-waiter
	}
}

// writePoll encodes a payload for the client's generation and transport.
func (c *conn) writePoll(w http.ResponseWriter, r *http.Request, batch []*message) {
	b64 := c.eio == 4 || c.base64 || wantsBase64(r) || r.URL.Query().Get("j") != ""
	if c.doubled.Load() && (b64 || !hasAttachments(batch)) {
		batch = doubleNamespaces(batch)
	}
	body, binary := encodePayload(c.eio, b64, batch)
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
		return nil, errTooLarge
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
			return nil, errTooLarge
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
			return errTooLarge
		}
		return c.throttleEvent(done)
	}
	text := func(p []byte) error {
		if err := count(); err != nil {
			return err
		}
		if len(p) == 0 {
			return errProtocol
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
		return decodePayload4(body, text, binary)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/octet-stream"):
		return decodeBinaryPayload3(body, text, binary)
	default:
		if body, err = jsonpData(r, body); err != nil {
			return err
		}
		return decodePayload3(body, c.singleUTF8(text), binary)
	}
}

// encodePayload makes the body of a poll's answer; binary says how to label it.
func encodePayload(eio uint8, b64 bool, batch []*message) (body []byte, binary bool) {
	if eio == 3 && !b64 && hasAttachments(batch) {
		return encodeBinaryPayload3(batch), true
	}
	var out []byte
	for _, m := range batch {
		out = appendPolled(out, eio, m.payload)
		for _, bin := range m.bins {
			out = appendPolledBinary(out, eio, bin)
		}
	}
	return out, false
}

func hasAttachments(batch []*message) bool {
	return slices.ContainsFunc(batch, func(m *message) bool { return len(m.bins) > 0 })
}

func appendPolled(out []byte, eio uint8, packet []byte) []byte {
	if eio == 4 {
		if len(out) > 0 {
			out = append(out, 0x1e)
		}
		return append(out, packet...)
	}
	packet, n := packet3(packet)
	out = append(strconv.AppendInt(out, int64(n), 10), ':')
	return append(out, packet...)
}

func appendPolledBinary(out []byte, eio uint8, bin []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(bin))
	if eio == 4 {
		out = append(out, 0x1e, 'b')
	} else {
		out = append(strconv.AppendInt(out, int64(n+2), 10), ":b4"...)
	}
	return base64.StdEncoding.AppendEncode(out, bin)
}

func encodeBinaryPayload3(batch []*message) []byte {
	var out []byte
	for _, m := range batch {
		out = appendBinaryHead3(out, 0, len(m.payload))
		out = append(out, m.payload...)
		for _, bin := range m.bins {
			out = append(appendBinaryHead3(out, 1, len(bin)+1), engineMessage-'0')
			out = append(out, bin...)
		}
	}
	return out
}

func appendBinaryHead3(out []byte, kind byte, n int) []byte {
	out = append(out, kind)
	for _, digit := range strconv.Itoa(n) {
		out = append(out, byte(digit-'0'))
	}
	return append(out, 0xff)
}

// packet3 is a packet as polling in Engine.IO 3 has it, with its length. Clients
// 1.x encode and decode polled text as UTF-8 once more than clients 2.x, and
// count lengths differently; of ASCII both have the same idea, so what else is
// in the JSON is escaped. A namespace cannot be; see doubleNamespaces.
func packet3(packet []byte) ([]byte, int) {
	head := packet[:headLength(packet)]
	data := asciiJSON(packet[len(head):])
	if isASCII(head) && len(head)+len(data) == len(packet) {
		return packet, len(packet)
	}
	n := len(data)
	for _, r := range string(head) {
		n += max(utf16.RuneLen(r), 1)
	}
	return append(head[:len(head):len(head)], data...), n
}

// doubleNamespaces encodes namespaces that are not ASCII as UTF-8 once more, for
// a client 1.x. It is known as one, having named the namespace that way.
func doubleNamespaces(batch []*message) []*message {
	out := slices.Clone(batch)
	for i, m := range out {
		head := m.payload[:headLength(m.payload)]
		if isASCII(head) {
			continue
		}
		var twice []byte
		for _, b := range head {
			twice = utf8.AppendRune(twice, rune(b))
		}
		out[i] = &message{payload: append(twice, m.payload[len(head):]...), bins: m.bins, at: m.at, event: m.event}
	}
	return out
}

// headLength is the length of what precedes the acknowledgement id and the data
// in an Engine.IO packet that we made: types, attachments and namespace.
func headLength(packet []byte) int {
	if len(packet) < 2 || packet[0] != engineMessage {
		return 0
	}
	i := 2
	for i < len(packet) && packet[i] >= '0' && packet[i] <= '9' {
		i++
	}
	if i < len(packet) && packet[i] == '-' {
		i++
	}
	if i == len(packet) || packet[i] != '/' {
		return i
	}
	if end := bytes.IndexByte(packet[i:], ','); end >= 0 {
		return i + end + 1
	}
	return len(packet)
}

// asciiJSON escapes what is not ASCII.
func asciiJSON(packet []byte) []byte {
	i := 0
	for i < len(packet) && packet[i] < 0x80 {
		i++
	}
	if i == len(packet) {
		return packet
	}
	out := append(make([]byte, 0, len(packet)*2), packet[:i]...)
	for _, r := range string(packet[i:]) {
		switch {
		case r < 0x80:
			out = append(out, byte(r))
		case r < 0x10000:
			out = appendEscape(out, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			out = appendEscape(appendEscape(out, hi), lo)
		}
	}
	return out
}

func appendEscape(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// decodePayload4 splits a payload of Engine.IO 4.
func decodePayload4(body []byte, text, binary func(p []byte) error) error {
	for part := range bytes.SplitSeq(body, []byte{0x1e}) {
		if len(part) > 0 && part[0] == 'b' {
			bin, err := decodeBase64(4, part[1:])
			if err != nil {
				return err
			}
			if err := binary(bin); err != nil {
				return err
			}
			continue
		}
		if !utf8.Valid(part) {
			return errProtocol
		}
		if err := text(part); err != nil {
			return err
		}
	}
	return nil
}

// decodePayload3 splits a textual payload of Engine.IO 3, whose lengths count
// UTF-16 code units.
func decodePayload3(body []byte, text, binary func(p []byte) error) error {
	if len(body) == 0 || !utf8.Valid(body) {
		return errProtocol
	}
	for len(body) > 0 {
		n, rest, ok := leadingNumber(body)
		if !ok || n < 0 || len(rest) == 0 || rest[0] != ':' {
			return errProtocol
		}
		part, after, ok := cutUTF16(rest[1:], n)
		if !ok || len(part) == 0 {
			return errProtocol
		}
		body = after
		if part[0] != 'b' {
			if err := text(part); err != nil {
				return err
			}
			continue
		}
		bin, err := decodeBase64(3, part[1:])
		if err != nil {
			return err
		}
		if err := binary(bin); err != nil {
			return err
		}
	}
	return nil
}

// cutUTF16 cuts n UTF-16 code units off valid UTF-8.
func cutUTF16(b []byte, n int64) (part, rest []byte, ok bool) {
	i := 0
	for n > 0 {
		if i == len(b) {
			return nil, nil, false
		}
		if b[i] < utf8.RuneSelf {
			i, n = i+1, n-1
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		i, n = i+size, n-int64(utf16.RuneLen(r))
	}
	return b[:i], b[i:], n == 0
}

func decodeBinaryPayload3(body []byte, text, binary func(p []byte) error) error {
	if len(body) == 0 {
		return errProtocol
	}
	for len(body) > 0 {
		kind := body[0]
		n, i := 0, 1
		for ; i < len(body) && body[i] != 0xff; i++ {
			if body[i] > 9 || i > 10 {
				return errProtocol
			}
			n = n*10 + int(body[i])
		}
		if i >= len(body)-1 || i == 1 || n == 0 || n > len(body)-i-1 {
			return errProtocol
		}
		part := body[i+1 : i+1+n]
		body = body[i+1+n:]
		var err error
		switch {
		case kind == 0 && utf8.Valid(part):
			err = text(part)
		case kind == 1 && part[0] == engineMessage-'0':
			err = binary(part[1:]) // keeps the body
		default:
			err = errProtocol
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// singleUTF8 undoes the second UTF-8 encoding that clients 1.x apply to polled
// text: then every character is a byte of UTF-8. A client whose text once was
// something else is one of 2.x and left alone from then on.
func (c *conn) singleUTF8(text func(p []byte) error) func(p []byte) error {
	return func(p []byte) error {
		if c.in.heardPlain || isASCII(p) {
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

func isASCII(p []byte) bool {
	for _, b := range p {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
		return nil, errProtocol
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
