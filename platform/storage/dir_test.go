package storage_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"taskstack.org/platform/storage"
	"taskstack.org/platform/storage/storagetest"
)

func newDir(t *testing.T, dir string) *storage.Dir {
	t.Helper()
	d, err := storage.NewDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// After every test of the suite nothing unfinished may lie about, and no one
// else may read what lies there.
func TestDir(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storage.Storage {
		dir := filepath.Join(t.TempDir(), "data", "uploads")
		d := newDir(t, dir)
		t.Cleanup(func() {
			if left, err := os.ReadDir(filepath.Join(dir, "unfinished")); err != nil || len(left) > 0 {
				t.Errorf("unfinished: %v, %v", left, err)
			}
			if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := e.Info()
				if err == nil && info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%s has mode %v", path, info.Mode())
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
		return d
	})
}

func TestLinksOutOfTheFolderAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	d := newDir(t, dir)
	key := storage.NewKey()
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, key[:2]), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, key[:2], key)); err != nil {
		t.Fatal(err)
	}
	if o, err := d.Open(t.Context(), key); err == nil {
		t.Error("a link was followed", o.Close())
	}
}

func TestUploadsCutOffByACrashAreRemoved(t *testing.T) {
	dir := t.TempDir()
	newDir(t, dir)
	young, old := filepath.Join(dir, "unfinished", "young"), filepath.Join(dir, "unfinished", "old")
	for _, path := range []string{young, old} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	newDir(t, dir)
	if _, err := os.Stat(young); err != nil {
		t.Error("another server's upload was removed:", err)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("a stale file stays")
	}
}

func TestCheckNoticesADeletedFolder(t *testing.T) {
	dir := t.TempDir()
	d := newDir(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "unfinished")); err != nil {
		t.Fatal(err)
	}
	if err := d.Check(t.Context()); err == nil {
		t.Error("nothing noticed")
	}
}
