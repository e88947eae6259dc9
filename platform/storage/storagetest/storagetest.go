// Package storagetest is the test suite that every storage.Storage must pass.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"taskstack.org/platform/storage"
)

// Run tests an implementation; fresh returns an empty storage for each test.
func Run(t *testing.T, fresh func(t *testing.T) storage.Storage) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, storage.Storage){
		"what is put can be read":              putAndRead,
		"missing objects are not found":        missing,
		"keys that are not keys are refused":   invalidKeys,
		"wrong sizes leave nothing":            wrongSize,
		"a reader that fails leaves nothing":   failingReader,
		"put replaces, open objects stay":      replace,
		"delete can be repeated":               deleteTwice,
		"list is ordered, by prefix, stops":    list,
		"concurrent puts of a key leave a one": concurrent,
		"a cancelled put leaves nothing":       cancelled,
		"check":                                check,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

func put(t *testing.T, s storage.Storage, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), "text/plain"); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s storage.Storage, key string) string {
	t.Helper()
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer closeObject(t, o)
	content, err := io.ReadAll(o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Size() != int64(len(content)) {
		t.Errorf("size %d of %d bytes", o.Size(), len(content))
	}
	return string(content)
}

func closeObject(t *testing.T, o io.Closer) {
	t.Helper()
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func keys(t *testing.T, s storage.Storage, prefix string) []string {
	t.Helper()
	var all []string
	if err := s.List(t.Context(), prefix, func(i storage.Info) error {
		all = append(all, i.Key)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func wantEmpty(t *testing.T, s storage.Storage) {
	t.Helper()
	if all := keys(t, s, ""); len(all) != 0 {
		t.Errorf("left behind: %v", all)
	}
}

func putAndRead(t *testing.T, s storage.Storage) {
	before := time.Now().Add(-time.Minute)
	for _, content := range []string{"", "x", strings.Repeat("0123456789", 100_000)} {
		key := storage.NewKey()
		put(t, s, key, content)
		if got := read(t, s, key); got != content {
			t.Errorf("%d bytes came back of %d", len(got), len(content))
		}
	}
	key := storage.NewKey() + "-s.png"
	put(t, s, key, "0123456789")
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer closeObject(t, o)
	if o.ModTime().Before(before) || o.ModTime().After(time.Now().Add(time.Minute)) {
		t.Errorf("time %v", o.ModTime())
	}
	for _, offset := range []int64{7, 2} {
		if _, err := o.Seek(offset, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 3)
		if _, err := io.ReadFull(o, part); err != nil || string(part) != "0123456789"[offset:offset+3] {
			t.Errorf("from %d: %q, %v", offset, part, err)
		}
	}
}

func missing(t *testing.T, s storage.Storage) {
	if _, err := s.Open(t.Context(), storage.NewKey()); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func invalidKeys(t *testing.T, s storage.Storage) {
	good := storage.NewKey()
	for _, key := range []string{
		"", "..", "../" + good, good + "/..", good[:31], good + "0", strings.ToUpper(good[:31]) + "A", good + ".png/x", good + "\x00", good + "\n",
		"/" + good, good + ".PNG", good + "..", good + "-", strings.Repeat("a", 1<<16),
	} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, ""); !errors.Is(err, storage.ErrInvalidKey) {
			t.Errorf("put %.50q: %v", key, err)
		}
		if _, err := s.Open(t.Context(), key); !errors.Is(err, storage.ErrInvalidKey) {
			t.Errorf("open %.50q: %v", key, err)
		}
		if err := s.Delete(t.Context(), key); !errors.Is(err, storage.ErrInvalidKey) {
			t.Errorf("delete %.50q: %v", key, err)
		}
	}
	wantEmpty(t, s)
}

func wrongSize(t *testing.T, s storage.Storage) {
	for _, size := range []int64{0, 4, 6, 1 << 40} {
		if err := s.Put(t.Context(), storage.NewKey(), strings.NewReader("12345"), size, ""); !errors.Is(err, storage.ErrSize) {
			t.Errorf("announced %d: %v", size, err)
		}
	}
	wantEmpty(t, s)
}

func failingReader(t *testing.T, s storage.Storage) {
	broken := errors.New("connection lost")
	r := io.MultiReader(strings.NewReader("12345"), iotest.ErrReader(broken))
	if err := s.Put(t.Context(), storage.NewKey(), r, 10, ""); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	wantEmpty(t, s)
}

func replace(t *testing.T, s storage.Storage) {
	key := storage.NewKey()
	put(t, s, key, "old")
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer closeObject(t, o)
	put(t, s, key, "newer")
	if got := read(t, s, key); got != "newer" {
		t.Errorf("got %q", got)
	}
	if old, err := io.ReadAll(o); err != nil || string(old) != "old" {
		t.Errorf("the open object became %q, %v", old, err)
	}
}

func deleteTwice(t *testing.T, s storage.Storage) {
	a, b, kept := storage.NewKey(), storage.NewKey(), storage.NewKey()
	for _, key := range []string{a, b, kept} {
		put(t, s, key, key)
	}
	for range 2 {
		if err := s.Delete(t.Context(), a, b); err != nil {
			t.Error(err)
		}
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	if all := keys(t, s, ""); !slices.Equal(all, []string{kept}) {
		t.Errorf("left: %v", all)
	}
}

func list(t *testing.T, s storage.Storage) {
	var want []string
	for i := range 20 {
		key := fmt.Sprintf("%02x%030x", i/2, i)
		want = append(want, key)
		put(t, s, key, strings.Repeat("x", i))
	}
	if got := keys(t, s, ""); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for prefix, n := range map[string]int{"0": 20, "03": 2, want[7]: 1, want[7][:31]: 2, "f": 0} {
		if got := keys(t, s, prefix); len(got) != n {
			t.Errorf("%s: %v", prefix, got)
		}
	}
	enough, n := errors.New("enough"), 0
	err := s.List(t.Context(), "", func(i storage.Info) error {
		if i.Size != int64(n) || i.ModTime.IsZero() {
			t.Errorf("%+v", i)
		}
		if n++; n == 5 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 5 {
		t.Errorf("%d, %v", n, err)
	}
}

func concurrent(t *testing.T, s storage.Storage) {
	key := storage.NewKey()
	var wg sync.WaitGroup
	for i := range byte(8) {
		wg.Go(func() {
			content := bytes.Repeat([]byte{'a' + i}, 50_000)
			if err := s.Put(t.Context(), key, bytes.NewReader(content), int64(len(content)), ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := read(t, s, key)
	if len(got) != 50_000 || strings.Trim(got, got[:1]) != "" {
		t.Error("contents are mixed")
	}
}

func cancelled(t *testing.T, s storage.Storage) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, storage.NewKey(), strings.NewReader("x"), 1, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantEmpty(t, s)
}

func check(t *testing.T, s storage.Storage) {
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wantEmpty(t, s)
}
