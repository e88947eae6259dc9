//go:build !unix

package doctor

func freeSpace(string) (free int64, known bool) { return 0, false }

func openFileLimit() (limit uint64, known bool) { return 0, false }
