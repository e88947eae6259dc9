package refused

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRecent is how many recent refusals are kept.
const maxRecent = 500

// sender is a limit, and who has met it.
type sender struct {
	limit   string
	userID  int64
	address string
}

// Recent is a limit that a person or an address has met lately.
type Recent struct {
	Limit string
	// UserID is the person's, 0 for an address; Address is one, or the network that
	// limits count as one.
	UserID  int64
	Address string
	// Count is how often since it is kept, At when it was last.
	Count int
	At    time.Time
}

// note keeps who has met a limit; the lock is held. Keys that are neither a person's id
// nor an address, such as typed names, are not kept. The oldest make room.
func (c *Counter) note(limit, key string) {
	who, ok := senderOf(limit, key)
	if !ok {
		return
	}
	found := c.recent[who]
	if found == nil {
		if len(c.recent) >= maxRecent {
			c.forgetOldest()
		}
		found = &Recent{Limit: limit, UserID: who.userID, Address: who.address}
		c.recent[who] = found
	}
	found.Count++
	found.At = c.now()
}

func (c *Counter) forgetOldest() {
	var oldest sender
	var at time.Time
	for who, r := range c.recent {
		if at.IsZero() || r.At.Before(at) {
			oldest, at = who, r.At
		}
	}
	delete(c.recent, oldest)
}

// senderOf returns who a limiter's key means.
func senderOf(limit, key string) (sender, bool) {
	if id, err := strconv.ParseInt(strings.TrimPrefix(key, "user:"), 10, 64); err == nil && id > 0 {
		return sender{limit: limit, userID: id}, true
	}
	address := strings.TrimPrefix(key, "address:")
	if _, err := netip.ParseAddr(address); err == nil {
		return sender{limit: limit, address: address}, true
	}
	if _, err := netip.ParsePrefix(address); err == nil {
		return sender{limit: limit, address: address}, true
	}
	return sender{}, false
}

// Recent returns who has met which limit on this server lately, the newest first, at
// most maxRecent.
func (c *Counter) Recent() []Recent {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Recent, 0, len(c.recent))
	for _, r := range c.recent {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Recent) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Limit, b.Limit), cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.Address, b.Address))
	})
	return all
}
