package boardtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
)

// timeout bounds how long a client waits for anything.
const timeout = 20 * time.Second

// queryAuth believes the query parameter user, which is 0 for a visitor;
// accounts' own tests prove the real one.
type queryAuth struct{}

func (queryAuth) Handshake(r *http.Request) (context.Context, []string, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get("user"), 10, 64)
	if err != nil {
		return nil, nil, errs.Of(errs.Unauthenticated)
	}
	ctx := realtime.WithLang(context.WithoutCancel(r.Context()), r)
	if id == 0 {
		return ctx, nil, nil
	}
	ctx = accounts.WithActor(ctx, accounts.Actor{UserID: id})
	return ctx, []string{accounts.UserRoom(id)}, nil
}

func (queryAuth) Event(ctx context.Context) (context.Context, error) { return ctx, nil }

// Credential is none: the query parameter stays the same in a session.
func (queryAuth) Credential(*http.Request) string { return "" }

// Client is a Socket.IO client in one namespace.
type Client struct {
	gws.BuiltinEventHandler
	prefix string // of packets, names the namespace
	conn   *gws.Conn
	ready  chan struct{}
	acks   chan Ack
	events chan Event
	calls  int
	closed chan struct{}
}

// Event is an event as it arrived.
type Event struct {
	Name string
	Args []json.RawMessage
}

// Ack is what a call was answered.
type Ack struct {
	OK    bool   `json:"ok"`
	Rev   int64  `json:"rev"`
	ID    int64  `json:"id"`
	Error string `json:"error"`
	// Message is what a person reads.
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields"`
	// Current is what a Conflict is with.
	Current map[string]string `json:"current"`

	call int
}

// Connect connects a client of an actor to the Socket.IO server, which it starts.
func (w *World) Connect(t testing.TB, by accounts.Actor) *Client {
	t.Helper()
	if w.address == "" {
		w.serve(t)
	}
	return Dial(t, w.address+"/socket.io/?EIO=4&transport=websocket&user="+strconv.FormatInt(by.UserID, 10), projects.Namespace, nil)
}

// Dial connects to a namespace of a Socket.IO server, until the test ends.
func Dial(t testing.TB, address, namespace string, header http.Header) *Client {
	t.Helper()
	c := &Client{ready: make(chan struct{}), acks: make(chan Ack, 1), events: make(chan Event, 1000)}
	if namespace != realtime.RootNamespace {
		c.prefix = namespace + ","
	}
	conn, answer, err := gws.NewClient(c, &gws.ClientOption{
		Addr: address, RequestHeader: header, ReadMaxPayloadSize: 100 << 20, WriteMaxPayloadSize: 100 << 20,
	})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	_ = answer.Body.Close() // hijacked; nothing is in it
	c.conn = conn
	c.closed = make(chan struct{})
	go func() { defer close(c.closed); conn.ReadLoop() }()
	t.Cleanup(func() {
		c.Close()
		<-c.closed
	})
	wait(t, c.ready, "the namespace")
	return c
}

func (w *World) serve(t testing.TB) {
	t.Helper()
	for _, m := range w.modules.All() {
		if sockets, ok := m.(module.Sockets); ok {
			sockets.Sockets(w.Deps.Realtime)
		}
	}
	server := httptest.NewServer(w.Deps.Realtime.Handler(queryAuth{}))
	t.Cleanup(server.Close)
	w.address = "ws" + strings.TrimPrefix(server.URL, "http")
}

// OnMessage reads the packets that this client needs.
func (c *Client) OnMessage(_ *gws.Conn, m *gws.Message) {
	text := m.Data.String()
	_ = m.Close() // always nil
	switch {
	case strings.HasPrefix(text, "0"):
		c.write("40" + c.prefix)
	case text == "2":
		c.write("3")
	case strings.HasPrefix(text, "40"+c.prefix):
		close(c.ready)
	case strings.HasPrefix(text, "42"+c.prefix):
		var all []json.RawMessage
		if err := json.Unmarshal([]byte(text[len("42"+c.prefix):]), &all); err == nil {
			e := Event{Args: all[1:]}
			_ = json.Unmarshal(all[0], &e.Name) // a name of "" fails the test
			c.events <- e
		}
	case strings.HasPrefix(text, "43"+c.prefix):
		id, rest, _ := strings.Cut(text[len("43"+c.prefix):], "[")
		var a []Ack
		if err := json.Unmarshal([]byte("["+rest), &a); err == nil && len(a) == 1 {
			a[0].call, _ = strconv.Atoi(id) // 0 fails the call
			c.acks <- a[0]
		}
	}
}

func (c *Client) write(text string) {
	_ = c.conn.WriteString(text) // on a closed connection the call that waits fails
}

// Call emits an event with one argument, literal JSON, and waits for the
// acknowledgement. In it {"_placeholder":true,"num":i} is attachment i.
func (c *Client) Call(t testing.TB, event, argument string, attachments ...[]byte) Ack {
	t.Helper()
	c.calls++
	head := "42" + c.prefix
	if len(attachments) > 0 {
		head = fmt.Sprintf("45%d-%s", len(attachments), c.prefix)
	}
	comma := ","
	if argument == "" {
		comma = ""
	}
	c.write(fmt.Sprintf("%s%d[%q%s%s]", head, c.calls, event, comma, argument))
	for _, a := range attachments {
		if err := c.conn.WriteMessage(gws.OpcodeBinary, a); err != nil {
			t.Fatal(err)
		}
	}
	a := wait(t, c.acks, "the acknowledgement of "+event)
	if a.call != c.calls {
		t.Fatalf("acknowledgement of call %d for call %d, %s", a.call, c.calls, event)
	}
	return a
}

// Join joins a project's room.
func (c *Client) Join(t testing.TB, projectID int64) {
	t.Helper()
	if a := c.Call(t, "join_project_room", strconv.FormatInt(projectID, 10)); !a.OK {
		t.Fatalf("join: %+v", a)
	}
}

// Close breaks the connection.
func (c *Client) Close() {
	_ = c.conn.NetConn().Close() // the server sees that all the same
}

// Closed waits until the server has closed the connection.
func (c *Client) Closed(t testing.TB) {
	t.Helper()
	wait(t, c.closed, "the end of the connection")
}

// Next is the next event that arrives.
func (c *Client) Next(t testing.TB) Event {
	t.Helper()
	return wait(t, c.events, "an event")
}

// Heard returns the names of all events that the server has sent so far, since the
// last time: the answer to a question comes behind them on the same socket.
func (c *Client) Heard(t testing.TB) []string {
	t.Helper()
	c.Call(t, "no_such_event", "")
	var names []string
	for {
		select {
		case e := <-c.events:
			names = append(names, e.Name)
		default:
			return names
		}
	}
}

// None fails if an event has arrived.
func (c *Client) None(t testing.TB) {
	t.Helper()
	select {
	case e := <-c.events:
		t.Errorf("an event nobody should get: %s %s", e.Name, e.Args)
	default:
	}
}

func wait[V any](t testing.TB, ch <-chan V, what string) (v V) {
	t.Helper()
	select {
	case v = <-ch:
	case <-time.After(timeout):
		t.Fatalf("%s does not come", what)
	}
	return v
}
