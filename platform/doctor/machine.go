package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"taskstack.org/platform/storage"
)

// leastSpace is how much of a disk should be free: below it the first large
// upload or the next migration may fill it.
const leastSpace = 1 << 30

// DataDir examines the data folder: who may read it, and how much space is left.
// Whether it can be written to says the check of what lies in it.
func DataDir(dir string) Check {
	const folder = about("data folder")
	return func(context.Context) []Finding {
		info, err := os.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return []Finding{folder.ok("%s does not exist yet; the first start makes it", dir)}
		}
		if err != nil || !info.IsDir() {
			return []Finding{folder.problem("Name a folder in TASKSTACK_DATA_DIR that this user may read and write.", "%s is not usable: %v", dir, err)}
		}
		found := []Finding{writable(folder, dir)}
		if info.Mode().Perm()&0o007 != 0 {
			found = append(found, folder.warn("chmod 700 "+dir, "other users of this machine may look into %s", dir))
		}
		free, known := freeSpace(dir)
		switch {
		case known && free < leastSpace:
			found = append(found, about("disk").problem("Make space, or move TASKSTACK_DATA_DIR to a larger disk.", "only %d MB are free where %s is", free>>20, dir))
		case known:
			found = append(found, about("disk").ok("%d GB free", free>>30))
		}
		return found
	}
}

func writable(folder about, dir string) Finding {
	f, err := os.CreateTemp(dir, ".doctor-")
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return folder.problem("Give the folder to the user that runs Taskstack (chown -R), or name another in TASKSTACK_DATA_DIR.", "cannot be written to: %v", err)
	}
	return folder.ok("%s can be written to", dir)
}

// Storage examines whether files can be stored.
func Storage(store storage.Storage) Check {
	const files = about("storage of files")
	return func(ctx context.Context) []Finding {
		if err := store.Check(ctx); err != nil {
			return []Finding{files.problem("Check that the folder or bucket exists, that this user may write to it, and that it is not full.", "no file can be stored: %v", err)}
		}
		return []Finding{files.ok("files can be stored")}
	}
}

// leastFiles is how many files the process should be allowed to have open: each
// socket is one.
const leastFiles = 8192

// OpenFiles examines the limit of open files.
func OpenFiles() Check {
	const limit = about("open files")
	return func(context.Context) []Finding {
		n, known := openFileLimit()
		switch {
		case !known:
			return nil
		case n < leastFiles:
			return []Finding{limit.warn("Raise it: LimitNOFILE=65536 in the systemd unit, or ulimits in compose.yml.", "the process may open %d, so about as many people can be connected", n)}
		}
		return []Finding{limit.ok("up to %d", n)}
	}
}
