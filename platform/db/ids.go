package db

import "slices"

// Distinct returns ids in ascending order, each once: a statement that names an id as
// often as it is asked for is larger and has more forms than it needs.
func Distinct(ids []int64) []int64 { return slices.Compact(slices.Sorted(slices.Values(ids))) }
