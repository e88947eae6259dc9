package socketio

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"taskstack.org/platform/socketio/internal/parser"
	"taskstack.org/platform/socketio/internal/ws"
)

// receiver is the reading half of a connection: it belongs to the goroutine
// that reads, one at a time.
type receiver struct {
	assembling *parser.Packet // waits for attachments
	head       *parser.Packet // of a text that is still arriving, or is being dropped
	events     bucket
	bytes      bucket
	held       int  // what conn.held is while the connection is open
	incomplete bool // a message or event has begun and not ended
	heardPlain bool // the client is known not to encode its text twice
}

// bucket is a token bucket.
type bucket struct {
	tokens float64
	at     int64
}

// take takes n tokens, refilled at rate per second up to burst, and gives the
// time until the bucket is out of debt.
func (b *bucket) take(n, rate, burst int) time.Duration {
	t := now()
	if b.at == 0 {
		b.tokens = float64(burst)
	} else {
		b.tokens = min(b.tokens+float64(t-b.at)/1e9*float64(rate), float64(burst))
	}
	b.at = t
	b.tokens -= float64(n)
	if b.tokens >= 0 {
		return 0
	}
	return time.Duration(-b.tokens / float64(rate) * 1e9)
}

// takeIfPaid takes a token if there is one. What is refused is not owed.
func (b *bucket) takeIfPaid(rate, burst int) bool {
	if b.take(1, rate, burst) == 0 {
		return true
	}
	b.tokens++
	return false
}

// take is bucket.take for what all connections of the peer share.
func (p *peer) take(events, bytes int, l *Limits) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if events > 0 {
		return p.events.take(events, l.AddressEventsPerSecond, l.AddressEventBurst)
	}
	return p.bytes.take(bytes, l.AddressBytesPerSecond, l.AddressByteBurst)
}

// throttleEvent counts a frame or packet and pauses the reader of a client
// that is above its rate.
func (c *conn) throttleEvent(done <-chan struct{}) error {
	return c.pause(max(c.in.events.take(1, c.limits.EventsPerSecond, c.limits.EventBurst), c.peer.take(1, 0, c.limits)), done)
}

// throttleBytes does the same for n received bytes.
func (c *conn) throttleBytes(n int, done <-chan struct{}) error {
	return c.pause(max(c.in.bytes.take(n, c.limits.BytesPerSecond, c.limits.ByteBurst), c.peer.take(0, n, c.limits)), done)
}

// pause keeps the reader from reading on.
func (c *conn) pause(pause time.Duration, done <-chan struct{}) error {
	if pause == 0 {
		return nil
	}
	c.mu.Lock()
	c.suspend()
	c.mu.Unlock()
	err := c.wait(pause, done)
	c.mu.Lock()
	c.resume()
	c.mu.Unlock()
	return err
}

// wait holds a request or the reader of a client that is above its rates.
func (c *conn) wait(pause time.Duration, done <-chan struct{}) error {
	if pause == 0 {
		return nil
	}
	c.srv.metrics.throttled.Add(1)
	c.srv.metrics.refusals.add("above rate")
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return errClosed
		}
		room := c.roomSignal()
		c.mu.Unlock()
		select {
		case <-timer.C:
			return nil
		case <-room: // maybe closed
		case <-done:
			return errClosed
		}
	}
}

// arrived notes bytes from the client before they are looked at. They are a
// sign of life.
func (c *conn) arrived(n int, done <-chan struct{}) error {
	c.mu.Lock()
	c.heard = now()
	if c.arriving != 0 {
		c.arrivedBytes += n
	}
	c.mu.Unlock()
	c.srv.metrics.bytesIn.Add(uint64(n))
	return c.throttleBytes(n, done)
}

// settle reserves what the reader holds after it has looked at what arrived,
// and starts or ends the time that a message or event has to arrive.
func (c *conn) settle(buffered int, midway bool) error {
	if p := c.in.assembling; p != nil {
		midway = true
		if p.Refused == nil {
			buffered += p.Size
		}
	}
	if buffered == c.in.held && midway == c.in.incomplete {
		return nil
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return errClosed
	}
	if !c.account.reserve(buffered - c.held) {
		c.mu.Unlock()
		return errBudget
	}
	c.held, c.in.held = buffered, buffered
	began := midway && c.arriving == 0
	switch {
	case began:
		c.arriving = now()
		c.arrivedBytes, c.soothed = 0, c.arriving
	case !midway:
		c.arriving = 0
	}
	c.in.incomplete = midway
	due := c.arrivalEnd()
	if c.eio == 3 {
		due = min(due, c.soothed+int64(c.srv.opt.PingInterval))
	}
	c.mu.Unlock()
	if began {
		c.srv.wheel.add(c, due)
	}
	return nil
}

// arrivalEnd, called with c.mu held, is when what is arriving must be complete.
func (c *conn) arrivalEnd() int64 {
	return c.arriving + int64(c.limits.BodyTimeout) + int64(float64(c.arrivedBytes)/float64(c.limits.MinBytesPerSecond)*1e9)
}

// complete ends the time that a message or event has to arrive; how long it
// takes from now on is not the client's fault.
func (c *conn) complete() {
	if !c.in.incomplete {
		return
	}
	c.in.incomplete = false
	c.mu.Lock()
	c.arriving = 0
	c.mu.Unlock()
}

// maxControl is the size of a packet of Engine.IO itself.
const maxControl = 125

// receive handles one Engine.IO packet of type kind. data is valid during the
// call only.
func (c *conn) receive(kind byte, data []byte, done <-chan struct{}) error {
	c.mu.Lock()
	c.heard = now()
	c.mu.Unlock()
	if kind != parser.TypeMessage && len(data) >= maxControl {
		return parser.ErrTooLarge
	}
	switch kind {
	case parser.TypePing:
		if c.eio != 3 {
			return parser.ErrProtocol
		}
		c.send(parser.EnginePacket("3"+string(data)), false)
		return nil
	case parser.TypePong:
		c.mu.Lock()
		c.awaitPong = false
		next := c.pinged + int64(c.srv.opt.PingInterval)
		c.mu.Unlock()
		if t := now(); next <= t {
			c.srv.wheel.add(c, t) // the next ping is due already; the visit planned is for this pong
		}
		return nil
	case parser.TypeClose:
		return errClosed
	case parser.TypeMessage:
		return c.receiveText(data, done)
	case parser.TypeNoop:
		return nil
	default:
		return parser.ErrProtocol
	}
}

// admit looks at a packet's head before its data and attachments are taken,
// and marks what is to be dropped.
func (c *conn) admit(p *parser.Packet) {
	switch p.Kind {
	case parser.KindEvent:
		p.Refused = c.admitEvent(p)
	case parser.KindAck:
		if s := c.socket(p.Namespace); s == nil || !s.awaits(p.Ack) {
			p.Refused = ErrUnknownEvent
		}
	}
}

func (c *conn) admitEvent(p *parser.Packet) error {
	ns := c.srv.lookup(p.Namespace)
	if ns == nil {
		return ErrUnknownEvent
	}
	if allow := c.srv.opt.AllowEvent; allow != nil {
		if err := allow(c.context(), ns, p.Event); err != nil {
			return err
		}
	}
	h, known := ns.handlers[p.Event]
	switch {
	case !known:
		return ErrUnknownEvent
	case p.Missing > 0 && !h.attachments:
		return ErrAttachments
	default:
		return nil
	}
}

// peek decides about a message that is about to come, without text, and from
// its beginning about a text message that is longer than any but an event may
// be: how large it may get, and whether it is dropped as it comes.
func (c *conn) peek(op byte, text []byte) (limit int, drop bool, err error) {
	p := c.in.assembling
	switch {
	case op == ws.OpBinary && p == nil, len(text) > 0 && text[0] == 'b' && p == nil:
		return 0, false, fmt.Errorf("%w: attachment of nothing", parser.ErrProtocol)
	case op == ws.OpBinary:
		return c.limits.MaxPayload - p.Size + 1, p.Refused != nil, nil // Engine.IO 3 puts a byte before it
	case len(text) == 0 && p == nil:
		return c.limits.MaxText + 1, false, nil
	case len(text) == 0 || text[0] == 'b': // an attachment as base64
		return base64.StdEncoding.EncodedLen(c.limits.MaxPayload-p.Size) + 2, p.Refused != nil && len(text) > 0, nil
	}
	return c.peekText(text)
}

func (c *conn) peekText(text []byte) (limit int, drop bool, err error) {
	if text[0] != parser.TypeMessage {
		return 0, false, parser.ErrTooLarge
	}
	if c.in.assembling != nil {
		return 0, false, fmt.Errorf("%w: text among attachments", parser.ErrProtocol)
	}
	p, err := parser.ParseHead(text[1:], c.limits.packet())
	if err != nil {
		return 0, false, err
	}
	if p.Kind != parser.KindEvent && p.Kind != parser.KindAck {
		return 0, false, parser.ErrTooLarge
	}
	c.admit(&p)
	if p.Refused != nil {
		p.Data = nil
		c.in.head = &p
	}
	return c.limits.MaxText, p.Refused != nil, nil
}

func (c *conn) receiveText(data []byte, done <-chan struct{}) error {
	if c.in.assembling != nil {
		return fmt.Errorf("%w: text among attachments", parser.ErrProtocol)
	}
	p, err := parser.ParseHead(data, c.limits.packet())
	if err != nil {
		return err
	}
	if p.Size > c.limits.MaxText {
		return parser.ErrTooLarge
	}
	c.admit(&p)
	if p.Refused == nil {
		p.Data = append([]byte(nil), p.Data...) // now it is worth a copy
	}
	if p.Refused == nil || p.Size <= c.limits.MaxConnect {
		if err := p.CheckData(c.limits.packet()); err != nil {
			return err
		}
	}
	return c.begin(p, done)
}

// begin takes a packet whose text is complete.
func (c *conn) begin(p parser.Packet, done <-chan struct{}) error {
	if p.Refused != nil {
		p.Data, p.Elements = nil, nil
	}
	if p.Missing > 0 {
		c.in.assembling = &p
		return nil
	}
	c.complete()
	return c.route(p, done)
}

// receiveBinary takes an attachment, which it keeps.
func (c *conn) receiveBinary(data []byte, done <-chan struct{}) error {
	p := c.in.assembling
	if p == nil {
		return fmt.Errorf("%w: attachment of nothing", parser.ErrProtocol)
	}
	if p.Size += len(data); p.Size > c.limits.MaxPayload {
		return parser.ErrTooLarge
	}
	if p.Arrived++; p.Refused == nil {
		p.Attachments = append(p.Attachments, data)
	}
	if p.Arrived < p.Missing {
		return nil
	}
	c.in.assembling = nil
	c.complete()
	return c.route(*p, done)
}

// route hands a complete packet on: acknowledgements directly, because a
// handler may be waiting for one, everything else to the worker.
func (c *conn) route(p parser.Packet, done <-chan struct{}) error {
	switch p.Kind {
	case parser.KindEvent:
		ev, err := eventOf(&p)
		if err != nil {
			return err
		}
		return c.deliver(inboxItem{kind: parser.KindEvent, ns: p.Namespace, ack: p.Ack, ev: ev}, done)
	case parser.KindConnect, parser.KindDisconnect:
		return c.deliver(inboxItem{kind: p.Kind, ns: p.Namespace, query: p.Query, auth: p.Data}, done)
	}
	if p.Refused != nil { // no caller waits for it
		return nil //nolint:nilerr // see above
	}
	if s := c.socket(p.Namespace); s != nil {
		s.acknowledged(p.Ack, Event{Args: p.Elements, Attachments: p.Attachments, Size: p.Size})
	}
	return nil
}

// closeReason translates the error that ended a reader.
func closeReason(err error) string {
	var we *ws.Error
	switch {
	case errors.Is(err, parser.ErrTooLarge), errors.Is(err, ws.ErrTooLarge):
		return ReasonTooLarge
	case errors.Is(err, errBudget):
		return ReasonBudget
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ReasonTooSlow
	case errors.Is(err, parser.ErrProtocol), errors.As(err, &we):
		return ReasonProtocol
	case errors.Is(err, errClosed):
		return ReasonTransportClose
	default:
		return ReasonTransportClose
	}
}

// readLoop reads a WebSocket that carries the session until it ends.
func (c *conn) readLoop(wc *wsConn) {
	defer c.srv.tasks.end()
	c.carry(wc)
	err := wc.messages(c.srv, readerEvents{
		arrived: func(n int) error { return c.arrived(n, nil) },
		message: func(op byte, p []byte) error { return c.receiveFrame(wc, op, p) },
		control: func(op byte, p []byte) error { return c.receiveControl(op, p) },
		looked:  func() error { return c.settle(wc.frames.Buffered(), wc.frames.Incomplete()) },
	})
	c.close(closeReason(err))
	wc.endReading(c.srv)
}

// carry puts a WebSocket under the limits of the session that it carries.
func (c *conn) carry(wc *wsConn) {
	wc.frames.Limit = c.limits.MaxText + 1
	wc.frames.Head = c.limits.MaxConnect
	wc.frames.Peek = c.peek
	wc.frames.OnFrame = func() error { return c.throttleEvent(nil) }
}

// readerEvents are called with what arrives on a WebSocket: bytes, messages,
// control frames, and that all bytes that had arrived have been looked at.
type readerEvents struct {
	arrived          func(n int) error
	message, control func(op byte, p []byte) error
	looked           func() error
}

// messages feeds what arrives on the socket to the callbacks until one of them,
// or reading, fails.
func (w *wsConn) messages(srv *Server, on readerEvents) error {
	var rr *rawReader
	var buf *[]byte
	if w.raw != nil {
		rr = newRawReader(w.raw, &srv.buffers)
		defer rr.release()
	} else {
		buf = srv.buffers.get()
		defer srv.buffers.put(buf)
	}
	for {
		data, err := w.read(rr, buf)
		if len(data) > 0 {
			if err := on.arrived(len(data)); err != nil {
				return err
			}
			if err := w.frames.Feed(data, on.message, on.control); err != nil {
				return err
			}
			if err := on.looked(); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

func (c *conn) receiveFrame(wc *wsConn, op byte, p []byte) error {
	if head := c.in.head; head != nil { // the text was dropped as it came
		c.in.head = nil
		return c.begin(*head, nil)
	}
	a := c.in.assembling
	dropped := a != nil && a.Refused != nil
	if op == ws.OpBinary {
		if dropped {
			return c.dropBinary(wc.frames.Size())
		}
		if c.eio == 3 {
			if len(p) == 0 || p[0] != parser.TypeMessage-'0' {
				return parser.ErrProtocol
			}
			p = p[1:]
		}
		if !wc.frames.Owned() {
			p = append([]byte{}, p...)
		}
		return c.receiveBinary(p, nil)
	}
	if len(p) == 0 && (!dropped || wc.frames.Size() == 0) {
		return parser.ErrProtocol
	}
	if dropped && (len(p) == 0 || p[0] == 'b') {
		return c.dropBinary(base64.StdEncoding.DecodedLen(wc.frames.Size() - 1))
	}
	if p[0] == 'b' {
		bin, err := parser.DecodeBase64(c.eio, p[1:])
		if err != nil {
			return err
		}
		return c.receiveBinary(bin, nil)
	}
	return c.receive(p[0], p[1:], nil)
}

// dropBinary counts an attachment that was dropped as it came.
func (c *conn) dropBinary(n int) error {
	c.in.assembling.Size += n
	return c.receiveBinary(nil, nil)
}

func (c *conn) receiveControl(op byte, p []byte) error {
	switch op {
	case ws.OpPing:
		frame := append(ws.AppendHeader(nil, ws.OpPong, len(p)), p...)
		c.send(&parser.Message{Frame: frame, Payload: frame}, false)
	case ws.OpClose:
		code, err := readClose(p)
		c.mu.Lock()
		c.peerClose = code
		c.mu.Unlock()
		return err
	}
	return nil
}

// readClose reads the body of a close frame: its code, and why reading ends,
// which is errClosed for a well-formed one.
func readClose(p []byte) (code int32, err error) {
	switch len(p) {
	case 0:
		return ws.CloseNoStatus, errClosed
	case 1:
		return 0, ws.ErrControl
	default:
		return int32(binary.BigEndian.Uint16(p)), errClosed
	}
}
