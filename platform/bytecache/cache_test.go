package bytecache

import (
	"math/rand/v2"
	"testing"
)

// has asserts which keys are stored, without using them.
func has(t *testing.T, c *Cache[string, int], keys ...string) {
	t.Helper()
	if got := c.lru.Keys(); len(got) != len(keys) {
		t.Fatalf("keys: %q, want %q", got, keys)
	}
	for _, key := range keys {
		if !c.lru.Contains(key) {
			t.Errorf("%q is not stored", key)
		}
	}
}

func TestTheLeastRecentlyUsedGoes(t *testing.T) {
	c := New[string, int](10)
	c.Put("a", 1, 4)
	c.Put("b", 2, 4)
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Fatalf("a: %d, %t", v, ok)
	}
	c.Put("c", 3, 4)
	has(t, c, "a", "c")
	c.Put("d", 4, 10)
	has(t, c, "d")
	c.Put("e", 5, 11)
	has(t, c, "d")
	c.Put("d", 6, 11)
	has(t, c)
	if c.Size() != 0 {
		t.Errorf("size of nothing: %d", c.Size())
	}
}

// The sum is that of what is stored, whatever was stored before, and never more than
// the maximum.
func TestSize(t *testing.T) {
	c := New[string, int](100)
	sizes := map[string]int{}
	for range 2000 {
		key := string(rune('a' + rand.IntN(20)))
		sizes[key] = rand.IntN(60)
		c.Put(key, 0, sizes[key])
		sum := 0
		for _, k := range c.lru.Keys() {
			sum += sizes[k]
		}
		if c.Size() != sum || sum > 100 {
			t.Fatalf("size %d, sum %d", c.Size(), sum)
		}
	}
	c.Purge()
	if c.Size() != 0 {
		t.Errorf("size after a purge: %d", c.Size())
	}
}
