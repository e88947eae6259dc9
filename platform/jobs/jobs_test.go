package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/jobs"
)

// server is a server that does one job of a module every hour.
type server struct {
	runner *jobs.Runner
	// ran gets a value for each run; a run returns what is in result.
	ran    chan struct{}
	result chan error
	stop   func()
}

func start(t *testing.T, d *db.DB, name string) *server {
	t.Helper()
	s := &server{runner: jobs.New(d, slog.New(slog.DiscardHandler), name), ran: make(chan struct{}), result: make(chan error)}
	jobs.Hasten(s.runner)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 2)
	go func() { ended <- s.runner.Run(ctx) }()
	go func() {
		ended <- jobs.Repeat(s.runner.Of(ctx, "cards"), time.Hour, slog.New(slog.DiscardHandler), "count cards", func(ctx context.Context) error {
			s.ran <- struct{}{}
			select {
			case err := <-s.result:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	s.stop = func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	return s
}

// run waits for a run to begin and lets it end with err.
func (s *server) run(t *testing.T, err error) {
	t.Helper()
	select {
	case <-s.ran:
	case <-time.After(time.Minute):
		t.Fatal("the job does not run")
	}
	s.result <- err
}

// noted waits until the only job is as a test wants it.
func noted(t *testing.T, r *jobs.Runner, what string, is func(run jobs.Run) bool) jobs.Run {
	t.Helper()
	var last []jobs.Run
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		all, err := r.All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if last = all; len(all) == 1 && is(all[0]) {
			return all[0]
		}
	}
	t.Fatalf("%s is not noted: %+v", what, last)
	return jobs.Run{}
}

func ask(t *testing.T, d *db.DB, r *jobs.Runner, name string) error {
	t.Helper()
	return d.InTx(t.Context(), func(ctx context.Context) error { return r.Ask(ctx, name) })
}

// TestRunsAreNoted: the result of each run, failures in a row, a run that was asked for
// at once, and all of it is still there for the next server.
func TestRunsAreNoted(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		d := testenv.Open(t, uri, db.Options{})
		first := start(t, d, "first")
		first.run(t, nil)
		run := noted(t, first.runner, "the first run", func(r jobs.Run) bool { return r.StartedAt != nil })
		if run.Name != "cards: count cards" || run.Server != "first" || run.Every() != time.Hour || run.Error != "" || run.Failures != 0 ||
			run.NextAt.Sub(*run.StartedAt) < time.Hour || run.AskedAt != nil {
			t.Errorf("%+v", run)
		}
		if err := ask(t, d, first.runner, "cards: count lists"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a job that does not exist: %v", err)
		}
		for i := range 2 {
			if err := ask(t, d, first.runner, "cards: count cards"); err != nil {
				t.Fatal(err)
			}
			first.run(t, errors.New("no space\x00 "+strings.Repeat("ä", 600)))
			noted(t, first.runner, "a failure", func(r jobs.Run) bool {
				return r.Failures == int64(i+1) && r.AskedAt == nil && strings.HasPrefix(r.Error, "no space ä") && strings.HasSuffix(r.Error, "ä…")
			})
		}
		first.stop()

		second := start(t, d, "second")
		second.run(t, errors.New("no space"))
		noted(t, second.runner, "the failure of the second server", func(r jobs.Run) bool { return r.Failures == 3 && r.Server == "second" })
		if err := ask(t, d, first.runner, "cards: count cards"); err != nil { // by a server that does no jobs
			t.Fatal(err)
		}
		second.run(t, nil)
		noted(t, second.runner, "the success", func(r jobs.Run) bool { return r.Failures == 0 && r.Error == "" && r.AskedAt == nil })
		second.stop()
	})
}

// TestARunThatWasCutOffIsNotNoted: it has neither failed nor succeeded.
func TestARunThatWasCutOffIsNotNoted(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		d := testenv.Open(t, uri, db.Options{})
		s := start(t, d, "a server")
		<-s.ran
		s.stop()
		all, err := s.runner.All(t.Context())
		if err != nil || len(all) != 1 || all[0].StartedAt != nil || all[0].Failures != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// TestJobsThatNoServerHasAreForgotten after a month.
func TestJobsThatNoServerHasAreForgotten(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		d := testenv.Open(t, uri, db.Options{})
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			for name, age := range map[string]time.Duration{"old: job": 31 * 24 * time.Hour, "late: job": 29 * 24 * time.Hour} {
				run := jobs.Run{Name: name, EverySeconds: 60, NextAt: d.Now(ctx).Add(-age)}
				if err := d.From(ctx).Create(&run).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := jobs.New(d, slog.New(slog.DiscardHandler), "a server")
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		noted(t, r, "the end of the old job", func(run jobs.Run) bool { return run.Name == "late: job" })
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestARunnerThatIsMissing notes nothing, and nothing breaks.
func TestARunnerThatIsMissing(t *testing.T) {
	var none *jobs.Runner
	ctx, cancel := context.WithCancel(none.Of(t.Context(), "cards"))
	rounds := 0
	err := jobs.Repeat(ctx, time.Hour, slog.New(slog.DiscardHandler), "count", func(context.Context) error { rounds++; cancel(); return nil })
	all, listErr := none.All(t.Context())
	if err != nil || rounds != 1 || len(all) != 0 || listErr != nil || errs.KindOf(none.Ask(t.Context(), "x")) != errs.NotFound {
		t.Errorf("%v, %d rounds, %v, %v", err, rounds, all, listErr)
	}
}
