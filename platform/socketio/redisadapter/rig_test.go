package redisadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/socketio/redisadapter"
)

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{}) // it has a line for each failed attempt
	goleak.VerifyTestMain(m)
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// giveUp is how long tests wait for what a busy machine may delay.
const giveUp = time.Minute

// node is one server with its adapter.
type node struct {
	t       *testing.T
	io      *socketio.Server
	adapter *redisadapter.Adapter
	url     string
	log     *logBuffer
	close   func()
}

// startNode starts a server whose adapter is at an address of Redis.
func startNode(t *testing.T, address string, o redisadapter.Options) *node {
	t.Helper()
	client, err := redisadapter.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, log: &logBuffer{}}
	o.Logger = slog.New(slog.NewTextHandler(n.log, nil))
	if n.adapter, err = redisadapter.New(client, o); err != nil {
		t.Fatal(err)
	}
	if n.io, err = socketio.New(socketio.Options{Adapter: n.adapter}); err != nil {
		t.Fatal(err)
	}
	n.io.Of("/custom")
	server := httptest.NewServer(n.io)
	n.url = server.URL
	n.close = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), giveUp)
		defer cancel()
		if err := n.io.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
		server.Close()
		if err := client.Close(); err != nil {
			t.Errorf("close of the client: %v", err)
		}
	})
	t.Cleanup(n.close)
	return n
}

// ready waits until Redis has confirmed the node's subscriptions.
func (n *node) ready() {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), giveUp)
	defer cancel()
	if err := n.adapter.Ready(ctx); err != nil {
		n.t.Fatalf("not ready: %v; %v\n%s", err, n.adapter.Check(ctx), n.log)
	}
}

// startNodes starts servers that know of each other.
func startNodes(t *testing.T, count int, address string) []*node {
	t.Helper()
	prefix := strings.ToLower(strings.ReplaceAll(t.Name(), "/", ":"))
	nodes := make([]*node, count)
	for i := range nodes {
		nodes[i] = startNode(t, address, redisadapter.Options{Prefix: prefix, Name: fmt.Sprint("server", i)})
	}
	meet(t, nodes)
	return nodes
}

func meet(t *testing.T, nodes []*node) {
	t.Helper()
	for _, n := range nodes {
		n.ready()
		eventually(t, "the servers know of each other", func() bool {
			return n.adapter.Live() && n.adapter.Stats().Servers == len(nodes)-1
		})
	}
}

// client is a client of protocol 4 in one namespace.
type client struct {
	gws.BuiltinEventHandler
	t         *testing.T
	namespace string
	conn      *gws.Conn
	node      *node
	id        string

	mu     sync.Mutex
	got    []string // packets, without the namespace
	change chan struct{}
}

func (n *node) connect(namespace string) *client {
	n.t.Helper()
	c := &client{t: n.t, namespace: namespace, node: n, change: make(chan struct{}, 1)}
	conn, _, err := gws.NewClient(c, &gws.ClientOption{Addr: "ws" + strings.TrimPrefix(n.url, "http") + "/socket.io/?EIO=4&transport=websocket"})
	if err != nil {
		n.t.Fatal(err)
	}
	c.conn = conn
	go conn.ReadLoop()
	n.t.Cleanup(func() { _ = conn.NetConn().Close() })
	c.send("40" + c.prefix())
	connected := c.next()
	var hello struct{ SID string }
	if err := json.Unmarshal([]byte(connected[strings.IndexByte(connected, '{'):]), &hello); err != nil {
		n.t.Fatalf("%s: %v", connected, err)
	}
	c.id = hello.SID
	return c
}

func (c *client) prefix() string {
	if c.namespace == "/" {
		return ""
	}
	return c.namespace + ","
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.conn.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) OnMessage(conn *gws.Conn, m *gws.Message) {
	text := m.Data.String()
	if m.Opcode == gws.OpcodeBinary {
		text = "binary " + text
	}
	_ = m.Close() // returns a buffer
	if text == "2" {
		_ = conn.WriteString("3") // an error ends the connection
		return
	}
	if strings.HasPrefix(text, "0") {
		return
	}
	c.note(text)
}

func (c *client) OnClose(*gws.Conn, error) { c.note("closed") }

func (c *client) note(text string) {
	c.mu.Lock()
	c.got = append(c.got, text)
	c.mu.Unlock()
	select {
	case c.change <- struct{}{}:
	default:
	}
}

// next returns the next packet.
func (c *client) next() string {
	c.t.Helper()
	timeout := time.After(giveUp)
	for {
		c.mu.Lock()
		if len(c.got) > 0 {
			first := c.got[0]
			c.got = c.got[1:]
			c.mu.Unlock()
			return first
		}
		c.mu.Unlock()
		select {
		case <-c.change:
		case <-timeout:
			c.t.Fatalf("nothing came\n%s", c.node.log)
		}
	}
}

// wants compares the next packets.
func (c *client) wants(packets ...string) {
	c.t.Helper()
	for _, want := range packets {
		if got := c.next(); got != want {
			c.t.Fatalf("client of %s got %s, want %s", c.node.url, got, want)
		}
	}
}

// event is the packet of an event without arguments.
func event(name string) string { return `42["` + name + `"]` }

func (n *node) socket(c *client) *socketio.Socket {
	n.t.Helper()
	s, ok := n.io.Of(c.namespace).Socket(c.id)
	if !ok {
		n.t.Fatalf("no socket %s", c.id)
	}
	return s
}

// join makes a client's socket join rooms and waits for the subscriptions.
func (c *client) join(rooms ...string) {
	c.t.Helper()
	c.node.socket(c).Join(rooms...)
	c.node.ready()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(giveUp)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, giveUp)
		}
		time.Sleep(time.Millisecond)
	}
}

// ids are the ids of sockets in order.
func ids(sockets []socketio.SocketInfo) []string {
	all := make([]string, 0, len(sockets))
	for _, s := range sockets {
		all = append(all, s.ID)
	}
	slices.Sort(all)
	return all
}

func idsOf(clients ...*client) []string {
	all := make([]string, 0, len(clients))
	for _, c := range clients {
		all = append(all, c.id)
	}
	slices.Sort(all)
	return all
}

// logBuffer keeps log lines.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// places runs a test with one Redis and with a Cluster of three.
func places(t *testing.T, run func(t *testing.T, address string)) {
	t.Helper()
	t.Run("single", func(t *testing.T) {
		run(t, testenv.Redis(t).URL)
	})
	t.Run("cluster", func(t *testing.T) {
		run(t, testenv.RedisCluster(t, 3)[0].URL+"?cluster=true")
	})
}
