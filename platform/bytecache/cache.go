// Package bytecache is an LRU cache that is bounded by bytes, not by entries.
package bytecache

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps the values that were used last, of a sum of sizes. It is safe for
// concurrent use.
type Cache[K comparable, V any] struct {
	mu   sync.Mutex
	lru  *simplelru.LRU[K, sized[V]]
	size int
	max  int
}

type sized[V any] struct {
	value V
	size  int
}

// New returns a cache for values whose sizes sum up to at most maxSize.
func New[K comparable, V any](maxSize int) *Cache[K, V] {
	c := &Cache[K, V]{max: maxSize}
	c.lru, _ = simplelru.NewLRU(math.MaxInt, func(_ K, v sized[V]) { c.size -= v.size }) // only fails for a count below 1
	return c
}

// Get returns the value of a key, which thereby is the one that was used last.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.lru.Get(key)
	return v.value, ok
}

// Put stores a value of a size, instead of the key's former one, and removes those
// that were not used for longest until all fit. A value that is larger than the whole
// cache is not stored.
func (c *Cache[K, V]) Put(key K, value V, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(key)
	if size > c.max {
		return
	}
	c.lru.Add(key, sized[V]{value, size})
	c.size += size
	for c.size > c.max {
		c.lru.RemoveOldest()
	}
}

// Purge removes everything.
func (c *Cache[K, V]) Purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Purge()
}

// Size returns the sum of the sizes of what is stored.
func (c *Cache[K, V]) Size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}
