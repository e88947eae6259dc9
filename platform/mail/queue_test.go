package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
)

// clock is a time that only tests move.
type clock struct{ atomic.Int64 }

func (c *clock) Now() time.Time { return time.Unix(c.Load(), 0) }

func (c *clock) move(by time.Duration) { c.Add(int64(by / time.Second)) }

// fakeSender says how each attempt ends and reports it to the test.
type fakeSender struct {
	end   func(ctx context.Context, m Message) error
	tried chan Message
}

func (f *fakeSender) Send(ctx context.Context, m Message) error {
	defer func() { f.tried <- m }()
	if f.end == nil {
		return nil
	}
	return f.end(ctx, m)
}

// server is one program with a queue; several may share a database.
type server struct {
	*Queue
	t     *testing.T
	clock *clock
	fake  *fakeSender
	logs  *bytes.Buffer
}

func newServer(t *testing.T, uri string, c *clock) *server {
	t.Helper()
	s := &server{t: t, clock: c, fake: &fakeSender{tried: make(chan Message, 1000)}, logs: &bytes.Buffer{}}
	s.Queue = NewQueue(testenv.Open(t, uri, db.Options{Now: c.Now}), s.fake, slog.New(slog.NewTextHandler(s.logs, nil)))
	return s
}

func each(t *testing.T, test func(t *testing.T, s *server, another func() *server)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		c := &clock{}
		c.Store(1_800_000_000)
		test(t, newServer(t, uri, c), func() *server { return newServer(t, uri, c) })
	})
}

func sample(n int) Message {
	return Message{To: fmt.Sprintf("bob%d@example.org", n), Subject: "Prüf den Code", Text: "Code: 1234 – ä\n", HTML: "<p>1234</p>"}
}

// next is what comes next on a channel; a test that waits in vain says so
// instead of running into the time limit of all tests.
func next[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing comes")
	}
	return v
}

func (s *server) enqueue(n int) {
	s.t.Helper()
	for i := range n {
		s.must(s.Enqueue(s.t.Context(), sample(i)))
	}
}

func (s *server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// run starts the queue; the returned function ends it and waits for that.
func (s *server) run() (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	return func() {
		s.t.Helper()
		cancel()
		s.must(<-ended)
	}
}

// round makes one attempt at everything that is due, as Run does.
func (s *server) round() int {
	s.t.Helper()
	all := 0
	for {
		taken := s.take(s.t.Context(), maxSending)
		done := make(chan struct{}, maxSending)
		for _, j := range taken {
			s.attempt(s.t.Context(), j, done)
		}
		if len(taken) == 0 {
			return all
		}
		all += len(taken)
	}
}

func (s *server) rows() []job {
	s.t.Helper()
	var all []job
	s.must(s.db.From(s.t.Context()).Order("id").Find(&all).Error)
	return all
}

func TestAMailFollowsItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		stop := s.run()
		undone := errors.New("undone")
		err := s.db.InTx(t.Context(), func(ctx context.Context) error {
			s.must(s.Enqueue(ctx, sample(1)))
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		s.must(s.db.InTx(t.Context(), func(ctx context.Context) error { return s.Enqueue(ctx, sample(2)) }))
		m := next(t, s.fake.tried)
		stop()
		want := sample(2)
		if m.To != want.To || m.Subject != want.Subject || m.Text != want.Text || m.HTML != want.HTML || m.ID == "" {
			t.Errorf("got %+v", m)
		}
		if rows := s.rows(); len(rows) != 0 || len(s.fake.tried) != 0 {
			t.Errorf("%d rows, %d more mails: the texts of a sent mail are not kept, the undone one is not sent", len(rows), len(s.fake.tried))
		}
	})
}

// A server that stops right after the commit: the next one sends its mails.
func TestMailsOutliveTheirServer(t *testing.T) {
	each(t, func(t *testing.T, s *server, another func() *server) {
		s.enqueue(3)
		after := another()
		stop := after.run()
		for range 3 {
			next(t, after.fake.tried)
		}
		stop()
		if rows := s.rows(); len(rows) != 0 {
			t.Errorf("%d rows are left", len(rows))
		}
	})
}

// A server that stops while it sends: no other one tries before its claim has
// ended, and then once, with the Message-ID it had.
func TestAClaimEnds(t *testing.T) {
	each(t, func(t *testing.T, s *server, another func() *server) {
		s.enqueue(1)
		lost := s.take(t.Context(), maxSending)
		if len(lost) != 1 {
			t.Fatalf("took %d", len(lost))
		}
		after := another()
		s.clock.move(89 * time.Second)
		if n := after.round(); n != 0 {
			t.Errorf("%d mails were taken from a server that is at it", n)
		}
		s.clock.move(time.Second)
		if n := after.round(); n != 1 {
			t.Fatalf("%d mails after the claim", n)
		}
		if m := next(t, after.fake.tried); m.ID != lost[0].MailID {
			t.Errorf("id %s, was %s", m.ID, lost[0].MailID)
		}
		// The first one was only slow: what it writes now changes nothing.
		s.must(s.finish(t.Context(), lost[0], errors.New("late")))
		if rows := s.rows(); len(rows) != 0 {
			t.Errorf("the mail came back: %+v", rows)
		}
	})
}

// TestOfTwoServersOneHasAMail: both have seen that it is due.
func TestOfTwoServersOneHasAMail(t *testing.T) {
	each(t, func(t *testing.T, s *server, another func() *server) {
		s.enqueue(2)
		now := s.clock.Now().UTC()
		ids, err := s.repo.due(t.Context(), now, 2)
		s.must(err)
		claim := func(s *server, name string) (taken []job) {
			s.must(s.db.InTx(t.Context(), func(ctx context.Context) (err error) {
				taken, err = s.repo.claim(ctx, ids, name, now, now.Add(90*time.Second))
				return err
			}))
			return taken
		}
		if first, second := claim(s, "first"), claim(another(), "second"); len(first) != 2 || len(second) != 0 {
			t.Errorf("the first has %d of 2, the second %d", len(first), len(second))
		}
	})
}

// TestMailsThatWaitAreKept, however long no server has run.
func TestMailsThatWaitAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		s.enqueue(1)
		s.clock.move(400 * 24 * time.Hour)
		s.tidy(t.Context())
		if n := s.round(); n != 1 {
			t.Errorf("%d mails are sent a year later", n)
		}
	})
}

// TestASlowServerDoesNotTakeAMailFromTheNext: its claim has ended, and another
// server is at it.
func TestASlowServerDoesNotTakeAMailFromTheNext(t *testing.T) {
	each(t, func(t *testing.T, s *server, another func() *server) {
		for name, end := range map[string]error{"later": errors.New("busy"), "never": ErrRefused} {
			s.enqueue(1)
			slow := s.take(t.Context(), 1)
			s.clock.move(90 * time.Second)
			next := another().take(t.Context(), 1)
			if len(slow) != 1 || len(next) != 1 || slow[0].ID != next[0].ID || slow[0].Claim == next[0].Claim {
				t.Fatalf("%s: took %+v, then %+v", name, slow, next)
			}
			before := s.rows()[0]
			s.must(s.finish(t.Context(), slow[0], end))
			if after := s.rows()[0]; fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("%s: %+v, was %+v", name, after, before)
			}
			s.must(s.finish(t.Context(), next[0], nil))
		}
	})
}

// TestAClaimOutlastsItsAttempt: a sender has 30 seconds, writing down how it
// ended another 30, and the claim is longer than both.
func TestAClaimOutlastsItsAttempt(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		var left time.Duration
		s.fake.end = func(ctx context.Context, _ Message) error {
			end, ok := ctx.Deadline()
			if !ok {
				t.Error("an attempt may take for ever")
			}
			left = time.Until(end)
			return nil
		}
		s.enqueue(1)
		taken := s.take(t.Context(), 1)
		if claim := s.rows()[0].DueAt.Sub(s.clock.Now()); claim <= 60*time.Second || claim > 5*time.Minute {
			t.Errorf("a claim lasts %v", claim)
		}
		s.attempt(t.Context(), taken[0], make(chan struct{}, 1))
		if left > 30*time.Second || left < time.Second {
			t.Errorf("an attempt may take %v", left)
		}
	})
}

func TestServersOfOneDatabaseSendEachMailOnce(t *testing.T) {
	each(t, func(t *testing.T, s *server, another func() *server) {
		const mails = 80
		servers := []*server{s, another(), another()}
		tried := s.fake.tried
		var stops []func()
		for _, one := range servers {
			one.fake.tried = tried
			stops = append(stops, one.run())
		}
		var writers sync.WaitGroup
		for i, one := range servers[:2] {
			writers.Go(func() {
				for n := range mails / 2 {
					if err := one.Enqueue(t.Context(), sample(i*mails+n)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		seen := map[string]int{}
		for range mails {
			if t.Failed() {
				break // A mail that was not taken will not come.
			}
			seen[next(t, tried).ID]++
		}
		for _, stop := range stops {
			stop()
		}
		if len(seen) != mails || len(tried) != 0 || len(s.rows()) != 0 {
			t.Errorf("%d of %d mails, %d sent again, %d left", len(seen), mails, len(tried), len(s.rows()))
		}
	})
}

func TestAFailedMailIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		failures := 3
		s.fake.end = func(context.Context, Message) error {
			if failures--; failures >= 0 {
				return errors.New("busy " + strings.Repeat("ü", maxError))
			}
			return nil
		}
		s.enqueue(1)
		id := s.rows()[0].MailID
		for n := 1; n <= 3; n++ {
			if got := s.round(); got != 1 {
				t.Fatalf("attempt %d: %d mails", n, got)
			}
			j := s.rows()[0]
			if j.State != stateWaiting || j.Attempts != n || j.Claim != "" || !strings.HasPrefix(j.LastError, "busy") || j.TextBody == "" {
				t.Errorf("after attempt %d: %+v", n, j)
			}
			wait := j.DueAt.Sub(s.db.Now(t.Context()))
			s.clock.move(wait - time.Second)
			if got := s.round(); got != 0 {
				t.Errorf("attempt %d comes too early", n+1)
			}
			s.clock.move(time.Second)
		}
		s.round()
		for range 4 {
			if m := next(t, s.fake.tried); m.ID != id {
				t.Errorf("id %s, was %s", m.ID, id)
			}
		}
		if rows := s.rows(); len(rows) != 0 || strings.Contains(s.logs.String(), "given up") {
			t.Errorf("%+v\n%s", rows, s.logs)
		}
	})
}

func TestWaitsGrowUpToAnHour(t *testing.T) {
	var all time.Duration
	for n := 1; n < maxAttempts; n++ {
		want := min(5*time.Second<<(2*min(n-1, 10)), time.Hour)
		got := retryAfter(n)
		if got < (want*3/4).Truncate(time.Second) || got > want*5/4 {
			t.Errorf("after failure %d: %v, want about %v", n, got, want)
		}
		all += got
	}
	if all < 12*time.Hour || all > 30*time.Hour {
		t.Errorf("given up after %v", all)
	}
}

func TestAMailIsGivenUpLoudly(t *testing.T) {
	busy := func(context.Context, Message) error { return errors.New("busy") }
	for name, tc := range map[string]struct {
		end      func(context.Context, Message) error
		lives    time.Duration
		attempts int
		says     string
	}{
		"refused":     {end: func(context.Context, Message) error { return fmt.Errorf("%w: 550", ErrRefused) }, attempts: 1, says: "550"},
		"impossible":  {end: func(context.Context, Message) error { return ErrInvalid }, attempts: 1, says: ErrInvalid.Error()},
		"panic":       {end: func(context.Context, Message) error { panic("oh") }, attempts: 1, says: "oh"}, //nolint:forbidigo // surviving it is what is tested
		"always busy": {end: busy, attempts: maxAttempts, says: "busy"},
		"expired":     {end: busy, lives: time.Hour, attempts: 2, says: "too late"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *server, _ func() *server) {
				s.fake.end = tc.end
				m := sample(1)
				if tc.lives > 0 {
					m.Expires = s.clock.Now().Add(tc.lives)
				}
				s.must(s.Enqueue(t.Context(), m))
				for range maxAttempts + 1 {
					s.round()
					s.clock.move(2 * time.Hour)
				}
				j := s.rows()[0]
				if j.State != stateFailed || j.Attempts != tc.attempts || !strings.Contains(j.LastError, tc.says) || j.Recipient != m.To {
					t.Errorf("got %+v", j)
				}
				if j.TextBody != "" || j.HTMLBody != "" {
					t.Error("a code is kept that nobody will ever get")
				}
				if log := s.logs.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "mail given up") {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

// A mail that ends the process with it is not tried for ever.
func TestAMailThatKillsServersIsGivenUp(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		s.enqueue(1)
		for range maxAttempts {
			if got := s.take(t.Context(), 1); len(got) != 1 {
				t.Fatalf("took %d", len(got))
			}
			s.clock.move(claimLife)
		}
		s.round()
		if j := s.rows()[0]; j.State != stateFailed || len(s.fake.tried) != 0 {
			t.Errorf("%+v, tried %d times", j, len(s.fake.tried))
		}
	})
}

func TestStoppingLetsAttemptsFinish(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		begun, goOn := make(chan struct{}), make(chan struct{})
		s.fake.end = func(ctx context.Context, _ Message) error {
			close(begun)
			<-goOn
			return ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		s.enqueue(1)
		next(t, begun)
		cancel()
		close(goOn)
		s.must(<-ended)
		if rows := s.rows(); len(rows) != 0 {
			t.Errorf("the attempt was cut off: %+v", rows)
		}
	})
}

// Attempts that do not end are cut off; if that does not help, left.
func TestStoppingEndsAlthoughASenderHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { <-ctx.Done(); done <- struct{}{} }()
		begin := time.Now()
		drain(2, done, cancel) // Of two, one heeds the cancellation.
		if took := time.Since(begin); took != drainPatience+lastWrites {
			t.Errorf("took %v", took)
		}
	})
}

func TestOldFailuresAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		s.fake.end = func(context.Context, Message) error { return ErrRefused }
		s.enqueue(1)
		s.round()
		s.clock.move(30 * 24 * time.Hour)
		s.enqueue(1)
		s.round()
		s.enqueue(1)
		s.tidy(t.Context())
		if rows := s.rows(); len(rows) != 3 {
			t.Errorf("%d rows after 30 days, want all", len(rows))
		}
		s.clock.move(time.Second)
		s.tidy(t.Context())
		rows := s.rows()
		if len(rows) != 2 || rows[0].State != stateFailed || rows[1].State != stateWaiting {
			t.Errorf("got %+v", rows)
		}
		metrics := `
			# HELP mail_attempts_total Attempts to send a mail, by how they ended.
			# TYPE mail_attempts_total counter
			mail_attempts_total{end="given_up"} 2
			mail_attempts_total{end="retry"} 0
			mail_attempts_total{end="sent"} 0
			# HELP mail_jobs Mails in the database by state.
			# TYPE mail_jobs gauge
			mail_jobs{state="failed"} 1
			mail_jobs{state="waiting"} 1
		`
		s.must(testutil.CollectAndCompare(s.Collector(), strings.NewReader(metrics)))
	})
}
