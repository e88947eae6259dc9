package socketio_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// TestScriptsAgainstModel lets a client and a server do at random what they may:
// join and leave namespaces over and over, be taken out of them, send events
// with and without acknowledgements and attachments, ask and answer late, stop
// reading, handle slowly, upgrade in the middle, and close right after an emit.
// On every transport and for both generations nothing may be lost, doubled,
// reordered, answered by something else, or hang.
//
// SOCKETIO_ROUNDS and SOCKETIO_SEED choose more rounds and others.
func TestScriptsAgainstModel(t *testing.T) {
	rounds, seed := envNumber(t, "SOCKETIO_ROUNDS", 30), envNumber(t, "SOCKETIO_SEED", 1)
	for round := range rounds {
		transport := []string{"polling", "websocket", "upgrade"}[round%3]
		eio := 3 + round/3%2
		t.Run(fmt.Sprintf("seed %d, EIO %d, %s", seed+round, eio, transport), func(t *testing.T) {
			t.Parallel()
			s := newScript(t, uint64(seed+round), eio, transport)
			s.run()
		})
	}
}

func envNumber(t *testing.T, name string, def int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return def
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// stay is one stay of the client in a namespace, with what each side must see.
type stay struct {
	sent, handled     []int // events of the client
	emitted, received []int // events of the server
	asked             map[int]int
	answered          map[int]int
	left              bool // the client has left, or was taken out
}

type script struct {
	t         *testing.T
	h         *host
	rnd       *rand.Rand
	eio       int
	transport string

	sending sync.Mutex // one POST at a time
	ws      *wsClient  // guarded by sending
	p       *poller

	mu       sync.Mutex
	changed  *sync.Cond
	sockets  map[string][]*socketio.Socket // by namespace, of every stay
	stays    map[string][]*stay
	told     map[string]int // CONNECT packets received
	outs     map[string]int // DISCONNECT packets received
	held     []string       // answers to be sent late
	paused   bool
	stopPoll bool
	polls    bool // the polling loop runs
	ended    bool // the client was notified that the connection is closed
	gates    []chan struct{}
	binary   func(b []byte) // takes the next attachment
	n        int
	calls    sync.WaitGroup
}

var scriptNamespaces = []string{"/", "/a", "/b"}

func newScript(t *testing.T, seed uint64, eio int, transport string) *script {
	s := &script{
		t: t, rnd: rand.New(rand.NewPCG(seed, 7)), eio: eio, transport: transport,
		sockets: map[string][]*socketio.Socket{}, stays: map[string][]*stay{},
		told: map[string]int{}, outs: map[string]int{},
	}
	s.changed = sync.NewCond(&s.mu)
	s.h = newHost(t, socketio.Options{Limits: socketio.Limits{EventBurst: -1, MaxPackets: -1}})
	for _, name := range scriptNamespaces {
		s.serve(s.h.srv.Of(name))
	}
	return s
}

// serve registers what the server does in a namespace.
func (s *script) serve(ns *socketio.Namespace) {
	ns.Use(func(_ context.Context, sock *socketio.Socket) error {
		sock.Join("room")
		return nil
	})
	ns.OnConnect(func(_ context.Context, sock *socketio.Socket) {
		s.mu.Lock()
		defer s.mu.Unlock()
		sock.Set("stay", len(s.sockets[ns.Name()]))
		s.sockets[ns.Name()] = append(s.sockets[ns.Name()], sock)
		s.changed.Broadcast()
	})
	handled := func(sock *socketio.Socket, n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		i, _ := sock.Get("stay").(int)
		st := s.stays[ns.Name()][i]
		st.handled = append(st.handled, n)
	}
	socketio.On(ns, "n", func(_ context.Context, sock *socketio.Socket, n int) (any, error) {
		handled(sock, n)
		return n, nil
	})
	socketio.On(ns, "slow", func(_ context.Context, sock *socketio.Socket, n int) (any, error) {
		s.mu.Lock()
		gate := make(chan struct{})
		s.gates = append(s.gates, gate)
		s.mu.Unlock()
		s.changed.Broadcast()
		<-gate
		handled(sock, n)
		return n, nil
	})
	socketio.On(ns, "bin", func(_ context.Context, sock *socketio.Socket, in struct {
		N int
		B socketio.Binary
	},
	) (any, error) {
		if string(in.B) != strconv.Itoa(in.N) {
			s.t.Errorf("attachment %q of event %d", in.B, in.N)
		}
		handled(sock, in.N)
		return nil, nil
	})
}

func (s *script) run() {
	s.open()
	for range 60 {
		s.step()
	}
	s.finish()
}

// open starts the session; the client is in the main namespace afterwards.
func (s *script) open() {
	s.stays["/"] = []*stay{newStay()}
	if s.transport == "websocket" {
		s.ws = s.h.dialWS(fmt.Sprintf("EIO=%d&transport=websocket", s.eio))
		s.ws.text()
		go s.readWebSocket(s.ws)
	} else {
		p, rest := s.h.open(s.eio)
		p.query += "&b64=1"
		s.p = p
		if rest != "" {
			s.take(p.split(rest))
		}
		s.polls = true
		go s.readPolls()
	}
	if s.eio == 4 {
		s.send("40")
	}
	s.wait("the main namespace", func() bool { return s.told["/"] == 1 && len(s.sockets["/"]) == 1 })
}

func newStay() *stay { return &stay{asked: map[int]int{}, answered: map[int]int{}} }

// send hands packets to the transport; one that begins with 'b' is an
// attachment in base64.
func (s *script) send(packets ...string) {
	s.sending.Lock()
	defer s.sending.Unlock()
	if s.ws == nil {
		for i, packet := range packets {
			if packet[0] == 'b' && s.eio == 3 {
				packets[i] = "b4" + packet[1:]
			}
		}
		if status, body := s.p.post(s.p.frames(packets...)); status != 200 && !s.isEnded() {
			s.t.Errorf("POST: %d %s", status, body)
		}
		return
	}
	var out []byte
	for _, packet := range packets {
		if packet[0] != 'b' {
			out = append(out, maskedFrame(0x81, []byte(packet))...)
			continue
		}
		bin, err := base64.StdEncoding.DecodeString(packet[1:])
		if err != nil {
			s.t.Error(err)
		}
		if s.eio == 3 {
			bin = append([]byte{4}, bin...)
		}
		out = append(out, maskedFrame(0x82, bin)...)
	}
	if _, err := s.ws.nc.Write(out); err != nil && !s.isEnded() {
		s.t.Error(err)
	}
}

func (s *script) isEnded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

func (s *script) readPolls() {
	defer func() {
		s.mu.Lock()
		s.polls = false
		s.changed.Broadcast()
		s.mu.Unlock()
	}()
	for {
		s.mu.Lock()
		for s.paused && !s.stopPoll {
			s.changed.Wait()
		}
		stop := s.stopPoll
		s.mu.Unlock()
		if stop {
			return
		}
		status, body := s.p.get()
		if status != 200 {
			s.t.Errorf("poll: %d %s", status, body)
			return
		}
		if s.take(s.p.split(body)) {
			return
		}
	}
}

func (s *script) readWebSocket(c *wsClient) {
	for {
		s.mu.Lock()
		for s.paused {
			s.changed.Wait()
		}
		s.mu.Unlock()
		_ = c.nc.SetReadDeadline(time.Now().Add(time.Minute))
		first, payload, err := c.frame()
		switch {
		case err != nil:
			s.mu.Lock()
			if !s.ended {
				s.t.Errorf("the WebSocket ended: %v", err)
			}
			s.mu.Unlock()
			return
		case first == 0x88:
			s.take([]string{"1"})
			c.nc.Close()
			return
		case first == 0x82:
			if s.eio == 3 {
				payload = payload[1:]
			}
			s.take([]string{"b" + base64.StdEncoding.EncodeToString(payload)})
		default:
			s.take([]string{string(payload)})
		}
	}
}

// take looks at packets from the server; it says whether they end the session.
func (s *script) take(packets []string) (end bool) {
	var answers []string
	s.mu.Lock()
	for _, packet := range packets {
		switch {
		case packet == "2":
			answers = append(answers, "3")
		case packet == "1":
			s.ended, end = true, true
		case packet == "6", packet == "3":
		case packet[0] == 'b':
			text := packet[1:]
			if s.ws == nil && s.eio == 3 {
				text = packet[2:]
			}
			bin, err := base64.StdEncoding.DecodeString(text)
			if err != nil || s.binary == nil {
				s.t.Errorf("attachment %q: %v", packet, err)
				continue
			}
			s.binary(bin)
			s.binary = nil
		default:
			if answer := s.takePacket(packet); answer != "" {
				answers = append(answers, answer)
			}
		}
	}
	s.changed.Broadcast()
	s.mu.Unlock()
	if len(answers) > 0 {
		s.send(answers...)
	}
	return end
}

// takePacket looks at a packet of Socket.IO, with mu held, and gives an answer
// that is to be sent at once.
func (s *script) takePacket(packet string) (answer string) {
	kind, rest := packet[1], packet[2:]
	if kind == '5' {
		_, rest, _ = strings.Cut(rest, "-")
	}
	ns := "/"
	if strings.HasPrefix(rest, "/") {
		ns, rest, _ = strings.Cut(rest, ",")
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	var args []any
	if data := rest[len(digits):]; strings.HasPrefix(data, "[") {
		if err := json.Unmarshal([]byte(data), &args); err != nil {
			s.t.Errorf("packet %q: %v", packet, err)
		}
	}
	number := func(i int) int {
		if i < len(args) {
			if f, ok := args[i].(float64); ok {
				return int(f)
			}
		}
		s.t.Errorf("packet %q", packet)
		return -1
	}
	if kind != '0' && (s.told[ns] == 0 || s.outs[ns] > 0 && kind != '1' && s.outs[ns] == s.told[ns]) {
		s.t.Errorf("packet %q outside a stay", packet)
		return ""
	}
	var st *stay
	if kind != '0' {
		st = s.stays[ns][s.told[ns]-1]
	}
	switch kind {
	case '0':
		s.told[ns]++
	case '1':
		s.outs[ns] = s.told[ns]
		st.left = true
	case '3':
		id, _ := strconv.Atoi(digits)
		want, asked := st.asked[id]
		if _, twice := st.answered[id]; !asked || twice || number(0) != want {
			s.t.Errorf("acknowledgement %q, asked %v %d, again %v", packet, asked, want, twice)
		}
		st.answered[id] = want
	case '2':
		if args[0] == "question" {
			answer = fmt.Sprintf("43%s%s[%d]", prefix(ns), digits, number(1))
			if s.rnd2(number(1)) {
				s.held = append(s.held, answer)
				return ""
			}
			return answer
		}
		st.received = append(st.received, number(1))
	case '5':
		n := number(1)
		st.received = append(st.received, n)
		s.binary = func(b []byte) {
			if string(b) != strconv.Itoa(n) {
				s.t.Errorf("attachment %q of %d", b, n)
			}
		}
	default:
		s.t.Errorf("packet %q", packet)
	}
	return ""
}

// rnd2 decides from a number, because the reader has no random numbers of its
// own that would be the same in every run.
func (s *script) rnd2(n int) bool { return n%3 == 0 }

func prefix(ns string) string {
	if ns == "/" {
		return ""
	}
	return ns + ","
}

// wait lets everything go on and waits for a condition, with mu held.
func (s *script) wait(what string, ok func() bool) {
	s.t.Helper()
	s.free()
	late := time.AfterFunc(30*time.Second, func() {
		s.mu.Lock()
		s.ended = true
		s.changed.Broadcast()
		s.mu.Unlock()
	})
	defer late.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !ok() {
		if s.ended {
			s.t.Errorf("waiting for %s: hangs, or was closed", what)
			s.mu.Unlock()
			s.t.FailNow()
		}
		for _, gate := range s.gates {
			close(gate)
		}
		s.gates = nil
		s.changed.Wait()
	}
}

// free ends pauses and lets slow handlers go on.
func (s *script) free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, gate := range s.gates {
		close(gate)
	}
	s.gates, s.paused = nil, false
	s.changed.Broadcast()
}

// current is the stay in a namespace, nil if the client is not in it.
func (s *script) current(ns string) *stay {
	s.mu.Lock()
	defer s.mu.Unlock()
	if all := s.stays[ns]; len(all) > 0 && !all[len(all)-1].left {
		return all[len(all)-1]
	}
	return nil
}

// step does one thing at random.
func (s *script) step() {
	ns := scriptNamespaces[s.rnd.IntN(len(scriptNamespaces))]
	st := s.current(ns)
	if st == nil {
		s.join(ns)
		return
	}
	s.n++
	n := s.n
	switch s.rnd.IntN(16) {
	case 0, 1, 2:
		st.sent = append(st.sent, n)
		s.send(fmt.Sprintf(`42%s["n",%d]`, prefix(ns), n))
	case 3, 4:
		s.mu.Lock()
		st.sent, st.asked[n] = append(st.sent, n), n
		s.mu.Unlock()
		s.send(fmt.Sprintf(`42%s%d["n",%d]`, prefix(ns), n, n))
	case 5:
		st.sent = append(st.sent, n)
		s.send(fmt.Sprintf(`451-%s["bin",{"N":%d,"B":{"_placeholder":true,"num":0}}]`, prefix(ns), n),
			"b"+base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(n))))
	case 6:
		st.sent = append(st.sent, n)
		s.send(fmt.Sprintf(`42%s["slow",%d]`, prefix(ns), n))
	case 7, 8, 9:
		s.emit(ns, st, n)
	case 10:
		s.ask(ns, st, n)
	case 11:
		s.mu.Lock()
		held := s.held
		s.held = nil
		s.mu.Unlock()
		if len(held) > 0 {
			s.send(held...)
		}
	case 12:
		s.leave(ns, st)
	case 13:
		s.kick(ns, st)
	case 14:
		s.mu.Lock()
		s.paused = !s.paused
		s.changed.Broadcast()
		s.mu.Unlock()
	case 15:
		if s.transport == "upgrade" && s.ws == nil {
			s.upgrade()
		} else {
			s.free()
		}
	}
}

func (s *script) join(ns string) {
	s.mu.Lock()
	s.stays[ns] = append(s.stays[ns], newStay())
	want := len(s.stays[ns])
	s.mu.Unlock()
	s.send("40" + prefix(ns))
	s.wait("a CONNECT of "+ns, func() bool { return s.told[ns] == want && len(s.sockets[ns]) == want })
}

// socket is the server's side of the current stay.
func (s *script) socket(ns string) *socketio.Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sockets[ns][len(s.sockets[ns])-1]
}

func (s *script) emit(ns string, st *stay, n int) {
	s.mu.Lock()
	st.emitted = append(st.emitted, n)
	s.mu.Unlock()
	sock, room := s.socket(ns), s.h.srv.Of(ns).To("room")
	var err error
	switch n % 4 {
	case 0:
		err = sock.Emit("m", n)
	case 1:
		err = room.Emit("m", n)
	case 2:
		err = sock.Emit("mb", n, socketio.Binary(strconv.Itoa(n)))
	default:
		err = room.Emit("mb", n, socketio.Binary(strconv.Itoa(n)))
	}
	if err != nil {
		s.t.Errorf("emit to %s: %v", ns, err)
	}
}

// ask lets the server ask the client, who may answer late, or have left.
func (s *script) ask(ns string, st *stay, n int) {
	sock := s.socket(ns)
	s.calls.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		reply, err := sock.EmitWithAck(ctx, "question", n)
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case errors.Is(err, socketio.ErrDisconnected) && (st.left || s.ended):
		case err != nil:
			s.t.Errorf("question %d in %s: %v, left: %v", n, ns, err, st.left)
		case len(reply) != 1 || string(reply[0]) != strconv.Itoa(n):
			s.t.Errorf("question %d was answered with %s", n, reply)
		}
	})
}

func (s *script) leave(ns string, st *stay) {
	s.mu.Lock()
	st.left = true
	s.mu.Unlock()
	s.send("41" + prefix(ns))
	if s.rnd.IntN(2) == 0 {
		s.join(ns)
	}
}

// kick lets the server take the client out while the client goes on sending.
func (s *script) kick(ns string, st *stay) {
	sock, n := s.socket(ns), s.n
	s.mu.Lock()
	want := s.told[ns]
	st.left = true // from now on events may be dropped
	s.mu.Unlock()
	go sock.Disconnect()
	st.sent = append(st.sent, n)
	s.send(fmt.Sprintf(`42%s["n",%d]`, prefix(ns), n))
	s.wait("a DISCONNECT of "+ns, func() bool { return s.outs[ns] == want })
	if s.rnd.IntN(2) == 0 {
		s.join(ns)
	}
}

// upgrade moves the session to a WebSocket as the official clients do: probe,
// stop polling, complete.
func (s *script) upgrade() {
	s.free()
	c := s.h.dialWS(strings.Replace(s.p.query, "polling", "websocket", 1)[:strings.LastIndex(s.p.query, "&b64=1")+2])
	c.send("2probe")
	c.want("3probe")
	s.mu.Lock()
	s.stopPoll = true
	s.changed.Broadcast()
	s.mu.Unlock()
	s.wait("the last poll", func() bool { return !s.polls })
	s.sending.Lock()
	s.ws = c
	c.send("5")
	s.sending.Unlock()
	go s.readWebSocket(c)
}

// finish lets all come to rest and compares; every other script ends with a
// close right after an emit.
func (s *script) finish() {
	for _, ns := range scriptNamespaces {
		if st := s.current(ns); st != nil {
			s.n++
			n := s.n
			s.mu.Lock()
			st.sent, st.asked[n] = append(st.sent, n), n
			held := s.held
			s.held = nil
			s.mu.Unlock()
			s.send(append(held, fmt.Sprintf(`42%s%d["n",%d]`, prefix(ns), n, n))...)
			s.wait("the last acknowledgement", func() bool { return st.answered[n] == n })
		}
	}
	if s.current("/") == nil {
		s.join("/")
	}
	st, sock := s.current("/"), s.socket("/")
	for range 5 {
		s.n++
		s.emit("/", st, s.n)
	}
	sock.Close()
	s.free()
	late := time.AfterFunc(30*time.Second, func() {
		s.mu.Lock()
		s.t.Error("the end was not told")
		s.ended = true
		s.changed.Broadcast()
		s.mu.Unlock()
	})
	s.mu.Lock()
	for !s.ended {
		s.changed.Wait()
	}
	s.mu.Unlock()
	late.Stop()
	s.calls.Wait()
	eventually(s.t, "all have left", func() bool { return s.h.srv.Stats().Sockets == 0 })
	s.compare()
}

func (s *script) compare() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ns, stays := range s.stays {
		for i, st := range stays {
			if !begins(st.sent, st.handled) || (!st.left && len(st.sent) != len(st.handled)) {
				s.t.Errorf("stay %d in %s: sent %v, handled %v", i, ns, st.sent, st.handled)
			}
			// A client that leaves by itself does not wait for what is under way.
			if !begins(st.emitted, st.received) || (!st.left && len(st.emitted) != len(st.received)) {
				s.t.Errorf("stay %d in %s: emitted %v, received %v", i, ns, st.emitted, st.received)
			}
			if !st.left && len(st.asked) != len(st.answered) {
				s.t.Errorf("stay %d in %s: asked %v, answered %v", i, ns, st.asked, st.answered)
			}
		}
	}
}

// begins says whether all of a list are the first of another.
func begins(list, first []int) bool {
	if len(first) > len(list) {
		return false
	}
	for i := range first {
		if first[i] != list[i] {
			return false
		}
	}
	return true
}
