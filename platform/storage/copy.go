package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Copied counts what Copy has done so far.
type Copied struct {
	Files, Bytes int64 // that are in the target with the same content
	New          int64 // of them, those that were not there before
}

// Copy brings all objects of one storage into another and compares every one by its
// content, also those that were there before: run again after it was cut off, it
// sends only what is missing. progress is called after each object. It ends at the
// first object that cannot be copied; the count is of those before.
func Copy(ctx context.Context, from, to Storage, progress func(Copied)) (Copied, error) {
	var sum Copied
	present := map[string]int64{}
	if err := to.List(ctx, "", func(i Info) error { present[i.Key] = i.Size; return nil }); err != nil {
		return sum, err
	}
	err := from.List(ctx, "", func(i Info) error {
		size, there := present[i.Key]
		isNew := !there || size != i.Size
		err := copyObject(ctx, from, to, i.Key, isNew)
		if errors.Is(err, ErrNotFound) {
			return nil // Deleted since it was listed.
		}
		if err != nil {
			return err
		}
		sum.Files, sum.Bytes = sum.Files+1, sum.Bytes+i.Size
		if isNew {
			sum.New++
		}
		progress(sum)
		return nil
	})
	return sum, err
}

// copyObject copies an object if asked to, and compares both contents. An object that
// is there with other content is copied again. The error matches ErrNotFound if from
// has none.
func copyObject(ctx context.Context, from, to Storage, key string, send bool) error {
	want, err := hashOf(ctx, from, key)
	if err != nil {
		return err
	}
	if send {
		if err := sendObject(ctx, from, to, key); err != nil {
			return err
		}
	}
	for resent := send; ; resent = true {
		got, err := hashOf(ctx, to, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err == nil && got == want {
			return nil
		}
		if resent {
			return fmt.Errorf("%s is not the same in both storages after it was copied", key)
		}
		if err := sendObject(ctx, from, to, key); err != nil {
			return err
		}
	}
}

func sendObject(ctx context.Context, from, to Storage, key string) (err error) {
	o, err := from.Open(ctx, key)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	// The type is what the row of the file says; it is not known here.
	return to.Put(ctx, key, o, o.Size(), "")
}

func hashOf(ctx context.Context, s Storage, key string) (sum [sha256.Size]byte, err error) {
	o, err := s.Open(ctx, key)
	if err != nil {
		return sum, err
	}
	var h hash.Hash = sha256.New()
	_, err = io.Copy(h, o)
	return [sha256.Size]byte(h.Sum(nil)), errors.Join(err, o.Close())
}
