package socketio

import (
	"bytes"
	"errors"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"sync/atomic"
)

// errBudget closes a connection for which the server would have to keep more
// than is allowed.
var errBudget = errors.New("socketio: buffer budget used up")

// budget counts bytes that are kept for clients against a limit.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) reserve(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.used.Add(-n)
	return false
}

// account is where a connection's buffers are counted: with those of its
// address, of all connections of its class, and of all connections.
type account [3]*budget

// reserve takes n bytes from every budget, or from none. A negative n gives
// bytes back, which always succeeds.
func (a *account) reserve(n int) bool {
	if n <= 0 {
		for _, b := range a {
			b.used.Add(int64(n))
		}
		return true
	}
	for i, b := range a {
		if !b.reserve(int64(n)) {
			for _, taken := range a[:i] {
				taken.used.Add(-int64(n))
			}
			return false
		}
	}
	return true
}

// memoryLimit is what the process may use: its own limit (GOMEMLIMIT) if one
// is set, else that of its container, else the machine's memory.
func memoryLimit() int {
	if own := debug.SetMemoryLimit(-1); own > 0 && own < math.MaxInt64 {
		return int(own)
	}
	limit := int64(machineMemory())
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64); err == nil && n > 0 {
			limit = min(limit, n)
		}
	}
	return int(limit)
}

// machineMemory is the memory of the machine; 2 GiB where it cannot be read.
func machineMemory() int {
	const unknown = 2 << 30
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return unknown
	}
	_, rest, ok := bytes.Cut(text, []byte("MemTotal:"))
	if !ok {
		return unknown
	}
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return unknown
	}
	kib, err := strconv.Atoi(string(fields[0]))
	if err != nil || kib <= 0 {
		return unknown
	}
	return kib << 10
}
