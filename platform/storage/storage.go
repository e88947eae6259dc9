// Package storage keeps uploaded files under random keys: in a directory, or, by its
// package s3, in a bucket. It knows nothing of who may read them. Package
// storagetest holds what every implementation must pass; package objects of
// platform keeps account of what is stored.
package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

var (
	// ErrNotFound says that no object has the key.
	ErrNotFound = errors.New("no such object in the storage")
	// ErrInvalidKey says that a key is not in the form of NewKey.
	ErrInvalidKey = errors.New("not a storage key")
	// ErrSize says that a reader gave more or fewer bytes than announced.
	ErrSize = errors.New("content has another size than announced")
)

// Storage keeps objects under keys of NewKey. Safe for concurrent use.
type Storage interface {
	// Put stores size bytes of r under key, replacing what was there. The
	// object appears whole or not at all. contentType is what a browser would
	// be returned by an implementation that serves files itself. Errors match
	// ErrInvalidKey or ErrSize, or are r's own.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Open returns the object; the caller closes it. Errors match ErrNotFound
	// or ErrInvalidKey.
	Open(ctx context.Context, key string) (Object, error)
	// Delete removes objects. A key that has none is no error, so that a
	// deletion cut off half way can be repeated.
	Delete(ctx context.Context, keys ...string) error
	// List calls fn for each object whose key begins with prefix, in the order
	// of the keys, until fn returns an error, which List returns.
	List(ctx context.Context, prefix string, fn func(Info) error) error
	// Check reports whether files can be stored now.
	Check(ctx context.Context) error
}

// Object is an open object. Its content does not change when the key is
// replaced or deleted meanwhile.
type Object interface {
	io.ReadSeekCloser
	// Size in bytes.
	Size() int64
	// ModTime is when the object was put.
	ModTime() time.Time
}

// Info is an object in a list.
type Info struct {
	Key     string
	Size    int64
	ModTime time.Time
}

// validKey: 32 hexadecimal digits, as the Flask application had them, and for
// derived files (avatars, previews) a suffix like ".png" or "-s.png".
var validKey = regexp.MustCompile(`^[0-9a-f]{32}(-[a-z0-9]{1,8})?(\.[a-z0-9]{1,8})?$`)

// NewKey returns a random key, 128 random bits.
func NewKey() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // It never fails: crypto/rand ends the process instead.
	return hex.EncodeToString(b)
}

// CheckKey returns an error that matches ErrInvalidKey unless key is in the
// form every implementation accepts.
func CheckKey(key string) error {
	if !validKey.MatchString(key) {
		return fmt.Errorf("%w: %.64q", ErrInvalidKey, key)
	}
	return nil
}

// UntilDone returns a reader of r that fails when ctx has ended.
func UntilDone(ctx context.Context, r io.Reader) io.Reader { return untilDone{ctx, r} }

type untilDone struct {
	ctx context.Context // io.Reader has no other way.
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
