package redisadapter_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/socketio/redisadapter"
)

func startRedis(t *testing.T) *testenv.RedisServer { t.Helper(); return testenv.Redis(t) }

// pair are two servers with a client each in a room.
func pair(t *testing.T, address string) ([]*node, []*client) {
	t.Helper()
	nodes := startNodes(t, 2, address)
	clients := []*client{nodes[0].connect("/"), nodes[1].connect("/")}
	for _, c := range clients {
		c.join("room")
	}
	return nodes, clients
}

// TestRedisFails: local delivery goes on whatever happens to Redis, and events
// reach the other server again by themselves.
func TestRedisFails(t *testing.T) {
	restart := func(t *testing.T, r *testenv.RedisServer) { r.Start(t) }
	resume := func(t *testing.T, r *testenv.RedisServer) { r.Resume(t) }
	for name, fault := range map[string]struct {
		fail, fix func(*testing.T, *testenv.RedisServer)
	}{
		"Killed":   {func(t *testing.T, r *testenv.RedisServer) { r.Stop(t) }, restart},
		"Standing": {func(t *testing.T, r *testenv.RedisServer) { r.Pause(t) }, resume},
	} {
		t.Run(name, func(t *testing.T) {
			r := startRedis(t)
			nodes, clients := pair(t, r.URL)
			fault.fail(t, r)
			for _, n := range nodes {
				eventually(t, "the loss is noticed", func() bool { return !n.adapter.Live() })
			}
			for range 20_000 { // more than the queue holds
				must(t, nodes[0].io.Of("/").To("room").Except("room").Emit("for no one"))
			}
			must(t, nodes[0].io.Of("/").To("room").Local().Emit("local"))
			clients[0].wants(event("local"))
			if n := nodes[0].adapter.Stats().Dropped["queue"] + nodes[0].adapter.Stats().Dropped["redis"]; n == 0 {
				t.Error("nothing was counted as dropped")
			}
			if _, err := nodes[0].io.Of("/").To().Sockets(t.Context()); err == nil {
				t.Error("sockets of all servers without an error")
			}
			fault.fix(t, r)
			for _, n := range nodes {
				eventually(t, "the connection is back", n.adapter.Live)
			}
			must(t, nodes[0].io.Of("/").To("room").Emit("back"))
			clients[0].wants(event("back"))
			clients[1].wants(event("back"))
		})
	}
}

// TestStartWithoutRedis: a server starts degraded and is connected later.
func TestStartWithoutRedis(t *testing.T) {
	r := startRedis(t)
	r.Stop(t)
	prefix := redisadapter.Options{Prefix: "start"}
	nodes := []*node{startNode(t, r.URL, prefix), startNode(t, r.URL, prefix)}
	a, b := nodes[0].connect("/"), nodes[1].connect("/")
	must(t, nodes[0].io.Of("/").Emit("alone"))
	a.wants(event("alone"))
	if err := nodes[0].adapter.Check(t.Context()); err == nil || nodes[0].adapter.Live() {
		t.Errorf("live without Redis: %v", err)
	}
	r.Start(t)
	meet(t, nodes)
	// What was emitted without Redis may still come, or be dropped.
	must(t, nodes[0].io.Of("/").To(b.id).Emit("together"))
	for b.next() != event("together") {
	}
}

// TestConnectionsAreKilled: connections that Redis ends are opened again with
// all their subscriptions, and what follows is told so.
func TestConnectionsAreKilled(t *testing.T) {
	r := startRedis(t)
	nodes, clients := pair(t, r.URL)
	for range 3 {
		before := nodes[1].adapter.Stats().Reconnects
		r.CLI(t, "client", "kill", "type", "pubsub")
		eventually(t, "the loss is noticed", func() bool { return nodes[1].adapter.Stats().Reconnects > before })
		for _, n := range nodes {
			eventually(t, "the connection is back", n.adapter.Live)
			n.ready()
		}
		must(t, nodes[0].io.Of("/").To("room").Emit("back"))
		clients[0].wants(event("back"))
		clients[1].wants(event("back"))
	}
	// The publishing connections too.
	r.CLI(t, "client", "kill", "type", "normal")
	eventually(t, "messages go through", func() bool {
		must(t, nodes[0].io.Of("/").To("room").Except(clients[0].id).Emit("again"))
		select {
		case <-clients[1].change:
			return true
		case <-time.After(10 * time.Millisecond):
			return false
		}
	})
}

// TestFlushAll: there is nothing in Redis to lose.
func TestFlushAll(t *testing.T) {
	r := startRedis(t)
	nodes, clients := pair(t, r.URL)
	r.CLI(t, "flushall")
	must(t, nodes[0].io.Of("/").To("room").Emit("test"))
	clients[1].wants(event("test"))
	if keys := r.CLI(t, "keys", "*"); keys != "" {
		t.Errorf("keys in Redis: %s", keys)
	}
}

// TestWithoutRights: an ACL user without the channels makes a server degraded,
// which says why; with them it is connected.
func TestWithoutRights(t *testing.T) {
	r := startRedis(t)
	r.CLI(t, "acl", "setuser", "app", "on", ">hush", "resetchannels", "+@all", "~*")
	address := strings.Replace(r.URL, "redis://", "redis://app:hush@", 1)
	n := startNode(t, address, redisadapter.Options{Prefix: "rights"})
	eventually(t, "the reason is logged", func() bool { return strings.Contains(n.log.String(), "NOPERM") })
	if n.adapter.Live() {
		t.Error("live without rights")
	}
	r.CLI(t, "acl", "setuser", "app", "&rights*")
	eventually(t, "connected with rights", n.adapter.Live)
}

// TestMalformedMessages are ignored and counted.
func TestMalformedMessages(t *testing.T) {
	r := startRedis(t)
	nodes, clients := pair(t, r.URL)
	channel := ""
	for c := range strings.FieldsSeq(r.CLI(t, "pubsub", "channels")) {
		if strings.HasSuffix(c, "r:/#room") {
			channel = c
		}
	}
	if channel == "" {
		t.Fatalf("no channel of the room in %s", r.CLI(t, "pubsub", "channels"))
	}
	bad := []string{"", "x", "\x01", "\x01c", "\x01c\x05other\x01", "\x01c\x05other\x02e\x00\x01/\xff\xff\xff\xff\x0f", "\x01z\x05other\x03", "\x01f\x05other\x04{", "\x01r\x05other\x05{", "\x02c\x05other\x06"}
	client, err := redisadapter.Connect(r.URL)
	must(t, err)
	defer func() { must(t, client.Close()) }()
	for _, payload := range bad {
		must(t, client.Publish(t.Context(), channel, payload).Err())
	}
	must(t, nodes[0].io.Of("/").To("room").Emit("test"))
	clients[1].wants(event("test"))
	if n := nodes[1].adapter.Stats().Malformed; n != uint64(len(bad)) {
		t.Errorf("%d malformed messages counted, want %d", n, len(bad))
	}
}

// TestCutLink: a server whose link is cut is degraded, and so are the others,
// because its messages are missing; on a slow link everything still arrives.
func TestCutLink(t *testing.T) {
	r := startRedis(t)
	link := testenv.NewLink(t, r.Addr())
	o := redisadapter.Options{Prefix: "cut"}
	nodes := []*node{startNode(t, r.URL, o), startNode(t, "redis://"+link.Addr(), o)}
	meet(t, nodes)
	clients := []*client{nodes[0].connect("/"), nodes[1].connect("/")}
	for _, c := range clients {
		c.join("room")
	}
	link.Delay(20 * time.Millisecond)
	must(t, nodes[0].io.Of("/").To("room").Emit("slow"))
	clients[1].wants(event("slow"))
	link.Cut()
	for _, n := range nodes {
		eventually(t, "the loss is noticed", func() bool { return !n.adapter.Live() })
	}
	if nodes[0].adapter.Check(t.Context()) == nil {
		t.Error("no reason")
	}
	link.Delay(0)
	link.Mend()
	for _, n := range nodes {
		eventually(t, "the link is back", n.adapter.Live)
	}
	must(t, nodes[1].io.Of("/").To("room").Emit("back"))
	clients[0].wants(event("slow"), event("back"))
}

// TestClusterNodeFails: a node of a Cluster that is killed makes the servers
// degraded, and they come back with it.
func TestClusterNodeFails(t *testing.T) {
	cluster := testenv.RedisCluster(t, 3)
	nodes, clients := pair(t, cluster[0].URL+"?cluster=true&addr="+cluster[1].Addr())
	cluster[0].Pause(t)
	for _, n := range nodes {
		eventually(t, "the loss is noticed", func() bool { return !n.adapter.Live() })
	}
	cluster[0].Resume(t)
	for _, n := range nodes {
		eventually(t, "the node is back", n.adapter.Live)
		n.ready()
	}
	must(t, nodes[0].io.Of("/").To("room").Emit("back"))
	clients[1].wants(event("back"))
}

// TestTopicsAfterAReconnect: everything that is followed is reported again, so
// that its user can look for what was missed.
func TestTopicsAfterAReconnect(t *testing.T) {
	r := startRedis(t)
	reported := make(chan []string, 100)
	n := newNodeWithTopics(t, r.URL, "again", redisadapter.TopicHandler{Subscribed: func(topics []string) { reported <- topics }})
	n.topics.Follow("a", true)
	n.topics.Follow("b", true)
	n.topics.Follow("c", true)
	n.topics.Follow("c", false)
	n.ready()
	collect := func() []string {
		var all []string
		for len(all) < 2 {
			select {
			case topics := <-reported:
				all = append(all, topics...)
			case <-time.After(giveUp):
				t.Fatalf("only %v reported", all)
			}
		}
		slices.Sort(all)
		return all
	}
	if got := collect(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%v reported", got)
	}
	r.Stop(t)
	r.Start(t)
	if got := collect(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%v reported after a restart", got)
	}
}
