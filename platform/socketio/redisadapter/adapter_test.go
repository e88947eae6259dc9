package redisadapter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
	"taskstack.org/platform/socketio/redisadapter"
)

// three are three servers with a client each in "/".
type three struct {
	nodes   []*node
	clients []*client
}

// TestAdapter has the cases of the official suites of socket.io-redis-adapter
// and socket.io-redis-streams-adapter, on one Redis and on a Cluster. Left out
// is what package socketio does not have: broadcasts with acknowledgements, and
// recovery of a session on another server.
func TestAdapter(t *testing.T) {
	cases := map[string]func(t *testing.T, x three){
		"BroadcastToAll": func(_ *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").Emit("test", 1, "2", map[string]int{"a": 3}))
			for _, c := range x.clients {
				c.wants(`42["test",1,"2",{"a":3}]`)
			}
		},
		"BroadcastBinary": func(t *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").Emit("test", map[string]any{"a": socketio.Binary{1, 2, 3}}))
			for _, c := range x.clients {
				c.wants(`451-["test",{"a":{"_placeholder":true,"num":0}}]`, "binary \x01\x02\x03")
			}
		},
		"BroadcastToANamespace": func(t *testing.T, x three) {
			custom := []*client{x.nodes[0].connect("/custom"), x.nodes[1].connect("/custom"), x.nodes[2].connect("/custom")}
			x.ready()
			must(t, x.nodes[0].io.Of("/custom").Emit("test"))
			for _, c := range custom {
				c.wants(`42/custom,["test"]`)
			}
			x.nothing()
		},
		"BroadcastToARoom": func(t *testing.T, x three) {
			x.clients[1].join("room1")
			must(t, x.nodes[0].io.Of("/").To("room1").Emit("test"))
			x.clients[1].wants(event("test"))
			x.nothing()
		},
		"BroadcastToRoomsReachesASocketOnce": func(t *testing.T, x three) {
			x.clients[1].join("room1", "room2", "room3")
			x.clients[2].join("room3")
			must(t, x.nodes[0].io.Of("/").To("room1", "room2", "room3", "room4").Emit("test"))
			x.clients[1].wants(event("test"))
			x.clients[2].wants(event("test"))
			x.nothing()
		},
		"BroadcastToManyRooms": func(t *testing.T, x three) {
			rooms := make([]string, 40)
			for i := range rooms {
				rooms[i] = fmt.Sprint("many", i)
			}
			x.clients[1].join(rooms...)
			must(t, x.nodes[0].io.Of("/").To(rooms...).Emit("test"))
			x.clients[1].wants(event("test"))
			x.nothing()
		},
		"BroadcastExceptARoom": func(t *testing.T, x three) {
			x.clients[1].join("room1")
			must(t, x.nodes[0].io.Of("/").To().Except("room1").Emit("test"))
			x.clients[0].wants(event("test"))
			x.clients[2].wants(event("test"))
			x.nothing()
		},
		"BroadcastFromASocket": func(t *testing.T, x three) {
			for _, c := range x.clients {
				c.join("room1")
			}
			must(t, x.nodes[0].socket(x.clients[0]).To("room1").Emit("test"))
			x.clients[1].wants(event("test"))
			x.clients[2].wants(event("test"))
			x.nothing()
		},
		"BroadcastToASocketOfAnotherServer": func(t *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").To(x.clients[2].id).Emit("test"))
			x.clients[2].wants(event("test"))
			x.nothing()
		},
		"BroadcastLocally": func(t *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").To().Local().Emit("test"))
			x.clients[0].wants(event("test"))
			x.nothing()
		},
		"KeepsTheOrder": func(t *testing.T, x three) {
			x.clients[1].join("room1")
			for i := range 500 {
				must(t, x.nodes[0].io.Of("/").To("room1").Emit("test", i))
			}
			for i := range 500 {
				x.clients[1].wants(fmt.Sprintf(`42["test",%d]`, i))
			}
		},
		"AllJoin": func(t *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").To().Join("room1"))
			x.eventuallyIn("room1", x.clients...)
		},
		"MatchingJoin": func(t *testing.T, x three) {
			x.clients[0].join("room1")
			x.clients[2].join("room1")
			must(t, x.nodes[1].io.Of("/").In("room1").Join("room2"))
			x.eventuallyIn("room2", x.clients[0], x.clients[2])
		},
		"AGivenSocketJoins": func(t *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").In(x.clients[1].id).Join("room3"))
			x.eventuallyIn("room3", x.clients[1])
		},
		"AllLeave": func(t *testing.T, x three) {
			x.clients[0].join("room1")
			x.clients[2].join("room1")
			must(t, x.nodes[1].io.Of("/").To().Leave("room1"))
			x.eventuallyIn("room1")
		},
		"MatchingLeave": func(t *testing.T, x three) {
			x.clients[0].join("room1", "room2")
			x.clients[1].join("room1", "room2")
			x.clients[2].join("room2")
			must(t, x.nodes[2].io.Of("/").In("room1").Leave("room2"))
			x.eventuallyIn("room2", x.clients[2])
		},
		"AGivenSocketLeaves": func(t *testing.T, x three) {
			x.clients[0].join("room3")
			x.clients[1].join("room3")
			must(t, x.nodes[0].io.Of("/").In(x.clients[1].id).Leave("room3"))
			x.eventuallyIn("room3", x.clients[0])
		},
		"AllDisconnect": func(_ *testing.T, x three) {
			must(t, x.nodes[0].io.Of("/").To().Disconnect(false))
			for _, c := range x.clients {
				c.wants("41")
			}
		},
		"ConnectionsClose": func(t *testing.T, x three) {
			x.clients[2].join("room1")
			must(t, x.nodes[0].io.Of("/").In("room1").Disconnect(true))
			x.clients[2].wants("closed")
			x.clients = x.clients[:2]
			x.nothing()
		},
		"FetchAll": func(t *testing.T, x three) {
			got, err := x.nodes[0].io.Of("/").To().Sockets(t.Context())
			if err != nil || !slices.Equal(ids(got), idsOf(x.clients...)) {
				t.Errorf("%v, %v", got, err)
			}
		},
		"FetchARoom": func(t *testing.T, x three) {
			x.clients[0].join("room1")
			x.clients[1].join("room1", "room2")
			x.clients[2].join("room3")
			got, err := x.nodes[2].io.Of("/").In("room1").Except("room9").Sockets(t.Context())
			if err != nil || !slices.Equal(ids(got), idsOf(x.clients[0], x.clients[1])) {
				t.Errorf("%v, %v", got, err)
			}
			for _, s := range got {
				if s.ID == x.clients[1].id && !slices.Contains(s.Rooms, "room2") {
					t.Errorf("rooms of a fetched socket: %v", s.Rooms)
				}
			}
		},
		"FetchLocally": func(t *testing.T, x three) {
			got, err := x.nodes[0].io.Of("/").To().Local().Sockets(t.Context())
			if err != nil || !slices.Equal(ids(got), idsOf(x.clients[0])) {
				t.Errorf("%v, %v", got, err)
			}
		},
		"AServerThatLeftIsNotExpected": func(t *testing.T, x three) {
			x.nodes[2].close()
			eventually(t, "the others notice", func() bool { return x.nodes[0].adapter.Stats().Servers == 1 })
			got, err := x.nodes[0].io.Of("/").To().Sockets(t.Context())
			if err != nil || !slices.Equal(ids(got), idsOf(x.clients[0], x.clients[1])) {
				t.Errorf("%v, %v", got, err)
			}
			if !x.nodes[0].adapter.Live() {
				t.Error("a server that left makes the others degraded")
			}
		},
	}
	places(t, func(t *testing.T, address string) {
		for name, run := range cases {
			t.Run(name, func(t *testing.T) {
				nodes := startNodes(t, 3, address)
				x := three{nodes: nodes}
				for _, n := range nodes {
					x.clients = append(x.clients, n.connect("/"))
				}
				x.ready()
				run(t, x)
			})
		}
		t.Run("OnlyWhatIsListenedTo", func(t *testing.T) { testOnlyWhatIsListenedTo(t, address) })
		t.Run("Topics", func(t *testing.T) { testTopics(t, address) })
	})
}

func (x three) ready() {
	for _, n := range x.nodes {
		n.ready()
	}
}

// nothing asserts that no client got anything else: what comes behind it on the
// same ways comes first.
func (x three) nothing() {
	for i, from := range x.nodes {
		for _, c := range x.clients {
			c.t.Helper()
			must(c.t, from.io.Of("/").To(c.id).Emit("last", i))
			for _, room := range []string{"room1", "room2", "room3"} {
				if slices.Contains(c.node.socket(c).Rooms(), room) {
					must(c.t, from.io.Of("/").To(room).Except(others(x.clients, c)...).Emit("last", room))
				}
			}
			must(c.t, from.io.Of("/").To().Except(others(x.clients, c)...).Emit("last"))
		}
	}
	for _, c := range x.clients {
		seen := 0
		for seen < len(x.nodes) {
			got := c.next()
			if got == event("last") {
				seen++
			} else if len(got) < 8 || got[:8] != `42["last` {
				c.t.Fatalf("client of %s also got %s", c.node.url, got)
			}
		}
	}
}

func others(all []*client, c *client) []string {
	var rest []string
	for _, other := range all {
		if other != c {
			rest = append(rest, other.id)
		}
	}
	return rest
}

// eventuallyIn waits until exactly these clients are in a room.
func (x three) eventuallyIn(room string, want ...*client) {
	t := x.clients[0].t
	t.Helper()
	eventually(t, "members of "+room, func() bool {
		got, err := x.nodes[0].io.Of("/").In(room).Sockets(t.Context())
		return err == nil && slices.Equal(ids(got), idsOf(want...))
	})
}

// testOnlyWhatIsListenedTo: a server receives what its sockets are in, until
// they leave.
func testOnlyWhatIsListenedTo(t *testing.T, address string) {
	nodes := startNodes(t, 2, address)
	a, b := nodes[0].connect("/"), nodes[1].connect("/")
	a.join("room1")
	// The heartbeats count too, so many more events than those.
	before := nodes[1].adapter.Stats().Received
	nodes[0].emitAndWait("room1", 1000)
	b.join("room1")
	must(t, nodes[0].io.Of("/").To("room1").Emit("joined"))
	b.wants(event("joined"))
	if n := nodes[1].adapter.Stats().Received - before; n > 500 {
		t.Errorf("%d messages received for one event", n)
	}
	nodes[1].socket(b).Leave("room1")
	nodes[1].ready()
	before = nodes[1].adapter.Stats().Received
	nodes[0].emitAndWait("room1", 1000)
	must(t, nodes[0].io.Of("/").To(b.id).Emit("left"))
	b.wants(event("left"))
	if n := nodes[1].adapter.Stats().Received - before; n > 500 {
		t.Errorf("%d messages received for one event after leaving", n)
	}
}

// emitAndWait emits to a room and waits until Redis has taken everything.
func (n *node) emitAndWait(room string, events int) {
	n.t.Helper()
	published := n.adapter.Stats().Published
	for range events {
		must(n.t, n.io.Of("/").To(room).Emit("test"))
	}
	eventually(n.t, "Redis takes the events", func() bool { return n.adapter.Stats().Published >= published+uint64(events) })
}

// testTopics: payloads of the program reach the servers that follow.
func testTopics(t *testing.T, address string) {
	var mu sync.Mutex
	var got, subscribed []string
	first := startNode(t, address, redisadapter.Options{Prefix: "topics"})
	second := newNodeWithTopics(t, address, "topics", redisadapter.TopicHandler{
		Message: func(topic string, payload []byte) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, topic+"="+string(payload))
		},
		Subscribed: func(topics []string) {
			mu.Lock()
			defer mu.Unlock()
			subscribed = append(subscribed, topics...)
		},
	})
	sender := first.adapter.Topics("hints", redisadapter.TopicHandler{})
	second.topics.Follow("project:5", true)
	second.ready()
	meet(t, []*node{first, second.node})
	eventually(t, "the subscription is reported", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return slices.Equal(subscribed, []string{"project:5"})
	})
	sender.Publish("project:6", []byte("not for this one"))
	sender.Publish("project:5", []byte{0, 1, 2})
	eventually(t, "the payload arrives", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return slices.Equal(got, []string{"project:5=\x00\x01\x02"})
	})
}

type topicNode struct {
	*node
	topics *redisadapter.Topics
}

func newNodeWithTopics(t *testing.T, address, prefix string, h redisadapter.TopicHandler) topicNode {
	t.Helper()
	n := startNode(t, address, redisadapter.Options{Prefix: prefix})
	return topicNode{n, n.adapter.Topics("hints", h)}
}

// TestMissingServersAreNamed: a server that does not answer is named by Fetch, and
// what the others said is returned.
func TestMissingServersAreNamed(t *testing.T) {
	nodes := startNodes(t, 3, startRedis(t).URL)
	a, b := nodes[0].connect("/"), nodes[1].connect("/")
	nodes[0].ready()
	nodes[1].ready()
	block := make(chan struct{})
	// It hears nothing while a message is handled.
	topics := nodes[2].adapter.Topics("block", redisadapter.TopicHandler{Message: func(string, []byte) { <-block }})
	topics.Follow("it", true)
	nodes[2].ready()
	nodes[0].adapter.Topics("block", redisadapter.TopicHandler{}).Publish("it", nil)
	defer close(block)
	got, err := nodes[0].io.Of("/").To().Sockets(t.Context())
	var missing *redisadapter.MissingError
	if !errors.As(err, &missing) || !slices.Equal(missing.Servers, []string{"server2"}) || !slices.Equal(ids(got), idsOf(a, b)) {
		t.Errorf("%v, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := nodes[0].io.Of("/").To().Sockets(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller that gives up: %v", err)
	}
}
