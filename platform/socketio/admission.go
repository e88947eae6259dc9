package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// refusal is an answer to a request that is not served, in the form of the
// JavaScript server.
type refusal struct {
	status  int
	code    int
	message string
	class   string // for logs and metrics
}

var (
	badRequest     = refusal{http.StatusBadRequest, 3, "Bad request", "bad request"}
	sessionUnknown = refusal{http.StatusBadRequest, 1, "Session ID unknown", "session unknown"}
	shuttingDown   = refusal{http.StatusServiceUnavailable, 3, "Bad request", "shutting down"}
)

func (srv *Server) refuse(w http.ResponseWriter, r *http.Request, ref refusal) {
	body, err := json.Marshal(map[string]any{"code": ref.code, "message": ref.message})
	if err != nil { // a number and a string
		body = nil
	}
	srv.answerRefused(w, r, ref.status, body, ref.class)
}

// refuseWith answers with what AllowRequest returned.
func (srv *Server) refuseWith(w http.ResponseWriter, r *http.Request, err error) {
	var re *RefuseError
	if errors.As(err, &re) {
		srv.answerRefused(w, r, re.status(), []byte(re.Body), re.reason())
		return
	}
	srv.refuse(w, r, refusal{http.StatusForbidden, 4, "Forbidden", "refused"})
}

func (srv *Server) answerRefused(w http.ResponseWriter, r *http.Request, status int, body []byte, class string) {
	srv.metrics.refusals.add(class)
	srv.refused.note(r.Context(), srv, class, srv.opt.ClientAddr(r))
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have left; the error is of no use
}

// refusalLog writes one line per class in ten seconds.
type refusalLog struct {
	mu      sync.Mutex
	classes map[string]*refusedClass
}

type refusedClass struct {
	last    int64
	skipped int
}

func (l *refusalLog) note(ctx context.Context, srv *Server, class, addr string) {
	l.mu.Lock()
	if l.classes == nil {
		l.classes = make(map[string]*refusedClass)
	}
	c := l.classes[class]
	if c == nil {
		c = new(refusedClass)
		l.classes[class] = c
	}
	if c.last != 0 && ageSince(c.last) < 10*time.Second {
		c.skipped++
		l.mu.Unlock()
		return
	}
	skipped := c.skipped
	c.last, c.skipped = now(), 0
	l.mu.Unlock()
	srv.opt.Logger.WarnContext(ctx, "socket request refused", "class", class, "address", addr, "unlogged", skipped)
}

// class says which limits a connection is under.
type class uint8

const (
	trusted class = iota
	untrusted
)

// address is what one client address, or IPv6 network, has open and has tried.
type address struct {
	attempts bucket
	peers    [2]peer // by class
}

// peer is what the connections of one class and address share.
type peer struct {
	conns      int    // guarded by Server.mu
	handshakes bucket // guarded by Server.mu
	buffered   budget

	mu            sync.Mutex
	events, bytes bucket
}

// admit counts an attempt of a handshake against the limits.
func (srv *Server) admit(key string) *refusal {
	l := &srv.opt.Limits
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.draining {
		return &shuttingDown
	}
	a := srv.addresses[key]
	if a == nil {
		a = new(address)
		for i := range a.peers {
			a.peers[i].buffered.limit = int64(srv.limits(class(i)).AddressBuffered)
		}
		srv.addresses[key] = a
	}
	if a.attempts.takeIfPaid(l.HandshakesPerSecond, l.HandshakeBurst) {
		return nil
	}
	return &refusal{http.StatusTooManyRequests, 3, "Bad request", "too many handshakes of address"}
}

// enlist counts a connection, which release takes back, against the limits of
// its class.
func (srv *Server) enlist(key string, class class) (*peer, *refusal) {
	l := srv.limits(class)
	srv.mu.Lock()
	defer srv.mu.Unlock()
	a := srv.addresses[key]
	if a == nil { // swept while AllowRequest took its time
		return nil, &badRequest
	}
	p := &a.peers[class]
	switch {
	case srv.openConns[trusted]+srv.openConns[untrusted] >= srv.opt.Limits.MaxConnections || srv.openConns[class] >= l.MaxConnections:
		return nil, &refusal{http.StatusServiceUnavailable, 3, "Bad request", "too many connections"}
	case class == untrusted && !p.handshakes.takeIfPaid(l.HandshakesPerSecond, l.HandshakeBurst):
		return nil, &refusal{http.StatusTooManyRequests, 3, "Bad request", "too many handshakes of address"}
	case p.conns >= l.ConnectionsPerAddress:
		return nil, &refusal{http.StatusTooManyRequests, 3, "Bad request", "too many connections of address"}
	}
	p.conns++
	srv.openConns[class]++
	return p, nil
}

func (srv *Server) release(p *peer, class class) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	p.conns--
	srv.openConns[class]--
}

// idle says that an address has nothing open and no debts.
func (srv *Server) idle(a *address) bool {
	for i := range a.peers {
		p, l := &a.peers[i], srv.limits(class(i))
		p.mu.Lock()
		at := max(p.events.at, p.bytes.at)
		p.mu.Unlock()
		if p.conns > 0 || p.buffered.used.Load() > 0 || (p.handshakes.at != 0 && ageSince(p.handshakes.at) < refill(l.HandshakeBurst, l.HandshakesPerSecond)) ||
			(at != 0 && ageSince(at) < max(refill(l.AddressEventBurst, l.AddressEventsPerSecond), refill(l.AddressByteBurst, l.AddressBytesPerSecond))) {
			return false
		}
	}
	l := &srv.opt.Limits
	return ageSince(a.attempts.at) > refill(l.HandshakeBurst, l.HandshakesPerSecond)
}

// refill is how long an empty bucket takes to be full.
func refill(burst, rate int) time.Duration {
	return time.Duration(burst/rate+1) * time.Second
}

// sweep forgets addresses that have nothing open and no debts, and events and
// sessions too old to be recovered.
func (srv *Server) sweep() {
	srv.mu.Lock()
	for key, a := range srv.addresses {
		if srv.idle(a) {
			delete(srv.addresses, key)
		}
	}
	var logs []*eventLog
	for _, ns := range srv.namespaces {
		if ns.log != nil {
			logs = append(logs, ns.log)
		}
	}
	srv.mu.Unlock()
	for _, log := range logs {
		log.sweep()
	}
}

// handshake is a compact copy of the request that opened a connection.
type handshake struct {
	text string // URI, host, remote address, then names and values of headers
}

const handshakeSep = "\n" // cannot occur in any of the parts

func newHandshake(r *http.Request) handshake {
	parts := []string{r.URL.RequestURI(), r.Host, r.RemoteAddr}
	for name, values := range r.Header {
		if strings.HasPrefix(name, "Sec-Websocket-") {
			continue // of no use after the upgrade
		}
		for _, v := range values {
			parts = append(parts, name, v)
		}
	}
	return handshake{strings.Join(parts, handshakeSep)}
}

func (h handshake) request(ctx context.Context) *http.Request {
	parts := strings.Split(h.text, handshakeSep)
	if len(parts) < 3 {
		parts = []string{"/", "", ""}
	}
	u, err := url.ParseRequestURI(parts[0])
	if err != nil { // it was parsed when it came
		u = new(url.URL)
	}
	r := &http.Request{
		Method: http.MethodGet, URL: u, RequestURI: parts[0], Host: parts[1], RemoteAddr: parts[2],
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: make(http.Header), Body: http.NoBody,
	}
	for i := 3; i+1 < len(parts); i += 2 {
		r.Header[parts[i]] = append(r.Header[parts[i]], parts[i+1])
	}
	return r.WithContext(ctx)
}

func (h handshake) query() url.Values {
	uri, _, _ := strings.Cut(h.text, handshakeSep)
	_, q, _ := strings.Cut(uri, "?")
	values, err := url.ParseQuery(q)
	if err != nil {
		return url.Values{}
	}
	return values
}
