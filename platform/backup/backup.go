// Package backup writes a database and the stored files into one stream and reads
// them back, into a database of either kind.
//
// A backup is a gzipped tar archive. Its first entry says by which version and
// schema it was made; tables/… hold rows as lines of JSON, files/… the stored files;
// the last entry has the counts and a checksum of all before it, so that a backup
// that was cut off is never taken for a whole one. Nothing is kept in memory but
// one piece of a table.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
	"taskstack.org/platform/storage"
)

// format is raised when a program that knows the former one could not read it.
const format = 1

// Names of entries.
const (
	headerEntry = "taskstack-backup.json"
	tablesDir   = "tables/"
	filesDir    = "files/"
	endEntry    = "end.json"
)

// pieceSize is about how many bytes of rows an entry holds.
const pieceSize = 256 << 10

// Errors that a person can do something about.
var (
	ErrNoBackup = errors.New("this is no backup of Taskstack")
	ErrDamaged  = errors.New("the backup is cut off or damaged; take another one")
	ErrNewer    = errors.New("the backup was made by a newer Taskstack; restore it with that version")
	ErrNotEmpty = errors.New("the database is not empty; name an empty one in TASKSTACK_DB_URI, nothing was changed")
	ErrForeign  = errors.New("the database is one of the Flask application; take it over first (docs/moving.md), or use mysqldump")
)

// Source is what is backed up.
type Source struct {
	DB         *db.DB
	Files      storage.Storage // nil for the database alone
	Migrations fs.FS
	Program    string // version of the program
	Now        func() time.Time
}

// Header is the first entry.
type Header struct {
	Format    int       `json:"format"`
	Program   string    `json:"program"`
	Schema    int64     `json:"schema"`
	Dialect   string    `json:"dialect"`
	CreatedAt time.Time `json:"createdAt"`
}

// Summary says what a backup holds.
type Summary struct {
	Header

	Rows  map[string]int // by table
	Files int
	Bytes int64 // of the files
}

// AllRows is the number of rows of all tables.
func (s Summary) AllRows() (n int) {
	for _, rows := range s.Rows {
		n += rows
	}
	return n
}

// ending is the last entry.
type ending struct {
	Rows  map[string]int   `json:"rows"`
	Files int              `json:"files"`
	Bytes int64            `json:"bytes"`
	Next  map[string]int64 `json:"next"` // ids that the next rows get
	SHA   string           `json:"sha256"`
}

// Write writes a backup to w while others use the database. All rows are of one
// moment, and every file that they name is there unless it was deleted in the few
// moments since it was stored.
func Write(ctx context.Context, w io.Writer, s Source) (Summary, error) {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return Summary{}, err
	}
	sum, err := writeArchive(ctx, compressed, s)
	if err != nil {
		return Summary{}, err
	}
	return sum, compressed.Close()
}

func writeArchive(ctx context.Context, w io.Writer, s Source) (Summary, error) {
	pool, err := s.DB.Pool()
	if err != nil {
		return Summary{}, err
	}
	standing, err := migrate.Look(ctx, pool, s.DB.Dialect(), s.Migrations)
	switch {
	case err != nil:
		return Summary{}, err
	case standing.Foreign:
		return Summary{}, ErrForeign
	case standing.Version > standing.Newest:
		return Summary{}, migrate.ErrNewer
	}
	started := s.Now()
	a := &archive{tar: tar.NewWriter(w), digest: sha256.New(), now: started}
	a.sum.Header = Header{Format: format, Program: s.Program, Schema: standing.Version, Dialect: s.DB.Dialect(), CreatedAt: started.UTC().Truncate(time.Second)}
	a.sum.Rows = map[string]int{}
	if err := a.addJSON(headerEntry, a.sum.Header); err != nil {
		return Summary{}, err
	}
	end := ending{}
	// Files before the rows, and those that came meanwhile after them: a file that is
	// deleted during a long backup is there all the same.
	if err := a.addFiles(ctx, s.Files, time.Time{}); err != nil {
		return Summary{}, err
	}
	err = s.DB.Snapshot(ctx, func(ctx context.Context) error {
		end.Next, err = writeTables(ctx, s.DB, a)
		return err
	})
	if err == nil {
		err = a.addFiles(ctx, s.Files, started.Add(-time.Minute))
	}
	if err != nil {
		return Summary{}, err
	}
	end.Rows, end.Files, end.Bytes, end.SHA = a.sum.Rows, a.sum.Files, a.sum.Bytes, hex.EncodeToString(a.digest.Sum(nil))
	return a.sum, errors.Join(a.addJSON(endEntry, end), a.tar.Close())
}

// archive writes entries and computes the checksum of all of them.
type archive struct {
	tar    *tar.Writer
	digest hash.Hash
	now    time.Time
	sum    Summary
}

func (a *archive) addJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return a.add(name, int64(len(text)), strings.NewReader(string(text)))
}

func (a *archive) add(name string, size int64, r io.Reader) error {
	header := &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.now, Format: tar.FormatPAX}
	if err := a.tar.WriteHeader(header); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	digestName(a.digest, name, size)
	n, err := io.Copy(io.MultiWriter(a.tar, a.digest), r)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if n != size {
		return fmt.Errorf("write the backup: %s has %d bytes instead of %d", name, n, size)
	}
	return nil
}

// digestName keeps entries from being exchanged or run together.
func digestName(h hash.Hash, name string, size int64) {
	_, _ = fmt.Fprintf(h, "%d %q %d\n", len(name), name, size)
}

// addFiles adds the stored files that are not older than since.
func (a *archive) addFiles(ctx context.Context, files storage.Storage, since time.Time) error {
	if files == nil {
		return nil
	}
	return files.List(ctx, "", func(info storage.Info) error {
		if info.ModTime.Before(since) {
			return nil
		}
		o, err := files.Open(ctx, info.Key)
		if errors.Is(err, storage.ErrNotFound) {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		err = errors.Join(a.add(filesDir+info.Key, o.Size(), o), o.Close())
		a.sum.Files, a.sum.Bytes = a.sum.Files+1, a.sum.Bytes+info.Size
		return err
	})
}
