package redisadapter

import (
	"slices"
	"sync"
	"time"
)

// peers are the other servers as far as this one knows.
type peers struct {
	mu  sync.Mutex
	all map[string]*peer
}

type peer struct {
	name string
	seen time.Time
	window
}

func newPeers() *peers { return &peers{all: map[string]*peer{}} }

// hear notes that a server is here. name is empty in messages that do not say it.
func (p *peers) hear(id, name string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of(id).seen = now
	if name != "" {
		p.all[id].name = name
	}
}

func (p *peers) of(id string) *peer {
	known := p.all[id]
	if known == nil {
		known = &peer{name: id}
		p.all[id] = known
	}
	return known
}

// forget is called for a server that said that it leaves.
func (p *peers) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, id)
}

// first reports whether a message of a server is seen for the first time.
func (p *peers) first(id string, seq uint64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of(id).first(seq)
}

// expected returns the servers, with their names, that were heard since a time.
func (p *peers) expected(since time.Time) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := map[string]string{}
	for id, known := range p.all {
		if known.seen.After(since) {
			found[id] = known.name
		}
	}
	return found
}

// silent returns the names of servers that are known, but were not heard since
// a time. Those not heard since forget are forgotten.
func (p *peers) silent(since, forget time.Time) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for id, known := range p.all {
		switch {
		case known.seen.Before(forget):
			delete(p.all, id)
		case known.seen.Before(since):
			names = append(names, known.name)
		}
	}
	slices.Sort(names)
	return names
}

// windowSize is how many numbers back a repeated message is recognized.
const windowSize = 4096

// window remembers which of a server's latest numbers were seen.
type window struct {
	highest uint64
	seen    [windowSize / 64]uint64
}

func (w *window) first(seq uint64) bool {
	if w.highest >= windowSize && seq <= w.highest-windowSize {
		return true // too old to know
	}
	if seq > w.highest {
		if seq-w.highest >= windowSize {
			w.seen = [windowSize / 64]uint64{}
		} else {
			for n := w.highest + 1; n <= seq; n++ {
				w.seen[n/64%uint64(len(w.seen))] &^= 1 << (n % 64)
			}
		}
		w.highest = seq
	}
	word, bit := &w.seen[seq/64%uint64(len(w.seen))], uint64(1)<<(seq%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
