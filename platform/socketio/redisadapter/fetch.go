package redisadapter

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"taskstack.org/platform/socketio"
)

// MissingError names servers that did not answer, or are not heard of. What the
// others answered is returned beside it.
type MissingError struct{ Servers []string }

func (e *MissingError) Error() string {
	return "redisadapter: no answer from " + strings.Join(e.Servers, ", ")
}

// question asks the other servers for their sockets.
type question struct {
	ID        uint64         `json:"id"`
	Namespace string         `json:"namespace"`
	To        socketio.Rooms `json:"to"`
}

type answer struct {
	ID      uint64                `json:"id"`
	Sockets []socketio.SocketInfo `json:"sockets"`
}

// fetches are the questions that wait for answers.
type fetches struct {
	mu   sync.Mutex
	last uint64
	open map[uint64]*fetch
}

type fetch struct {
	missing map[string]string // servers to answer, id and name
	sockets []socketio.SocketInfo
	done    chan struct{}
}

// Fetch implements socketio.Adapter. Where not all servers answer in time, it
// returns what the others said and a *MissingError.
func (a *Adapter) Fetch(ctx context.Context, namespace string, to socketio.Rooms) ([]socketio.SocketInfo, error) {
	expected := a.bus.peers.expected(time.Now().Add(-a.bus.opt.LostAfter))
	if len(expected) == 0 {
		if !a.bus.lanes[0].live() {
			return nil, errNotConnected
		}
		return nil, nil
	}
	if !a.bus.lanes[0].live() {
		return nil, missing(expected)
	}
	id, f := a.fetches.begin(expected)
	defer a.fetches.end(id)
	body, err := json.Marshal(question{id, namespace, to})
	if err != nil {
		return nil, err
	}
	a.bus.send(messageFetch, body, a.bus.everyone())
	timeout := time.NewTimer(a.bus.opt.FetchTimeout)
	defer timeout.Stop()
	select {
	case <-f.done:
		return f.sockets, nil
	case <-timeout.C:
	case <-ctx.Done():
	}
	a.fetches.mu.Lock()
	defer a.fetches.mu.Unlock()
	if len(f.missing) == 0 {
		return f.sockets, nil
	}
	if ctx.Err() != nil {
		return f.sockets, ctx.Err()
	}
	return f.sockets, missing(f.missing)
}

func missing(servers map[string]string) error {
	return &MissingError{Servers: slices.Sorted(maps.Values(servers))}
}

func (a *Adapter) answer(m message) error {
	var q question
	if err := json.Unmarshal(m.body, &q); err != nil {
		return err
	}
	body, err := json.Marshal(answer{q.ID, a.local.LocalSockets(q.Namespace, q.To)})
	if err != nil {
		return err
	}
	a.bus.send(messageFetched, body, a.bus.inbox(m.from))
	return nil
}

func (fs *fetches) begin(expected map[string]string) (uint64, *fetch) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.open == nil {
		fs.open = map[uint64]*fetch{}
	}
	fs.last++
	f := &fetch{missing: expected, done: make(chan struct{})}
	fs.open[fs.last] = f
	return fs.last, f
}

func (fs *fetches) end(id uint64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.open, id)
}

func (fs *fetches) answered(m message) error {
	var a answer
	if err := json.Unmarshal(m.body, &a); err != nil {
		return err
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := fs.open[a.ID]
	if f == nil {
		return nil // too late
	}
	if _, ok := f.missing[m.from]; ok {
		f.sockets = append(f.sockets, a.Sockets...)
		f.remove(m.from)
	}
	return nil
}

// left is called for a server that leaves: nothing more is expected of it.
func (fs *fetches) left(id string) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.open {
		if _, ok := f.missing[id]; ok {
			f.remove(id)
		}
	}
}

func (f *fetch) remove(server string) {
	delete(f.missing, server)
	if len(f.missing) == 0 {
		close(f.done)
	}
}
