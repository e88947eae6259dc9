package socketio_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/socketio"
)

// TestOfficialClients runs the JavaScript clients 1.7, 2.5, 3.1 and 4.8 of
// clienttest against a server of this process.
func TestOfficialClients(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is needed for the official clients: install Node.js 20 or newer")
	}
	if _, err := os.Stat("clienttest/node_modules/socket.io-client-4"); err != nil {
		t.Fatal("the official clients are not installed: run `npm ci` in platform/socketio/clienttest")
	}
	host := startClientHost(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "--test", "--test-force-exit", "--test-reporter=spec")
	cmd.Dir = "clienttest"
	cmd.Env = append(os.Environ(), "SOCKETIO_URL="+host.url)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("node --test: %v\n%s", err, out)
	}
}

// clientHost is a program around the server that the clients can command.
type clientHost struct {
	t    *testing.T
	url  string
	addr string

	mu       sync.Mutex
	srv      *socketio.Server
	http     *http.Server
	left     chan struct{}
	served   sync.WaitGroup
	restarts sync.WaitGroup
}

func startClientHost(t *testing.T) *clientHost {
	t.Helper()
	h := &clientHost{t: t, left: make(chan struct{}, 100)}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.addr = ln.Addr().String()
	h.url = "http://" + h.addr
	if err := h.start(ln); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.restarts.Wait()
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *clientHost) start(ln net.Listener) error {
	srv, err := socketio.New(socketio.Options{
		AllowRequest: func(r *http.Request) (context.Context, error) {
			if r.URL.Query().Get("refuse") != "" {
				return nil, &socketio.RefuseError{Status: http.StatusUnauthorized, Body: `"Unauthorized"`}
			}
			return r.Context(), nil
		},
		Ack:      ackForTests,
		Recovery: socketio.Recovery{MaxAge: time.Minute},
	})
	if err != nil {
		return err
	}
	h.register(srv)
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", srv)
	mux.HandleFunc("POST /control/restart", h.restart)
	mux.HandleFunc("POST /control/project-left", h.projectLeft)
	mux.HandleFunc("POST /control/say/{room}/{n}", h.say)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.srv, h.http = srv, &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	server := h.http
	h.served.Go(func() { _ = server.Serve(ln) })
	return nil
}

func (h *clientHost) stop() error {
	h.mu.Lock()
	srv, server := h.srv, h.http
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), giveUp)
	defer cancel()
	err := errors.Join(srv.Close(ctx), server.Close())
	h.served.Wait()
	return err
}

// restart answers first, because its connection belongs to the old server.
func (h *clientHost) restart(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Connection", "close")
	// An answer that is complete before the server goes; headers alone would
	// leave with the handler, which may be too late.
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	if err := http.NewResponseController(w).Flush(); err != nil {
		h.t.Error(err)
	}
	h.restarts.Go(func() {
		err := h.stop()
		if err == nil {
			var ln net.Listener
			if ln, err = net.Listen("tcp", h.addr); err == nil {
				err = h.start(ln)
			}
		}
		if err != nil {
			h.t.Errorf("restart: %v", err)
		}
	})
}

func (h *clientHost) projectLeft(w http.ResponseWriter, r *http.Request) {
	select {
	case <-h.left:
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusOK)
}

func (h *clientHost) say(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	srv := h.srv
	h.mu.Unlock()
	for i := range n {
		if err := srv.Of("/").To(r.PathValue("room")).Emit("news", i); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

func ackForTests(_ context.Context, value any, err error) any {
	var decode *socketio.DecodeError
	switch {
	case err == nil:
		return value
	case errors.As(err, &decode):
		return map[string]string{"error": "invalid"}
	case errors.Is(err, socketio.ErrUnknownEvent):
		return map[string]string{"error": "unknown"}
	default:
		return map[string]string{"error": "internal"}
	}
}

type filesInput struct {
	Name  string                     `json:"name"`
	Files map[string]socketio.Binary `json:"files"`
}

func (h *clientHost) register(srv *socketio.Server) {
	for _, ns := range []*socketio.Namespace{srv.Of("/"), srv.Of("/project"), srv.Of("/private"), srv.Of("/grüße-日本")} {
		registerEvents(ns)
	}
	srv.Of("/project").OnDisconnect(func(context.Context, *socketio.Socket, string) {
		select {
		case h.left <- struct{}{}:
		default:
		}
	})
	srv.Of("/private").Use(func(_ context.Context, s *socketio.Socket) error {
		var auth struct {
			Token string `json:"token"`
		}
		if err := json.Unmarshal(s.Auth(), &auth); err != nil || auth.Token == "" {
			auth.Token = s.Query().Get("token")
		}
		if auth.Token != "right" {
			return &socketio.ConnectError{Message: "not for you", Data: map[string]string{"hint": "token"}}
		}
		return nil
	})
}

func registerEvents(ns *socketio.Namespace) {
	socketio.On(ns, "echo", func(_ context.Context, s *socketio.Socket, in socketio.RawArgs) (any, error) {
		args := make([]any, len(in))
		for i, arg := range in {
			args[i] = arg
		}
		return nil, s.Emit("echo", args...)
	})
	socketio.On(ns, "double", func(_ context.Context, _ *socketio.Socket, in socketio.ID) (any, error) {
		return 2 * in, nil
	})
	socketio.On(ns, "where", func(_ context.Context, s *socketio.Socket, _ socketio.NoArgs) (any, error) {
		return s.Namespace().Name(), nil
	})
	socketio.On(ns, "whoami", func(_ context.Context, s *socketio.Socket, _ socketio.NoArgs) (any, error) {
		return map[string]any{"id": s.ID(), "protocol": s.Protocol()}, nil
	})
	socketio.On(ns, "files", func(_ context.Context, s *socketio.Socket, in filesInput) (any, error) {
		return in, s.Emit("files", in)
	})
	socketio.On(ns, "join", func(_ context.Context, s *socketio.Socket, room string) (any, error) {
		s.Join(room)
		return true, nil
	})
	socketio.On(ns, "kick", func(_ context.Context, s *socketio.Socket, _ socketio.NoArgs) (any, error) {
		s.Disconnect()
		return nil, nil
	})
	socketio.On(ns, "panic", func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) {
		panic("on purpose") //nolint:forbidigo // what a handler must not be able to harm
	})
	socketio.On(ns, "askme", func(ctx context.Context, s *socketio.Socket, n int) (any, error) {
		reply, err := s.Call(ctx, "question", n)
		if err != nil {
			return nil, err
		}
		var answer struct {
			N    int             `json:"n"`
			Data socketio.Binary `json:"data"`
		}
		if err := reply.Decode(0, &answer); err != nil {
			return nil, err
		}
		data := make([]int, len(answer.Data))
		for i, b := range answer.Data {
			data[i] = int(b)
		}
		return map[string]any{"n": answer.N, "data": data}, nil
	})
}
