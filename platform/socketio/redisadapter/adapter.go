package redisadapter

import (
	"context"
	"errors"
	"slices"

	"github.com/redis/go-redis/v9"

	"taskstack.org/platform/socketio"
)

// maxRoomChannels is to how many rooms' channels one command is published; a
// command to more rooms goes to all servers of the namespace.
const maxRoomChannels = 16

// Adapter connects the rooms of servers over Redis. It implements
// socketio.Adapter.
type Adapter struct {
	bus     *bus
	fetches fetches
	local   socketio.Local
	topics  topicKinds
}

var _ socketio.Adapter = (*Adapter)(nil)

// New returns an adapter for one server. It connects when the server attaches
// it, and again whenever the connection is lost; so New does not fail because
// Redis is away. The caller closes client after the server.
func New(client redis.UniversalClient, o Options) (*Adapter, error) {
	o, err := o.withDefaults(client)
	if err != nil {
		return nil, err
	}
	a := &Adapter{bus: newBus(client, o)}
	a.bus.handle, a.bus.fresh, a.bus.gone = a.handle, a.topics.subscribed, a.fetches.left
	a.topics.bus = a.bus
	return a, nil
}

// Attach implements socketio.Adapter. It returns before there is a connection;
// see Ready.
func (a *Adapter) Attach(local socketio.Local) error {
	if a.local != nil {
		return errors.New("redisadapter: an adapter serves one server")
	}
	a.local = local
	a.bus.start()
	return nil
}

// Ready waits until Redis has confirmed the subscriptions for everything that
// this server has joined so far.
func (a *Adapter) Ready(ctx context.Context) error {
	for _, l := range a.bus.lanes {
		if err := l.confirmed(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Live reports whether messages go to and come from all servers that are known.
func (a *Adapter) Live() bool { return a.bus.live.Load() }

// Check returns why Live is false, and nil if it is not.
func (a *Adapter) Check(context.Context) error { return a.bus.check() }

// OnLive registers a function that is called when Live changes. It must not
// wait. It is registered before the server is made.
func (a *Adapter) OnLive(fn func(live bool)) { a.bus.onLive = append(a.bus.onLive, fn) }

// Publish implements socketio.Adapter. It returns an error only for a command
// that cannot be encoded.
func (a *Adapter) Publish(_ context.Context, cmd socketio.Command) error {
	body, err := encodeCommand(cmd)
	if err != nil {
		return err
	}
	a.bus.send(messageCommand, body, a.channels(cmd.Namespace, cmd.To)...)
	return nil
}

// channels are those that the servers with sockets in a target receive.
func (a *Adapter) channels(namespace string, to socketio.Rooms) []string {
	if len(to.In) == 0 || len(to.In) > maxRoomChannels {
		return []string{a.bus.channel(namespaceName(namespace))}
	}
	channels := make([]string, 0, len(to.In))
	for _, room := range to.In {
		if c := a.bus.channel(roomName(namespace, room)); !slices.Contains(channels, c) {
			channels = append(channels, c)
		}
	}
	return channels
}

func namespaceName(namespace string) string  { return "n:" + namespace }
func roomName(namespace, room string) string { return "r:" + namespace + "#" + room }

// Interest implements socketio.Adapter.
func (a *Adapter) Interest(namespace, room string, present bool) {
	if room == "" {
		a.bus.follow(namespaceName(namespace), present)
		return
	}
	a.bus.follow(roomName(namespace, room), present)
}

// Close implements socketio.Adapter: the other servers stop expecting this one.
func (a *Adapter) Close(ctx context.Context) error { return a.bus.close(ctx) }

// handle takes the messages of other servers.
func (a *Adapter) handle(channel string, m message) {
	var err error
	switch m.kind {
	case messageCommand:
		var cmd socketio.Command
		if cmd, err = decodeCommand(m.body); err == nil {
			err = a.local.Apply(cmd)
		}
	case messageFetch:
		err = a.answer(m)
	case messageFetched:
		err = a.fetches.answered(m)
	case messageTopic:
		a.topics.receive(a.bus.nameOf(channel), m.body)
	default:
		err = errMalformed
	}
	if err != nil {
		a.bus.malformed.Add(1)
	}
}
