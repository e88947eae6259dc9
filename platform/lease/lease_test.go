package lease_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/lease"
)

// childVariable makes the test binary a server that holds the lease of a database.
const childVariable = "TASKSTACK_LEASE_TEST_URI"

// holder runs a lease, and returns what says that its job has begun and ended.
func holder(t *testing.T, d *db.DB) (begun, ended <-chan struct{}, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	l := lease.New(d, slog.New(slog.DiscardHandler), "jobs")
	lease.Shorten(l)
	b, e, done := make(chan struct{}, 9), make(chan struct{}, 9), make(chan error, 2)
	go func() { done <- l.Run(ctx) }()
	go func() {
		done <- l.While(ctx, func(ctx context.Context) error {
			b <- struct{}{}
			<-ctx.Done()
			e <- struct{}{}
			return nil
		})
	}()
	stop = func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	return b, e, stop
}

func wait(t *testing.T, ch <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(time.Minute):
		t.Fatalf("%s does not happen", what)
	}
}

// TestOneServerHasTheLease checks that a job runs on one of two servers, on the other
// one when the first stops, and ends when the row says that another server has it.
func TestOneServerHasTheLease(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		d := testenv.Open(t, uri, db.Options{})
		begun, ended, stop := holder(t, d)
		wait(t, begun, "the first server's job")
		otherBegun, otherEnded, stopOther := holder(t, d)
		stop()
		wait(t, ended, "the end of the first server's job")
		wait(t, otherBegun, "the second server's job")
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			return d.From(ctx).Exec("UPDATE job_lease SET owner = 'a third', until = until + 600000").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		wait(t, otherEnded, "the end of the second server's job")
		select {
		case <-begun:
			t.Error("two servers did the job")
		case <-otherBegun:
			t.Error("a server did the job of another one")
		default:
		}
		stopOther()
	})
}

// TestAKilledServersLease checks, with a process that is killed, that another one
// takes its lease over.
func TestAKilledServersLease(t *testing.T) {
	if uri := os.Getenv(childVariable); uri != "" {
		begun, _, _ := holder(t, testenv.Open(t, uri, db.Options{}))
		wait(t, begun, "the job")
		_, _ = os.Stdout.WriteString("holding\n")
		select {} // until it is killed
	}
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledServersLease$") // this test
		child.Env = append(os.Environ(), childVariable+"="+uri)
		out, err := child.StdoutPipe()
		if err == nil {
			err = child.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 8)); err != nil {
			t.Fatal("the other process does not get the lease:", err)
		}
		d := testenv.Open(t, uri, db.Options{})
		begun, _, stop := holder(t, d)
		defer stop()
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // killed
		wait(t, begun, "taking over")
	})
}
