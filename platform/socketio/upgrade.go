package socketio

import (
	"errors"
	"time"

	"taskstack.org/platform/socketio/internal/parser"
	"taskstack.org/platform/socketio/internal/ws"
)

// upgrade reads a WebSocket that has come for a polling session: first its
// probe, then the packet that makes it the transport, then whatever follows.
// Until that packet the session lives on polling and survives a failure here.
func (c *conn) upgrade(wc *wsConn) {
	defer c.srv.tasks.end()
	stage := stageProbe
	frames := 0
	wc.frames.OnFrame = func() error {
		if frames++; frames > maxProbeFrames {
			return parser.ErrProtocol
		}
		return nil
	}
	_ = wc.nc.SetReadDeadline(time.Now().Add(c.srv.opt.UpgradeTimeout)) // fails only if closed, as reading will
	message := func(op byte, p []byte) error {
		if stage == stageDone {
			return c.receiveFrame(wc, op, p)
		}
		if op != ws.OpText {
			return parser.ErrProtocol
		}
		var err error
		stage, err = c.upgradeStep(wc, stage, string(p))
		return err
	}
	control := func(op byte, p []byte) error {
		if stage == stageDone {
			return c.receiveControl(op, p)
		}
		switch op {
		case ws.OpPing:
			return wc.write(append(ws.AppendHeader(nil, ws.OpPong, len(p)), p...), c.srv.opt.UpgradeTimeout)
		case ws.OpClose:
			_, err := readClose(p)
			return err
		}
		return nil
	}
	err := wc.messages(c.srv, readerEvents{
		arrived: func(n int) error {
			if stage == stageDone {
				return c.arrived(n, nil)
			}
			return nil
		},
		message: message, control: control,
		looked: func() error {
			switch stage {
			case stageProbe:
			case stageProbed:
				c.endPolling()
			case stageDone:
				return c.settle(wc.frames.Buffered(), wc.frames.Incomplete())
			}
			return nil
		},
	})
	if stage == stageDone {
		c.close(closeReason(err))
		wc.endReading(c.srv)
		return
	}
	c.mu.Lock()
	if c.poll != nil {
		c.poll.upgrading, c.poll.claimed, c.poll.probed = nil, false, false
	}
	c.mu.Unlock()
	if !errors.Is(err, errTold) && wc.write(ws.CloseFrame(closeCode(closeReason(err))), c.srv.opt.UpgradeTimeout) != nil {
		wc.nc.Close()
	}
	wc.endWriting()
	wc.endReading(c.srv)
}

// maxProbeFrames is what a client may send before its upgrade is done: a probe,
// the upgrade, and some that mean nothing.
const maxProbeFrames = 16

type upgradeStage uint8

const (
	stageProbe  upgradeStage = iota // nothing came yet
	stageProbed                     // the probe was answered
	stageDone                       // the WebSocket is the session's transport
)

func (c *conn) upgradeStep(wc *wsConn, stage upgradeStage, packet string) (upgradeStage, error) {
	switch {
	case stage == stageProbe && packet == "2probe":
		if err := wc.write(parser.EnginePacket("3probe").Frame, c.srv.opt.UpgradeTimeout); err != nil {
			return stage, err
		}
		c.mu.Lock()
		if c.poll != nil {
			c.poll.probed, c.poll.released = true, false
		}
		c.mu.Unlock()
		return stageProbed, nil
	case stage == stageProbed && packet == "5":
		return c.switchTransport(wc)
	case packet == "6":
		return stage, nil
	default:
		return stage, parser.ErrProtocol
	}
}

// endPolling answers the GET that waits when a client has had its probe
// answered: it stops polling then.
func (c *conn) endPolling() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.poll != nil && c.poll.waiter != nil && c.poll.probed && !c.poll.released {
		c.poll.release([]*parser.Message{c.srv.static.noop})
	}
}

// switchTransport makes the WebSocket the session's transport. What is queued
// goes out on it, in order, before anything else.
func (c *conn) switchTransport(wc *wsConn) (upgradeStage, error) {
	if err := wc.nc.SetReadDeadline(time.Time{}); err != nil {
		return stageProbed, err
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return stageProbed, c.partUpgraded(wc)
	}
	if c.poll.posting {
		// A client switches only after its last POST was answered. Two readers
		// at a time would be a danger to the order.
		c.mu.Unlock()
		c.close(ReasonProtocol)
		return stageProbed, parser.ErrProtocol
	}
	poll := c.poll
	c.poll, c.wc = nil, wc
	released := poll.released
	if poll.waiter != nil { // no client polls on when it has sent this
		poll.release(nil)
	}
	if c.eio == 3 && !released {
		// Clients of this generation expect the noop that ends their polling,
		// by whichever way.
		c.queue = append([]*parser.Message{c.srv.static.noop}, c.queue...)
	}
	c.srv.metrics.upgraded(c)
	c.carry(wc)
	c.charge()
	c.flushing = true
	f := c.srv.scratch.get()
	c.flushLocked(f)
	c.srv.scratch.put(f)
	return stageDone, nil
}

// errTold ends the reading of a WebSocket that has been sent a close frame.
var errTold = errors.New("socketio: close frame sent")

// partUpgraded notifies a client that has completed its upgrade that the session
// has ended meanwhile, unless a poll did so; see pollState.endUpgrade.
func (c *conn) partUpgraded(wc *wsConn) error {
	c.mu.Lock()
	parting := c.poll.parting
	c.mu.Unlock()
	if parting == nil {
		return errClosed
	}
	<-parting
	if c.srv.takeLast(c.id) == nil {
		return errClosed
	}
	var out []byte
	for _, m := range c.poll.last[:len(c.poll.last)-1] { // the close packet is for polling
		out = append(out, m.Bytes(wc.kind)...)
	}
	_ = wc.write(append(out, ws.CloseFrame(c.poll.code)...), c.srv.opt.WriteTimeout) // it is closed in any case
	return errTold
}
