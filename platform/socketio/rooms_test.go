package socketio_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"pgregory.net/rapid"

	"taskstack.org/platform/socketio"
)

// sockets gives a host's sockets in "/", in the order in which n clients connect.
func (h *host) sockets(n int) ([]*wsClient, []*socketio.Socket) {
	h.t.Helper()
	var clients []*wsClient
	var sockets []*socketio.Socket
	for i := range n {
		c := h.connect(3 + i%2)
		c.send(`420["whoami"]`)
		id := strings.Split(c.text(), `"`)[3]
		s, ok := h.srv.Of("/").Socket(id)
		if !ok {
			h.t.Fatalf("no socket %q", id)
		}
		clients, sockets = append(clients, c), append(sockets, s)
	}
	return clients, sockets
}

// TestRoomsAgainstModel joins, leaves and emits at random and compares who is
// addressed with sets that are kept beside.
func TestRoomsAgainstModel(t *testing.T) {
	h := newHost(t, socketio.Options{})
	_, sockets := h.sockets(5)
	ns := h.srv.Of("/")
	names := []string{"a", "b", "c", sockets[0].ID()}
	rapid.Check(t, func(t *rapid.T) {
		model := make([]map[string]bool, len(sockets))
		for i, s := range sockets {
			s.Leave(s.Rooms()...)
			model[i] = map[string]bool{s.ID(): true}
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, len(sockets)-1).Draw(t, "socket")
			room := rapid.SampledFrom(names).Draw(t, "room")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				sockets[i].Join(room)
				model[i][room] = true
			case 1:
				sockets[i].Leave(room)
				if room != sockets[i].ID() {
					delete(model[i], room)
				}
			case 2:
				if err := ns.To(room).Join("b"); err != nil {
					t.Fatal(err)
				}
				for _, m := range model {
					if m[room] {
						m["b"] = true
					}
				}
			}
			in := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID).Draw(t, "in")
			except := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 2, rapid.ID).Draw(t, "except")
			got, err := ns.To(in...).Except(except...).Sockets(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			for j, m := range model {
				has := func(room string) bool { return m[room] }
				hit := (len(in) == 0 || slices.ContainsFunc(in, has)) && !slices.ContainsFunc(except, has)
				found := slices.ContainsFunc(got, func(info socketio.SocketInfo) bool { return info.ID == sockets[j].ID() })
				if hit != found {
					t.Fatalf("socket %d, in %v except %v: addressed %v, want %v", j, in, except, found, hit)
				}
				if hit {
					want++
				}
			}
			if len(got) != want {
				t.Fatalf("%d addressed, want %d", len(got), want)
			}
		}
	})
}

func TestTargets(t *testing.T) {
	h := newHost(t, socketio.Options{})
	clients, sockets := h.sockets(3)
	ns := h.srv.Of("/")
	for i, s := range sockets {
		s.Join("all", fmt.Sprint("room", i))
	}
	emit := func(target socketio.Target, event string) {
		t.Helper()
		if err := target.Emit(event); err != nil {
			t.Fatal(err)
		}
	}
	emit(ns.To("room0", "room1", "all").Except("room2"), "a")
	emit(sockets[0].To("all"), "b")
	emit(ns.To(sockets[2].ID()), "c")
	emit(ns.To(), "d")
	for i, want := range [][]string{{"a", "d"}, {"a", "b", "d"}, {"b", "c", "d"}} {
		for _, name := range want {
			clients[i].want(`42["` + name + `"]`)
		}
	}
	if err := ns.To("room0").Disconnect(false); err != nil {
		t.Fatal(err)
	}
	clients[0].want("41")
	if err := ns.To("room1").Disconnect(true); err != nil {
		t.Fatal(err)
	}
	clients[1].wantClosed(1000)
	if ns.Len("all") != 1 || ns.Len("room0") != 0 || ns.Len("") != 1 || h.srv.Stats().Rooms != 2 {
		t.Errorf("left: %d in all, %d in room0, %d sockets, %d rooms", ns.Len("all"), ns.Len("room0"), ns.Len(""), h.srv.Stats().Rooms)
	}
	if rooms := sockets[0].Rooms(); !slices.Equal(rooms, []string{"all", "room0"}) {
		t.Errorf("rooms of a socket that left: %v", rooms)
	}
	sockets[0].Join("all")
	if ns.Len("all") != 1 {
		t.Error("a socket that has left joined a room")
	}
	if err := sockets[0].Emit("x"); err == nil {
		t.Error("a socket that has left took an event")
	}
}

func TestVolatileIsDroppedForAPollerThatIsAway(t *testing.T) {
	h := newHost(t, socketio.Options{})
	p := h.member(4)
	ns := h.srv.Of("/")
	if err := ns.To().Volatile().Emit("missed"); err != nil {
		t.Fatal(err)
	}
	if err := ns.Emit("kept"); err != nil {
		t.Fatal(err)
	}
	p.want(`42["kept"]`)
}

func TestMiddleware(t *testing.T) {
	h := newHost(t, socketio.Options{})
	ns := h.srv.Of("/guarded")
	type key struct{}
	var seen []string
	ns.Use(func(_ context.Context, s *socketio.Socket) error {
		if strings.Contains(string(s.Auth()), "panic") {
			panic("in middleware") //nolint:forbidigo // what middleware must not be able to harm
		}
		s.Set("user", "ada")
		s.Join("from middleware")
		return nil
	})
	ns.UseEvent(func(ctx context.Context, s *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
		value, err := next(context.WithValue(ctx, key{}, s.Get("user")))
		seen = append(seen, fmt.Sprint(ev.Name, ev.Registered, ev.WantsAck, value, err))
		return value, err
	})
	socketio.On(ns, "who", func(ctx context.Context, _ *socketio.Socket, _ socketio.NoArgs) (any, error) {
		return ctx.Value(key{}), nil
	})
	socketio.On(ns, "id", func(_ context.Context, _ *socketio.Socket, id socketio.ID) (any, error) { return id, nil })
	c := h.connect(4)
	c.send(`40/guarded,{"x":"panic"}`)
	c.want(`44/guarded,{"message":"internal"}`)
	c.send("40/guarded,")
	c.text()
	if ns.Len("from middleware") != 1 {
		t.Error("the room joined in middleware is empty")
	}
	c.send(`42/guarded,0["who"]`, `42/guarded,1["id","x"]`, `42/guarded,2["nothing"]`, `42/guarded,3["id","12"]`)
	c.want(`43/guarded,0["ada"]`, `43/guarded,1[{"error":"invalid"}]`, `43/guarded,2[{"error":"unknown"}]`, "43/guarded,3[12]")
	want := []string{"who true true ada <nil>", `id true true <nil> socketio: event "id": not an id`, "nothing false true <nil> socketio: unknown event", "id true true 12 <nil>"}
	for i := range want {
		if strings.ReplaceAll(seen[i], " ", "") != strings.ReplaceAll(want[i], " ", "") {
			t.Errorf("middleware saw %q, want %q", seen[i], want[i])
		}
	}
}

func TestHandshakeCopyAndContext(t *testing.T) {
	type key struct{}
	h := newHost(t, socketio.Options{AllowRequest: func(r *http.Request) (context.Context, error) {
		return context.WithValue(r.Context(), key{}, r.Header.Get("X-Name")), nil
	}})
	ns := h.srv.Of("/")
	got := make(chan string, 1)
	socketio.On(ns, "look", func(ctx context.Context, s *socketio.Socket, _ socketio.NoArgs) (any, error) {
		r := s.Request()
		got <- fmt.Sprint(ctx.Value(key{}), ctx.Err(), s.Context().Value(key{}), r.Header.Get("X-Name"), r.URL.Query().Get("q"), r.Host == h.addr(), r.RemoteAddr != "")
		return nil, nil
	})
	c := h.dialWS("EIO=3&transport=websocket&q=1", "X-Name: ada")
	c.text()
	c.text()
	c.send(`42["look"]`)
	if g := strings.ReplaceAll(<-got, " ", ""); g != "ada<nil>adaada1truetrue" {
		t.Error(g)
	}
}

func TestAcknowledgementTimesOutOrEndsWithTheSocket(t *testing.T) {
	h := newHost(t, socketio.Options{})
	clients, sockets := h.sockets(1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := sockets[0].EmitWithAck(ctx, "question"); err == nil || ctx.Err() == nil {
		t.Error("no error although nobody answered:", err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := sockets[0].EmitWithAck(t.Context(), "question")
		failed <- err
	}()
	clients[0].want(`420["question"]`, `421["question"]`)
	clients[0].nc.Close()
	if err := <-failed; err == nil {
		t.Error("no error although the client left")
	}
}

func TestDrain(t *testing.T) {
	h := newHost(t, socketio.Options{})
	started, finish := make(chan struct{}), make(chan struct{})
	socketio.On(h.srv.Of("/"), "work", func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) {
		close(started)
		<-finish
		return nil, nil
	})
	c, p := h.connect(4), h.member(3)
	waiting := p.pending()
	c.send(`42["work"]`)
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := h.srv.Drain(ctx); err == nil {
		t.Error("drained while a handler runs")
	}
	c.wantClosed(1001)
	if got := <-waiting; got != "200 1:1" && !strings.HasPrefix(got, "400") {
		t.Errorf("the waiting poll got %q", got)
	}
	if status, _ := h.request("GET", "EIO=4&transport=polling", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("a handshake while draining: %d", status)
	}
	close(finish)
	if err := h.srv.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRecovery(t *testing.T) {
	h := newHost(t, socketio.Options{Recovery: socketio.Recovery{MaxAge: time.Minute, MaxEvents: 10}})
	ns := h.srv.Of("/")
	field := func(text, name string) string {
		_, rest, _ := strings.Cut(text, `"`+name+`":"`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	lose := func() (sid, pid, offset string) {
		t.Helper()
		c := h.dialWS("EIO=4&transport=websocket")
		c.text()
		c.send("40")
		welcome := c.text()
		c.send(`420["join","room"]`)
		c.want("430[true]")
		if err := ns.To("room").Emit("n", 0); err != nil {
			t.Fatal(err)
		}
		first := c.text()
		parts := strings.Split(first, `"`)
		before := h.srv.Stats().Sockets
		c.nc.Close()
		eventually(t, "lost", func() bool { return h.srv.Stats().Sockets < before })
		return field(welcome, "sid"), field(welcome, "pid"), parts[len(parts)-2]
	}
	back := func(pid, offset string) (*wsClient, string) {
		t.Helper()
		c := h.dialWS("EIO=4&transport=websocket")
		c.text()
		c.send(fmt.Sprintf(`40{"pid":%q,"offset":%q}`, pid, offset))
		welcome := c.text()
		return c, welcome
	}
	sid, pid, offset := lose()
	for _, emit := range []func() error{
		func() error { return ns.To("room").Emit("n", 1) },
		func() error { return ns.To("elsewhere").Emit("n", 2) },
		func() error { return ns.To("room").Except(sid).Emit("n", 3) },
		func() error { return ns.To("room").Volatile().Emit("n", 4) },
		func() error { return ns.To(sid).Emit("n", 5) },
		func() error { return ns.Emit("n", 6) },
	} {
		if err := emit(); err != nil {
			t.Fatal(err)
		}
	}
	c, welcome := back(pid, offset)
	if field(welcome, "sid") != sid || field(welcome, "pid") != pid {
		t.Errorf("came back as %s", welcome)
	}
	for _, n := range []int{1, 5, 6} {
		if got := c.text(); !strings.HasPrefix(got, fmt.Sprintf(`42["n",%d,`, n)) {
			t.Errorf("missed event %d: %s", n, got)
		}
	}
	if _, welcome := back(pid, offset); field(welcome, "sid") == sid {
		t.Error("the same session was recovered twice")
	}
	for _, wrong := range []struct{ pid, offset string }{{pid, "x"}, {"x", offset}, {"", ""}, {"x", ""}} {
		if _, welcome := back(wrong.pid, wrong.offset); field(welcome, "pid") == pid {
			t.Errorf("%+v recovered a session", wrong)
		}
	}
	_, pid, offset = lose()
	for n := range 20 { // more than are kept
		if err := ns.To("room").Emit("n", n); err != nil {
			t.Fatal(err)
		}
	}
	if _, welcome := back(pid, offset); field(welcome, "pid") == pid {
		t.Error("recovered although events are lost")
	}
}

// wire connects servers of one process, as a network would.
type wire struct {
	others []socketio.Local
	rooms  map[string]int
}

func (w *wire) Attach(socketio.Local) error { return nil }

func (w *wire) Publish(_ context.Context, cmd socketio.Command) error {
	for _, o := range w.others {
		if err := o.Apply(cmd); err != nil {
			return err
		}
	}
	return nil
}

func (w *wire) Fetch(_ context.Context, ns string, to socketio.Rooms) (all []socketio.SocketInfo, err error) {
	for _, o := range w.others {
		all = append(all, o.LocalSockets(ns, to)...)
	}
	return all, nil
}

func (w *wire) Interest(ns, room string, present bool) {
	if present {
		w.rooms[ns+" "+room]++
	} else {
		w.rooms[ns+" "+room]--
	}
}

func (w *wire) Close(context.Context) error { return nil }

func TestAdapter(t *testing.T) {
	wires := [2]*wire{{rooms: map[string]int{}}, {rooms: map[string]int{}}}
	a, b := newHost(t, socketio.Options{Adapter: wires[0]}), newHost(t, socketio.Options{Adapter: wires[1]})
	wires[0].others, wires[1].others = []socketio.Local{b.srv}, []socketio.Local{a.srv}
	onA, socketsA := a.sockets(1)
	onB, socketsB := b.sockets(1)
	socketsA[0].Join("room")
	if err := a.srv.Of("/").To(socketsB[0].ID()).Join("room"); err != nil {
		t.Fatal(err)
	}
	found, err := a.srv.Of("/").In("room").Sockets(t.Context())
	if err != nil || len(found) != 2 {
		t.Errorf("%v %v", found, err)
	}
	if err := b.srv.Of("/").To("room").Emit("n", socketio.Binary{1, 2}, map[string]int{"x": 1}); err != nil {
		t.Fatal(err)
	}
	for i, c := range []*wsClient{onA[0], onB[0]} {
		c.want(`451-["n",{"_placeholder":true,"num":0},{"x":1}]`)
		c.wantBinary([][]byte{{4, 1, 2}, {4, 1, 2}}[i]...)
	}
	if err := a.srv.Of("/").To("room").Local().Emit("local"); err != nil {
		t.Fatal(err)
	}
	onA[0].want(`42["local"]`)
	if wires[1].rooms["/ room"] != 1 || wires[1].rooms["/ "] != 1 || wires[1].rooms["/ "+socketsB[0].ID()] != 1 {
		t.Errorf("interest: %v", wires[1].rooms)
	}
	if err := a.srv.Of("/").To("room").Disconnect(true); err != nil {
		t.Fatal(err)
	}
	onB[0].wantClosed(1000)
	eventually(t, "both left", func() bool { return a.srv.Stats().Sockets+b.srv.Stats().Sockets == 0 })
	for room, n := range wires[1].rooms {
		if n != 0 {
			t.Errorf("interest in %q is left: %d", room, n)
		}
	}
}

func TestCollector(t *testing.T) {
	h := newHost(t, socketio.Options{})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(h.srv.Collector())
	clients, _ := h.sockets(2)
	if err := h.srv.Of("/").Emit("x"); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		c.want(`42["x"]`)
	}
	h.request("GET", "EIO=9", "", "")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(rec, r)
	for _, want := range []string{
		`socketio_connections{protocol="3",transport="websocket"} 1`, `socketio_connections{protocol="4",transport="websocket"} 1`,
		"socketio_sockets 2", "socketio_events_received_total 2", "socketio_events_emitted_total 1",
		`socketio_refused_total{reason="protocol version"} 1`, "socketio_delivery_seconds_count",
	} {
		if !strings.Contains(rec.text.String(), want) {
			t.Errorf("metrics lack %q", want)
		}
	}
}

type recorder struct {
	text   strings.Builder
	header http.Header
}

func newRecorder() *recorder                          { return &recorder{header: http.Header{}} }
func (r *recorder) Header() http.Header               { return r.header }
func (r *recorder) WriteHeader(int)                   {}
func (r *recorder) Write(p []byte) (n int, err error) { return r.text.Write(p) }
