package web

import (
	"context"
	"log/slog"
	"runtime"
	"strconv"
	"sync"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/refused"
)

// Limits of what costs much to make: boards, history, export, profiles.
const (
	// placesPerVisitor is how many one address that is not signed in may have
	// made at a time, placesPerPerson how many one person.
	placesPerVisitor = 2
	placesPerPerson  = 4
	// waitingPerClient and waitingInAll are how many may wait for a place, for
	// placePatience at most.
	waitingPerClient = 64
	waitingInAll     = 512
	placePatience    = 5 * time.Second
	// unreadPerClient and unreadInAll bound the bytes of finished pages whose
	// clients have not read them yet.
	unreadPerClient = 8 << 20
	unreadInAll     = 64 << 20
	// uploadsPerPerson and uploadsInAll are how many forms with a file are
	// received and handled at a time: all of each is in memory.
	uploadsPerPerson = 2
	uploadsInAll     = 16
)

// placesInAll is how many heavy pages are made at a time.
func placesInAll() int { return max(8, 4*runtime.GOMAXPROCS(0)) }

// places bounds how many heavy pages are made at a time, per client and in
// all, and what they leave in memory.
type places struct {
	all     chan struct{}
	refused *refused.Counter
	limit   string // the name of the limit

	mu      sync.Mutex
	waiting int
	unread  int
	clients map[string]*client
}

// client is a person, or an address that is not signed in.
type client struct {
	places  chan struct{}
	users   int // requests that hold or wait
	unread  int
	waiting int
}

func newPlaces(limit string, inAll int, refusals *refused.Counter) *places {
	return &places{all: make(chan struct{}, inAll), limit: limit, refused: refusals, clients: map[string]*client{}}
}

// Heavy bounds how many of a handler's answers are made at a time. Who has to
// wait too long, or does not read what was made, is answered Unavailable.
func (r *Router) Heavy(h Handler) Handler {
	return func(c *Context) error {
		key, size := r.clientKey(c)
		leave, err := r.places.enter(c.Ctx(), key, size)
		if err != nil {
			return err
		}
		defer leave()
		hold(c.Ctx(), func(n int) { r.places.keep(key, n) })
		return h(c)
	}
}

// clientKey is who a heavy page counts for, and how many places that client
// has.
func (r *Router) clientKey(c *Context) (key string, size int) {
	if v := c.viewer(); v != nil {
		return "user " + strconv.FormatInt(v.ID, 10), placesPerPerson
	}
	return netaddr.Key(c.ClientIP()), placesPerVisitor
}

// enter waits for a place. The returned function gives it back.
func (p *places) enter(ctx context.Context, key string, size int) (leave func(), err error) {
	own, limit := p.queue(key, size)
	if own == nil {
		return nil, p.refuse(ctx, key, limit)
	}
	timer := time.NewTimer(placePatience)
	defer timer.Stop()
	for taken, place := range []chan struct{}{own.places, p.all} {
		select {
		case place <- struct{}{}:
			continue
		case <-timer.C:
			err = p.refuse(ctx, key, p.limit)
		case <-ctx.Done():
			err = ctx.Err()
		}
		if taken == 1 {
			<-own.places
		}
		p.unqueue(own)
		p.left(key, own)
		return nil, err
	}
	p.unqueue(own)
	return func() {
		<-p.all
		<-own.places
		p.left(key, own)
	}, nil
}

// queue notes that a client waits; it returns nil and the limit if too many do,
// or if the client has not read what was made for it.
func (p *places) queue(key string, size int) (own *client, limit string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own = p.clients[key]
	if own == nil || own.users == 0 && cap(own.places) != size {
		unread := 0
		if own != nil {
			unread = own.unread
		}
		own = &client{places: make(chan struct{}, size), unread: unread}
	}
	switch {
	case own.unread >= unreadPerClient || p.unread >= unreadInAll:
		return nil, "unread_pages"
	case own.waiting >= waitingPerClient || p.waiting >= waitingInAll:
		return nil, p.limit
	}
	p.clients[key] = own
	own.users++
	own.waiting++
	p.waiting++
	return own, ""
}

func (p *places) unqueue(own *client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own.waiting--
	p.waiting--
}

func (p *places) left(key string, own *client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own.users--
	p.forget(key, own)
}

// keep counts bytes that wait to be read by a client.
func (p *places) keep(key string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.clients[key]
	if own == nil { // the last of the page is compressed after the handler
		own = &client{}
		p.clients[key] = own
	}
	own.unread += n
	p.unread += n
	p.forget(key, own)
}

// forget drops a client that has nothing under way.
func (p *places) forget(key string, own *client) {
	if own.users == 0 && own.unread == 0 {
		delete(p.clients, key)
	}
}

func (p *places) refuse(ctx context.Context, key, limit string) error {
	p.refused.Add(ctx, limit, slog.String("client", key))
	return &errs.Error{Kind: errs.Unavailable, RetryAfter: 2 * time.Second}
}
