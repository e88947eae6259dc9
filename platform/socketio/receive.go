package socketio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// receiver is the reading half of a connection: it belongs to the goroutine
// that reads, one at a time.
type receiver struct {
	assembling *packet // waits for attachments
	events     bucket
	bytes      bucket
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

// throttle pauses the reader of a client that is above its rates.
func (c *conn) throttle(events, bytes int, done <-chan struct{}) error {
	l := &c.srv.opt.Limits
	pause := max(c.in.events.take(events, l.EventsPerSecond, l.EventBurst),
		c.in.bytes.take(bytes, l.BytesPerSecond, l.ByteBurst))
	if pause == 0 {
		return nil
	}
	c.srv.metrics.throttled.Add(1)
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

// receive handles one Engine.IO packet of type kind. data is valid during the
// call only.
func (c *conn) receive(kind byte, data []byte, done <-chan struct{}) error {
	c.mu.Lock()
	c.heard = now()
	c.mu.Unlock()
	switch kind {
	case enginePing:
		if c.eio != 3 {
			return errProtocol
		}
		c.send(engineMessageOf("3"+string(data)), false)
		return nil
	case enginePong:
		c.mu.Lock()
		c.awaitPong = false
		next := c.pinged + int64(c.srv.opt.PingInterval)
		c.mu.Unlock()
		if t := now(); next <= t {
			c.srv.wheel.add(c, t) // the next ping is due already; the visit planned is for this pong
		}
		return nil
	case engineClose:
		return errClosed
	case engineMessage:
		return c.receiveText(data, done)
	case engineNoop:
		return nil
	default:
		return errProtocol
	}
}

func (c *conn) receiveText(data []byte, done <-chan struct{}) error {
	if c.in.assembling != nil {
		return fmt.Errorf("%w: text among attachments", errProtocol)
	}
	if err := c.throttle(1, len(data), done); err != nil {
		return err
	}
	c.srv.metrics.bytesIn.Add(uint64(len(data)))
	p, err := parsePacket(append([]byte(nil), data...), &c.srv.opt.Limits)
	if err != nil {
		return err
	}
	if p.missing > 0 {
		c.in.assembling = &p
		return nil
	}
	return c.route(p, done)
}

// receiveBinary takes an attachment, which it keeps.
func (c *conn) receiveBinary(data []byte, done <-chan struct{}) error {
	p := c.in.assembling
	if p == nil {
		return fmt.Errorf("%w: attachment of nothing", errProtocol)
	}
	if err := c.throttle(0, len(data), done); err != nil {
		return err
	}
	c.srv.metrics.bytesIn.Add(uint64(len(data)))
	p.attachments = append(p.attachments, data)
	p.size += len(data)
	if p.size > c.srv.opt.Limits.MaxPayload {
		return errTooLarge
	}
	if len(p.attachments) < p.missing {
		return nil
	}
	c.in.assembling = nil
	return c.route(*p, done)
}

// route hands a complete packet on: acknowledgements directly, because a
// handler may be waiting for one, everything else to the worker.
func (c *conn) route(p packet, done <-chan struct{}) error {
	switch p.kind {
	case packetEvent:
		ev, err := eventOf(&p)
		if err != nil {
			return err
		}
		return c.deliver(inboxItem{kind: packetEvent, ns: p.ns, ack: p.ack, ev: ev}, done)
	case packetConnect, packetDisconnect:
		return c.deliver(inboxItem{kind: p.kind, ns: p.ns, query: p.query, auth: p.data}, done)
	}
	args, err := elements(p.data)
	if err != nil {
		return err
	}
	if s := c.socket(p.ns); s != nil {
		s.acknowledged(p.ack, Event{Args: args, Attachments: p.attachments, Size: p.size})
	}
	return nil
}

// closeReason translates the error that ended a reader.
func closeReason(err error) string {
	var we *wsError
	switch {
	case errors.Is(err, errTooLarge):
		return ReasonTooLarge
	case errors.Is(err, errProtocol), errors.As(err, &we):
		return ReasonProtocol
	case errors.Is(err, errClosed):
		return ReasonTransportClose
	default:
		return ReasonTransportClose
	}
}

// readLoop reads a WebSocket that carries the session until it ends.
func (c *conn) readLoop(ws *wsConn) {
	defer c.srv.tasks.end()
	err := ws.messages(c.srv, func(op byte, p []byte) error { return c.receiveFrame(op, p) },
		func(op byte, p []byte) error { return c.receiveControl(op, p) })
	c.close(closeReason(err))
	ws.endReading(c.srv)
}

// messages feeds what arrives on the socket to the callbacks until one of them,
// or reading, fails.
func (w *wsConn) messages(srv *Server, message, control func(op byte, p []byte) error) error {
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
			if err := w.frames.feed(data, message, control); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
}

func (c *conn) receiveFrame(op byte, p []byte) error {
	if op == opBinary {
		if c.eio == 3 {
			if len(p) == 0 || p[0] != engineMessage-'0' {
				return errProtocol
			}
			p = p[1:]
		}
		c.touch()
		return c.receiveBinary(append([]byte{}, p...), nil)
	}
	if len(p) == 0 {
		return errProtocol
	}
	return c.receive(p[0], p[1:], nil)
}

func (c *conn) touch() {
	c.mu.Lock()
	c.heard = now()
	c.mu.Unlock()
}

func (c *conn) receiveControl(op byte, p []byte) error {
	switch op {
	case opPing:
		if err := c.throttle(1, len(p), nil); err != nil {
			return err
		}
		frame := append(appendFrameHeader(nil, opPong, len(p)), p...)
		c.send(&message{frame: frame, payload: frame, at: now()}, false)
	case opClose:
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
		return closeNoStatus, errClosed
	case 1:
		return 0, errControl
	default:
		return int32(binary.BigEndian.Uint16(p)), errClosed
	}
}
