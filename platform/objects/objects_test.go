package objects_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// clock is a time that only tests move.
type clock struct{ atomic.Int64 }

func (c *clock) Now() time.Time { return time.Unix(c.Load(), 0) }

func (c *clock) pass(d time.Duration) { c.Add(int64(d / time.Second)) }

// refusing is a storage that refuses to delete some keys.
type refusing struct {
	storage.Storage
	keys  map[string]bool
	tried map[string]int
}

func (r *refusing) Delete(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		r.tried[key]++
		if r.keys[key] {
			return errors.New("no permission")
		}
	}
	return r.Storage.Delete(ctx, keys...)
}

type fixture struct {
	*objects.Store
	t     *testing.T
	db    *db.DB
	clock *clock
	in    *refusing
	log   *bytes.Buffer
}

func each(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		dir, err := storage.NewDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := dir.Close(); err != nil {
				t.Error(err)
			}
		})
		f := fixture{t: t, clock: &clock{}, in: &refusing{Storage: dir, keys: map[string]bool{}, tried: map[string]int{}}, log: &bytes.Buffer{}}
		f.clock.Store(1_800_000_000)
		f.db = testenv.Open(t, uri, db.Options{Now: f.clock.Now})
		f.Store = objects.New(f.db, f.in, slog.New(slog.NewTextHandler(f.log, nil)))
		test(t, f)
	})
}

// put reserves and puts an object.
func (f fixture) put() string {
	f.t.Helper()
	key := storage.NewKey()
	if err := f.Reserve(f.t.Context(), "a", objects.Reservation{Key: key, Size: 7}); err != nil {
		f.t.Fatal(err)
	}
	if err := f.Put(f.t.Context(), key, strings.NewReader("content"), 7, ""); err != nil {
		f.t.Fatal(err)
	}
	return key
}

func (f fixture) tx(fn func(ctx context.Context) error) error {
	return f.db.InTx(f.t.Context(), fn)
}

// deleteDue runs the job once and returns the number of objects that are left.
func (f fixture) deleteDue() (left int) {
	f.t.Helper()
	_, _ = f.DeleteDue(f.t.Context())
	if err := f.List(f.t.Context(), "", func(storage.Info) error { left++; return nil }); err != nil {
		f.t.Fatal(err)
	}
	return left
}

// TestAccount: objects in use stay, others go with the transaction that gives them up,
// and those that were never used after six hours.
func TestAccount(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		kept, forgotten, discarded := f.put(), f.put(), f.put()
		undone := errors.New("undone")
		if err := f.tx(func(ctx context.Context) error { return errors.Join(f.Use(ctx, kept, discarded), undone) }); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if err := f.tx(func(ctx context.Context) error { return f.Use(ctx, kept) }); err != nil {
			t.Fatal(err)
		}
		f.Discard(t.Context(), kept, discarded) // of kept it did not learn that it is in use
		if n := f.deleteDue(); n != 2 || f.in.tried[discarded] != 1 {
			t.Errorf("%d objects after one was discarded", n)
		}
		f.clock.pass(6*time.Hour - time.Second)
		if n := f.deleteDue(); n != 2 {
			t.Errorf("%d objects before six hours", n)
		}
		f.clock.pass(time.Second)
		if n := f.deleteDue(); n != 1 || f.in.tried[forgotten] != 1 {
			t.Errorf("%d objects after six hours", n)
		}
		if err := f.tx(func(ctx context.Context) error { return errors.Join(f.Delete(ctx, kept), undone) }); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if n := f.deleteDue(); n != 1 {
			t.Error("an undone deletion has deleted")
		}
		if err := f.tx(func(ctx context.Context) error { return f.Delete(ctx, kept) }); err != nil {
			t.Fatal(err)
		}
		if n := f.deleteDue(); n != 0 {
			t.Errorf("%d objects at the end", n)
		}
		for key, n := range f.in.tried {
			if n != 1 {
				t.Errorf("%s was deleted %d times", key, n)
			}
		}
	})
}

// TestTooLate: what may have been deleted can no longer be used.
func TestTooLate(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		late, discarded := f.put(), f.put()
		f.Discard(t.Context(), discarded)
		f.clock.pass(6 * time.Hour)
		f.deleteDue()
		for _, keys := range [][]string{{late}, {discarded}, {storage.NewKey()}, {f.put(), late}} {
			if err := f.tx(func(ctx context.Context) error { return f.Use(ctx, keys...) }); errs.KindOf(err) != errs.Unavailable {
				t.Errorf("%v: %v", keys, err)
			}
		}
	})
}

// TestDeletionsAreTriedAgain, later each time, up to an hour, and one that fails keeps
// no other one.
func TestDeletionsAreTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		bad, good := f.put(), f.put()
		f.in.keys[bad] = true
		if err := f.tx(func(ctx context.Context) error { return errors.Join(f.Use(ctx, bad, good), f.Delete(ctx, bad, good)) }); err != nil {
			t.Fatal(err)
		}
		if n := f.deleteDue(); n != 1 || f.in.tried[good] != 1 {
			t.Errorf("%d objects are left", n)
		}
		for i, wait := range []time.Duration{5, 20, 80, 320, 1280, 3600, 3600} {
			f.clock.pass(wait*time.Second - time.Second)
			f.deleteDue()
			if n := f.in.tried[bad]; n != i+1 {
				t.Fatalf("%d tries before %v", n, wait*time.Second)
			}
			f.clock.pass(time.Second)
			f.deleteDue()
			if n := f.in.tried[bad]; n != i+2 {
				t.Fatalf("%d tries after %v", n, wait*time.Second)
			}
		}
		if failing, err := f.Failing(t.Context()); err != nil || failing.Count != 1 || failing.Error != "no permission" {
			t.Errorf("%+v, error %v", failing, err)
		}
		delete(f.in.keys, bad)
		f.clock.pass(time.Hour)
		if n := f.deleteDue(); n != 0 {
			t.Errorf("%d objects when the storage deletes again", n)
		}
		if failing, err := f.Failing(t.Context()); err != nil || failing.Count != 0 {
			t.Errorf("%+v, error %v", failing, err)
		}
	})
}

// TestAStorageThatDoesNotAnswer is asked for a few objects, not for all.
func TestAStorageThatDoesNotAnswer(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		keys := make([]string, 250)
		for i := range keys {
			keys[i] = storage.NewKey()
			f.in.keys[keys[i]] = true
		}
		if err := f.tx(func(ctx context.Context) error { return f.Delete(ctx, keys...) }); err != nil {
			t.Fatal(err)
		}
		if n, err := f.DeleteDue(t.Context()); n != 0 || err == nil || len(f.in.tried) != 5 {
			t.Errorf("%d deleted, %d tried, error %v", n, len(f.in.tried), err)
		}
		clear(f.in.keys)
		f.clock.pass(time.Hour)
		if n, err := f.DeleteDue(t.Context()); n != 250 || err != nil {
			t.Errorf("%d deleted, error %v", n, err)
		}
	})
}

// TestReserved counts what is on its way, by scope.
func TestReserved(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		a, _ := f.put(), f.put()
		if err := f.Reserve(t.Context(), "b", objects.Reservation{Key: storage.NewKey(), Size: 100}); err != nil {
			t.Fatal(err)
		}
		if err := f.tx(func(ctx context.Context) error { return f.Use(ctx, a) }); err != nil {
			t.Fatal(err)
		}
		for scope, want := range map[string]int64{"a": 7, "b": 100, "": 107, "c": 0} {
			if got, err := f.Reserved(t.Context(), scope); err != nil || got != want {
				t.Errorf("%q: %d, error %v", scope, got, err)
			}
		}
	})
}

// TestRun deletes what was given up before it began and what is given up later, and
// ends with its context.
func TestRun(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		first, second := f.put(), f.put()
		f.Discard(t.Context(), first)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		f.in.Storage = stopping{f.in.Storage, map[string]func(){
			first:  func() { f.Discard(t.Context(), second) },
			second: stop,
		}}
		if err := f.Run(ctx); err != nil || !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("%v, %v", err, ctx.Err())
		}
		if n := f.deleteDue(); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}

// stopping calls a function after a key was deleted.
type stopping struct {
	storage.Storage
	after map[string]func()
}

func (s stopping) Delete(ctx context.Context, keys ...string) error {
	err := s.Storage.Delete(ctx, keys...)
	for _, key := range keys {
		if fn := s.after[key]; fn != nil {
			fn()
		}
	}
	return err
}
