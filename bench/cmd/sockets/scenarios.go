package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// crowd is a room of clients that check everything they receive.
type crowd struct {
	clients []*client
	sender  int

	own      chan struct{} // an own message has come back to the sender
	wg       sync.WaitGroup
	failed   atomic.Pointer[error]
	mu       sync.Mutex
	latency  []time.Duration
	keepLate bool
}

func gather(ctx context.Context, addr string, n int) (*crowd, error) {
	c := &crowd{clients: make([]*client, n), own: make(chan struct{}, 1<<16)}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	errs := make(chan error, n)
	slots := make(chan struct{}, 64)
	for i := range n {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			var err error
			c.clients[i], err = connectWebSocket(ctx, addr)
			errs <- err
		}()
	}
	var err error
	for range n {
		err = errors.Join(err, <-errs)
	}
	return c, err
}

func (c *crowd) close() {
	for _, cl := range c.clients {
		if cl != nil {
			cl.nc.Close()
		}
	}
	c.wg.Wait()
}

func (c *crowd) fail(err error) {
	c.failed.CompareAndSwap(nil, &err)
	for _, cl := range c.clients {
		cl.nc.Close()
	}
}

// expect makes every client read n messages and check that they are all there
// and in order.
func (c *crowd) expect(n int) {
	for i, cl := range c.clients {
		c.wg.Go(func() {
			late, err := c.receive(cl, n, i == c.sender)
			if err != nil {
				c.fail(fmt.Errorf("client %d: %w", i, err))
				return
			}
			if c.keepLate {
				c.mu.Lock()
				c.latency = append(c.latency, late...)
				c.mu.Unlock()
			}
		})
	}
}

func (c *crowd) receive(cl *client, n int, own bool) ([]time.Duration, error) {
	var late []time.Duration
	buf := make([]byte, 0, 1024)
	for seq := 0; seq < n; {
		p, err := cl.read(buf)
		if err != nil {
			return nil, fmt.Errorf("after %d of %d messages: %w", seq, n, err)
		}
		buf = p[:0]
		if !bytes.HasPrefix(p, []byte(`42["news"`)) {
			continue
		}
		got, err := number(p, `"seq":`)
		if err != nil || got != int64(seq) {
			return nil, fmt.Errorf("message %d came in the place of %d (%w)", got, seq, err)
		}
		if c.keepLate {
			at, err := number(p, `"at":`)
			if err != nil {
				return nil, err
			}
			late = append(late, time.Duration(time.Now().UnixNano()-at))
		}
		seq++
		if own {
			c.own <- struct{}{}
		}
	}
	return late, nil
}

func number(p []byte, key string) (int64, error) {
	i := bytes.Index(p, []byte(key))
	if i < 0 {
		return -1, fmt.Errorf("no %s", key)
	}
	p = p[i+len(key):]
	end := bytes.IndexFunc(p, func(r rune) bool { return r < '0' || r > '9' })
	return strconv.ParseInt(string(p[:max(end, 0)]), 10, 64)
}

// event makes a packet of about 600 bytes.
func event(seq int) string {
	head := fmt.Sprintf(`42["say",{"seq":%d,"at":%d,"pad":"`, seq, time.Now().UnixNano())
	return head + strings.Repeat("x", 600-len(head)-3) + `"}]`
}

// result of one run of one scenario; the unit is the scenario's.
type result struct {
	value   float64
	p99     time.Duration // of deliveries, where measured
	percent float64       // of clients connected, where measured
}

// windowed lets one member send with at most window messages on their way back
// to itself, and gives CPU microseconds per delivery.
func windowed(ctx context.Context, p *process, members, messages, window int) (result, error) {
	return p.deliveries(ctx, members, messages, func(c *crowd) error {
		for seq := range messages {
			if seq >= window {
				if err := c.waitOwn(); err != nil {
					return err
				}
			}
			if err := c.clients[c.sender].write(event(seq)); err != nil {
				return err
			}
		}
		return nil
	})
}

// paced lets one member send at a steady rate.
func paced(ctx context.Context, p *process, members, messages, perSecond int) (result, error) {
	return p.deliveries(ctx, members, messages, func(c *crowd) error {
		ticker := time.NewTicker(time.Second / time.Duration(perSecond))
		defer ticker.Stop()
		for seq := range messages {
			<-ticker.C
			if err := c.clients[c.sender].write(event(seq)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *crowd) waitOwn() error {
	select {
	case <-c.own:
		return nil
	case <-time.After(30 * time.Second):
		return errors.New("a message did not come back to its sender within 30 s")
	}
}

func (p *process) deliveries(ctx context.Context, members, messages int, send func(c *crowd) error) (result, error) {
	c, err := gather(ctx, p.addr, members)
	if err != nil {
		return result{}, err
	}
	defer c.close()
	c.keepLate = true
	c.sender = members / 2
	before, err := p.CPU()
	if err != nil {
		return result{}, err
	}
	c.expect(messages)
	sendErr := send(c)
	done := make(chan struct{})
	go func() { c.wg.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		c.fail(errors.New("messages were lost: not all had arrived after two minutes"))
		<-done
	}
	if failed := c.failed.Load(); failed != nil {
		return result{}, *failed
	}
	if sendErr != nil {
		return result{}, sendErr
	}
	after, err := p.CPU()
	if err != nil {
		return result{}, err
	}
	slices.Sort(c.latency)
	return result{
		value: float64((after - before).Microseconds()) / float64(members*messages),
		p99:   c.latency[len(c.latency)*99/100],
	}, nil
}

// idle returns the KiB per idle connection, and the MiB of the whole process.
func idle(ctx context.Context, p *process, conns int) (perConn, whole float64, err error) {
	before, err := p.Resident()
	if err != nil {
		return 0, 0, err
	}
	c, err := gather(ctx, p.addr, conns)
	if err != nil {
		return 0, 0, err
	}
	defer c.close()
	// Long enough for collectors to run, shorter than a heartbeat.
	time.Sleep(10 * time.Second)
	after, err := p.Resident()
	return float64(after-before) / 1024 / float64(conns), float64(after) / (1 << 20), err
}

// storm connects clients as the official ones do by default, some at a time,
// and gives CPU milliseconds per connect and the part that got connected.
func storm(ctx context.Context, p *process, conns, atATime int) (result, error) {
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * atATime}}
	defer hc.CloseIdleConnections()
	before, err := p.CPU()
	if err != nil {
		return result{}, err
	}
	var connected atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []*client
	slots := make(chan struct{}, atATime)
	for range conns {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			c, err := connectDefault(ctx, hc, p.addr)
			if err != nil {
				return
			}
			connected.Add(1)
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
		})
	}
	wg.Wait()
	after, err := p.CPU()
	for _, c := range open {
		c.nc.Close()
	}
	return result{
		value:   float64((after - before).Microseconds()) / 1000 / float64(conns),
		percent: 100 * float64(connected.Load()) / float64(conns),
	}, err
}
