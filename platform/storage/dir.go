package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// unfinishedDir holds files being written, in the same file system as the
// finished ones, so that a rename puts them in place.
const unfinishedDir = "unfinished"

// staleAfter is when an unfinished file is one that a crash has left: longer
// than any upload is allowed to take.
const staleAfter = 24 * time.Hour

// Dir keeps objects as files, in folders named by the first two digits of the
// key, readable by the server's user only.
type Dir struct{ root *os.Root }

// NewDir returns a storage in dir, which is made if missing, and removes what
// uploads cut off by a crash have left. Close releases it.
func NewDir(dir string) (*Dir, error) {
	if err := os.MkdirAll(path.Join(dir, unfinishedDir), 0o700); err != nil {
		return nil, fmt.Errorf("make the storage folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the storage folder: %w", err)
	}
	d := &Dir{root: root}
	if err := d.RemoveStale(context.Background()); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return d, nil
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

func file(key string) string { return key[:2] + "/" + key }

// Put implements Storage. The file and its folder are on the disk when it
// returns: a row that names the file is committed only afterwards.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) (err error) {
	if err := CheckKey(key); err != nil {
		return err
	}
	unfinished := unfinishedDir + "/" + NewKey()
	if err := d.write(ctx, unfinished, r, size); err != nil {
		return errors.Join(fmt.Errorf("store %s: %w", key, err), ignoreMissing(d.root.Remove(unfinished)))
	}
	if err := d.root.MkdirAll(key[:2], 0o700); err != nil {
		return errors.Join(fmt.Errorf("store %s: %w", key, err), d.root.Remove(unfinished))
	}
	if err := d.root.Rename(unfinished, file(key)); err != nil {
		return errors.Join(fmt.Errorf("store %s: %w", key, err), d.root.Remove(unfinished))
	}
	// The folder itself may be new, and then so is its entry in the root.
	if err := errors.Join(d.sync(key[:2]), d.sync(".")); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

func (d *Dir) write(ctx context.Context, name string, r io.Reader, size int64) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	// One byte more than announced shows that there is more.
	n, err := io.Copy(f, io.LimitReader(UntilDone(ctx, r), size+1))
	if err == nil && n != size {
		err = fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sync makes a folder's entries durable.
func (d *Dir) sync(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements Storage.
func (d *Dir) Open(_ context.Context, key string) (Object, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	f, err := d.root.Open(file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", key, err), f.Close())
	}
	return object{File: f, info: info}, nil
}

type object struct {
	*os.File
	info fs.FileInfo
}

func (o object) Size() int64        { return o.info.Size() }
func (o object) ModTime() time.Time { return o.info.ModTime() }

// Delete implements Storage. It goes on after a failure and reports all.
func (d *Dir) Delete(ctx context.Context, keys ...string) error {
	var failed []error
	for _, key := range keys {
		err := cmp.Or(ctx.Err(), CheckKey(key))
		if err == nil {
			err = ignoreMissing(d.root.Remove(file(key)))
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("delete %s: %w", key, err))
		}
	}
	return errors.Join(failed...)
}

// List implements Storage.
func (d *Dir) List(ctx context.Context, prefix string, fn func(Info) error) error {
	folders, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("list the storage: %w", err)
	}
	for _, folder := range folders {
		short := prefix[:min(2, len(prefix))]
		if !folder.IsDir() || folder.Name() == unfinishedDir || !strings.HasPrefix(folder.Name(), short) {
			continue
		}
		if err := d.listFolder(ctx, folder.Name(), prefix, fn); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) listFolder(ctx context.Context, folder, prefix string, fn func(Info) error) error {
	files, err := fs.ReadDir(d.root.FS(), folder)
	if err != nil {
		return fmt.Errorf("list the storage: %w", err)
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		key := f.Name()
		if CheckKey(key) != nil || !strings.HasPrefix(key, prefix) {
			continue
		}
		info, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // Deleted in between.
		}
		if err != nil {
			return fmt.Errorf("list the storage: %w", err)
		}
		if err := fn(Info{Key: key, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
			return err
		}
	}
	return nil
}

// Check implements Storage by writing and removing a file.
func (d *Dir) Check(ctx context.Context) error {
	name := unfinishedDir + "/" + NewKey()
	err := d.write(ctx, name, strings.NewReader("check"), int64(len("check")))
	if err := errors.Join(err, ignoreMissing(d.root.Remove(name))); err != nil {
		return fmt.Errorf("storage folder cannot be written to: %w", err)
	}
	return nil
}

// RemoveStale removes unfinished files that are no longer being written.
// Several servers may share the folder, so young ones are left alone.
func (d *Dir) RemoveStale(context.Context) error {
	files, err := fs.ReadDir(d.root.FS(), unfinishedDir)
	if err != nil {
		return fmt.Errorf("look for unfinished uploads: %w", err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && time.Since(info.ModTime()) > staleAfter {
			err = d.root.Remove(unfinishedDir + "/" + f.Name())
		}
		if ignoreMissing(err) != nil {
			return fmt.Errorf("remove an unfinished upload: %w", err)
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
