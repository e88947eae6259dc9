package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryCheck is how often a quiet server looks at the memory it does not
	// need.
	memoryCheck = 10 * time.Second
	// worthFreeing is how much of it is worth a collection.
	worthFreeing = 16 << 20
)

// releaseMemory returns memory to the system while the server is quiet, until
// ctx ends. After a rush of connections, or the start, the collector would keep
// twice of what lives until as much was allocated again, which at rest is never.
func releaseMemory(ctx context.Context) {
	ticker := time.NewTicker(memoryCheck)
	defer ticker.Stop()
	last := uint64(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		cycles, unneeded := memoryUse()
		if cycles == last && unneeded > worthFreeing {
			debug.FreeOSMemory()
			cycles, _ = memoryUse()
		}
		last = cycles
	}
}

// memoryUse gives the number of collections so far, and the bytes that are free
// or, as far as the last collection knows, garbage.
func memoryUse() (cycles, unneeded uint64) {
	samples := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/memory/classes/heap/free:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/live:bytes"},
	}
	metrics.Read(samples)
	free, objects, live := samples[1].Value.Uint64(), samples[2].Value.Uint64(), samples[3].Value.Uint64()
	return samples[0].Value.Uint64(), free + objects - min(live, objects)
}
