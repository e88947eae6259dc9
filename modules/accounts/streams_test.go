package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"taskstack.org/platform/errs"
)

// told returns what a person was told after an event, as "⟨number⟩ ⟨name⟩ ⟨payload⟩".
func (f fixture) told(t *testing.T, by Actor, since int64) []string {
	t.Helper()
	events, _, complete, err := f.Missed(t.Context(), by, since)
	if err != nil || !complete {
		t.Fatalf("complete %v, %v", complete, err)
	}
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%d %s %s", e.Rev, e.Name, e.Payload))
	}
	return lines
}

func TestDeliveriesOfATransactionAreNumberedPerPerson(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ana, ben := MakeUser(t, f.db, "ana"), MakeUser(t, f.db, "ben")
		type payload struct {
			ID int `json:"id"`
		}
		must(t, f.Deliver(t.Context(), "first", payload{1}, ana.UserID))
		must(t, f.db.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(
				f.Deliver(ctx, "second", payload{2}, ben.UserID, ana.UserID, ana.UserID, 0, 1<<40),
				f.Deliver(ctx, "third", nil, ana.UserID), f.Deliver(ctx, "fourth", "text", ben.UserID), f.Deliver(ctx, "to nobody", nil))
		}))
		undone := errors.New("undone")
		err := f.db.InTx(t.Context(), func(ctx context.Context) error {
			must(t, f.Deliver(ctx, "never", nil, ana.UserID))
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if got, want := f.told(t, ana, 0), []string{`1 first {"id":1,"userRev":1}`, `2 second {"id":2,"userRev":2}`, `3 third null`}; !slices.Equal(got, want) {
			t.Errorf("ana was told\n%q, want\n%q", got, want)
		}
		if got, want := f.told(t, ben, 0), []string{`1 second {"id":2,"userRev":1}`, `2 fourth "text"`}; !slices.Equal(got, want) {
			t.Errorf("ben was told\n%q, want\n%q", got, want)
		}
		must(t, f.Delete(t.Context(), ben))
		must(t, f.Deliver(t.Context(), "after the deletion", nil, ben.UserID, ana.UserID))
		if got := f.told(t, ana, 3); !slices.Equal(got, []string{"4 after the deletion null"}) {
			t.Errorf("ana was told %q", got)
		}
	})
}

// TestDeliveriesFromManySidesHaveNoGaps and lose no transaction to a deadlock,
// whatever order of people each one names.
func TestDeliveriesFromManySidesHaveNoGaps(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		var people []int64
		for i := range 6 {
			people = append(people, MakeUser(t, f.db, fmt.Sprintf("person%d", i)).UserID)
		}
		const writers, times = 6, 15
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for n := range times {
					err := f.db.InTx(t.Context(), func(ctx context.Context) error {
						a, b := people[(i+n)%6], people[(i*5+n*2+1)%6]
						return errors.Join(f.Deliver(ctx, "one", nil, a), f.Deliver(ctx, "all", nil, people...), f.Deliver(ctx, "another", nil, b))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		sum := 0
		for _, id := range people {
			events, err := f.repo.EventsAfter(t.Context(), id, 0, 1000)
			must(t, err)
			rev, err := f.repo.Rev(t.Context(), id)
			must(t, err)
			if int(rev) != len(events) {
				t.Errorf("number %d of %d events", rev, len(events))
			}
			for i, e := range events {
				if e.Rev != int64(i)+1 {
					t.Fatalf("number %d at place %d", e.Rev, i)
				}
			}
			sum += len(events)
		}
		if want := writers * times * 8; sum != want {
			t.Errorf("%d events, want %d", sum, want)
		}
	})
}

func TestWhatAPageMissed(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ana := MakeUser(t, f.db, "ana")
		f.OnDelivered("for servers", func(context.Context, int64, json.RawMessage) {})
		must(t, f.Deliver(t.Context(), "old", nil, ana.UserID))
		f.clock.pass(keptTime)
		must(t, f.db.InTx(t.Context(), func(ctx context.Context) error {
			for range syncLimit {
				must(t, f.Deliver(ctx, "new", nil, ana.UserID))
			}
			return f.Deliver(ctx, "for servers", nil, ana.UserID)
		}))
		last := int64(syncLimit + 2)
		check := func(name string, since int64, want int, wantComplete bool) {
			t.Helper()
			events, rev, complete, err := f.Missed(t.Context(), ana, since)
			if err != nil || len(events) != want || complete != wantComplete || rev != last {
				t.Errorf("%s: %d events up to %d, complete %v, %v", name, len(events), rev, complete, err)
			}
		}
		check("nothing", last, 0, true)
		check("only what is for servers", last-1, 0, true)
		check("a few", last-6, 5, true)
		check("as many as are sent one by one", last-syncLimit, syncLimit-1, true)
		check("too many", last-syncLimit-1, 0, false)
		check("from the future", last+1, 0, false)
		must(t, f.Deliver(t.Context(), "x", nil, MakeUser(t, f.db, "ben").UserID))
		f.clock.pass(time.Second)
		must(t, f.prune(t.Context()))
		check("a few after a sweep", last-6, 5, true)
		f.clock.pass(keptTime + day)
		must(t, f.prune(t.Context()))
		check("longer ago than is kept", last-6, 0, false)
		check("nothing, after all was deleted", last, 0, true)
		if _, _, _, err := f.Missed(t.Context(), ana, -1); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a negative number: %v", err)
		}
		if _, _, _, err := f.Missed(t.Context(), Actor{}, 0); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("a visitor: %v", err)
		}
		must(t, f.Deliver(t.Context(), "next", nil, ana.UserID))
		if got := f.told(t, ana, last); !slices.Equal(got, []string{fmt.Sprintf("%d next null", last+1)}) {
			t.Errorf("after the sweep ana was told %q", got)
		}
	})
}
