package boardtest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"taskstack.org/internal/testenv"
)

// Dump is everything in the database, by table, but for what reading changes.
func (w *World) Dump(t testing.TB) map[string][]string {
	t.Helper()
	return testenv.Dump(t, w.DB)
}

// SameDump fails if anything in the database has changed since Dump.
func (w *World) SameDump(t testing.TB, before map[string][]string) {
	t.Helper()
	after := w.Dump(t)
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if !slices.Equal(before[table], after[table]) {
			t.Errorf("table %s changed:\nfrom %s\nto   %s", table, fmt.Sprint(before[table]), fmt.Sprint(after[table]))
		}
	}
}
