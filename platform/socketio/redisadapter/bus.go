package redisadapter

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// publishBatch is how many messages one round trip carries, publishTimeout how
// long it may take, and publishPause how long a failure is followed by none.
const (
	publishBatch   = 256
	publishTimeout = time.Second
	publishPause   = 50 * time.Millisecond
)

// reportEvery is the interval at which the same trouble is logged.
const reportEvery = 10 * time.Second

// bus carries messages between servers: lanes receive, one queue publishes.
type bus struct {
	opt     Options
	client  redis.UniversalClient
	sharded bool // a Cluster: SSUBSCRIBE and SPUBLISH
	id      string
	lanes   []*lane
	peers   *peers
	queue   chan outgoing
	queued  atomic.Int64 // bytes in the queue
	seq     atomic.Uint64
	counters
	// publishing reports that the last batch went out.
	publishing atomic.Bool
	live       atomic.Bool

	// handle is given every message of another server that is no heartbeat,
	// fresh the topics' channels whose subscription has begun.
	handle func(channel string, m message)
	fresh  func(channels []string)
	// gone is called with the id of a server that left.
	gone func(id string)

	mu       sync.Mutex
	reported time.Time
	onLive   []func(live bool)

	started bool // by Attach, before anything is published
	stopped context.Context
	stop    context.CancelFunc
	tasks   sync.WaitGroup
	drained chan struct{} // closed when the queue is published after stopping
}

type outgoing struct {
	channel string
	payload []byte
	at      time.Time
}

func newBus(client redis.UniversalClient, opt Options) *bus {
	ctx, stop := context.WithCancel(context.Background())
	_, sharded := client.(*redis.ClusterClient)
	b := &bus{
		opt: opt, client: client, sharded: sharded, id: rand.Text()[:16], peers: newPeers(),
		queue: make(chan outgoing, opt.QueueLength), stopped: ctx, stop: stop, drained: make(chan struct{}),
	}
	b.publishing.Store(true)
	for n := range opt.Lanes {
		b.lanes = append(b.lanes, newLane(b, b.channelIn(n, "server:"+b.id)))
	}
	b.lanes[0].wanted[b.everyone()] = struct{}{}
	return b
}

func (b *bus) start() {
	b.started = true
	for _, l := range b.lanes {
		b.tasks.Go(func() { l.run(b.stopped) })
	}
	b.tasks.Go(func() { b.publish(b.stopped) })
	b.tasks.Go(func() { b.beat(b.stopped) })
}

// channelIn is the name of a channel in a lane. What is in braces decides the
// hash slot.
func (b *bus) channelIn(lane int, name string) string {
	return fmt.Sprintf("%s{%d}%s", b.opt.Prefix, lane, name)
}

// channel is the name of the channel of a room or topic, in the lane that its
// name chooses.
func (b *bus) channel(name string) string { return b.channelIn(b.laneOf(name), name) }

func (b *bus) laneOf(name string) int {
	if len(b.lanes) == 1 {
		return 0
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return int(h.Sum32() % uint32(len(b.lanes)))
}

// nameOf is the name that channelIn has made a channel of.
func (b *bus) nameOf(channel string) string {
	rest := strings.TrimPrefix(channel, b.opt.Prefix)
	_, name, _ := strings.Cut(rest, "}")
	return name
}

// everyone is the channel of all servers; inbox that of one.
func (b *bus) everyone() string         { return b.channelIn(0, "servers") }
func (b *bus) inbox(id string) string   { return b.channelIn(0, "server:"+id) }
func (b *bus) follow(n string, on bool) { b.lanes[b.laneOf(n)].follow(b.channel(n), on) }

// send queues a message for channels. It does not wait: what the queue has no
// place for is dropped.
func (b *bus) send(kind messageKind, body []byte, channels ...string) {
	payload := message{kind: kind, from: b.id, seq: b.seq.Add(1), body: body}.encode()
	for _, channel := range channels {
		if b.queued.Add(int64(len(payload))) > int64(b.opt.QueueBytes) {
			b.drop(payload, &b.droppedQueue)
			continue
		}
		select {
		case b.queue <- outgoing{channel, payload, time.Now()}:
		default:
			b.drop(payload, &b.droppedQueue)
		}
	}
}

func (b *bus) drop(payload []byte, counter *atomic.Uint64) {
	b.queued.Add(-int64(len(payload)))
	counter.Add(1)
}

// publish sends what is queued, until ctx ends and the queue is empty.
func (b *bus) publish(ctx context.Context) {
	defer close(b.drained)
	batch := make([]outgoing, 0, publishBatch)
	for {
		batch = batch[:0]
		select {
		case m := <-b.queue:
			batch = append(batch, m)
		case <-ctx.Done():
		}
		for len(batch) < publishBatch && len(b.queue) > 0 {
			batch = append(batch, <-b.queue)
		}
		if len(batch) > 0 {
			b.publishAll(ctx, batch)
			continue
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// publishAll publishes a batch in one round trip. What fails is not sent again:
// whether it arrived is unknown.
func (b *bus) publishAll(stop context.Context, batch []outgoing) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), publishTimeout)
	defer cancel()
	pipe := b.client.Pipeline()
	oldest := time.Now().Add(-b.opt.MaxAge)
	var sent []outgoing
	var results []*redis.IntCmd
	for _, m := range batch {
		switch {
		case m.at.Before(oldest):
			b.drop(m.payload, &b.droppedOld)
			continue
		case b.sharded:
			results = append(results, pipe.SPublish(ctx, m.channel, m.payload))
		default:
			results = append(results, pipe.Publish(ctx, m.channel, m.payload))
		}
		sent = append(sent, m)
	}
	if len(sent) == 0 {
		return
	}
	_, err := pipe.Exec(ctx)
	for i, m := range sent {
		if results[i].Err() != nil {
			b.drop(m.payload, &b.droppedRedis)
			continue
		}
		b.queued.Add(-int64(len(m.payload)))
		b.published.Add(1)
	}
	b.publishing.Store(err == nil)
	if err != nil {
		b.report(stop, fmt.Errorf("publish: %w", err))
		select {
		case <-stop.Done():
		case <-time.After(publishPause):
		}
	}
}

// beat announces this server, and looks whether the others are still heard.
func (b *bus) beat(ctx context.Context) {
	ticker := time.NewTicker(b.opt.Heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			b.send(messageHeartbeat, []byte(b.opt.Name), b.everyone())
			b.changed()
		}
	}
}

// connected is called when a lane has a connection with all its subscriptions.
func (b *bus) connected(l *lane) {
	if l == b.lanes[0] {
		b.send(messageHello, []byte(b.opt.Name), b.everyone())
	}
	b.changed()
}

// changed brings live up to date.
func (b *bus) changed() {
	err := b.check()
	if b.live.Swap(err == nil) == (err == nil) {
		return
	}
	if err == nil {
		b.opt.Logger.Info("connected to the other servers over Redis")
	} else if b.stopped.Err() == nil {
		b.opt.Logger.Warn("not connected to all other servers over Redis", "error", err)
	}
	b.mu.Lock()
	listeners := b.onLive
	b.mu.Unlock()
	for _, fn := range listeners {
		fn(err == nil)
	}
}

var (
	errNotConnected  = errors.New("redisadapter: not connected to Redis")
	errNotPublishing = errors.New("redisadapter: Redis takes no messages")
)

// check returns nil if messages arrive from all servers that are known.
func (b *bus) check() error {
	for _, l := range b.lanes {
		if !l.live() {
			return errNotConnected
		}
	}
	if !b.publishing.Load() {
		return errNotPublishing
	}
	now := time.Now()
	if silent := b.peers.silent(now.Add(-b.opt.silence()), now.Add(-b.opt.ForgetAfter)); len(silent) > 0 {
		return &MissingError{Servers: silent}
	}
	return nil
}

// report logs trouble with Redis, at most once in a while.
func (b *bus) report(ctx context.Context, err error) {
	b.mu.Lock()
	quiet := time.Since(b.reported) < reportEvery
	if !quiet {
		b.reported = time.Now()
	}
	b.mu.Unlock()
	if !quiet && b.stopped.Err() == nil {
		b.opt.Logger.LogAttrs(ctx, slog.LevelWarn, "trouble with Redis", slog.Any("error", err))
	}
}

// receive is called by a lane for each message. It must not wait.
func (b *bus) receive(channel, payload string) {
	m, err := decodeMessage(payload)
	if err != nil {
		b.malformed.Add(1)
		return
	}
	if m.from == b.id {
		return
	}
	b.received.Add(1)
	if !b.peers.first(m.from, m.seq) {
		b.repeated.Add(1)
		return
	}
	switch m.kind {
	case messageHello:
		b.peers.hear(m.from, string(m.body), time.Now())
		b.send(messageHeartbeat, []byte(b.opt.Name), b.inbox(m.from))
	case messageHeartbeat:
		b.peers.hear(m.from, string(m.body), time.Now())
	case messageBye:
		b.peers.forget(m.from)
		b.gone(m.from)
	default:
		b.handle(channel, m)
	}
}

func (b *bus) subscribed(channels []string) { b.fresh(channels) }

func (b *bus) subscribe(ctx context.Context, ps *redis.PubSub, channels []string) error {
	if b.sharded {
		return ps.SSubscribe(ctx, channels...)
	}
	return ps.Subscribe(ctx, channels...)
}

func (b *bus) unsubscribe(ctx context.Context, ps *redis.PubSub, channels []string) error {
	if b.sharded {
		return ps.SUnsubscribe(ctx, channels...)
	}
	return ps.Unsubscribe(ctx, channels...)
}

// close says that this server leaves, publishes what is queued and ends all
// goroutines.
func (b *bus) close(ctx context.Context) error {
	if !b.started {
		return nil
	}
	b.send(messageBye, nil, b.everyone())
	b.stop()
	var err error
	select {
	case <-b.drained:
	case <-ctx.Done():
		err = ctx.Err()
	}
	ended := make(chan struct{})
	go func() { b.tasks.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
}
