package backup_test

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// firstOf shows the first migrations only, as an earlier program has them.
type firstOf struct {
	fs.FS
	last int
}

func (f firstOf) Glob(pattern string) (kept []string, err error) {
	all, err := fs.Glob(f.FS, pattern)
	for _, name := range all {
		number, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(number); err == nil && n <= f.last {
			kept = append(kept, name)
		}
	}
	return kept, err
}
